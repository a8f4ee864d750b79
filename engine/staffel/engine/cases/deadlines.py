"""What people do with running Fristen: suspend (hemmen), resume, extend once (verlängern); each with its reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.running import carry_out, find_case, model_of
from staffel.engine.errors import NotFound
from staffel.engine.kernel import ExtendDeadline, Program, ResumeDeadline, SuspendDeadline, decode_state
from staffel.engine.kernel.state import TaskWait, TimerWait, Wait
from staffel.engine.store import Transaction
from staffel.engine.store.hot import CaseHead


def suspend_deadline(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    key: int,
    place: int,
    since: date,
    until: date | None = None,
    reason: str,
    legal_basis: str = "",
) -> None:
    """Say that the Frist stands still from `since` to `until` (None: until it is resumed). Raises `CommandRefused`."""
    command = SuspendDeadline(
        key=key, place=place, since=since, until=until, reason=reason, legal_basis=legal_basis
    )
    carry_out(tx, case=_case(tx, actor, case_id, key), command=command, now=now)


def resume_deadline(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    key: int,
    place: int,
    until: date,
    reason: str = "",
) -> None:
    """Say that what suspended the Frist was over with `until`, the last day that does not count. Raises `CommandRefused`."""
    command = ResumeDeadline(key=key, place=place, until=until, reason=reason)
    carry_out(tx, case=_case(tx, actor, case_id, key), command=command, now=now)


def extend_deadline(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    key: int,
    place: int,
    by: str = "",
    reason: str,
    legal_basis: str = "",
) -> None:
    """Extend the Frist, once and within what the model allows; `by` is a length or a new last day. Raises `CommandRefused`."""
    command = ExtendDeadline(key=key, place=place, by=by, reason=reason, legal_basis=legal_basis)
    carry_out(tx, case=_case(tx, actor, case_id, key), command=command, now=now)


def stelle_of(case: CaseHead, program: Program, wait: Wait) -> UUID:
    """The Stelle whose Fristen these are: that of the task, or of the step that the timer is at."""
    element = program.elements[wait.element]
    kind = (element.attached_to or element).unit
    unit = None if kind is None else msgspec.json.decode(case.units).get(kind)
    return case.starter_unit if unit is None else UUID(unit)


def _case(tx: Transaction, actor: Actor, case_id: UUID, key: int) -> CaseHead:
    """The case, locked, if the Frist is one of the actor's Stelle. Raises `NotFound`."""
    case = find_case(tx, case_id)
    state = decode_state(case.state)
    wait = state.waits.get(key)
    if not isinstance(wait, (TaskWait, TimerWait)) or key not in state.fristen:
        raise NotFound
    policy.work_for(actor, stelle_of(case, model_of(tx, case).program, wait))
    return case
