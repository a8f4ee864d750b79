"""The kernel's one entrance: a command and a state give events and the next state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from staffel.engine.feel import codec
from staffel.engine.feel.errors import FeelValueError
from staffel.engine.kernel import (
    catching,
    courses,
    deadline_commands,
    deadline_following,
    handover,
    lifecycle,
    repair,
    starting,
    throwing,
)
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel.apply import fold as fold_events
from staffel.engine.kernel.events import Closing, Event, WorkRetried
from staffel.engine.kernel.incidents import Code, CommandRefused, Stuck
from staffel.engine.kernel.program import Element, Program
from staffel.engine.kernel.run import Calendars, Run, all_simple
from staffel.engine.kernel.state import Instance, MessageWait, TaskWait, TimerWait, Wait, WorkWait
from staffel.engine.kernel.waiting import close

W = TypeVar("W", bound=Wait)


class Step(msgspec.Struct, frozen=True, gc=False):
    """What a command led to: its events, the state after them, and the number of the first event."""

    events: tuple[Event, ...]
    state: Instance
    first_seq: int


def advance(
    program: Program,
    state: Instance | None,
    command: cmd.Command,
    now: datetime,
    calendars: Calendars | None = None,
    *,
    in_place: bool = False,
) -> Step:
    """Carry out one command: pure, the given state stays as it is.

    `in_place` changes the given state instead of a copy, which takes a tenth less time: for callers that alone have it, and
    throw it away when this raises.

    `calendars` gives the Stellen's calendars with their closing days, asked only for Fristen that depend on them; what
    follows from them stands in the events.

    `state` is None for `Start` only; `now` is the moment of all events, aware and in UTC. Raises `CommandRefused`
    when the command does not fit the state. What the model cannot do is no exception but an incident in the state.
    """
    if isinstance(command, cmd.Start) is not (state is None):
        raise CommandRefused("Start begins a case; every other command needs one that runs.")
    if state is not None and state.ended is not None:
        raise CommandRefused("The case has ended.", text_de="Der Vorgang ist beendet.")
    kind = type(command)
    for field in VALUES[kind]:
        _check_values(getattr(command, field))
    own = Instance() if state is None else state if in_place else state.copy()
    run = Run(program, own, now, calendars)
    first = run.state.seq + 1
    COMMANDS[kind](run, command)
    lifecycle.drain(run)
    if run.state.fristen or run.program.dated:
        deadline_following.settle(run)
    return Step(tuple(run.events), run.state, first)


def fold(program: Program, events: Iterable[Event]) -> Instance:
    """The state that a case's events lead to. The events tell all; `program` is not asked."""
    del program
    return fold_events(events)


def _check_values(values: Mapping[str, Any]) -> None:
    if not all_simple(values):
        for name, value in values.items():
            _check_value(name, value)


def _check_value(name: str, value: Any) -> None:
    try:
        codec.encode_value(value)
    except FeelValueError as error:
        raise CommandRefused(f"{name}: {error.message_en}", text_de=f"{name}: {error.message_de}") from error


def _wait(run: Run, key: int, kind: type[W], german: str, english: str) -> W:
    wait = run.state.waits.get(key)
    if type(wait) is not kind:
        raise CommandRefused(
            f"There is no open {english} {key} in this case.", text_de=f"{german} nicht (mehr) offen."
        )
    return wait


def _complete_task(run: Run, command: cmd.CompleteTask) -> None:
    wait = _wait(run, command.key, TaskWait, "Die Aufgabe ist", "task")
    run.person = True
    element = run.elements[wait.element]
    variables: Mapping[str, Any] = command.variables
    if element.decision is not None:
        variables = {**run.state.values(wait.owner), **variables}
    lifecycle.complete_task(run, command.key, wait, element, variables)


def _complete_work(run: Run, command: cmd.CompleteWork) -> None:
    wait = _wait(run, command.key, WorkWait, "Die Arbeit ist", "work")
    close(run, command.key, Closing.DONE)
    lifecycle.complete(run, wait.owner, run.elements[wait.element], command.variables)


def _fail_work(run: Run, command: cmd.FailWork) -> None:
    wait = _wait(run, command.key, WorkWait, "Die Arbeit ist", "work")
    if command.retries > 0:
        run.emit(
            WorkRetried(
                key=command.key,
                retries=command.retries,
                message=command.message,
                available_at=command.retry_at,
            )
        )
        return
    close(run, command.key, Closing.FAILED)
    stuck = Stuck(Code.WORK_FAILED, message=command.message)
    run.incident(wait.owner, run.elements[wait.element], stuck, "enter")


def _place_of(run: Run, key: int) -> tuple[int, Element]:
    """The element instance that a task, work item or instance key means."""
    wait = run.state.waits.get(key)
    owner = wait.owner if isinstance(wait, (TaskWait, WorkWait)) else key
    place = run.state.places.get(owner)
    if place is None:
        raise CommandRefused(f"There is no open task or work {key} in this case.")
    return owner, run.elements[place.element]


def _throw_error(run: Run, command: cmd.ThrowError) -> None:
    owner, element = _place_of(run, command.key)
    try:
        throwing.error(run, owner, element, command.code, command.variables)
    except Stuck as stuck:
        if command.key in run.state.waits:
            close(run, command.key, Closing.FAILED)
        run.incident(owner, element, stuck, "enter")


def _throw_escalation(run: Run, command: cmd.ThrowEscalation) -> None:
    owner, element = _place_of(run, command.key)
    throwing.escalate(run, owner, element, command.code, command.variables)


def _fire_timer(run: Run, command: cmd.FireTimer) -> None:
    _wait(run, command.key, TimerWait, "Der Timer ist", "timer")
    courses.passed(run, command.key)
    catching.fire(run, command.key, {})


def _deliver_message(run: Run, command: cmd.DeliverMessage) -> None:
    _wait(run, command.key, MessageWait, "Die Nachricht ist", "message subscription")
    catching.fire(run, command.key, command.payload)


def _deliver_signal(run: Run, command: cmd.DeliverSignal) -> None:
    throwing.signal(run, command.name, command.payload)


COMMANDS: dict[type, Callable[[Run, Any], None]] = {
    cmd.Start: starting.start,
    cmd.CompleteTask: _complete_task,
    cmd.CompleteWork: _complete_work,
    cmd.FailWork: _fail_work,
    cmd.ThrowError: _throw_error,
    cmd.ThrowEscalation: _throw_escalation,
    cmd.FireTimer: _fire_timer,
    cmd.SuspendDeadline: deadline_commands.suspend,
    cmd.ResumeDeadline: deadline_commands.resume,
    cmd.ExtendDeadline: deadline_commands.extend,
    cmd.DeliverMessage: _deliver_message,
    cmd.DeliverSignal: _deliver_signal,
    cmd.AcknowledgeHandover: handover.acknowledge,
    cmd.AcceptHandover: handover.accept,
    cmd.ReturnHandover: handover.send_back,
    cmd.WithdrawHandover: handover.withdraw,
    cmd.OfferHandover: handover.offer_again,
    cmd.RecordConversation: handover.record_conversation,
    cmd.RequestSupplement: handover.request_supplement,
    cmd.SupplementHandover: handover.supplement,
    cmd.SetVariables: repair.set_variables,
    cmd.RetryIncident: repair.retry,
    cmd.CancelElement: repair.cancel_element,
    cmd.ActivateElement: repair.activate_element,
    cmd.CancelToken: repair.cancel_token,
    cmd.MoveToken: repair.move_token,
    cmd.CancelCase: repair.cancel_case,
}
VALUES: dict[type, tuple[str, ...]] = {
    kind: tuple(each for each in ("variables", "payload") if each in kind.__struct_fields__)  # type: ignore[attr-defined]
    for kind in COMMANDS
}
"""The fields of a command that bring values for variables."""
