"""The only code that changes a state: one small function per kind of event. None decides, none fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from staffel.engine.kernel import events as ev
from staffel.engine.kernel.changes import CHANGES, take_tokens
from staffel.engine.kernel.state import (
    ConditionWait,
    Frist,
    FristWait,
    HandoverWait,
    IncidentWait,
    Instance,
    Loop,
    MessageWait,
    Place,
    Returns,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
    WorkWait,
)


def apply(state: Instance, event: ev.Event) -> None:
    """Change the state by what the event says; live and on replay alike."""
    APPLY[type(event)](state, event)
    state.seq += 1


def fold(events: Iterable[ev.Event], state: Instance | None = None) -> Instance:
    """The state that the events lead to, from the beginning or from `state` (which stays as it is)."""
    result = Instance() if state is None else state.copy()
    for event in events:
        apply(result, event)
    return result


def _case_started(state: Instance, event: ev.CaseStarted) -> None:
    state.process, state.reference, state.case_id = event.process, event.reference, event.case_id


def _case_ended(state: Instance, event: ev.CaseEnded) -> None:
    state.ended = event.ending
    state.tokens.clear()
    state.records.clear()
    state.returns = ()
    state.begun = ()
    state.fristen.clear()


def _activated(state: Instance, event: ev.ElementActivated) -> None:
    key, scope = event.key, event.scope
    state.places[key] = Place(event.element, scope, event.index)
    state.children[scope] = state.children.get(scope, 0) + 1
    state.next_key = key + 1
    if event.flows:
        take_tokens(state, scope, event.flows)
    if event.index is not None:
        loop = state.loops.get(scope)
        if loop is not None:
            state.loops[scope] = Loop(loop.total, max(loop.started, event.index + 1), loop.done)


def _left(state: Instance, event: ev.ElementCompleted | ev.ElementTerminated) -> None:
    key = event.key
    place = state.places.pop(key)
    one_less(state, place.scope)
    state.forget_values(key)
    if key in state.children:
        del state.children[key]
    if key in state.tokens:
        del state.tokens[key]
    if state.loops or state.records or state.compensations or state.resets or state.returns or state.begun:
        _forget(state, key)


def _forget(state: Instance, key: int) -> None:
    """Drop what is kept for few scopes only."""
    state.resets.pop(key, None)
    state.records.pop(key, None)
    state.compensations.pop(key, None)
    if state.returns:
        state.returns = tuple(each for each in state.returns if each.scope != key)
    if state.begun:
        state.begun = tuple(each for each in state.begun if each.scope != key)
    if state.loops.pop(key, None) is not None and state.results:
        state.results = {item: found for item, found in state.results.items() if found[0] != key}


def _completed(state: Instance, event: ev.ElementCompleted) -> None:
    place = state.places[event.key]
    if place.index is not None and place.scope in state.loops:
        loop = state.loops[place.scope]
        state.loops[place.scope] = Loop(loop.total, loop.started, loop.done + 1)
    _left(state, event)


def one_less(state: Instance, scope: int) -> None:
    """Count one living thing less in the scope (for what changes a state)."""
    left = state.children.get(scope, 0) - 1
    if left > 0:
        state.children[scope] = left
    else:
        state.children.pop(scope, None)


def _flow_taken(state: Instance, event: ev.FlowTaken) -> None:
    state.tokens[event.scope] = (*state.tokens.get(event.scope, ()), event.flow)


def _open(state: Instance, key: int, wait: Wait) -> None:
    state.waits[key] = wait
    owner = wait.owner
    state.owned[owner] = (*state.owned.get(owner, ()), key)
    state.next_key = key + 1


def _close(state: Instance, event: Any) -> None:
    key = event.key
    owner = state.waits.pop(key).owner
    if state.fristen:
        state.fristen.pop(key, None)
    keys = state.owned[owner]
    if len(keys) == 1:
        del state.owned[owner]
    else:
        state.owned[owner] = tuple([each for each in keys if each != key])


def _task_offered(state: Instance, event: ev.TaskOffered) -> None:
    _open(state, event.key, TaskWait(event.owner, event.element))
    if event.due is not None:
        state.fristen[event.key] = _fristen((event.due, *event.further))


def _work_offered(state: Instance, event: ev.WorkOffered) -> None:
    _open(state, event.key, WorkWait(event.owner, event.element, event.retries))


def _work_retried(state: Instance, event: ev.WorkRetried) -> None:
    wait = state.waits[event.key]
    state.waits[event.key] = WorkWait(wait.owner, wait.element, event.retries)


def _timer_armed(state: Instance, event: ev.TimerArmed) -> None:
    wait = TimerWait(event.owner, event.element, event.due, event.remaining, event.interval, event.trigger)
    _open(state, event.key, wait)
    if event.deadline is not None:
        state.fristen[event.key] = _fristen((event.deadline,))


def _fristen(dues: tuple[ev.Due, ...]) -> tuple[Frist, ...]:
    return tuple([Frist(due.place, due.begin, due.pauses, due.extension) for due in dues])


def _deadline_begun(state: Instance, event: ev.DeadlineBegun) -> None:
    _open(state, event.key, FristWait(event.owner, event.element))
    state.fristen[event.key] = _fristen(event.dues)


def _deadline_changed(state: Instance, event: ev.DeadlineChanged) -> None:
    key, wait = event.key, state.waits[event.key]
    found = _fristen(event.dues)
    if found:
        state.fristen[key] = found
    else:
        state.fristen.pop(key, None)
    if type(wait) is TimerWait:
        state.waits[key] = msgspec.structs.replace(wait, due=event.dues[0].at)
    place = state.places.get(wait.owner)
    scope = place.scope if place is not None else wait.owner
    state.begun = tuple(
        msgspec.structs.replace(each, fristen=found)
        if (each.scope, each.element) == (scope, wait.element)
        else each
        for each in state.begun
    )


def _message_awaited(state: Instance, event: ev.MessageAwaited) -> None:
    wait = MessageWait(event.owner, event.element, event.name, event.correlation, event.trigger)
    _open(state, event.key, wait)


def _signal_awaited(state: Instance, event: ev.SignalAwaited) -> None:
    _open(state, event.key, SignalWait(event.owner, event.element, event.name, event.trigger))


def _condition_awaited(state: Instance, event: ev.ConditionAwaited) -> None:
    wait = ConditionWait(event.owner, event.element, event.reads, event.trigger, event.holds)
    _open(state, event.key, wait)


def _incident_raised(state: Instance, event: ev.IncidentRaised) -> None:
    _open(state, event.key, IncidentWait(event.owner, event.element, event.code, event.stage))


def _handover_offered(state: Instance, event: ev.HandoverOffered) -> None:
    if event.predecessor in state.waits:
        _handover_closed(state, event.predecessor)
    _open(state, event.key, HandoverWait(event.owner, event.flow, event.attempt))
    state.children[event.owner] = state.children.get(event.owner, 0) + 1


def _handover_closed(state: Instance, key: int | None) -> None:
    wait = state.waits[key]  # type: ignore[index]  # the caller found it there
    keys = tuple(each for each in state.owned[wait.owner] if each != key)
    del state.waits[key]  # type: ignore[arg-type]
    if keys:
        state.owned[wait.owner] = keys
    else:
        del state.owned[wait.owner]
    one_less(state, wait.owner)


def _handover_acknowledged(state: Instance, event: ev.HandoverAcknowledged) -> None:
    state.waits[event.key] = msgspec.structs.replace(state.waits[event.key], acknowledged=True)


def _handover_incomplete(state: Instance, event: ev.HandoverIncomplete) -> None:
    wait = state.waits[event.key]
    state.waits[event.key] = msgspec.structs.replace(wait, acknowledged=True, incomplete=True)


def _handover_data_changed(state: Instance, event: ev.HandoverDataChanged) -> None:
    if not event.withdrawn:
        state.waits[event.key] = msgspec.structs.replace(state.waits[event.key], incomplete=False)


def _conversation_recorded(state: Instance, event: ev.ConversationRecorded) -> None:
    state.waits[event.key] = msgspec.structs.replace(state.waits[event.key], talked=True)


def _handover_accepted(state: Instance, event: ev.HandoverAccepted) -> None:
    wait = state.waits[event.key]
    state.returns = tuple(
        each for each in state.returns if (each.scope, each.flow) != (wait.owner, wait.element)
    )
    _handover_closed(state, event.key)
    if event.responsible is not None:
        state.responsible = event.responsible


def _handover_returned(state: Instance, event: ev.HandoverReturned) -> None:
    _came_back(state, event.key, event.to, 1)


def _handover_withdrawn(state: Instance, event: ev.HandoverWithdrawn) -> None:
    wait = state.waits[event.key]
    if event.to is None and not event.stays:
        state.returns = tuple(
            each for each in state.returns if (each.scope, each.flow) != (wait.owner, wait.element)
        )
        _handover_closed(state, event.key)
        return
    _came_back(state, event.key, event.to, 0)


def _came_back(state: Instance, key: int, to: str | None, times: int) -> None:
    wait = state.waits[key]
    place = (wait.owner, wait.element)
    before = sum(each.times for each in state.returns if (each.scope, each.flow) == place)
    others = tuple(each for each in state.returns if (each.scope, each.flow) != place)
    state.returns = (*others, Returns(*place, before + times, key))
    if to is None:
        state.waits[key] = msgspec.structs.replace(wait, returned=True)
    else:
        _handover_closed(state, key)


def _variables_set(state: Instance, event: ev.VariablesSet) -> None:
    if event.values:
        state.set_values(event.scope, event.values)


def _state_changed(state: Instance, event: ev.StateChanged) -> None:
    CHANGES[event.what](state, event.scope, event.values)


def _nothing(_state: Instance, _event: ev.Event) -> None:
    return


APPLY: dict[type, Callable[[Instance, Any], None]] = {
    ev.CaseStarted: _case_started,
    ev.CaseEnded: _case_ended,
    ev.ElementActivated: _activated,
    ev.ElementCompleted: _completed,
    ev.ElementTerminated: _left,
    ev.FlowTaken: _flow_taken,
    ev.TaskOffered: _task_offered,
    ev.TaskClosed: _close,
    ev.WorkOffered: _work_offered,
    ev.WorkRetried: _work_retried,
    ev.WorkClosed: _close,
    ev.TimerArmed: _timer_armed,
    ev.TimerClosed: _close,
    ev.DeadlineBegun: _deadline_begun,
    ev.DeadlineClosed: _close,
    ev.DeadlineChanged: _deadline_changed,
    ev.DeadlinePassed: _nothing,
    ev.MessageAwaited: _message_awaited,
    ev.MessageClosed: _close,
    ev.MessageThrown: _nothing,
    ev.SignalAwaited: _signal_awaited,
    ev.SignalClosed: _close,
    ev.SignalThrown: _nothing,
    ev.ConditionAwaited: _condition_awaited,
    ev.ConditionClosed: _close,
    ev.HandoverOffered: _handover_offered,
    ev.HandoverAcknowledged: _handover_acknowledged,
    ev.HandoverAccepted: _handover_accepted,
    ev.HandoverIncomplete: _handover_incomplete,
    ev.HandoverDataChanged: _handover_data_changed,
    ev.ConversationRecorded: _conversation_recorded,
    ev.HandoverReturned: _handover_returned,
    ev.HandoverWithdrawn: _handover_withdrawn,
    ev.VariablesSet: _variables_set,
    ev.DecisionMade: _nothing,
    ev.ErrorThrown: _nothing,
    ev.EscalationThrown: _nothing,
    ev.IncidentRaised: _incident_raised,
    ev.IncidentClosed: _close,
    ev.Repaired: _nothing,
    ev.StateChanged: _state_changed,
}
