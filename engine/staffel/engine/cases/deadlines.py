"""What people do with running Fristen: suspend (hemmen), resume, extend once (verlängern); each with its reason.

`key` and `place` name a Frist of a task, step or timer, or of a handover (by its key; see `FRISTEN`).
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.calendars import stelle_of
from staffel.engine.cases.handover_deadlines import Change, change_handover_deadline, handover_at
from staffel.engine.cases.running import carry_out, find_case, model_of
from staffel.engine.errors import NotFound
from staffel.engine.kernel import ExtendDeadline, ResumeDeadline, SuspendDeadline, decode_state
from staffel.engine.kernel.courses import HOLDERS
from staffel.engine.store import Transaction


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
    _change(tx, actor, now, case_id, command)


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
    _change(tx, actor, now, case_id, command)


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
    _change(tx, actor, now, case_id, command)


def _change(tx: Transaction, actor: Actor, now: datetime, case_id: UUID, command: Change) -> None:
    """Carry it out, for the Stelle whose Frist it is, or for those of a handover. Raises `NotFound`."""
    case = find_case(tx, case_id)
    if (handover := handover_at(tx, case_id, command.key)) is not None:
        change_handover_deadline(tx, actor=actor, now=now, case=case, row=handover, command=command)
        return
    state = decode_state(case.state)
    wait = state.waits.get(command.key)
    if not isinstance(wait, HOLDERS) or command.key not in state.fristen:
        raise NotFound
    element = model_of(tx, case).program.elements[wait.element]
    policy.work_for(actor, stelle_of(case, (element.attached_to or element).unit))
    carry_out(tx, case=case, command=command, now=now)
