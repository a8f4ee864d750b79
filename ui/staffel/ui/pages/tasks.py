"""A task: its form, the rules' proposal beside it, and where the case stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.tasks.schemas import TaskDetail
from staffel.api.tasks.service import read_task
from staffel.engine.cases import begin_task, complete_task, save_draft
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.store.tables import TaskStatus
from staffel.ui.forms import lay_out, read_values
from staffel.ui.forms.fields import Part, faults_of
from staffel.ui.forms.reading import raw_of
from staffel.ui.language import Language
from staffel.ui.pages.standing import standing_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)


@router.get("/aufgaben/{task_id}")
def show_task(task_id: UUID, visit: Visited) -> Response:
    """The task as it stands, with one's draft."""
    task = visit.ask(read_task, task_id=task_id)
    return _page(visit, task, parts=_parts(visit, task, values={**task.values, **(task.draft or {})}))


@router.post("/aufgaben/{task_id}/erledigen")
def complete(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Complete the task; when something does not fit, the form comes back with what was typed."""
    task = visit.ask(read_task, task_id=task_id)
    raw = raw_of(sent.multi_items())
    if added := text(sent, "_zeile"):
        return _page(visit, task, parts=_parts(visit, task, raw=raw, extra_rows={added: 1}))
    try:
        visit.do(complete_task, task_id=task_id, values=_values(task, sent))
    except ValuesRefused as refusal:
        errors = errors_of(refusal, visit.language)
        parts = _parts(visit, task, raw=raw, errors=errors)
        return _page(visit, task, parts=parts, errors=errors, status=422)
    return go("/eingang?ansicht=meine", "task-completed")


@router.post("/aufgaben/{task_id}/entwurf")
def keep_draft(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Keep what was typed; nothing is checked. The first draft is the beginning of the work."""
    task = visit.ask(read_task, task_id=task_id)
    visit.do(begin_task, task_id=task_id)
    visit.do(save_draft, task_id=task_id, values=_values(task, sent))
    if text(sent, "_von_hand"):
        return go(f"/aufgaben/{task_id}", "draft-saved")
    return Response(status_code=204)


def errors_of(refusal: ValuesRefused, language: Language) -> dict[str, str]:
    """The messages by field, in the reader's language."""
    faults: Sequence[Mapping[str, str]] = refusal.details.get("fields", ())
    return {fault["field"]: fault[f"text_{language.value}"] for fault in faults}


def _values(task: TaskDetail, sent: FormData) -> dict[str, Any]:
    form = task.form
    return read_values(form.schema_, form.ui, raw_of(sent.multi_items())) if form else {}


def _parts(visit: Visit, task: TaskDetail, **filled: Any) -> list[Part]:
    form = task.form
    return lay_out(form.schema_, form.ui, language=visit.language, **filled) if form else []


def _page(
    visit: Visit,
    task: TaskDetail,
    *,
    parts: list[Part],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    faults = list(faults_of(parts))
    shown = {fault.name for fault in faults}
    return visit.page(
        "task.html",
        status=status,
        nav="/eingang",
        task=task,
        parts=parts,
        faults=faults,
        general=" ".join(message for field, message in (errors or {}).items() if field not in shown),
        can_work=task.is_mine and task.status == TaskStatus.CLAIMED,
        is_open=task.completed_at is None and task.status in {TaskStatus.OPEN, TaskStatus.CLAIMED},
        standing=visit.ask(standing_of, case_id=task.case.id),
    )
