"""Four eyes (Vier-Augen-Prinzip): what one person filled in counts when another of the same Stelle has confirmed it.

Two people means two accounts, of which neither substitutes for the other; a program may fill in, but never confirms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from staffel.engine.actor import Actor
from staffel.engine.calendar import ZONE
from staffel.engine.cases import policy
from staffel.engine.cases.colleagues import colleagues
from staffel.engine.cases.consents import without_revoked
from staffel.engine.cases.facts import TaskCountersigned, TaskGivenBack, TaskSubmitted
from staffel.engine.cases.finishing import finish_task
from staffel.engine.cases.running import Row, find, note
from staffel.engine.errors import NotAllowed, Refusal
from staffel.engine.feel.codec import decode_values, encode_values
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.hot import Found, TaskHead
from staffel.engine.store.tables import CheckOutcome, Draft, Substitution, TaskCheck, TaskStatus

LONGEST_REASON = 2000


class TaskInCheck(Refusal):
    """The task waits for its second check: another person of the Stelle confirms it or gives it back."""

    code = "task-in-check"
    text_de = "Die Aufgabe wartet auf die Mitzeichnung: Eine andere Person der Stelle zeichnet mit oder gibt sie zurück."


class TaskNotInCheck(Refusal):
    """The task does not wait for a second check."""

    code = "task-not-in-check"
    text_de = "Die Aufgabe wartet nicht auf eine Mitzeichnung."


class CheckMovedOn(Refusal):
    """The task has been taken back and given again since; look at what was filled in now."""

    code = "check-moved-on"
    text_de = (
        "Die Aufgabe wurde inzwischen zurückgeholt und neu zur Mitzeichnung gegeben. "
        "Bitte prüfen Sie die jetzigen Angaben."
    )


class NoSecondPerson(Refusal):
    """Four eyes need a second person who does casework in the Stelle and does not substitute for you; there is none.

    The administration can give somebody this role in the Stelle; a substitution between the two ends the obstacle when it
    is ended.
    """

    code = "no-second-person"
    text_de = (
        "Dieser Schritt verlangt das Vier-Augen-Prinzip, aber in der Stelle kann derzeit niemand mitzeichnen: Es braucht "
        "eine zweite Person in der Sachbearbeitung, die Sie nicht vertritt. Die Administration kann eine Person eintragen; "
        "eine Vertretung lässt sich beenden. Ihre Angaben können Sie bis dahin als Entwurf speichern."
    )


class NotSecondPerson(Refusal):
    """Another person confirms than the one who filled in, and nobody who substitutes for that person or the reverse."""

    code = "not-second-person"
    text_de = "Mitzeichnen muss eine andere Person als die, die ausgefüllt hat, und keine von beiden darf die andere vertreten."


class CheckReason(Refusal):
    """Say in 1 to 2000 characters why the task goes back."""

    status, code = 422, "check-reason"
    text_de = "Bitte begründen Sie mit höchstens 2000 Zeichen, warum die Aufgabe zurückgeht."


def submit_task(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    found: Found[TaskHead],
    typed: Mapping[str, Any],
    variables: Mapping[str, Any],
    rows: Sequence[Row] = (),
) -> None:
    """Keep what the first person filled in until a second has said something to it. Raises `NoSecondPerson`.

    `typed` (JSON) stays as the person's draft, for the case that the task comes back.
    """
    case, task = found
    if not second_people(tx, unit_id=task.unit_id, first_id=actor.account, now=now):
        raise NoSecondPerson
    check = TaskCheck(
        id=new_id(now), task_id=task.id, first_id=actor.account, asked_at=now, values=encode_values(variables)
    )
    tx.session.add(check)
    if actor.account is not None:
        tx.session.merge(Draft(task_id=task.id, account_id=actor.account, saved_at=now, values=dict(typed)))
    tx.flush()
    stands: Row = ("task_stand", task.key, (task.id, TaskStatus.CHECKING.value))
    note(
        tx,
        case=case,
        facts=(TaskSubmitted(key=task.key, element=task.element),),
        rows=(stands, *rows),
        now=now,
    )


def confirm_task(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    task_id: UUID,
    check_id: UUID,
    idempotency_key: str | None = None,
) -> None:
    """Confirm as the second person what was filled in (Mitzeichnung); the case goes on with it.

    `check_id` says which check that person has seen, for its values may have been exchanged meanwhile.
    Raises `TaskNotInCheck`, `NotSecondPerson`, `CheckMovedOn`, `NotAllowed`. The same call with the same `idempotency_key`
    again is no fault and changes nothing.
    """
    found, checks = _checked(tx, actor, task_id)
    if _is_again(checks, actor, idempotency_key, CheckOutcome.CONFIRMED):
        return
    check = _need_open(found, checks)
    if not may_confirm(tx, actor=actor, check=check, unit_id=found.row.unit_id, now=now):
        raise NotSecondPerson
    if check.id != check_id:
        raise CheckMovedOn
    variables = without_revoked(
        tx, case_id=found.case.id, variables=decode_values(check.values or b""), since=check.asked_at
    )
    _decide(tx, actor, now, check, CheckOutcome.CONFIRMED, idempotency_key=idempotency_key)
    fact = TaskCountersigned(key=found.row.key, element=found.row.element)
    finish_task(tx, actor=actor, now=now, found=found, variables=variables, facts=(fact,))


def give_task_back(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    task_id: UUID,
    reason: str = "",
    idempotency_key: str | None = None,
) -> None:
    """Give the task back to who filled it in, with a reason; that person may also take it back, without one.

    Raises `TaskNotInCheck`, `CheckReason`, `NotAllowed`. The same call with the same `idempotency_key` again is no fault.
    """
    found, checks = _checked(tx, actor, task_id)
    if _is_again(checks, actor, idempotency_key, CheckOutcome.GIVEN_BACK, CheckOutcome.WITHDRAWN):
        return
    check = _need_open(found, checks)
    withdrawn, task = check.first_id == actor.account, found.row
    reason = reason.strip()
    if len(reason) > LONGEST_REASON or not (reason or withdrawn):
        raise CheckReason(found=len(reason))
    outcome = CheckOutcome.WITHDRAWN if withdrawn else CheckOutcome.GIVEN_BACK
    _decide(tx, actor, now, check, outcome, reason=reason, idempotency_key=idempotency_key)
    row: Row = ("task_stand", task.key, (task.id, TaskStatus.CLAIMED.value))
    if check.first_id is None:
        row = ("task_release", task.key, (task.id, TaskStatus.OPEN.value, None, None, None))
    fact = TaskGivenBack(key=task.key, element=task.element, withdrawn=withdrawn)
    note(tx, case=found.case, facts=(fact,), rows=(row,), now=now)


def checks_of(tx: Transaction, *, task_ids: Sequence[UUID]) -> list[TaskCheck]:
    """The second checks of tasks, the oldest first; whoever asks has to know that the actor may see the tasks."""
    query = select(TaskCheck).where(col(TaskCheck.task_id).in_(task_ids))
    return list(tx.session.exec(query.order_by(col(TaskCheck.asked_at), col(TaskCheck.id))))


def may_confirm(tx: Transaction, *, actor: Actor, check: TaskCheck, unit_id: UUID, now: datetime) -> bool:
    """Whether the actor is a second person for what waits."""
    if actor.account is None or not actor.works_in(unit_id):
        return False
    return actor.account not in {check.first_id, *_tied(tx, unit_id, check.first_id, now)}


def second_people(tx: Transaction, *, unit_id: UUID, first_id: UUID | None, now: datetime) -> set[UUID]:
    """Who of the Stelle could confirm what `first_id` (None: a program) filled in."""
    team = {each.account_id for each in colleagues(tx, units={unit_id})}
    return team - {first_id, *_tied(tx, unit_id, first_id, now)}


def _tied(tx: Transaction, unit_id: UUID, account: UUID | None, now: datetime) -> set[UUID]:
    """Who substitutes for the person today, and for whom the person does."""
    today = now.astimezone(ZONE).date()
    query = select(Substitution.absent_id, Substitution.substitute_id).where(
        Substitution.unit_id == unit_id,
        or_(col(Substitution.absent_id) == account, col(Substitution.substitute_id) == account),
        col(Substitution.first) <= today,
        col(Substitution.last) >= today,
        col(Substitution.ended_at).is_(None),
    )
    return {each for pair in tx.session.exec(query) for each in pair}


def _checked(tx: Transaction, actor: Actor, task_id: UUID) -> tuple[Found[TaskHead], list[TaskCheck]]:
    """The locked task, with its checks. Programs confirm nothing and give nothing back."""
    found = find(tx, TaskHead, task_id)
    policy.work_on_task(actor, found.row)
    if actor.account is None:
        raise NotAllowed(
            "A person countersigns or gives back, never a program.",
            text_de="Mitzeichnen und zurückgeben kann nur eine Person, kein Programm.",
        )
    return found, checks_of(tx, task_ids=[task_id])


def _is_again(
    checks: Sequence[TaskCheck], actor: Actor, idempotency_key: str | None, *outcomes: CheckOutcome
) -> bool:
    return idempotency_key is not None and any(
        check.idempotency_key == idempotency_key
        and check.second_id == actor.account
        and check.outcome in outcomes
        for check in checks
    )


def _need_open(found: Found[TaskHead], checks: Sequence[TaskCheck]) -> TaskCheck:
    if not checks or found.row.status != TaskStatus.CHECKING:
        raise TaskNotInCheck
    return checks[-1]


def _decide(
    tx: Transaction,
    actor: Actor,
    now: datetime,
    check: TaskCheck,
    outcome: CheckOutcome,
    *,
    reason: str = "",
    idempotency_key: str | None = None,
) -> None:
    check.values, check.decided_at, check.second_id = None, now, actor.account
    check.outcome, check.reason, check.idempotency_key = outcome, reason, idempotency_key
    tx.session.add(check)
    record(tx, actor=actor, now=now, action=f"task.{outcome.replace('_', '-')}", subject=check.task_id)
    tx.flush()
