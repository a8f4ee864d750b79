"""What can be asked of a running case. One command goes into `advance`, one transaction carries it out.

`key` always names a waiting place of the case (a task, timer, handover, …) or an element instance: the integer the
kernel gave it in the event that opened it. A command that does not fit the state raises `CommandRefused`; nothing
has changed then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

Variables = Mapping[str, Any]
"""Process variables: names to FEEL values (see `feel.values`)."""


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    pass


class Start(_Command, frozen=True):
    """Start a case. `element` picks a start event (None: the none start event, or the only one there is).

    `payload` is what the triggering message or signal carried; `variables` are set on the process before anything
    runs. `reference` is the case's own key for correlation (`case.reference` in expressions), `case_id` its id
    (`case.id`). `trigger` numbers the event definition that came true, for start events with more than one.
    """

    variables: Variables = {}
    element: str | None = None
    payload: Variables = {}
    reference: str = ""
    case_id: str = ""
    trigger: int = 0


class CompleteTask(_Command, frozen=True):
    """A person has done the task; `variables` is the filled-in form, written through the output mappings."""

    key: int
    variables: Variables = {}


class CompleteWork(_Command, frozen=True):
    """An outside worker has done the service, send or script work it leased."""

    key: int
    variables: Variables = {}


class FailWork(_Command, frozen=True):
    """Work failed; with no `retries` left an incident is raised, otherwise it is offered again from `retry_at`."""

    key: int
    message: str
    retries: int
    retry_at: datetime | None = None


class ThrowError(_Command, frozen=True):
    """A person or worker reports a BPMN error (§10.5.6) on a task or work item; the nearest catcher takes it."""

    key: int
    code: str
    variables: Variables = {}


class ThrowEscalation(_Command, frozen=True):
    """A BPMN escalation thrown at a task or work item; the task goes on unless an interrupting catcher takes it."""

    key: int
    code: str
    variables: Variables = {}


class FireTimer(_Command, frozen=True):
    """The timer's time has come."""

    key: int


class SuspendDeadline(_Command, frozen=True):
    """Suspend (hemmen) the Frist `place` of a task or timer: the days from `since` to `until` do not count (§ 209 BGB).

    `until` None: until it is resumed. A Frist that the law sets needs the `legal_basis` of its suspension.
    """

    key: int
    since: date
    reason: str
    place: int = 0
    until: date | None = None
    legal_basis: str = ""


class ResumeDeadline(_Command, frozen=True):
    """Let a suspended Frist run on; `until` is the last day that does not count."""

    key: int
    until: date
    place: int = 0
    reason: str = ""


class ExtendDeadline(_Command, frozen=True):
    """Extend (verlängern) the Frist once, from its end on (§ 190 BGB), where the model allows it and by no more than that.

    `by` is a length or a new last day; empty: as much as the model allows.
    """

    key: int
    reason: str
    place: int = 0
    by: str = ""
    legal_basis: str = ""


class DeliverMessage(_Command, frozen=True):
    """Give a message to the subscription `key`."""

    key: int
    payload: Variables = {}


class DeliverSignal(_Command, frozen=True):
    """Give a signal to every subscription of this case that waits for `name` (none is no fault)."""

    name: str
    payload: Variables = {}


class AcknowledgeHandover(_Command, frozen=True):
    """The receiving Stelle confirms that the handover has arrived (Eingangsbestätigung)."""

    key: int


class AcceptHandover(_Command, frozen=True):
    """The receiving Stelle takes over responsibility; the token goes on."""

    key: int
    variables: Variables = {}


class ReturnHandover(_Command, frozen=True):
    """The receiving Stelle sends the handover back with a reason of the rule's list; legal dates stay."""

    key: int
    reason: str
    text: str = ""


class WithdrawHandover(_Command, frozen=True):
    """The sending Stelle takes an offer back before it is accepted; the token returns as in a return."""

    key: int
    reason: str = ""


class OfferHandover(_Command, frozen=True):
    """The sending Stelle offers a returned handover again (only where the return waits on the flow itself)."""

    key: int
    variables: Variables = {}


class RecordConversation(_Command, frozen=True):
    """The joint talk with the person (warme Übergabe) took place `on` a day; `participants` are functions, not names."""

    key: int
    on: date
    participants: tuple[str, ...]


class RequestSupplement(_Command, frozen=True):
    """The receiving Stelle says what is `missing`; the sender stays responsible and adds it."""

    key: int
    missing: tuple[str, ...]
    text: str = ""


class SupplementHandover(_Command, frozen=True):
    """The sending Stelle has added what was missing; the data set is composed anew."""

    key: int
    variables: Variables = {}


class SetVariables(_Command, frozen=True):
    """Set variables of a scope instance (None: the process); conditions that read them are checked again.

    The person's consent (`einwilligung`), set for the process, also replaces the copies in called processes.
    """

    variables: Variables
    scope: int | None = None
    reason: str = ""


class RetryIncident(_Command, frozen=True):
    """Try again what the incident `key` stopped, after setting `variables`."""

    key: int
    variables: Variables = {}


class CancelElement(_Command, frozen=True):
    """Repair: end an element instance (activity, event, scope) without its outgoing flows."""

    key: int
    reason: str


class ActivateElement(_Command, frozen=True):
    """Repair: put a token on `element` inside scope instance `scope` (None: the process)."""

    element: str
    reason: str
    scope: int | None = None


class CancelToken(_Command, frozen=True):
    """Repair: take the token from sequence flow `flow` of scope instance `scope`, where it waits for others to join."""

    flow: str
    reason: str
    scope: int = 0


class MoveToken(_Command, frozen=True):
    """Repair: put a token on `element` and take away the one that it replaces, in the same scope instance.

    `source` names that one: an element instance with all that runs inside it, or a token on a flow.
    """

    element: str
    source: CancelElement | CancelToken


class CancelCase(_Command, frozen=True):
    """End the case at once; everything that waits is closed."""

    reason: str


Command = (
    Start
    | CompleteTask
    | CompleteWork
    | FailWork
    | ThrowError
    | ThrowEscalation
    | FireTimer
    | SuspendDeadline
    | ResumeDeadline
    | ExtendDeadline
    | DeliverMessage
    | DeliverSignal
    | AcknowledgeHandover
    | AcceptHandover
    | ReturnHandover
    | WithdrawHandover
    | OfferHandover
    | RecordConversation
    | RequestSupplement
    | SupplementHandover
    | SetVariables
    | RetryIncident
    | CancelElement
    | ActivateElement
    | CancelToken
    | MoveToken
    | CancelCase
)
