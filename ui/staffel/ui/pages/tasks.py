"""A task: its form, the rules' proposal beside it, and where the case stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.deadlines.queries import list_deadlines
from staffel.api.tasks.filters import OPEN
from staffel.api.tasks.queries import find_task, may_take_over
from staffel.api.tasks.schemas import TaskDetail
from staffel.api.tasks.service import read_task
from staffel.engine.actor import Actor
from staffel.engine.cases import begin_task, complete_task, confirm_task, give_task_back, save_draft
from staffel.engine.cases.running import model_of
from staffel.engine.cases.second_check import CheckMovedOn, CheckReason, NoSecondPerson
from staffel.engine.errors import Refusal
from staffel.engine.kernel.behaviours.tasks import named
from staffel.engine.library.forms import Form, ValuesDoubtful, ValuesRefused
from staffel.engine.store import Transaction
from staffel.engine.store.tables import TaskStatus
from staffel.ui.forms.decision import DecisionForm
from staffel.ui.forms.fields import faults_of
from staffel.ui.forms.files import keep_files
from staffel.ui.forms.filling import Filling, errors_of
from staffel.ui.language import Language
from staffel.ui.pages.standing import files_of, standing_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is asked at a task: the model's form, or whether a proposed decision is confirmed."""

    form: Form
    stored: Mapping[str, Any]
    decision: DecisionForm | None = None


@router.get("/aufgaben/{task_id}")
def show_task(task_id: UUID, visit: Visited) -> Response:
    """The task as it stands, with one's draft."""
    task, sheet = _task(visit, task_id)
    return _page(visit, task, _filling(visit, task, sheet, draft=task.draft or {}))


@router.post("/aufgaben/{task_id}/erledigen")
def complete(task_id: UUID, sent: Sent, visit: Visited) -> Response:
    """Complete the task; when something does not fit or is still to be asked, the form comes back with what was typed."""
    task, sheet = _task(visit, task_id)
    sent, errors = keep_files(visit, task, sheet.form, sent)
    filling = _filling(visit, task, sheet, sent=sent)
    if filling.only_looks or filling.has_more:
        return _page(visit, task, filling, errors=errors, grown=not filling.only_looks)
    values = filling.values
    if sheet.decision:
        values, errors = sheet.decision.read(filling.raw or {})
    doubts: Mapping[str, str] = {}
    if not errors:
        try:
            visit.do(complete_task, task_id=task_id, values=values, confirmed=filling.is_confirmed)
        except ValuesDoubtful as refusal:
            doubts = errors_of(refusal, visit.language)
        except ValuesRefused as refusal:
            errors = errors_of(refusal, visit.language)
            if sheet.decision:
                errors = sheet.decision.by_field(errors)
        except NoSecondPerson as refusal:
            errors = {"": _said(visit, refusal)}
        else:
            done = "task-submitted" if task.four_eyes else "task-completed"
            return go("/eingang?ansicht=meine", done)
    return _page(visit, task, filling, errors=errors, doubts=doubts)


@router.post("/aufgaben/{task_id}/mitzeichnen")
def confirm(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Confirm as the second person what a colleague filled in, as the page has shown it."""
    try:
        check = UUID(text(sent, "check"))
    except ValueError:
        raise CheckMovedOn from None
    visit.do(confirm_task, task_id=task_id, check_id=check)
    return go("/eingang?ansicht=mitzeichnung", "task-confirmed")


@router.post("/aufgaben/{task_id}/zurueckweisen")
def give_back(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Give it back to the colleague with a reason, or take back what one filled in oneself."""
    reason = text(sent, "grund")
    try:
        visit.do(give_task_back, task_id=task_id, reason=reason)
    except CheckReason as refusal:
        task, sheet = _task(visit, task_id)
        return _page(visit, task, _filling(visit, task, sheet), reason=(reason, _said(visit, refusal)))
    mine = visit.ask(read_task, now=visit.now, task_id=task_id).is_mine
    return go(f"/aufgaben/{task_id}" if mine else "/eingang?ansicht=mitzeichnung", "task-given-back")


@router.post("/aufgaben/{task_id}/entwurf")
def keep_draft(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Keep what was typed; nothing is checked. The first draft is the beginning of the work."""
    task, sheet = _task(visit, task_id)
    visit.do(begin_task, task_id=task_id)
    sent, errors = keep_files(visit, task, sheet.form, sent)
    filling = _filling(visit, task, sheet, sent=sent)
    visit.do(save_draft, task_id=task_id, values=filling.values)
    if errors:
        return _page(visit, task, filling, errors=errors)
    if text(sent, "_von_hand"):
        return go(f"/aufgaben/{task_id}", "draft-saved")
    return Response(status_code=204)


def _said(visit: Visit, refusal: Refusal) -> str:
    return refusal.message_de if visit.language is Language.DE else str(refusal)


def _task(visit: Visit, task_id: UUID) -> tuple[TaskDetail, Sheet]:
    task = visit.ask(read_task, now=visit.now, task_id=task_id)
    if task.form is not None:
        form = Form(task.form.schema_, task.form.ui, task.form.rules)
        return task, Sheet(form=form, stored=task.values)
    if task.proposal is None:
        return task, Sheet(form=Form({}), stored={})
    decision = DecisionForm(
        visit.ask(_decided, task_id=task_id, result=task.proposal["result"]), visit.language
    )
    return task, Sheet(form=Form(decision.schema, decision.ui), stored=decision.stored(), decision=decision)


def _filling(
    visit: Visit,
    task: TaskDetail,
    sheet: Sheet,
    *,
    sent: FormData | None = None,
    draft: Mapping[str, Any] = MappingProxyType({}),
) -> Filling:
    stored = {**sheet.stored, **(sheet.decision.typed(draft) if sheet.decision else draft)}
    files = visit.ask(files_of, case_id=task.case.id) if sheet.form.documents else {}
    documents = {each: name for of_field in files.values() for each, name in of_field.items()}
    return Filling(
        sheet.form,
        language=visit.language,
        now=visit.now,
        stored=stored,
        sent=sent,
        documents=documents,
    )


def _decided(tx: Transaction, *, actor: Actor, task_id: UUID, result: Any) -> Mapping[str, Any]:
    """The variables that the decision's result stands for, as the kernel names them."""
    task, case, _ = find_task(tx, actor=actor, task_id=task_id)
    return named(model_of(tx, case).program.elements[task.element], result)


def _page(
    visit: Visit,
    task: TaskDetail,
    filling: Filling,
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    doubts: Mapping[str, str] = MappingProxyType({}),
    grown: bool = False,
    reason: tuple[str, str] = ("", ""),
) -> Response:
    parts = filling.parts(errors)
    faults = list(faults_of(parts))
    shown = {fault.name for fault in faults}
    return visit.page(
        "task.html",
        status=422 if errors or doubts or reason[1] else 200,
        nav="/eingang",
        task=task,
        parts=parts,
        faults=faults,
        general=" ".join(message for field, message in errors.items() if field not in shown),
        doubts=doubts,
        grown=grown,
        reason=reason,
        has_files=bool(filling.form.documents),
        can_work=task.is_mine and task.status == TaskStatus.CLAIMED,
        may_take_over=visit.ask(may_take_over, now=visit.now, task_id=task.id),
        is_open=task.completed_at is None and task.status in OPEN,
        fristen=[
            each
            for each in visit.ask(list_deadlines, now=visit.now, case_id=task.case.id)
            if each.task == task.id or (each.task is None and each.step == task.element)
        ],
        standing=visit.ask(standing_of, case_id=task.case.id),
    )
