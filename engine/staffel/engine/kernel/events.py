"""The facts of a case: what `advance` says has happened, in order. `state.apply` is the only reader that changes state.

All events of one step happen at the step's `now`; the first has the sequence number `Step.first_seq`. Three families:

- life cycle: `ElementActivated` … `ElementCompleted` | `ElementTerminated`, `FlowTaken`. `key` numbers the element
  instance within the case, `scope` the scope instance it stands in (0 = the process of the case);
- waiting places: an `…Offered`, `…Armed` or `…Awaited` opens one, a `…Closed` (for handovers: `…Accepted`,
  `…Returned`, `…Withdrawn`) ends it. Each is one row that the same transaction writes. `key` is the row's number
  within the case, `owner` the element instance it belongs to (the activity itself for tasks and work; the activity
  a boundary event is attached to; the scope for an event sub-process);
- facts about values: variables, decisions, incidents, throws.

`element` is the element's id in the BPMN file; inside a called process it is prefixed by the call activity's id and
a slash (`Call_1/Task_A`), as often as calls are nested.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from staffel.engine.calendar import Pause


class Closing(StrEnum):
    """How a waiting place ended."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Ending(StrEnum):
    """How a case ended."""

    COMPLETED = "completed"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


class Due(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A Frist that runs on a task, timer or handover: when it ends, of which kind, on which basis, how it was computed.

    `place` numbers the Fristen of one waiting place; with the place's key it is the Frist's identity in the case.
    `begin` is the day or moment it is counted from, `pauses` when it stood still, `extension` what the one
    Verlängerung added (a length or a new last day). While it stands still until further notice `at` is `calendar.NEVER`.
    """

    at: datetime
    kind: str
    legal_basis: str = ""
    steps: tuple[str, ...] = ()
    name: str = ""
    place: int = 0
    begin: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extension: str = ""


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """Holds no way back to itself, so that the garbage collector need not look at it; the same in `state`."""


class CaseStarted(_Event, frozen=True):
    """A case began at the start event `element`."""

    process: str
    element: str | None
    reference: str = ""
    case_id: str = ""


class CaseEnded(_Event, frozen=True):
    """Nothing is alive in the case any more. `element` is the last end event reached, if any."""

    ending: Ending
    element: str | None = None
    reason: str = ""


class ElementActivated(_Event, frozen=True):
    """A token has entered a node (or an event sub-process or a multi-instance item has begun).

    `flows` are the sequence flows whose tokens it took; `index` counts the items of a loop from 0.
    `compensating`: a completed sub-process is brought back so that its inside can be compensated.
    """

    key: int
    element: str
    scope: int
    index: int | None = None
    flows: tuple[str, ...] = ()
    compensating: bool = False


class ElementCompleted(_Event, frozen=True):
    """The node has done its work and been left."""

    key: int
    element: str
    scope: int


class ElementTerminated(_Event, frozen=True):
    """The node was interrupted or cancelled; none of its outgoing flows was taken."""

    key: int
    element: str
    scope: int


class FlowTaken(_Event, frozen=True):
    """A token has passed the sequence flow."""

    flow: str
    scope: int


class TaskOffered(_Event, frozen=True):
    """A user or manual task, or an unbound decision, waits for a person of the lane's Stelle.

    `unit` is the kind of Stelle the lane is bound to (None: unbound). `follow_up` is the Wiedervorlage: not to be
    shown as open before. `proposal` names a decision and its result for the person to confirm or depart from; `key` in it
    is that of the `DecisionMade`, which has the explanation (cases of older releases have it here).
    `due` is the Frist that ends first, `further` are the others.
    """

    key: int
    owner: int
    element: str
    name: str
    lane: str | None = None
    unit: str | None = None
    form: str | None = None
    priority: int | None = None
    due: Due | None = None
    follow_up: datetime | None = None
    proposal: Mapping[str, Any] | None = None
    further: tuple[Due, ...] = ()


class TaskClosed(_Event, frozen=True):
    """The task is done or was cancelled."""

    key: int
    element: str
    closing: Closing


class WorkOffered(_Event, frozen=True):
    """A service, send or business rule task waits for an outside worker of `topic`, not before `available_at`."""

    key: int
    owner: int
    element: str
    topic: str
    payload: Mapping[str, Any]
    retries: int
    available_at: datetime | None = None


class WorkRetried(_Event, frozen=True):
    """Work failed and is offered again."""

    key: int
    retries: int
    message: str
    available_at: datetime | None = None


class WorkClosed(_Event, frozen=True):
    """The work is done, failed for good, or was cancelled."""

    key: int
    element: str
    closing: Closing


class TimerArmed(_Event, frozen=True):
    """A timer runs until `due`; `remaining` counts further repetitions of a cycle (None = no cycle, -1 = endless).

    `deadline` is the Frist it stands for, if it does.
    """

    key: int
    owner: int
    element: str
    due: datetime
    remaining: int | None = None
    interval: str | None = None
    trigger: int = 0
    deadline: Due | None = None


class TimerClosed(_Event, frozen=True):
    """The timer has fired (`done`) or is no longer needed."""

    key: int
    element: str
    closing: Closing


class DeadlineBegun(_Event, frozen=True):
    """The Fristen of an activity run that waits for outside work, a message, or what goes on inside it.

    `owner` is the activity's instance, `unit` the kind of Stelle of its lane; the Frist that ends first comes first.
    """

    key: int
    owner: int
    element: str
    name: str
    unit: str | None
    dues: tuple[Due, ...]


class DeadlineClosed(_Event, frozen=True):
    """The activity has done its work (`done`), or its Fristen are no longer needed."""

    key: int
    element: str
    closing: Closing


class DeadlineChanged(_Event, frozen=True):
    """A Frist of the task, timer or step `key` goes another way (`change`): suspended, resumed, extended or anchored anew.

    `place` says which one; `dues` are all its Fristen as they run from now on.
    """

    key: int
    element: str
    place: int
    change: str
    dues: tuple[Due, ...]
    reason: str = ""
    legal_basis: str = ""


class DeadlinePassed(_Event, frozen=True):
    """The Frist of a timer has ended without an answer. With `consent` the law takes silence for consent (§ 42a VwVfG)."""

    key: int
    element: str
    due: Due
    consent: bool = False


class MessageAwaited(_Event, frozen=True):
    """The case waits for message `name` whose correlation key equals `correlation`.

    `trigger` (here and in the other waiting places) numbers the event definition among those of the element.
    """

    key: int
    owner: int
    element: str
    name: str
    correlation: str = ""
    trigger: int = 0


class MessageClosed(_Event, frozen=True):
    """The message came (`done`) or is no longer awaited."""

    key: int
    element: str
    closing: Closing


class MessageThrown(_Event, frozen=True):
    """The case sends message `name`; the edge gives it to exactly one receiver or keeps it for its time to live."""

    element: str
    name: str
    correlation: str
    payload: Mapping[str, Any]
    time_to_live: str | None = None


class SignalAwaited(_Event, frozen=True):
    """The case waits for signal `name`."""

    key: int
    owner: int
    element: str
    name: str
    trigger: int = 0


class SignalClosed(_Event, frozen=True):
    """The signal came (`done`) or is no longer awaited."""

    key: int
    element: str
    closing: Closing


class SignalThrown(_Event, frozen=True):
    """The case broadcasts signal `name` to every other case; its own waiting places have it already."""

    element: str
    name: str
    payload: Mapping[str, Any]


class ConditionAwaited(_Event, frozen=True):
    """A conditional event waits for its condition; it is checked whenever one of `reads` changes.

    It fires when the condition turns from false to true (§10.5.5); `holds` tells that it is true now.
    """

    key: int
    owner: int
    element: str
    reads: tuple[str, ...]
    trigger: int = 0
    holds: bool = False


class ConditionClosed(_Event, frozen=True):
    """The condition came true (`done`) or is no longer awaited."""

    key: int
    element: str
    closing: Closing


class HandoverOffered(_Event, frozen=True):
    """The token waits on `flow` until the receiving Stelle accepts; `sender` and `receiver` are kinds of Stellen.

    Responsibility stays with the sender. `data` holds only the fields of the rule. `attempt` counts from 1;
    `predecessor` is the key of the returned offer before it. With `inform` the sender tells the person.
    """

    key: int
    owner: int
    flow: str
    element: str
    sender: str
    receiver: str
    kind: str
    rule: str | None
    data: Mapping[str, Any]
    attempt: int = 1
    predecessor: int | None = None
    acknowledge_by: Due | None = None
    accept_by: Due | None = None
    result_by: Due | None = None
    inform: bool = False


class HandoverAcknowledged(_Event, frozen=True):
    """The receiving Stelle confirmed the arrival."""

    key: int


class HandoverAccepted(_Event, frozen=True):
    """The receiver has taken over; `responsible` is the kind of Stelle that answers for the case from now on, if it changes.

    With `awaits_result` the rule has a Frist for the result.
    """

    key: int
    responsible: str | None = None
    awaits_result: bool = False


class HandoverIncomplete(_Event, frozen=True):
    """The receiver says that the data set lacks `missing`."""

    key: int
    missing: tuple[str, ...]
    text: str = ""


class HandoverDataChanged(_Event, frozen=True):
    """The data set was composed anew: the sender added to it, or (`withdrawn`) fields lost the person's consent."""

    key: int
    data: Mapping[str, Any]
    withdrawn: tuple[str, ...] = ()
    accept_by: Due | None = None


class ConversationRecorded(_Event, frozen=True):
    """The joint talk with the person took place; `participants` are functions (a Stelle, the person), never names."""

    key: int
    on: date
    participants: tuple[str, ...]


class HandoverReturned(_Event, frozen=True):
    """Sent back with a reason; `to` is the element the token returns to (None: it waits on the flow for the sender).

    The receiver keeps the data set until `delete_at`.
    """

    key: int
    reason: str
    text: str
    to: str | None = None
    delete_at: datetime | None = None


class HandoverWithdrawn(_Event, frozen=True):
    """The sender took the offer back, or the place was cancelled with its scope (`reason` says which).

    `to` is the element the token returns to; with `stays` it waits on the flow for the sender instead. `settled` says
    that it had come back before and only its waiting for the sender ends.
    """

    key: int
    reason: str
    to: str | None = None
    stays: bool = False
    settled: bool = False
    delete_at: datetime | None = None


class VariablesSet(_Event, frozen=True):
    """Variables of a scope instance got these values."""

    scope: int
    values: Mapping[str, Any]


class DecisionMade(_Event, frozen=True):
    """A decision table or graph was evaluated: `result`, and the explanation (JSON) that is kept with the case."""

    key: int
    element: str
    decision: str
    result: Any
    explanation: Any


class ErrorThrown(_Event, frozen=True):
    """A BPMN error was thrown; `caught_by` names the catching event, None when it became an incident."""

    element: str
    code: str
    caught_by: str | None = None


class EscalationThrown(_Event, frozen=True):
    """A BPMN escalation was thrown; uncaught ones have no effect (§10.5.6)."""

    element: str
    code: str
    caught_by: str | None = None


class IncidentRaised(_Event, frozen=True):
    """The case cannot go on here. `owner` is the element instance that stands still; `details` has expression and values.

    `stage` names what a retry does again.
    """

    key: int
    owner: int
    element: str
    code: str
    stage: str
    text_de: str
    text_en: str
    details: Mapping[str, Any] = {}


class IncidentClosed(_Event, frozen=True):
    """The incident was resolved by a retry, or its place was cancelled."""

    key: int
    closing: Closing


class Repaired(_Event, frozen=True):
    """An operator intervened (`action` is the command's name) for `reason`."""

    action: str
    element: str
    reason: str


class StateChanged(_Event, frozen=True):
    """Bookkeeping of the kernel that no other event tells (join counters, loop counters, compensation records)."""

    scope: int
    what: str
    values: Any


Event = (
    CaseStarted
    | CaseEnded
    | ElementActivated
    | ElementCompleted
    | ElementTerminated
    | FlowTaken
    | TaskOffered
    | TaskClosed
    | WorkOffered
    | WorkRetried
    | WorkClosed
    | TimerArmed
    | TimerClosed
    | DeadlineBegun
    | DeadlineClosed
    | DeadlineChanged
    | DeadlinePassed
    | MessageAwaited
    | MessageClosed
    | MessageThrown
    | SignalAwaited
    | SignalClosed
    | SignalThrown
    | ConditionAwaited
    | ConditionClosed
    | HandoverOffered
    | HandoverAcknowledged
    | HandoverAccepted
    | HandoverReturned
    | HandoverWithdrawn
    | HandoverIncomplete
    | HandoverDataChanged
    | ConversationRecorded
    | VariablesSet
    | DecisionMade
    | ErrorThrown
    | EscalationThrown
    | IncidentRaised
    | IncidentClosed
    | Repaired
    | StateChanged
)
