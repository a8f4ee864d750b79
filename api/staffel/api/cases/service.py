"""A case as a Stelle may see it: its own part in full, of the others who holds the case and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from staffel.api.cases import queries
from staffel.api.cases.arrivals import arrivals
from staffel.api.cases.schemas import CaseDetail, CaseEvent, EntryKind, TimelineEntry
from staffel.api.cases.values import values_for_units
from staffel.api.cases.waits import waits_of
from staffel.api.comments.queries import read_comments
from staffel.api.references import UnitRef
from staffel.api.tasks.checks import checks_out
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.added_tasks import is_added
from staffel.engine.cases.corrections import corrections_at
from staffel.engine.cases.record import read_event
from staffel.engine.cases.repair_places import name_of
from staffel.engine.cases.running import model_of
from staffel.engine.kernel import decode_state
from staffel.engine.kernel.events import Repaired
from staffel.engine.kernel.handover_data import CONSENT
from staffel.engine.kernel.state import Instance
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Event, Handover, Task

_FIRST = {
    EntryKind.STARTED: 0,
    EntryKind.ELSEWHERE: 1,
    EntryKind.TASK: 2,
    EntryKind.CHECK: 3,
    EntryKind.HANDOVER: 4,
    EntryKind.MESSAGE: 5,
    EntryKind.COMMENT: 6,
    EntryKind.REPAIRED: 7,
    EntryKind.ENDED: 8,
}


def read_case(tx: Transaction, *, actor: Actor, case_id: UUID) -> CaseDetail:
    """The case with the data of the actor's Stellen. Raises `NotFound`."""
    case, summary = queries.find_case(tx, actor=actor, case_id=case_id)
    tasks = queries.tasks_of_case(tx, actor=actor, case_id=case_id)
    handovers = _handovers(tx, actor, case_id)
    units = queries.units_by_id(tx, {case.starter_unit, *(UUID(unit) for unit in case.units.values())})
    state = decode_state(case.state)
    return CaseDetail(
        **summary.model_dump(),
        starter=units[case.starter_unit],
        units=sorted(units.values(), key=lambda unit: unit.name),
        active_elements=_active_elements(state),
        waits=waits_of(model_of(tx, case).program, state, case, units, actor),
        variables=values_for_units(
            tx,
            case=case,
            tasks=tasks,
            handovers=handovers,
            corrections=[
                each
                for each in corrections_at(tx, actor=actor, case_id=case_id)
                if actor.works_in(each.unit_id)
            ],
            holds=actor.works_in(case.responsible_unit),
        ),
        links=queries.links_of(tx, actor=actor, case_id=case_id),
    )


def read_timeline(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[TimelineEntry]:
    """What happened in the order of time. Raises `NotFound`."""
    case, _ = queries.find_case(tx, actor=actor, case_id=case_id)
    tasks = queries.tasks_of_case(tx, actor=actor, case_id=case_id)
    handovers = _handovers(tx, actor, case_id)
    holdings = [(case.starter_unit, case.started_at), *queries.holdings(tx, case_id=case_id)]
    ids = {unit for unit, _ in holdings} | {task.unit_id for task in tasks}
    ids |= {unit for handover in handovers for unit in (handover.sender_unit, handover.receiver_unit)}
    units = queries.units_by_id(tx, ids)
    entries = [
        *_ends(case, units),
        *(_task_entry(task, units) for task in tasks),
        *_checks(tx, tasks),
        *(_handover_entry(handover, units) for handover in handovers),
        *arrivals(tx, actor=actor, case=case),
        *_comments(tx, actor, case_id),
        *_repairs(tx, actor, case, {task.element for task in tasks}),
        *_elsewhere(actor, case, holdings, units),
    ]
    return sorted(entries, key=lambda entry: (entry.at, _FIRST[entry.kind]))


def read_events(
    tx: Transaction, *, actor: Actor, case_id: UUID, after: int = 0, limit: int = 200
) -> list[CaseEvent]:
    """The facts that concern the actor's Stellen. Raises `NotFound`."""
    queries.find_case(tx, actor=actor, case_id=case_id)
    return queries.events_of_case(tx, actor=actor, case_id=case_id, after=after, limit=limit)


def _handovers(tx: Transaction, actor: Actor, case_id: UUID) -> Sequence[Handover]:
    units = actor.units_as(*CASEWORK)
    statement = select(Handover).where(
        col(Handover.case_id) == case_id,
        or_(col(Handover.sender_unit).in_(units), col(Handover.receiver_unit).in_(units)),
    )
    return tx.session.execute(statement.order_by(col(Handover.offered_at), col(Handover.id))).scalars().all()


def _active_elements(state: Instance) -> list[str]:
    """Elements with a token, and flows on which a handover waits."""
    found = {place.element for place in state.places.values()} | {
        wait.element for wait in state.waits.values()
    }
    return sorted(found)


def _ends(case: Case, units: dict[UUID, UnitRef]) -> Iterator[TimelineEntry]:
    yield TimelineEntry(kind=EntryKind.STARTED, at=case.started_at, unit=units[case.starter_unit])
    if case.ended_at is not None:
        yield TimelineEntry(
            kind=EntryKind.ENDED, at=case.ended_at, element=case.end_element, status=case.status
        )


def _task_entry(task: Task, units: dict[UUID, UnitRef]) -> TimelineEntry:
    return TimelineEntry(
        kind=EntryKind.TASK,
        at=task.available_at,
        until=task.closed_at,
        unit=units[task.unit_id],
        id=task.id,
        element=task.element,
        name=task.name,
        added=is_added(task),
        status=task.status,
        claimed_at=task.claimed_at,
        begun_at=task.begun_at,
    )


def _checks(tx: Transaction, tasks: Sequence[Task]) -> Iterator[TimelineEntry]:
    """Who gave a task to the second check, and what the second person said."""
    known = {task.id: task for task in tasks}
    for task_id, check in checks_out(tx, task_ids=list(known)):
        task = known[task_id]
        acts = [(check.asked_at, "asked", check.first), (check.decided_at, check.outcome or "", check.second)]
        for at, status, author in acts:
            if at is not None:
                yield TimelineEntry(
                    kind=EntryKind.CHECK,
                    at=at,
                    id=task_id,
                    element=task.element,
                    name=task.name,
                    status=status,
                    reason="" if status == "asked" else check.reason,
                    author=author,
                )


def _handover_entry(handover: Handover, units: dict[UUID, UnitRef]) -> TimelineEntry:
    return TimelineEntry(
        kind=EntryKind.HANDOVER,
        at=handover.offered_at,
        until=handover.closed_at,
        unit=units[handover.sender_unit],
        other=units[handover.receiver_unit],
        id=handover.id,
        element=handover.flow,
        status=handover.status,
        reason=handover.reason,
    )


def _comments(tx: Transaction, actor: Actor, case_id: UUID) -> Iterator[TimelineEntry]:
    """What the actor's Stellen noted, with the Stelle for which it is a note."""
    for comment in read_comments(tx, actor=actor, case_id=case_id).comments:
        yield TimelineEntry(
            kind=EntryKind.COMMENT,
            at=comment.written_at,
            unit=comment.unit,
            other=comment.for_unit,
            id=comment.id,
            text=comment.text,
            author=comment.author,
        )


def _repairs(tx: Transaction, actor: Actor, case: Case, own: Collection[str]) -> Iterator[TimelineEntry]:
    """What was repaired by hand, and when consents were entered or revoked, for the Stelle that holds the case; for others at their own steps."""
    statement = select(col(Event.at), col(Event.data)).where(
        col(Event.case_id) == case.id, col(Event.type) == Repaired.__name__
    )
    holds = actor.works_in(case.responsible_unit)
    program = model_of(tx, case).program
    for at, data in tx.session.execute(statement.order_by(col(Event.seq))):
        event = read_event(Repaired.__name__, data)
        if isinstance(event, Repaired) and (holds or event.element in own):
            yield TimelineEntry(
                kind=EntryKind.REPAIRED,
                at=at,
                element=event.element,
                name=name_of(program, event.element),
                status=CONSENT if event.reason == CONSENT else event.action,
                reason="" if event.reason == CONSENT else event.reason,
            )


def _elsewhere(
    actor: Actor,
    case: Case,
    holdings: Sequence[tuple[UUID, datetime | None]],
    units: dict[UUID, UnitRef],
) -> Iterator[TimelineEntry]:
    """Spans in which another Stelle held the case (grey view)."""
    for index, (unit, since) in enumerate(holdings):
        until = holdings[index + 1][1] if index + 1 < len(holdings) else case.ended_at
        if since is not None and not actor.works_in(unit) and since != until:
            yield TimelineEntry(kind=EntryKind.ELSEWHERE, at=since, until=until, unit=units[unit])
