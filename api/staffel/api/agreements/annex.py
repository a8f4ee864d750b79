"""The annex of a Kooperationsvereinbarung on paper: diagram, rules, decision tables (DOMAIN §3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.api.agreements.annex_words import AnnexLanguage, Say
from staffel.api.cases.values import field_titles
from staffel.api.decisions.schemas import DecisionDetail
from staffel.api.decisions.service import list_decisions, read_decision
from staffel.api.models.queries import find_version
from staffel.api.models.service import read_bpmn_file
from staffel.engine import agreements
from staffel.engine.accounts.contacts import contacts_of
from staffel.engine.actor import Actor
from staffel.engine.agreements import Agreement
from staffel.engine.agreements.reading import Party, RuleLine
from staffel.engine.agreements.wording import FIELDS
from staffel.engine.bpmn.picture import pictures
from staffel.engine.calendar import ZONE
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.library import deployed
from staffel.engine.printing import Template, typeset
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import ModelVersion, UnitContact


def print_annex(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    municipality: str,
    language: AnnexLanguage = AnnexLanguage.DE,
) -> bytes:
    """The PDF. It carries the version's hash, over which the Stellen sign. Raises `NotFound`."""
    data = database.read(
        _data, actor=actor, version_id=version_id, municipality=municipality, say=Say(language)
    )
    return typeset(Template.ANNEX, data, at=now)


def read_decisions(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[DecisionDetail]:
    """The decisions of a version with their tables."""
    return [
        read_decision(tx, actor=actor, version_id=version_id, decision=each.id, file=each.file)
        for each in list_decisions(tx, actor=actor, version_id=version_id)
    ]


def _data(tx: Transaction, *, actor: Actor, version_id: UUID, municipality: str, say: Say) -> dict[str, Any]:
    agreement = agreements.read_agreement(tx, actor=actor, version_id=version_id, municipality=municipality)
    version, _ = find_version(tx, actor=actor, version_id=version_id)
    drawn = pictures(read_bpmn_file(tx, actor=actor, version_id=version_id))
    titles = field_titles(deployed(tx, version_id))
    known = contacts_of(tx, [each.unit_id for each in agreement.parties])
    return {
        **_words(say, len(drawn)),
        "title": f"{say('heading')}: {agreement.process_name}, {agreement.municipality_name}",
        "subject": f"{agreement.process_name}, {agreement.municipality_name}",
        "foot": f"Version {agreement.number} · SHA-256 {version.digest}",
        "facts": list(_facts(agreement, version, say)),
        "pictures": [
            {
                "svg": each.svg,
                "tall": each.tall,
                "title": say("part", number=number, parts=len(drawn) - 1) if number else say("diagram"),
                "alt": say("alt", name=agreement.process_name),
            }
            for number, each in enumerate(drawn)
        ],
        "rules": [_rule(rule, titles, say) for rule in agreement.rules],
        "decisions": [
            _decision(each, say) for each in read_decisions(tx, actor=actor, version_id=version_id)
        ],
        "parties": [_party(each, known.get(each.unit_id), say) for each in agreement.parties],
    }


def _words(say: Say, drawn: int) -> dict[str, Any]:
    """What stands there whatever the model is."""
    diagram = "diagram_parts" if drawn > 1 else "diagram_whole" if drawn else "no_diagram"
    rules = ("handover", "sides", "data", "legal_basis", "terms", "ways", "standing")
    return {
        "lang": say.language.value,
        "heading": say("heading"),
        "translation": say("translation"),
        "titles": [say(key) for key in ("diagram", "rules", "decisions", "signing")],
        "diagram": say(diagram, parts=drawn - 1),
        "no_rules": say("no_rules"),
        "no_decisions": say("no_decisions"),
        "heads": {
            "facts": [say("item"), say("content")],
            "rules": [say(key) for key in rules],
            "parties": [say(key) for key in ("unit", "office", "date", "signature")],
        },
    }


def _facts(agreement: Agreement, version: ModelVersion, say: Say) -> Iterator[tuple[str, str]]:
    yield say("version"), f"{agreement.number}, {agreement.version_name}"
    yield say("digest"), version.digest
    if version.legal_bases:
        yield say("legal_bases"), "; ".join(version.legal_bases)
    if version.legal_state:
        yield say("legal_state"), str(version.legal_state)


def _rule(rule: RuleLine, titles: Mapping[str, str], say: Say) -> list[str]:
    def named(fields: tuple[str, ...]) -> str:
        return ", ".join(titles.get(field, field) for field in fields) or "–"

    data = [named(rule.fields)]
    data += [f"{say('consent')}: {named(rule.consent_fields)}"] if rule.consent_fields else []
    data += [f"{say('documents')}: {', '.join(rule.documents)}"] if rule.documents else []
    reasons = ", ".join(say.reason(each) for each in rule.return_reasons) or say("any_reason")
    ways = [reasons, say("returns", number=rule.max_returns)]
    ways += [say("level", length=say.length(level.after), who=level.to) for level in rule.escalation]
    ways.append(f"{say.term('loeschung_nach')}: {say.length(rule.delete_after)}")
    for key, text in rule.further:
        fields = key in FIELDS
        ways.append(f"{say.term(key)}: {named(tuple(text.split(', '))) if fields else text}")
    return [
        f"{rule.name}\n{say.kind(rule.kind)}" + (f" · {rule.rule}" if rule.ruled else ""),
        f"{say.unit(rule.sender)} – {say.unit(rule.receiver)}",
        "\n".join(data),
        "; ".join(rule.legal_bases) or "–",
        "\n".join(_terms(rule, say)),
        "\n".join(ways),
        say("active" if rule.active else "inactive"),
    ]


def _terms(rule: RuleLine, say: Say) -> Iterator[str]:
    lengths = zip(FRISTEN, (rule.acknowledge_within, rule.complete_within, rule.result_within), strict=True)
    for name, length in lengths:
        if length is not None:
            yield f"{say(name)}: {say.length(length)} ({say(rule.kinds[name])})"
    for name, more in rule.extend.items():
        yield say("extend", what=say(name), length=say.length(more), who=say(rule.extended_by[name]))
    yield say("suspend", who=say(rule.suspended_by))
    if rule.paused_by:
        yield say("paused", steps=", ".join(rule.paused_by))
    if not rule.ruled:
        yield say("general")


def _decision(decision: DecisionDetail, say: Say) -> dict[str, Any]:
    table = decision.table
    since = f" ({say('since', day=f'{decision.valid_from:%d.%m.%Y}')})" if decision.valid_from else ""
    inputs, outputs = (table.inputs, table.outputs) if table else ([], [])
    return {
        "name": f"{decision.name}{since}",
        "caption": f"{say('hits')}: {table.hit_policy} {table.aggregation or ''}".strip() if table else "",
        "head": [
            say("rule"),
            *(each.label for each in inputs),
            *(f"→ {each.label}" for each in outputs),
            say("note"),
        ],
        "rows": [
            [str(rule.number), *rule.tests, *rule.outputs, "; ".join(rule.annotations)]
            for rule in (table.rules if table else ())
        ],
        "lines": [] if table else list(decision.logic),
    }


def _party(party: Party, contact: UnitContact | None, say: Say) -> list[str]:
    signed = f"{party.signed_at.astimezone(ZONE):%d.%m.%Y}" if party.signed_at else ""
    reached = [contact.address, contact.phone, contact.mail] if contact is not None else []
    name = "\n".join([party.name, *(each for each in reached if each)])
    return [name, party.signatory, signed, say("signed") if signed else ""]
