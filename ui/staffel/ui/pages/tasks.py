"""A task: its form, the rules' proposal beside it, and where the case stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.cases.values import model_of
from staffel.api.deadlines.queries import list_deadlines
from staffel.api.tasks.queries import find_task
from staffel.api.tasks.schemas import TaskDetail
from staffel.api.tasks.service import read_task
from staffel.engine.actor import Actor
from staffel.engine.cases import begin_task, complete_task, save_draft
from staffel.engine.kernel.behaviours.tasks import named
from staffel.engine.library.forms import ValuesRefused
from staffel.engine.library.typed import raw_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import TaskStatus
from staffel.ui.forms import lay_out, read_values
from staffel.ui.forms.decision import DecisionForm
from staffel.ui.forms.fields import Part, faults_of
from staffel.ui.language import Language
from staffel.ui.pages.standing import standing_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is asked at a task: the model's form, or whether a proposed decision is confirmed."""

    schema: Mapping[str, Any]
    ui: Sequence[Mapping[str, Any]]
    stored: Mapping[str, Any]
    decision: DecisionForm | None = None


@router.get("/aufgaben/{task_id}")
def show_task(task_id: UUID, visit: Visited) -> Response:
    """The task as it stands, with one's draft."""
    task, sheet = _task(visit, task_id)
    return _page(visit, task, _parts(visit, sheet, values={**sheet.stored, **(task.draft or {})}))


@router.post("/aufgaben/{task_id}/erledigen")
def complete(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Complete the task; when something does not fit, the form comes back with what was typed."""
    task, sheet = _task(visit, task_id)
    raw = raw_of(sent.multi_items())
    if added := text(sent, "_zeile"):
        return _page(visit, task, _parts(visit, sheet, raw=raw, extra_rows={added: 1}))
    values, errors = sheet.decision.read(raw) if sheet.decision else (_values(sheet, sent), {})
    if not errors:
        try:
            visit.do(complete_task, task_id=task_id, values=values)
        except ValuesRefused as refusal:
            errors = errors_of(refusal, visit.language)
            if sheet.decision:
                errors = sheet.decision.by_field(errors)
        else:
            return go("/eingang?ansicht=meine", "task-completed")
    return _page(visit, task, _parts(visit, sheet, raw=raw, errors=errors), errors=errors, status=422)


@router.post("/aufgaben/{task_id}/entwurf")
def keep_draft(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Keep what was typed; nothing is checked. The first draft is the beginning of the work."""
    _, sheet = _task(visit, task_id)
    visit.do(begin_task, task_id=task_id)
    visit.do(save_draft, task_id=task_id, values=_values(sheet, sent))
    if text(sent, "_von_hand"):
        return go(f"/aufgaben/{task_id}", "draft-saved")
    return Response(status_code=204)


def errors_of(refusal: ValuesRefused, language: Language) -> dict[str, str]:
    """The messages by field, in the reader's language."""
    faults: Sequence[Mapping[str, str]] = refusal.details.get("fields", ())
    return {fault["field"]: fault[f"text_{language.value}"] for fault in faults}


def _task(visit: Visit, task_id: UUID) -> tuple[TaskDetail, Sheet]:
    task = visit.ask(read_task, task_id=task_id)
    if task.form is not None:
        return task, Sheet(schema=task.form.schema_, ui=task.form.ui, stored=task.values)
    if task.proposal is None:
        return task, Sheet(schema={}, ui=(), stored={})
    decision = DecisionForm(
        visit.ask(_decided, task_id=task_id, result=task.proposal["result"]), visit.language
    )
    return task, Sheet(schema=decision.schema, ui=decision.ui, stored=decision.stored(), decision=decision)


def _decided(tx: Transaction, *, actor: Actor, task_id: UUID, result: Any) -> Mapping[str, Any]:
    """The variables that the decision's result stands for, as the kernel names them."""
    task, case, _ = find_task(tx, actor=actor, task_id=task_id)
    return named(model_of(tx, case).program.elements[task.element], result)


def _values(sheet: Sheet, sent: FormData) -> dict[str, Any]:
    return read_values(sheet.schema, sheet.ui, raw_of(sent.multi_items()))


def _parts(visit: Visit, sheet: Sheet, **filled: Any) -> list[Part]:
    return lay_out(sheet.schema, sheet.ui, language=visit.language, **filled)


def _page(
    visit: Visit,
    task: TaskDetail,
    parts: list[Part],
    *,
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
        fristen=[
            each
            for each in visit.ask(list_deadlines, now=visit.now, case_id=task.case.id)
            if each.task == task.id or (each.task is None and each.step == task.element)
        ],
        standing=visit.ask(standing_of, case_id=task.case.id),
    )
