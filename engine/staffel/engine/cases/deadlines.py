"""What people do with running Fristen: suspend (hemmen), resume, extend once (verlängern); each with its reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.calendars import stelle_of
from staffel.engine.cases.running import carry_out, find_case, model_of
from staffel.engine.errors import NotFound
from staffel.engine.kernel import ExtendDeadline, ResumeDeadline, SuspendDeadline, decode_state
from staffel.engine.kernel.courses import HOLDERS
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


def _case(tx: Transaction, actor: Actor, case_id: UUID, key: int) -> CaseHead:
    """The case, locked, if the Frist is one of the actor's Stelle. Raises `NotFound`."""
    case = find_case(tx, case_id)
    state = decode_state(case.state)
    wait = state.waits.get(key)
    if not isinstance(wait, HOLDERS) or key not in state.fristen:
        raise NotFound
    element = model_of(tx, case).program.elements[wait.element]
    policy.work_for(actor, stelle_of(case, (element.attached_to or element).unit))
    return case
