"""Editing a decision table: as a form, cell by cell, with the keyboard alone and without script; or in dmn-js."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from secrets import token_urlsafe
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.decisions.editing import SheetNotUsable, check_edit, edit_table, read_sheet
from staffel.api.decisions.schemas import Checked, TableEdit
from staffel.api.decisions.service import read_decision
from staffel.api.edge import STYLE_ATTRIBUTES, content_security_policy
from staffel.api.models.queries import read_version
from staffel.engine.actor import Role
from staffel.engine.dmn import HitPolicy
from staffel.engine.dmn.spreadsheet import KINDS, Sheet
from staffel.ui.language import Language
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
Rules = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Editing:
    """What is being edited: the table as it stands, and its head and rules as they were typed."""

    version_id: UUID
    file: str | None
    sheet: Sheet
    head: dict[str, str]
    rules: Rules


@router.get("/modelle/version/{version_id}/entscheidungen/{decision}/bearbeiten")
def edit_rules(version_id: UUID, decision: str, visit: Visited, datei: str | None = None) -> Response:
    """The table with a field per cell."""
    visit.actor.need(Role.PROZESSDESIGN)
    sheet = visit.ask(read_sheet, version_id=version_id, decision=decision, file=datei or None)
    rules = [[*rule] for rule in sheet.rules]
    return _page(visit, Editing(version_id=version_id, file=datei, sheet=sheet, head=sheet.head, rules=rules))


@router.post("/modelle/version/{version_id}/entscheidungen/{decision}/bearbeiten")
def change_rules(
    version_id: UUID, decision: str, visit: Visited, sent: Sent, datei: str | None = None
) -> Response:
    """Add, move or delete a rule, check, or save as a new draft; what was typed stays whatever happens."""
    visit.actor.need(Role.PROZESSDESIGN)
    sheet = visit.ask(read_sheet, version_id=version_id, decision=decision, file=datei or None)
    head = {**sheet.head, **{name: text(sent, name) for name in sheet.head if name in sent}}
    what, _, which = text(sent, "tun").partition(":")
    rules = _moved(_typed(sent, len(sheet.columns) + 1), what, int(which) if which.isdecimal() else 0)
    editing = Editing(version_id=version_id, file=datei, sheet=sheet, head=head, rules=rules)
    if what not in {"pruefen", "speichern"}:
        return _page(visit, editing)
    try:
        edit = _edit(head, rules)
        if what == "pruefen":
            checked = visit.ask(
                check_edit, version_id=version_id, decision=decision, edit=edit, file=datei or None
            )
            return _page(visit, editing, checked=checked)
        made = edit_table(
            visit.inquiry.database,
            actor=visit.actor,
            now=visit.now,
            version_id=version_id,
            decision=decision,
            edit=edit,
            file=datei or None,
        )
    except SheetNotUsable as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return _page(visit, editing, fault=fault)
    except (ValueError, ValidationError):
        fault = visit.language.text("Geben Sie einen Tag an, zum Beispiel 2026-12-01.")
        return _page(visit, editing, fault=fault)
    return go(f"/modelle/version/{made.version.id if made.version else version_id}", "model-uploaded")


@router.get("/modelle/version/{version_id}/entscheidungen/{decision}/tabelle")
def edit_table_in_place(
    version_id: UUID, decision: str, visit: Visited, datei: str | None = None
) -> Response:
    """The table in dmn-js. It is checked and saved by the same routes of the API that programs use."""
    visit.actor.need(Role.PROZESSDESIGN)
    found = visit.ask(read_decision, version_id=version_id, decision=decision, file=datei or None)
    sheet = visit.ask(read_sheet, version_id=version_id, decision=decision, file=found.file)
    nonce = token_urlsafe(16)
    response = visit.page(
        "dmn_editor.html",
        nav="/modelle",
        version=visit.ask(read_version, version_id=version_id),
        sheet=sheet,
        notes=[each.label for each in sheet.columns if each.kind == KINDS["annotation"]],
        file=found.file,
        nonce=nonce,
    )
    response.headers["content-security-policy"] = content_security_policy(
        style=f" 'nonce-{nonce}'{STYLE_ATTRIBUTES}"
    )
    return response


def _typed(sent: FormData, width: int) -> Rules:
    """The rules as they were typed: fields `zelle:RULE:COLUMN`, both from 0."""
    count = int(text(sent, "regeln")) if text(sent, "regeln").isdecimal() else 0
    return [
        [text(sent, f"zelle:{row}:{column}") for column in range(width)] for row in range(min(count, 5_000))
    ]


def _moved(rules: Rules, what: str, which: int) -> Rules:
    """After adding, doubling, deleting or moving the rule of that number (from 0)."""
    here = which < len(rules)
    match what:
        case "neu":
            width = len(rules[0]) if rules else 0
            return [*rules, [""] * width] if width else rules
        case "doppeln" if here:
            return [*rules[: which + 1], ["", *rules[which][1:]], *rules[which + 1 :]]
        case "weg" if here and len(rules) > 1:
            return [*rules[:which], *rules[which + 1 :]]
        case "hoch" if here and which > 0:
            return [*rules[: which - 1], rules[which], rules[which - 1], *rules[which + 1 :]]
    return rules


def _edit(head: dict[str, str], rules: Rules) -> TableEdit:
    return TableEdit(
        hit_policy=head["hitPolicy"],
        valid_from=date.fromisoformat(head["validFrom"]) if head["validFrom"] else None,
        valid_to=date.fromisoformat(head["validTo"]) if head["validTo"] else None,
        legal_state=head["legalState"],
        legal_bases=[part.strip() for part in head["legalBasis"].split(";") if part.strip()],
        rules=rules,
    )


def _page(visit: Visit, editing: Editing, *, checked: Checked | None = None, fault: str = "") -> Response:
    return visit.page(
        "rules_editor.html",
        nav="/modelle",
        status=422 if fault else 200,
        version=visit.ask(read_version, version_id=editing.version_id),
        sheet=editing.sheet,
        file=editing.file or "",
        head=editing.head,
        rules=editing.rules,
        policies=list(HitPolicy),
        checked=checked,
        fault=fault,
    )
