"""Closing waiting places: which event ends which kind of wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from staffel.engine.kernel import state as st
from staffel.engine.kernel.events import (
    Closing,
    ConditionClosed,
    DeadlineClosed,
    Event,
    HandoverWithdrawn,
    IncidentClosed,
    MessageClosed,
    SignalClosed,
    TaskClosed,
    TimerClosed,
    WorkClosed,
)
from staffel.engine.kernel.run import Run


def _with(kind: Callable[..., Event]) -> Callable[[int, st.Wait, Closing], Event]:
    return lambda key, wait, closing: kind(key=key, element=wait.element, closing=closing)


def _incident(key: int, _wait: st.Wait, closing: Closing) -> Event:
    return IncidentClosed(key=key, closing=closing)


def _handover(key: int, wait: st.HandoverWait, _closing: Closing) -> Event:
    return HandoverWithdrawn(key=key, reason="cancelled", settled=wait.returned)


CLOSERS: dict[type, Callable[[int, Any, Closing], Event]] = {
    st.TaskWait: _with(TaskClosed),
    st.WorkWait: _with(WorkClosed),
    st.TimerWait: _with(TimerClosed),
    st.MessageWait: _with(MessageClosed),
    st.SignalWait: _with(SignalClosed),
    st.ConditionWait: _with(ConditionClosed),
    st.HandoverWait: _handover,
    st.FristWait: _with(DeadlineClosed),
    st.IncidentWait: _incident,
}


def closing(key: int, wait: st.Wait, how: Closing) -> Event:
    """The event that ends a waiting place."""
    return CLOSERS[type(wait)](key, wait, how)


def close(run: Run, key: int, how: Closing) -> None:
    """End one waiting place."""
    run.emit(closing(key, run.state.waits[key], how))


def close_all(run: Run, owner: int, closing: Closing) -> None:
    """End every waiting place of an owner."""
    for key in run.state.owned.get(owner, ()):
        close(run, key, closing)


def close_attempt(run: Run, owner: int) -> None:
    """End what an owner waits for, as it begins anew; its Fristen go on."""
    for key in run.state.owned.get(owner, ()):
        if type(run.state.waits[key]) is not st.FristWait:
            close(run, key, Closing.CANCELLED)


def close_inner(run: Run, scope: int) -> None:
    """End the waiting places of what a scope instance holds, not those of its own boundary events and Fristen."""
    for key in run.state.owned.get(scope, ()):
        wait = run.state.waits[key]
        element = run.elements.get(wait.element)
        if type(wait) is not st.FristWait and (element is None or element.attached_to is None):
            close(run, key, Closing.CANCELLED)


def close_element(run: Run, owner: int, element: str, closing: Closing) -> None:
    """End what the owner waits for at `element`."""
    for key in run.state.owned.get(owner, ()):
        wait = run.state.waits[key]
        if wait.element == element and type(wait) is not st.FristWait:
            close(run, key, closing)
