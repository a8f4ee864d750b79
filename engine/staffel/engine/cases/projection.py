"""From events to rows: the one place that says which row an event opens, changes or closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from staffel.engine.errors import Refusal
from staffel.engine.feel import to_json
from staffel.engine.feel.codec import encode_values
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.timers import parse_length
from staffel.engine.store.hot import CaseHead, HandoverHead
from staffel.engine.store.ids import new_id
from staffel.engine.store.tables import CaseStatus, HandoverStatus, SubscriptionKind, TaskStatus

NO_DUE_DATE = datetime(9999, 1, 1, tzinfo=UTC)
"""Where tasks without a due date sort."""
TIME_TO_LIVE = timedelta(days=30)
"""How long a message is kept that names no time to live."""
STAYS_RESPONSIBLE = frozenset({"beteiligung", "information"})
"""Kinds of handover that ask or tell, and leave the case with its Stelle."""

_json = msgspec.json.Encoder()
_ENDINGS = {
    ev.Ending.COMPLETED: CaseStatus.COMPLETED,
    ev.Ending.TERMINATED: CaseStatus.TERMINATED,
    ev.Ending.CANCELLED: CaseStatus.CANCELLED,
}
_CLOSINGS = {
    ev.Closing.DONE: TaskStatus.DONE,
    ev.Closing.CANCELLED: TaskStatus.CANCELLED,
    ev.Closing.FAILED: TaskStatus.FAILED,
}


class NoCompetentUnit(Refusal):
    """No Stelle of the municipality is competent for this kind of work."""

    status, code = 409, "no-competent-unit"
    text_de = "Für diese Art von Aufgaben ist in der Kommune keine Stelle zuständig."


def no_unit(kind: str, municipality: str) -> NoCompetentUnit:
    """The refusal for a kind that nobody in the municipality is competent for."""
    return NoCompetentUnit(
        f"Expected a competent Stelle of kind {kind} for municipality {municipality}, found none. "
        "The administration can add one under Administration, Stellen.",
        text_de=f"Für die Stellenart {kind} ist in der Kommune {municipality} keine Stelle als zuständig eingetragen. "
        "Die Administration kann sie unter „Verwaltung“, „Stellen“ anlegen.",
        kind=kind,
        municipality=municipality,
    )


class Projection:
    """The rows that the events of one command change.

    `waves` are parameters by the names of `store.hot.WRITES`; a row that is changed twice is changed in two waves.
    """

    __slots__ = (
        "_touched", "_units", "case", "end_element", "ended_at", "handovers", "now", "responsible_unit", "status",
        "waves",
    )  # fmt: skip

    def __init__(self, case: CaseHead, now: datetime, handover: HandoverHead | None = None) -> None:
        self.case = case
        self.now = now
        self.status = case.status
        self.responsible_unit = case.responsible_unit
        self.ended_at: datetime | None = None
        self.end_element: str | None = None
        self.waves: list[dict[str, list[tuple[Any, ...]]]] = []
        self.handovers: dict[int, tuple[str, UUID]] = {}
        if handover is not None:
            self.handovers[handover.key] = (handover.kind, handover.receiver_unit)
        self._touched: dict[tuple[str, int], int] = {}
        self._units: dict[str, str] | None = None

    def run(self, events: Iterable[ev.Event]) -> None:
        """Take in the events."""
        for event in events:
            project = PROJECTIONS.get(type(event))
            if project is not None:
                project(self, event)

    def unit(self, kind: str | None) -> UUID:
        """The Stelle that works for a kind in this case; nodes without a bound lane belong to the one that started it."""
        if kind is None:
            return self.case.starter_unit
        if self._units is None:
            self._units = msgspec.json.decode(self.case.units)
        found = self._units.get(kind)
        if found is None:
            raise no_unit(kind, self.case.municipality)
        return UUID(found)

    def write(self, name: str, key: int, *rest: Any) -> None:
        """Change the row `key` of this case by the statement `name`."""
        self.add(name, key, (self.case.id, key, *rest))

    def open(self, name: str, key: int, *rest: Any) -> None:
        """Add a row for the waiting place `key`."""
        self.add(name, key, (new_id(self.now), self.case.id, key, *rest))

    def send(self, *columns: Any) -> None:
        """Add a message."""
        self.add("message_send", 0, (new_id(self.now), self.case.municipality, *columns))

    def add(self, name: str, key: int, row: tuple[Any, ...]) -> None:
        """Add a row for the statement `name`; `key` is the waiting place's, 0 for rows that nothing else changes."""
        place = (name.partition("_")[0], key)
        wave = self._touched.get(place, -1) + 1 if key else 0
        self._touched[place] = wave
        if wave == len(self.waves):
            self.waves.append({})
        self.waves[wave].setdefault(name, []).append(row)


def _case_ended(to: Projection, event: ev.CaseEnded) -> None:
    to.status = _ENDINGS[event.ending]
    to.ended_at = to.now
    to.end_element = event.element


def _task_offered(to: Projection, event: ev.TaskOffered) -> None:
    due = event.due
    to.open(
        "task_open", event.key, event.element, event.name, event.lane, to.unit(event.unit), event.form,
        event.priority, due.at if due else None, _json.encode(_terms(due)).decode() if due else None,
        event.follow_up, due.at if due else NO_DUE_DATE,
        encode_values(event.proposal) if event.proposal is not None else None, TaskStatus.OPEN.value, to.now,
    )  # fmt: skip


def _terms(due: ev.Due) -> dict[str, Any]:
    """Where a Frist comes from."""
    return {"kind": due.kind, "legal_basis": due.legal_basis, "steps": due.steps}


def _task_closed(to: Projection, event: ev.TaskClosed) -> None:
    done = to.now if event.closing is ev.Closing.DONE else None
    to.write("task_close", event.key, _CLOSINGS[event.closing].value, done, to.now)


def _work_offered(to: Projection, event: ev.WorkOffered) -> None:
    to.open(
        "work_open", event.key, to.case.municipality, event.element, event.topic, encode_values(event.payload),
        event.retries, "", to.now, event.available_at or to.now,
    )  # fmt: skip


def _work_retried(to: Projection, event: ev.WorkRetried) -> None:
    to.write("work_retry", event.key, event.retries, event.message, event.available_at or to.now, None, None)


def _work_closed(to: Projection, event: ev.WorkClosed) -> None:
    to.write("work_close", event.key, to.now, event.closing.value, None, None)


def _timer_armed(to: Projection, event: ev.TimerArmed) -> None:
    to.open("timer_open", event.key, event.element, event.due, event.remaining, event.interval)


def _timer_closed(to: Projection, event: ev.TimerClosed) -> None:
    to.write("timer_close", event.key)


def _message_awaited(to: Projection, event: ev.MessageAwaited) -> None:
    _subscribe(to, event, SubscriptionKind.MESSAGE, event.name, event.correlation)


def _signal_awaited(to: Projection, event: ev.SignalAwaited) -> None:
    _subscribe(to, event, SubscriptionKind.SIGNAL, event.name)


def _condition_awaited(to: Projection, event: ev.ConditionAwaited) -> None:
    _subscribe(to, event, SubscriptionKind.CONDITION, ", ".join(event.reads))


def _subscribe(
    to: Projection,
    event: ev.MessageAwaited | ev.SignalAwaited | ev.ConditionAwaited,
    kind: SubscriptionKind,
    name: str,
    correlation: str = "",
) -> None:
    to.open(
        "subscription_open", event.key, to.case.municipality, kind.value, event.element, name, correlation,
        event.trigger,
    )  # fmt: skip


def _subscription_closed(
    to: Projection, event: ev.MessageClosed | ev.SignalClosed | ev.ConditionClosed
) -> None:
    to.write("subscription_close", event.key)


def _message_thrown(to: Projection, event: ev.MessageThrown) -> None:
    length = parse_length(event.time_to_live) if event.time_to_live else None
    expires = length.after(to.now) if length else to.now + TIME_TO_LIVE
    payload = encode_values(event.payload)
    to.send(
        SubscriptionKind.MESSAGE.value, event.name, event.correlation, payload, to.now, expires, to.case.id
    )


def _signal_thrown(to: Projection, event: ev.SignalThrown) -> None:
    to.send(
        SubscriptionKind.SIGNAL.value, event.name, "", encode_values(event.payload), to.now, None, to.case.id
    )


def _handover_offered(to: Projection, event: ev.HandoverOffered) -> None:
    receiver = to.unit(event.receiver)
    to.handovers[event.key] = (event.kind, receiver)
    dues = [event.acknowledge_by, event.accept_by, event.result_by]
    names = ("acknowledge_by", "accept_by", "result_by")
    terms = {name: _terms(due) for name, due in zip(names, dues, strict=True) if due is not None}
    to.open(
        "handover_open", event.key, event.flow, event.element, to.unit(event.sender), receiver, event.kind,
        event.rule, encode_values(event.data), event.attempt, event.predecessor, HandoverStatus.OFFERED.value,
        to.now, *(due.at if due else None for due in dues), _json.encode(terms).decode(), "", "", False,
    )  # fmt: skip
    if event.predecessor is not None:
        to.write("handover_settle", event.predecessor, False)


def _handover_acknowledged(to: Projection, event: ev.HandoverAcknowledged) -> None:
    to.write("handover_acknowledge", event.key, HandoverStatus.ACKNOWLEDGED.value, to.now)


def _handover_accepted(to: Projection, event: ev.HandoverAccepted) -> None:
    kind, receiver = to.handovers[event.key]
    if kind not in STAYS_RESPONSIBLE:
        to.responsible_unit = receiver
    to.write("handover_accept", event.key, HandoverStatus.ACCEPTED.value, to.now, to.now)


def _handover_returned(to: Projection, event: ev.HandoverReturned) -> None:
    status = HandoverStatus.RETURNED.value
    to.write(
        "handover_close", event.key, status, to.now, event.reason, event.text, event.to, event.to is None
    )


def _handover_withdrawn(to: Projection, event: ev.HandoverWithdrawn) -> None:
    if event.settled:
        to.write("handover_settle", event.key, False)
        return
    status = HandoverStatus.WITHDRAWN.value
    to.write("handover_close", event.key, status, to.now, event.reason, "", event.to, event.stays)


def _incident_raised(to: Projection, event: ev.IncidentRaised) -> None:
    details = _json.encode(to_json(dict(event.details))).decode()
    to.open(
        "incident_open", event.key, event.element, event.code, event.text_de, event.text_en, details, to.now
    )


def _incident_closed(to: Projection, event: ev.IncidentClosed) -> None:
    to.write("incident_close", event.key, to.now, event.closing.value)


PROJECTIONS: dict[type, Callable[[Projection, Any], None]] = {
    ev.CaseEnded: _case_ended,
    ev.TaskOffered: _task_offered,
    ev.TaskClosed: _task_closed,
    ev.WorkOffered: _work_offered,
    ev.WorkRetried: _work_retried,
    ev.WorkClosed: _work_closed,
    ev.TimerArmed: _timer_armed,
    ev.TimerClosed: _timer_closed,
    ev.MessageAwaited: _message_awaited,
    ev.MessageClosed: _subscription_closed,
    ev.MessageThrown: _message_thrown,
    ev.SignalAwaited: _signal_awaited,
    ev.SignalClosed: _subscription_closed,
    ev.SignalThrown: _signal_thrown,
    ev.ConditionAwaited: _condition_awaited,
    ev.ConditionClosed: _subscription_closed,
    ev.HandoverOffered: _handover_offered,
    ev.HandoverAcknowledged: _handover_acknowledged,
    ev.HandoverAccepted: _handover_accepted,
    ev.HandoverReturned: _handover_returned,
    ev.HandoverWithdrawn: _handover_withdrawn,
    ev.IncidentRaised: _incident_raised,
    ev.IncidentClosed: _incident_closed,
}
"""Events that are not here change the case's state and nothing else."""
