"""Report a breaking point (Sollbruchstelle): with one click, and without anything that leads to a case or a person.

From the single case to the structure (DOMAIN §1.3, §9 rule 10): where rules make work break again and again, the
steering groups see it. No audit entry either: it would say who reported when.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from enum import StrEnum
from uuid import UUID

from sqlmodel import select

from staffel.engine.actor import Actor
from staffel.engine.calendar import ZONE
from staffel.engine.cases import policy
from staffel.engine.cases.running import model_of
from staffel.engine.errors import NotFound
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import BreakingPoint, Case, Handover, Task, Unit


class Trouble(StrEnum):
    """What goes wrong there again and again."""

    MISSING = "missing"
    RETYPED = "retyped"
    PAPER = "paper"
    COMPETENCE = "competence"
    WAITING = "waiting"
    DEADLINE = "deadline"
    RULE = "rule"
    OTHER = "other"


def report_breaking_point(
    tx: Transaction, *, actor: Actor, now: datetime, trouble: Trouble, task_id: UUID | None = None,
    handover_id: UUID | None = None,
) -> None:  # fmt: skip
    """Report one at a task of the own Stelle or at a handover of which it is a side. Raises `NotFound`."""
    if task_id is not None:
        case, element, unit, other = _at_task(tx, actor, task_id)
    else:
        case, element, unit, other = _at_handover(tx, actor, handover_id)
    program = model_of(tx, case).program
    flow = program.flows.get(element)
    found = flow.target if flow is not None else program.elements.get(element)
    month = now.astimezone(ZONE).date().replace(day=1)
    tx.session.add(
        BreakingPoint(
            id=new_id(datetime.combine(month, time(), UTC)), municipality=case.municipality,
            process_id=case.process_id, element=found.id if found else element, name=found.name or "" if found else "",
            unit_kind=_kind(tx, unit), other_kind=_kind(tx, other) if other else "", trouble=trouble.value,
            month=month,
        )
    )  # fmt: skip


def _at_task(tx: Transaction, actor: Actor, task_id: UUID) -> tuple[Case, str, UUID, UUID | None]:
    task = tx.session.get(Task, task_id)
    if task is None or task.key < 0:
        raise NotFound
    policy.work_for(actor, task.unit_id)
    return tx.session.get_one(Case, task.case_id), task.element, task.unit_id, None


def _at_handover(
    tx: Transaction, actor: Actor, handover_id: UUID | None
) -> tuple[Case, str, UUID, UUID | None]:
    handover = tx.session.get(Handover, handover_id) if handover_id is not None else None
    if handover is None:
        raise NotFound
    sides = (handover.sender_unit, handover.receiver_unit)
    own, other = sides if actor.works_in(sides[0]) else reversed(sides)
    policy.work_for(actor, own)
    return tx.session.get_one(Case, handover.case_id), handover.flow, own, other


def _kind(tx: Transaction, unit_id: UUID) -> str:
    return tx.session.exec(select(Unit.kind).where(Unit.id == unit_id)).one()
