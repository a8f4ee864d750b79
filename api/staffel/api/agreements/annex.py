"""The annex of a Kooperationsvereinbarung on paper, in German as the agreement is: diagram, rules, decision tables (DOMAIN §3.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

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
from staffel.engine.agreements.wording import kind_of, reason_of
from staffel.engine.bpmn.picture import pictures
from staffel.engine.bpmn.units import UNITS_BY_KEY
from staffel.engine.calendar import ZONE
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.library import deployed
from staffel.engine.printing import Template, typeset
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import ModelVersion, UnitContact

_SIDES = {"absender": "abgebende Stelle", "empfaenger": "empfangende Stelle", "beide": "beide Stellen"}


def print_annex(
    database: Database, *, actor: Actor, now: datetime, version_id: UUID, municipality: str
) -> bytes:
    """The PDF. It carries the version's hash, over which the Stellen sign. Raises `NotFound`."""
    data = database.read(_data, actor=actor, version_id=version_id, municipality=municipality)
    return typeset(Template.ANNEX, data, at=now)


def read_decisions(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[DecisionDetail]:
    """The decisions of a version with their tables."""
    return [
        read_decision(tx, actor=actor, version_id=version_id, decision=each.id, file=each.file)
        for each in list_decisions(tx, actor=actor, version_id=version_id)
    ]


def _data(tx: Transaction, *, actor: Actor, version_id: UUID, municipality: str) -> dict[str, Any]:
    agreement = agreements.read_agreement(tx, actor=actor, version_id=version_id, municipality=municipality)
    version, _ = find_version(tx, actor=actor, version_id=version_id)
    drawn = pictures(read_bpmn_file(tx, actor=actor, version_id=version_id))
    titles = field_titles(deployed(tx, version_id))
    known = contacts_of(tx, [each.unit_id for each in agreement.parties])
    heading = "Anlage zur Kooperationsvereinbarung"
    return {
        "title": f"{heading}: {agreement.process_name}, {agreement.municipality_name}",
        "heading": heading,
        "subject": f"{agreement.process_name}, {agreement.municipality_name}",
        "foot": f"Version {agreement.number} · SHA-256 {version.digest}",
        "facts": list(_facts(agreement, version)),
        "pictures": [
            {
                "svg": each.svg,
                "tall": each.tall,
                "title": f"Diagramm, Teil {number} von {len(drawn) - 1}" if number else "Diagramm",
                "alt": f"Diagramm des Modells {agreement.process_name}; die Übergaben stehen in der Tabelle der Regeln.",
            }
            for number, each in enumerate(drawn)
        ],
        "rules": [_rule(rule, titles) for rule in agreement.rules],
        "decisions": [_decision(each) for each in read_decisions(tx, actor=actor, version_id=version_id)],
        "parties": [_party(each, known.get(each.unit_id)) for each in agreement.parties],
    }


def _facts(agreement: Agreement, version: ModelVersion) -> Iterator[tuple[str, str]]:
    yield "Version", f"{agreement.number}, {agreement.version_name}"
    yield "Prüfsumme (SHA-256)", version.digest
    if version.legal_bases:
        yield "Rechtsgrundlagen", "; ".join(version.legal_bases)
    if version.legal_state:
        yield "Rechtsstand", str(version.legal_state)


def _rule(rule: RuleLine, titles: Mapping[str, str]) -> list[str]:
    def named(fields: tuple[str, ...]) -> str:
        return ", ".join(titles.get(field, field) for field in fields) or "–"

    consent = f"\nnur mit Einwilligung: {named(rule.consent_fields)}" if rule.consent_fields else ""
    names = {"acknowledge_by": "Eingang", "accept_by": "Annahme", "result_by": "Ergebnis"}
    terms = [f"Eingang: {_length(rule.acknowledge_within)}", f"Annahme: {_length(rule.complete_within)}"]
    terms += [f"Ergebnis: {_length(rule.result_within)}"] if rule.result_within else []
    terms += [
        f"{names[end]} einmal verlängerbar um {_length(more)}: {_SIDES[rule.extended_by]}"
        for end, more in rule.extend.items()
    ]
    terms += [f"Hemmung: {_SIDES[rule.suspended_by]}"]
    terms += [] if rule.ruled else ["allgemeine Fristen, nichts vereinbart"]
    reasons = ", ".join(reason_of(each).german for each in rule.return_reasons) or "jeder Grund"
    ways = [reasons, f"höchstens {rule.max_returns} Rückgaben"]
    ways += [f"{_length(level.after)} nach Fristende: {level.to}" for level in rule.escalation]
    return [
        f"{rule.name}\n{kind_of(rule.kind).german}" + (f" · {rule.rule}" if rule.ruled else ""),
        f"{_unit(rule.sender)} – {_unit(rule.receiver)}",
        named(rule.fields) + consent,
        "; ".join(rule.legal_bases) or "–",
        "\n".join(terms),
        "\n".join(ways),
        "gilt" if rule.active else "gilt noch nicht",
    ]


def _decision(decision: DecisionDetail) -> dict[str, Any]:
    table = decision.table
    since = f" (ab {decision.valid_from:%d.%m.%Y})" if decision.valid_from else ""
    inputs, outputs = (table.inputs, table.outputs) if table else ([], [])
    return {
        "name": f"{decision.name}{since}",
        "caption": f"Trefferregel: {table.hit_policy} {table.aggregation or ''}".strip() if table else "",
        "head": [
            "Regel",
            *(each.label for each in inputs),
            *(f"→ {each.label}" for each in outputs),
            "Anmerkung",
        ],
        "rows": [
            [str(rule.number), *rule.tests, *rule.outputs, "; ".join(rule.annotations)]
            for rule in (table.rules if table else ())
        ],
        "lines": [] if table else list(decision.logic),
    }


def _party(party: Party, contact: UnitContact | None) -> list[str]:
    signed = f"{party.signed_at.astimezone(ZONE):%d.%m.%Y}" if party.signed_at else ""
    reached = [contact.address, contact.phone, contact.mail] if contact is not None else []
    name = "\n".join([party.name, *(each for each in reached if each)])
    return [name, party.signatory, signed, "in Staffel gezeichnet" if signed else ""]


def _unit(kind: str) -> str:
    found = UNITS_BY_KEY.get(kind)
    return found.german if found else kind


def _length(length: str) -> str:
    return str(parse_length(length))
