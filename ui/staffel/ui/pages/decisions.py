"""A decision of a model version: its table, a trial with the reasons, and what changed against the version in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.decisions.editing import SheetNotUsable, replace_table
from staffel.api.decisions.schemas import DecisionDetail, DecisionInput, Tried
from staffel.api.decisions.service import compare_decision, list_decisions, read_decision
from staffel.api.decisions.trying import BUDGET, DecisionNotTaken, run_tests, try_decision
from staffel.api.edge import STYLE_ATTRIBUTES, content_security_policy
from staffel.api.models.queries import read_version
from staffel.engine.actor import Role
from staffel.engine.feel import FeelError, Value, parse
from staffel.engine.library.drawing import stand_in
from staffel.ui.language import Language
from staffel.ui.language import marked as _
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)

POLICIES: Mapping[str, str] = {
    "UNIQUE": _("Höchstens eine Regel darf zutreffen; ihr Ergebnis gilt."),
    "ANY": _("Mehrere Regeln dürfen zutreffen, wenn sie dasselbe ergeben."),
    "PRIORITY": _("Von den zutreffenden Regeln gilt das Ergebnis mit dem höchsten Rang."),
    "FIRST": _("Die erste zutreffende Regel von oben gilt."),
    "RULE ORDER": _("Alle zutreffenden Regeln gelten, in der Reihenfolge der Tabelle."),
    "OUTPUT ORDER": _("Alle zutreffenden Regeln gelten, nach dem Rang ihrer Ergebnisse."),
    "COLLECT": _("Alle zutreffenden Regeln gelten; ihre Ergebnisse werden gesammelt oder zusammengerechnet."),
}

TYPED = frozenset(("string", "number", "boolean", "date"))
"""The types whose values the trial takes as they are read, not in FEEL."""
HITS: Mapping[bool, tuple[str, str]] = {True: ("✓", _("trifft zu")), False: ("✓", _("entscheidet"))}
"""By whether no rule decides alone: the sign and word of a rule that applies."""
ENGINE_WORDS = frozenset((_("Trefferregel"), _("Anmerkung")))
"""Headings in a comparison that are the engine's, not the table's."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was typed in a trial, the fields at fault, and what came out."""

    typed: Mapping[str, str]
    key_date: str = ""
    faults: Mapping[str, str]
    """By the name of the input; the empty name is the key date."""
    refused: str = ""
    result: Tried | None = None
    rules: Mapping[int, Mapping[str, Any]]


NOTHING_TRIED = Attempt(typed={}, faults={}, rules={})


@router.get("/modelle/version/{version_id}/entscheidungen/{decision}")
def show_decision(
    version_id: UUID, decision: str, visit: Visited, datei: str | None = None, beispiel: int | None = None
) -> Response:
    """The decision; of several dated ones that of a file. `beispiel` fills the trial from a finding, from 1."""
    detail = _read(visit, version_id, decision, datei)
    examples = _examples(detail)
    typed = examples.get(beispiel) if beispiel is not None else None
    attempt = NOTHING_TRIED if typed is None else replace(NOTHING_TRIED, typed=typed)
    return _page(visit, version_id, detail, attempt)


@router.post("/modelle/version/{version_id}/entscheidungen/{decision}")
def try_out(
    version_id: UUID, decision: str, visit: Visited, sent: Sent, datei: str | None = None
) -> Response:
    """Evaluate the decision with what was typed; nothing is kept."""
    detail = _read(visit, version_id, decision, datei)
    return _page(visit, version_id, detail, _attempt(visit, version_id, detail, sent))


@router.post("/modelle/version/{version_id}/entscheidungen/{decision}/tabelle")
def give_table_back(
    version_id: UUID,
    decision: str,
    visit: Visited,
    files: Annotated[UploadFile, File()],
    datei: str | None = None,
) -> Response:
    """Put the table of a spreadsheet in place of the decision's, as a new draft."""
    try:
        made = replace_table(
            visit.inquiry.database,
            actor=visit.actor,
            now=visit.now,
            version_id=version_id,
            decision=decision,
            sheet=files.file.read(),
            file=datei or None,
        )
    except SheetNotUsable as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        detail = _read(visit, version_id, decision, datei)
        return _page(visit, version_id, detail, NOTHING_TRIED, fault=fault)
    return go(f"/modelle/version/{made.version.id if made.version else version_id}", "model-uploaded")


def _read(visit: Visit, version_id: UUID, decision: str, file: str | None) -> DecisionDetail:
    return visit.ask(read_decision, version_id=version_id, decision=decision, file=file or None)


def _attempt(visit: Visit, version_id: UUID, detail: DecisionDetail, sent: FormData) -> Attempt:
    typed = {each.name: text(sent, f"feld:{each.name}") for each in detail.inputs}
    day = text(sent, "stichtag")
    values, faults = dict[str, Value](), dict[str, str]()
    for given in detail.inputs:
        try:
            values[given.name] = _value(given, typed[given.name])
        except (ValueError, InvalidOperation):
            faults[given.name] = visit.language.text("Diese Angabe passt nicht zur Art des Feldes.")
        except FeelError as err:
            faults[given.name] = err.message_de if visit.language is Language.DE else err.message_en
    try:
        key_date = date.fromisoformat(day) if day else None
    except ValueError:
        key_date = None
        faults[""] = visit.language.text("Geben Sie einen Tag an, zum Beispiel 2026-12-01.")
    result, refused = None, ""
    if not faults:
        try:
            result = visit.ask(
                try_decision,
                now=visit.now,
                version_id=version_id,
                decision=detail.id,
                inputs=values,
                key_date=key_date,
                file=detail.file,
            )
        except DecisionNotTaken as err:
            refused = err.message_de if visit.language is Language.DE else str(err)
    return Attempt(
        typed=typed, key_date=day, faults=faults, refused=refused, result=result, rules=_rules(detail, result)
    )


def _value(given: DecisionInput, typed: str) -> Value:
    """What was typed as a value of the input's type. Raises `ValueError`, `InvalidOperation`, `FeelError`."""
    if not typed:
        return None
    match (given.type or "").rpartition(":")[2]:
        case "string":
            return typed
        case "boolean":
            return typed == "true"
        case "date":
            return date.fromisoformat(typed)
        case "number":
            number = Decimal(typed.replace(",", "."))
            if not number.is_finite():
                raise ValueError(typed)
            return number
        case _:
            return typed if given.choices else parse(typed).evaluate({}, budget=BUDGET)


def _rules(detail: DecisionDetail, result: Tried | None) -> Mapping[int, Mapping[str, Any]]:
    """The rules of the decision's own table as they were explained, by number."""
    if result is None:
        return {}
    steps = [step for step in result.explanation["decisions"] if step["id"] == detail.id]
    return {rule["rule"]: rule for step in steps for table in step["tables"] for rule in table["rules"]}


def _examples(detail: DecisionDetail) -> Mapping[int, Mapping[str, str]]:
    """What to type into the trial to see a finding, by its number; left out where a column computes its input."""
    fields = {each.name: (each.type or "").rpartition(":")[2] for each in detail.inputs}
    return {
        number: {name: _typed(value, fields[name]) for name, value in finding.example.items()}
        for number, finding in enumerate(detail.findings, start=1)
        if finding.example and all(fields.get(name) in TYPED for name in finding.example)
    }


def _typed(value: Any, kind: str) -> str:
    """A value as the trial's field takes it; `…` says something only of texts, elsewhere any value does."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case "…" if kind != "string":
            return ""
    return str(value)


def _deciding(detail: DecisionDetail, rules: Mapping[int, Mapping[str, Any]]) -> int | None:
    """The number of the rule that alone decided by its place, or None where the place says nothing."""
    matched = [number for number, rule in sorted(rules.items()) if rule["matched"]]
    return matched[0] if matched and detail.hit_policy == "FIRST" else None


def _marks(
    language: Language, detail: DecisionDetail, rules: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What the drawing of the table marks: rules that were tried or have findings, each with a sign and its text."""
    deciding, marks = _deciding(detail, rules), list[dict[str, Any]]()
    for rule in () if detail.table is None else detail.table.rules:
        told = rules.get(rule.number, {})
        found = [each for each in detail.findings if rule.number in each.rules]
        signs, texts = list[str](), list[str]()
        if told.get("matched"):
            sign, text = (
                ("○", _("träfe auch zu")) if deciding not in {None, rule.number} else HITS[deciding is None]
            )
            signs.append(sign)
            texts.append(language.text(text))
        if found:
            signs.append("✕" if any(each.severity == "error" for each in found) else "!")
            texts += [each.text_de if language is Language.DE else each.text_en for each in found]
        marks.append(
            {
                "rule": rule.number,
                "hit": bool(told.get("matched")) and deciding in {None, rule.number},
                "sign": " ".join(signs),
                "text": "; ".join(texts),
                "refuses": told.get("refused_by"),
            }
        )
    return [mark for mark in marks if mark["sign"] or mark["refuses"]]


def _page(
    visit: Visit, version_id: UUID, detail: DecisionDetail, attempt: Attempt, *, fault: str = ""
) -> Response:
    here = f"/modelle/version/{version_id}/entscheidungen"
    about = {"version_id": version_id, "decision": detail.id, "file": detail.file}
    response = visit.page(
        "decision.html",
        nav="/modelle",
        status=422 if attempt.faults or attempt.refused or fault else 200,
        fault=fault,
        siblings=[each for each in visit.ask(list_decisions, version_id=version_id) if each.id == detail.id],
        may_design=visit.actor.has(Role.PROZESSDESIGN),
        version=visit.ask(read_version, version_id=version_id),
        decision=detail,
        policy=POLICIES.get(detail.hit_policy or "", ""),
        engine_words=ENGINE_WORDS,
        attempt=attempt,
        examples=_examples(detail),
        deciding=_deciding(detail, attempt.rules),
        marks=_marks(visit.language, detail, attempt.rules),
        links={
            identity: f"{here}/{quote(part.decision, safe='')}?datei={quote(part.file, safe='')}"
            for part in detail.graph
            if part.decision
            for identity in (part.id, stand_in(part.id))
        },
        tests=visit.ask(run_tests, **about),
        changes=visit.ask(compare_decision, now=visit.now, **about),
    )
    response.headers["content-security-policy"] = content_security_policy(style=STYLE_ATTRIBUTES)
    return response
