"""Editing a form: its fields line by line, with the keyboard alone and without script, and the form itself beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.forms.schemas import FormDocument
from staffel.api.forms.service import edit_form, found_in, read_form_document
from staffel.api.models.queries import read_version
from staffel.api.models.schemas import FindingOut
from staffel.engine.actor import Role
from staffel.engine.findings import Severity
from staffel.engine.library.forms import read_form
from staffel.ui.forms.fields import Part
from staffel.ui.forms.filling import Filling
from staffel.ui.forms.lines import OTHER, TYPES, Draft, Line, RuleLine, TooDeepError, document_of, draft_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
MOST_LINES = 500
_LINE = ("name", "kind", "label", "label_en", "help", "options", "condition", "group")
_RULE = ("check", "text", "text_en", "fields", "severity")


@dataclass(frozen=True, kw_only=True)
class Editing:
    """What is being edited; `open` is the line that was just moved or added."""

    version_id: UUID
    form: str
    draft: Draft
    open: int = -1


@router.get("/modelle/version/{version_id}/formulare/{form}/bearbeiten")
def show_form_editor(version_id: UUID, form: str, visit: Visited) -> Response:
    """The form's lines, and the form."""
    visit.actor.need(Role.PROZESSDESIGN)
    found = visit.ask(read_form_document, version_id=version_id, form=form)
    try:
        draft = draft_of(found.model_dump(by_alias=True))
    except TooDeepError:
        draft = None
    if draft is None:
        return _page(
            visit,
            Editing(version_id=version_id, form=form, draft=Draft(lines=[], rules=[], kept={})),
            deep=True,
        )
    return _page(visit, Editing(version_id=version_id, form=form, draft=draft))


@router.post("/modelle/version/{version_id}/formulare/{form}/bearbeiten")
def change_form(version_id: UUID, form: str, sent: Sent, visit: Visited) -> Response:
    """Add, move or delete a line, check, try the form, or save a new draft; what was typed stays whatever happens."""
    visit.actor.need(Role.PROZESSDESIGN)
    visit.ask(read_form_document, version_id=version_id, form=form)
    if "_dokument" in sent:  # the form itself was filled in, to try it
        draft = draft_of(_json(sent, "_dokument"))
        return _page(visit, Editing(version_id=version_id, form=form, draft=draft), tried=sent)
    what, _, which = text(sent, "tun").partition(":")
    typed = Draft(lines=_lines(sent), rules=_rules(sent), kept=_json(sent, "kept"))
    at = int(which) if which.isdecimal() else -1
    editing = Editing(version_id=version_id, form=form, draft=typed, open=_change(typed, what, at))
    document = FormDocument.model_validate(document_of(typed))
    if what == "speichern" and not _errors(found_in(form, document)):
        made = edit_form(
            visit.inquiry.database,
            actor=visit.actor,
            now=visit.now,
            version_id=version_id,
            form=form,
            document=document,
        )
        return go(f"/modelle/version/{made.version.id if made.version else version_id}", "model-uploaded")
    return _page(visit, editing, is_refused=what == "speichern")


def _errors(findings: Sequence[FindingOut]) -> list[FindingOut]:
    return [each for each in findings if each.severity is Severity.ERROR]


def _lines(sent: FormData) -> list[Line]:
    """The lines as they were typed: fields `KEY:NUMBER`, from 0."""
    return [
        Line(
            **{key: text(sent, f"{key}:{number}") for key in _LINE},
            required=f"required:{number}" in sent,
            read_only=f"read_only:{number}" in sent,
            kept=_json(sent, f"kept:{number}"),
        )
        for number in range(_count(sent, "zeilen"))
    ]


def _rules(sent: FormData) -> list[RuleLine]:
    return [
        RuleLine(**{key: text(sent, f"rule_{key}:{number}") for key in _RULE})
        for number in range(_count(sent, "regeln"))
    ]


def _count(sent: FormData, name: str) -> int:
    given = text(sent, name)
    return min(int(given), MOST_LINES) if given.isdecimal() else 0


def _json(sent: FormData, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text(sent, name) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _change(draft: Draft, what: str, at: int) -> int:
    """Do to the lines or rules what a button says; the line to show open, -1 for none."""
    lines, rules = draft.lines, draft.rules
    match what:
        case "neu":
            lines.append(Line(name=_free_name(lines)))
            return len(lines) - 1
        case "weg" if 0 <= at < len(lines):
            del lines[at]
        case "hoch" if 0 < at < len(lines):
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
            return at - 1
        case "runter" if 0 <= at < len(lines) - 1:
            lines[at + 1], lines[at] = lines[at], lines[at + 1]
            return at + 1
        case "regel":
            rules.append(RuleLine())
        case "regel-weg" if 0 <= at < len(rules):
            del rules[at]
    return -1


def _free_name(lines: Sequence[Line]) -> str:
    taken = {line.name for line in lines}
    return next(name for number in range(1, MOST_LINES + 2) if (name := f"feld_{number}") not in taken)


def _page(
    visit: Visit,
    editing: Editing,
    *,
    tried: FormData | None = None,
    deep: bool = False,
    is_refused: bool = False,
) -> Response:
    document = document_of(editing.draft)
    findings = [] if deep else found_in(editing.form, FormDocument.model_validate(document))
    return visit.page(
        "form_editor.html",
        nav="/modelle",
        status=422 if is_refused else 200,
        version=visit.ask(read_version, version_id=editing.version_id),
        form_name=editing.form,
        draft=editing.draft,
        opened=editing.open,
        kinds=[*TYPES, OTHER],
        document=json.dumps(document, ensure_ascii=False),
        findings=findings,
        deep=deep,
        is_refused=is_refused,
        parts=[] if _errors(findings) else _preview(visit, document, tried),
    )


def _preview(visit: Visit, document: dict[str, Any], tried: FormData | None) -> list[Part]:
    """The form as the people see it; of a faulty one there is nothing to show."""
    filling = Filling(
        read_form(document), language=visit.language, now=visit.now, stored={}, sent=tried, documents={}
    )
    return filling.parts()
