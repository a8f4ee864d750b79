"""The Fristen of handovers as the sending and the receiving Stelle see them, each with what it may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from sqlmodel import col, or_, select

from staffel.api.cases.queries import units_by_id
from staffel.api.deadlines.schemas import DeadlineChange, DeadlineOut, DeadlineState, PauseOut
from staffel.api.deadlines.states import can_be_resumed, is_covered
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.calendar import runs_in_days
from staffel.engine.cases.facts import HandoverDeadlineChanged
from staffel.engine.cases.handover_deadlines import may_change
from staffel.engine.cases.handover_fristen import ACCEPT, ACKNOWLEDGE, answered_at, frist_of, runs, terms_of
from staffel.engine.cases.record import read_event
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.handover_rule import FRISTEN, HandoverRule
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Event, Handover, HandoverStatus


def handover_deadlines(
    tx: Transaction, *, actor: Actor, now: datetime, case: Case, key: int | None = None
) -> list[DeadlineOut]:
    """Of the handovers of a case (or of the one with `key`) that the actor's Stellen send or receive."""
    mine = actor.units_as(*CASEWORK)
    query = select(Handover).where(
        Handover.case_id == case.id,
        or_(col(Handover.sender_unit).in_(mine), col(Handover.receiver_unit).in_(mine)),
    )
    if key is not None:
        query = query.where(Handover.key == key)
    rows = tx.session.exec(query.order_by(col(Handover.key))).all()
    return [each for row in rows for each in _of(tx, actor, now, case, row)]


def _changes(tx: Transaction, row: Handover) -> dict[str, list[DeadlineChange]]:
    """What was done to its Fristen, by their names."""
    query = select(Event).where(
        Event.case_id == row.case_id, Event.key == row.key, Event.type == HandoverDeadlineChanged.__name__
    )
    told = defaultdict(list)
    for event in tx.session.exec(query.order_by(col(Event.seq))):
        fact = read_event(event.type, event.data)
        if isinstance(fact, HandoverDeadlineChanged):
            change = DeadlineChange(
                at=event.at, change=fact.change, reason=fact.reason, legal_basis=fact.legal_basis
            )
            told[fact.deadline].append(change)
    return told


def _of(tx: Transaction, actor: Actor, now: datetime, case: Case, row: Handover) -> Iterator[DeadlineOut]:
    flow = model_of(tx, case).program.flows.get(row.flow)
    rule = flow.handover.rule if flow is not None and flow.handover is not None else HandoverRule(id=row.flow)
    units = units_by_id(tx, {row.sender_unit, row.receiver_unit})
    answered, told = answered_at(tx, row), _changes(tx, row)
    for place, name in enumerate(FRISTEN):
        kept = (row.due or {}).get(name)
        if kept is None:
            continue
        at: datetime | None = getattr(row, name)
        frist, terms = frist_of(row, name), terms_of(rule, name)
        pauses = [PauseOut(**msgspec.structs.asdict(each)) for each in frist.pauses]
        state = _state(row, name, pauses, now, answered)
        goes_on = case.status == CaseStatus.RUNNING and runs(row, name, answered=answered is not None)
        changeable = goes_on and runs_in_days(terms.length)
        suspends = changeable and may_change(actor, row, rule.suspended_by)
        extends = changeable and may_change(actor, row, rule.extending(name)) and not frist.extension
        yield DeadlineOut(
            key=row.key,
            place=place,
            task=None,
            handover=row.id,
            element=row.flow,
            step=row.flow,
            step_name=f"{units[row.sender_unit].name} → {units[row.receiver_unit].name}",
            unit=units[row.receiver_unit],
            name=name,
            kind=kept["kind"],
            legal_basis=kept["legal_basis"],
            state=state,
            due_at=at,
            begins_at=frist.begin,
            steps=list(kept["steps"]),
            pauses=pauses,
            extension=frist.extension,
            can_be_suspended=suspends and all(each.until is not None for each in pauses),
            can_be_resumed=suspends and can_be_resumed(pauses, now),
            can_be_extended_by=terms.extend or "" if extends and at is not None and at >= now else "",
            changes=told.get(name, []),
        )


def _state(
    row: Handover, name: str, pauses: Sequence[PauseOut], now: datetime, answered: datetime | None
) -> DeadlineState:
    """Where it stands; a return answers the check for completeness, what the sender still owes suspends it."""
    at: datetime | None = getattr(row, name)
    if runs(row, name, answered=answered is not None):
        if at is not None and at < now:
            return DeadlineState.OVERDUE
        still = at is None or is_covered(pauses, now)
        return DeadlineState.SUSPENDED if still else DeadlineState.RUNNING
    done = answered
    if name == ACKNOWLEDGE:
        done = row.acknowledged_at
    elif name == ACCEPT:
        if row.closed_at is None:
            return DeadlineState.SUSPENDED
        done = None if row.status == HandoverStatus.WITHDRAWN else row.closed_at
    if done is None:
        return DeadlineState.DROPPED
    return DeadlineState.KEPT if at is None or done <= at else DeadlineState.MISSED
