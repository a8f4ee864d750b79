"""What a caseworker does with a task: claim, release, begin, draft, complete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.added_tasks import NotAdded, NotOfModel, end_added_task, is_added
from staffel.engine.cases.declared import payload_of, read_declared, results_of
from staffel.engine.cases.departing import need_reason, read_decision
from staffel.engine.cases.documents import check_documents
from staffel.engine.cases.facts import TaskBegun, TaskClaimed, TaskReleased
from staffel.engine.cases.finishing import finish_task
from staffel.engine.cases.running import Row, carry_out, find, model_of, note
from staffel.engine.cases.second_check import TaskInCheck, submit_task
from staffel.engine.errors import Refusal
from staffel.engine.feel.codec import decode_values
from staffel.engine.kernel import ThrowError, decode_state, visible_at
from staffel.engine.kernel.behaviours.tasks import named
from staffel.engine.kernel.program import Element
from staffel.engine.library.forms import REASON
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead, Found, TaskHead
from staffel.engine.store.tables import Draft, Task, TaskStatus

_SENT = {TaskStatus.DONE, TaskStatus.CHECKING, TaskStatus.CLAIMED}
"""Where a task stands that was completed with a key: claimed again, when the second check has given it back."""


class TaskClosed(Refusal):
    """The task has been completed or cancelled already."""

    code = "task-closed"
    text_de = "Die Aufgabe ist schon erledigt oder entfallen."


class TaskClaimedByOther(Refusal):
    """Somebody else of the Stelle has claimed the task."""

    code = "task-claimed"
    text_de = "Die Aufgabe wurde schon von jemand anderem übernommen."


class TaskNotClaimed(Refusal):
    """Claim the task first."""

    code = "task-not-claimed"
    text_de = "Bitte die Aufgabe zuerst übernehmen."


def claim_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> None:
    """Take the task. Of many who try at once exactly one succeeds; claiming one's own task again is refused too."""
    case, task = open_task(tx, actor, task_id)
    if task.status != TaskStatus.OPEN:
        raise TaskClaimedByOther(own=task.account_id == actor.account)
    row = (task.id, TaskStatus.CLAIMED.value, actor.account, now)
    _note(tx, case, TaskClaimed(key=task.key, element=task.element), ("task_claim", task.key, row), now)


def release_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> None:
    """Give a claimed task back to the Stelle; a team lead may give back what others of the Stelle have claimed."""
    case, task = open_task(tx, actor, task_id)
    if task.status != TaskStatus.CLAIMED:
        raise TaskNotClaimed
    if task.account_id != actor.account and task.unit_id not in policy.led_by(actor):
        raise TaskClaimedByOther
    row = (task.id, TaskStatus.OPEN.value, None, None, None)
    _note(tx, case, TaskReleased(key=task.key, element=task.element), ("task_release", task.key, row), now)


def begin_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> None:
    """Note that work on the own task begins. Beginning it again is no fault and changes nothing."""
    case, task = _own(tx, actor, task_id)
    if task.begun_at is None:
        row = (task.id, now)
        _note(tx, case, TaskBegun(key=task.key, element=task.element), ("task_begin", task.key, row), now)


def complete_task(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    task_id: UUID,
    values: Mapping[str, Any] | None = None,
    confirmed: bool = False,
    idempotency_key: str | None = None,
) -> None:
    """Complete the own task with the form's values (JSON); `confirmed`: what the form's rules find unusual is right.

    Where the model asks for four eyes, the case goes on only when a second person has confirmed the values.
    Raises `ValuesRefused`, `ValuesDoubtful`, `TaskClosed`, `TaskNotClaimed`, `TaskInCheck`, `NoSecondPerson`.

    The same call with the same `idempotency_key` again is no fault and changes nothing.
    """
    found = find(tx, TaskHead, task_id)
    case, task = found
    policy.work_on_task(actor, task)
    again = idempotency_key is not None and task.idempotency_key == idempotency_key
    if again and task.status in _SENT and task.account_id == actor.account:
        return
    _need_own(actor, task)
    if is_added(task):
        read_declared(None, values or {}, ())
        end_added_task(tx, now=now, found=found, idempotency_key=idempotency_key)
        return
    model = model_of(tx, case)
    element = model.program.elements[task.element]
    form = model.form(task.form, task.element)
    if form:
        given = visible_at(decode_state(case.state), task.key) if form.looks_back else {}
        variables = form.read(values or {}, given=given, now=now, confirmed=confirmed)
        need_reason(variables, _proposed(tx, element, task))
        check_documents(tx, case_id=case.id, unit=task.unit_id, form=form, values=variables)
    else:
        variables = _results(tx, element, task, values or {})
    rows: list[Row] = []
    if idempotency_key is not None:
        rows.append(("task_key", task.key, (task.id, idempotency_key)))
    if element.node.extension.four_eyes:
        submit_task(tx, actor=actor, now=now, found=found, typed=values or {}, variables=variables, rows=rows)
    else:
        finish_task(tx, actor=actor, now=now, found=found, variables=variables, rows=rows)


def throw_task_error(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    task_id: UUID,
    code: str,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Report a BPMN error at the own task (§10.5.6), with fields of its form and what the catching event maps."""
    case, task = _own(tx, actor, task_id)
    if is_added(task):
        raise NotOfModel
    model = model_of(tx, case)
    form = model.form(task.form, task.element)
    declared = results_of(model.program.elements[task.element]) | payload_of(model.program, code)
    variables = read_declared(form, values or {}, declared)
    if form:
        check_documents(tx, case_id=case.id, unit=task.unit_id, form=form, values=variables)
    command = ThrowError(key=task.key, code=code, variables=variables)
    rows: list[Row] = [("draft_forget", task.key, (task.id,))]
    carry_out(tx, case=case, command=command, now=now, rows=rows)


def drop_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID) -> None:
    """Drop an added task of the own Stelle; what a colleague has claimed, the team lead drops.

    Raises `TaskClosed`, `NotAdded`, `TaskClaimedByOther`.
    """
    found = open_task(tx, actor, task_id)
    task = found.row
    if not is_added(task):
        raise NotAdded
    is_others = task.status == TaskStatus.CLAIMED and task.account_id != actor.account
    if is_others and task.unit_id not in policy.led_by(actor):
        raise TaskClaimedByOther
    end_added_task(tx, now=now, found=found, cancelled=True)
    record(tx, actor=actor, now=now, action="task.drop", subject=task_id)


def save_draft(
    tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID, values: Mapping[str, Any]
) -> None:
    """Keep what the person has typed so far, as it is; only that person sees it."""
    _, task = _own(tx, actor, task_id)
    if actor.account is not None:
        tx.session.merge(Draft(task_id=task.id, account_id=actor.account, saved_at=now, values=dict(values)))


def read_draft(tx: Transaction, *, actor: Actor, task_id: UUID) -> dict[str, Any] | None:
    """What the person has typed and not sent yet."""
    draft = tx.session.get(Draft, (task_id, actor.account)) if actor.account else None
    return draft.values if draft else None


def open_task(tx: Transaction, actor: Actor, task_id: UUID) -> Found[TaskHead]:
    """An open task of the actor's Stelle with its case, locked. Raises `NotFound`, `TaskClosed`."""
    found = find(tx, TaskHead, task_id)
    task = found.row
    policy.work_on_task(actor, task)
    if task.status == TaskStatus.CHECKING:
        raise TaskInCheck
    if task.status not in {TaskStatus.OPEN, TaskStatus.CLAIMED}:
        raise TaskClosed
    return found


def _own(tx: Transaction, actor: Actor, task_id: UUID) -> tuple[CaseHead, TaskHead]:
    """An open task that the actor has claimed."""
    case, task = open_task(tx, actor, task_id)
    _need_own(actor, task)
    return case, task


def _need_own(actor: Actor, task: TaskHead) -> None:
    if task.status == TaskStatus.OPEN:
        raise TaskNotClaimed
    if task.status == TaskStatus.CHECKING:
        raise TaskInCheck
    if task.status != TaskStatus.CLAIMED:
        raise TaskClosed
    if task.account_id != actor.account:
        raise TaskClaimedByOther


def _results(tx: Transaction, element: Element, task: TaskHead, values: Mapping[str, Any]) -> dict[str, Any]:
    """What comes from a task without a form: the decision of a person, or results that the model declares."""
    proposed = _proposed(tx, element, task) if values else {}
    if not proposed:
        return read_declared(None, values, results_of(element))
    read_declared(None, values, {*proposed, *results_of(element), REASON})
    decided = read_decision(values, proposed)
    need_reason(decided, proposed)
    return decided


def _proposed(tx: Transaction, element: Element, task: TaskHead) -> dict[str, Any]:
    """The variables of the decision that the rules propose; none where they propose nothing."""
    row = tx.session.get(Task, task.id) if element.decision is not None else None
    if row is None or row.proposal is None:
        return {}
    return named(element, decode_values(row.proposal).get("result"))


def _note(
    tx: Transaction, case: CaseHead, fact: TaskClaimed | TaskReleased | TaskBegun, row: Row, now: datetime
) -> None:
    note(tx, case=case, facts=(fact,), rows=(row,), now=now)
