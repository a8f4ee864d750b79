"""From events to rows: the one place that says which row an event opens, changes or closes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from staffel.engine.actor import Role
from staffel.engine.calendar import NEVER
from staffel.engine.errors import Refusal
from staffel.engine.feel import to_json
from staffel.engine.feel.codec import encode_values
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.kernel.timers import parse_length
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.ids import new_id
from staffel.engine.store.tables import CaseStatus, HandoverStatus, NoticeKind, SubscriptionKind, TaskStatus

NO_DUE_DATE = NEVER
"""Where tasks without a due date sort, and those whose Fristen are suspended."""
TIME_TO_LIVE = timedelta(days=30)
"""How long a message is kept that names no time to live."""
KEEP_REJECTED = timedelta(days=10)
"""How long the receiver keeps a rejected data set where the kernel computed no day (an offer that was interrupted)."""

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
        "_touched", "_units", "case", "end_element", "ended_at", "now", "responsible_unit", "status",
        "waves",
    )  # fmt: skip

    def __init__(self, case: CaseHead, now: datetime) -> None:
        self.case = case
        self.now = now
        self.status = case.status
        self.responsible_unit = case.responsible_unit
        self.ended_at: datetime | None = None
        self.end_element: str | None = None
        self.waves: list[dict[str, list[tuple[Any, ...]]]] = []
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
        event.priority, *_due_columns((due, *event.further) if due else ()),
        event.follow_up, due.at if due else NO_DUE_DATE,
        encode_values(event.proposal) if event.proposal is not None else None, TaskStatus.OPEN.value, to.now,
    )  # fmt: skip


def data_hash(data: bytes) -> str:
    """What proves later which data set was handed over (SHA-256)."""
    return sha256(data).hexdigest()


class Telling(NamedTuple):
    """What is told to a Stelle's people in a role, or (without `unit`) to a role of the municipality."""

    unit: UUID | None
    role: Role
    kind: NoticeKind
    details: Mapping[str, Any] = MappingProxyType({})


def notice_row(case: CaseHead, now: datetime, key: int, telling: Telling) -> tuple[Any, ...]:
    """The row of a notice about the handover `key`."""
    unit, role, kind, details = telling
    encoded = _json.encode(dict(details)).decode()
    return new_id(now), case.id, key, case.municipality, unit, role.value, kind.value, encoded, now


def _terms(due: ev.Due) -> dict[str, Any]:
    """Where a Frist comes from."""
    return {"kind": due.kind, "legal_basis": due.legal_basis, "steps": due.steps}


def _due_columns(dues: tuple[ev.Due, ...]) -> tuple[datetime | None, str | None]:
    """`due_at` and `due` of a task: the first end, and all its Fristen with their courses."""
    if not dues:
        return None, None
    first = dues[0]
    terms = {**_terms(first), "fristen": [_frist(due) for due in dues]}
    return None if first.at == NEVER else first.at, _json.encode(terms).decode()


def _frist(due: ev.Due) -> dict[str, Any]:
    """A Frist as it is kept beside its task or timer; `at` None while it is suspended until further notice."""
    pauses = [{name: getattr(each, name) for name in each.__struct_fields__} for each in due.pauses]
    return {
        **_terms(due), "place": due.place, "name": due.name, "at": None if due.at == NEVER else due.at,
        "begin": due.begin, "pauses": pauses, "extension": due.extension,
    }  # fmt: skip


def _deadline_changed(to: Projection, event: ev.DeadlineChanged) -> None:
    """The key is that of a task, a step or a timer; the other statements find no row."""
    columns = _due_columns(event.dues)
    first = event.dues[0] if event.dues else None
    to.write("task_due", event.key, *columns, first.at if first else NO_DUE_DATE)
    if first is not None:
        to.write("deadline_due", event.key, columns[1], first.at)
        to.write("timer_due", event.key, first.at, _json.encode(_frist(first)).decode())


def _deadline_begun(to: Projection, event: ev.DeadlineBegun) -> None:
    to.open(
        "deadline_open", event.key, event.element, event.name, to.unit(event.unit),
        _due_columns(event.dues)[1], event.dues[0].at, to.now,
    )  # fmt: skip


def _deadline_closed(to: Projection, event: ev.DeadlineClosed) -> None:
    to.write("deadline_close", event.key, to.now, event.closing.value)


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
    deadline = _json.encode(_frist(event.deadline)).decode() if event.deadline is not None else None
    to.open("timer_open", event.key, event.element, event.due, event.remaining, event.interval, deadline)


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
    dues = [event.acknowledge_by, event.accept_by, event.result_by]
    terms = {name: _terms(due) for name, due in zip(FRISTEN, dues, strict=True) if due is not None}
    data = encode_values(event.data)
    to.open(
        "handover_open", event.key, event.flow, event.element, to.unit(event.sender), receiver, event.kind,
        event.rule, data, event.attempt, event.predecessor, HandoverStatus.OFFERED.value,
        to.now, *(due.at if due else None for due in dues), _json.encode(terms).decode(), "", "", False,
        False, data_hash(data), event.acknowledge_by.at if event.acknowledge_by else None, "acknowledge_by", 0,
    )  # fmt: skip
    if event.inform:
        telling = Telling(to.unit(event.sender), Role.SACHBEARBEITUNG, NoticeKind.INFORM_PERSON)
        to.add("notice_open", 0, notice_row(to.case, to.now, event.key, telling))
    if event.predecessor is not None:
        to.write("handover_settle", event.predecessor, False)


def _handover_acknowledged(to: Projection, event: ev.HandoverAcknowledged) -> None:
    to.write("handover_acknowledge", event.key, HandoverStatus.ACKNOWLEDGED.value, to.now)


def _handover_accepted(to: Projection, event: ev.HandoverAccepted) -> None:
    if event.responsible is not None:
        to.responsible_unit = to.unit(event.responsible)
    moved = event.responsible is not None
    to.write("handover_accept", event.key, HandoverStatus.ACCEPTED.value, to.now, to.now, moved)
    # the worker looks at once which Frist to watch: after a Hemmung, or the last step of the path, it was none
    to.write("handover_look", event.key, to.now if event.awaits_result else None)


def _handover_returned(to: Projection, event: ev.HandoverReturned) -> None:
    status = HandoverStatus.RETURNED.value
    to.write(
        "handover_close", event.key, status, to.now, event.reason, event.text, event.to, event.to is None,
        event.delete_at or to.now + KEEP_REJECTED, None,
    )  # fmt: skip


def _handover_withdrawn(to: Projection, event: ev.HandoverWithdrawn) -> None:
    if event.settled:
        to.write("handover_settle", event.key, False)
        return
    status = HandoverStatus.WITHDRAWN.value
    to.write(
        "handover_close", event.key, status, to.now, event.reason, "", event.to, event.stays,
        event.delete_at or to.now + KEEP_REJECTED, None,
    )  # fmt: skip


def _handover_incomplete(to: Projection, event: ev.HandoverIncomplete) -> None:
    missing = _json.encode({"fields": event.missing, "text": event.text, "since": to.now}).decode()
    to.write("handover_lack", event.key, HandoverStatus.ACKNOWLEDGED.value, to.now, missing)


def _handover_data_changed(to: Projection, event: ev.HandoverDataChanged) -> None:
    data = encode_values(event.data)
    to.write("handover_change", event.key, data, data_hash(data))
    if not event.withdrawn:
        accept_by = event.accept_by.at if event.accept_by else None
        to.write("handover_supply", event.key, None, accept_by, accept_by, "accept_by", 0)


def _conversation_recorded(to: Projection, event: ev.ConversationRecorded) -> None:
    talk = {"on": event.on.isoformat(), "participants": event.participants}
    to.write("handover_talk", event.key, _json.encode(talk).decode())


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
    ev.DeadlineBegun: _deadline_begun,
    ev.DeadlineClosed: _deadline_closed,
    ev.DeadlineChanged: _deadline_changed,
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
    ev.HandoverIncomplete: _handover_incomplete,
    ev.HandoverDataChanged: _handover_data_changed,
    ev.ConversationRecorded: _conversation_recorded,
    ev.IncidentRaised: _incident_raised,
    ev.IncidentClosed: _incident_closed,
}
"""Events that are not here change the case's state and nothing else."""
