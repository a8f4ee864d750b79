"""Substitution (Vertretung) for an absence within the team: who takes over whose claimed tasks, from when to when.

A substitute acts under the own name, so four eyes stay two people. It ends by itself with its last day, and is never
counted: there are no statistics per employee.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, or_, select

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.calendar import ZONE
from staffel.engine.cases import policy
from staffel.engine.cases.colleagues import Colleague, colleagues
from staffel.engine.cases.comments import write_comment
from staffel.engine.cases.facts import TaskTakenOver
from staffel.engine.cases.running import note
from staffel.engine.cases.tasks import TaskClaimedByOther, TaskNotClaimed, open_task
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Substitution, Task, TaskStatus

LONGEST = timedelta(days=366)


class SubstitutionDays(Refusal):
    """A substitution ends today or later, not before it begins, and lasts a year at most."""

    status, code = 422, "substitution-days"
    text_de = "Die Vertretung endet heute oder später, nicht vor ihrem Beginn, und dauert höchstens ein Jahr."


class NotColleagues(Refusal):
    """Substitute and absent person are two people who do casework in this Stelle; the list of substitutions names them."""

    status, code = 422, "substitution-people"
    text_de = "Vertretung und abwesende Person sind zwei Personen, die in dieser Stelle Vorgänge bearbeiten."


def arrange_substitution(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    unit_id: UUID,
    absent_id: UUID,
    substitute_id: UUID,
    first: date,
    last: date,
) -> UUID:
    """Arrange it for oneself or, as team lead, for somebody of the team.

    Raises `NotFound`, `NotAllowed`, `NotColleagues`, `SubstitutionDays`.
    """
    policy.work_for(actor, unit_id)
    _need_say(actor, unit_id, absent_id)
    team = {each.account_id for each in colleagues(tx, units={unit_id})}
    if absent_id == substitute_id or not {absent_id, substitute_id} <= team:
        raise NotColleagues
    if not first <= last or last < _today(now) or last - first > LONGEST:
        raise SubstitutionDays
    made = Substitution(
        id=new_id(now), unit_id=unit_id, absent_id=absent_id, substitute_id=substitute_id, first=first, last=last,
        arranged_by=actor.account, arranged_at=now,
    )  # fmt: skip
    tx.session.add(made)
    record(
        tx, actor=actor, now=now, action="substitution.arrange", subject=made.id, absent=str(absent_id),
        substitute=str(substitute_id), first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    return made.id


def end_substitution(tx: Transaction, *, actor: Actor, now: datetime, substitution_id: UUID) -> None:
    """End it before its last day, by the absent person or the team lead. Raises `NotFound`, `NotAllowed`."""
    found = tx.session.get(Substitution, substitution_id)
    if found is None or found.ended_at is not None or not _sees(actor, found):
        raise NotFound
    _need_say(actor, found.unit_id, found.absent_id)
    found.ended_at = now
    tx.session.add(found)
    record(tx, actor=actor, now=now, action="substitution.end", subject=substitution_id)


def take_over_task(tx: Transaction, *, actor: Actor, now: datetime, task_id: UUID, text: str = "") -> None:
    """The substitute takes over what the absent person has claimed; `text` is kept as a comment at the case.

    Its clocks run on: since when it was claimed and begun stays. Raises `TaskNotClaimed`, `TaskClaimedByOther`.
    """
    case, head = open_task(tx, actor, task_id)
    if head.status != TaskStatus.CLAIMED:
        raise TaskNotClaimed
    task = tx.session.get_one(Task, task_id)
    query = select(Substitution.id).where(Task.id == task_id, _in_force(actor, now))
    substitution = tx.session.exec(query).first()
    if substitution is None:
        raise TaskClaimedByOther
    if text.strip():
        write_comment(tx, actor=actor, now=now, case_id=case.id, text=text, unit_id=head.unit_id)
    record(
        tx, actor=actor, now=now, action="task.take-over", subject=task_id, substitution=str(substitution)
    )  # fmt: skip
    task.account_id = actor.account
    tx.session.add(task)
    tx.flush()
    note(tx, case=case, facts=(TaskTakenOver(key=head.key, element=head.element),), rows=(), now=now)


def is_to_take_over(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether a task is claimed by somebody whom the actor substitutes today."""
    return exists().where(_in_force(actor, now))


def substitutions_of(tx: Transaction, *, actor: Actor, now: datetime) -> list[Substitution]:
    """Running and coming ones: those of the actor, and for team leads those of their teams."""
    mine = or_(
        col(Substitution.absent_id) == actor.account,
        col(Substitution.substitute_id) == actor.account,
        col(Substitution.unit_id).in_(policy.led_by(actor)),
    )
    query = select(Substitution).where(
        mine,
        col(Substitution.unit_id).in_(actor.units_as(*CASEWORK)),
        col(Substitution.ended_at).is_(None),
        col(Substitution.last) >= _today(now),
    )
    return list(tx.session.exec(query.order_by(col(Substitution.first), col(Substitution.id))))


def may_arrange_for(actor: Actor, colleague: Colleague) -> bool:
    """Oneself, and whom one leads."""
    return colleague.account_id == actor.account or colleague.unit_id in policy.led_by(actor)


def _in_force(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """A substitution that lets the actor take over the task of the statement today."""
    today = _today(now)
    return (
        (col(Substitution.unit_id) == col(Task.unit_id))
        & (col(Substitution.absent_id) == col(Task.account_id))
        & (col(Substitution.substitute_id) == actor.account)
        & (col(Substitution.first) <= today)
        & (col(Substitution.last) >= today)
        & col(Substitution.ended_at).is_(None)
        & (col(Task.status) == TaskStatus.CLAIMED)
    )


def _need_say(actor: Actor, unit_id: UUID, absent_id: UUID) -> None:
    if absent_id != actor.account and unit_id not in policy.led_by(actor):
        raise NotAllowed(
            "The absent person or the team lead arranges and ends a substitution.",
            text_de="Eine Vertretung richtet die abwesende Person oder die Teamleitung ein; sie beenden sie auch.",
        )


def _sees(actor: Actor, found: Substitution) -> bool:
    return found.unit_id in policy.led_by(actor) or (
        actor.works_in(found.unit_id) and actor.account in {found.absent_id, found.substitute_id}
    )


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()
