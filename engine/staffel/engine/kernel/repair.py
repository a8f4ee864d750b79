"""Commands of operators: try again, set variables, move or end tokens, end the case. Each is on record with its reason."""

from __future__ import annotations

from collections.abc import Callable

from staffel.engine.kernel import catching, compensation, deadline_following, lifecycle, loops
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel.behaviours.behaviour import discard
from staffel.engine.kernel.behaviours.scopes import begin_scope
from staffel.engine.kernel.events import Closing, Ending, Repaired
from staffel.engine.kernel.handover_data import CONSENT, tell_consent
from staffel.engine.kernel.incidents import CommandRefused, Stuck
from staffel.engine.kernel.program import Element, ScopePlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ROOT, ConditionWait, IncidentWait
from staffel.engine.kernel.waiting import close, close_attempt


def set_variables(run: Run, command: cmd.SetVariables) -> None:
    """Set variables of a scope or element instance; the process's consent counts for every copy of it, too."""
    scope = ROOT if command.scope is None else command.scope
    _alive(run, scope)
    run.set(scope, command.variables)
    if scope == ROOT and CONSENT in command.variables:
        tell_consent(run, command.variables[CONSENT])
    if command.reason:
        run.emit(Repaired(action="SetVariables", element=run.program.process, reason=command.reason))


def retry(run: Run, command: cmd.RetryIncident) -> None:
    """Do again what the incident stopped."""
    wait = run.state.waits.get(command.key)
    if type(wait) is not IncidentWait:
        raise CommandRefused(f"There is no open incident {command.key} in this case.")
    if command.variables:
        run.write(wait.owner, command.variables)
    close(run, command.key, Closing.DONE)
    STAGES[wait.stage](run, wait.owner, run.elements[wait.element])


def cancel_element(run: Run, command: cmd.CancelElement) -> None:
    """End an element instance, by its own key or that of a place it waits in."""
    key = _instance(run, command.key)
    place = run.state.places[key]
    run.emit(Repaired(action="CancelElement", element=place.element, reason=command.reason))
    lifecycle.terminate(run, key)
    compensation.handler_done(run, key)
    if place.scope in run.state.loops:
        run.later(loops.item_done, place.scope)
    else:
        run.checks.append(place.scope)


def cancel_token(run: Run, command: cmd.CancelToken) -> None:
    """Take a token from its flow."""
    _token(run, command)
    run.emit(Repaired(action="CancelToken", element=command.flow, reason=command.reason))
    discard(run, command.scope, (command.flow,))
    run.checks.append(command.scope)


def activate_element(run: Run, command: cmd.ActivateElement) -> None:
    """Put a token on an element of a scope instance."""
    _activate(run, command.element, ROOT if command.scope is None else command.scope, command.reason)


def move_token(run: Run, command: cmd.MoveToken) -> None:
    """Activate the target first, so that the scope does not end in between; where it ends the source, that is done."""
    source = command.source
    if isinstance(source, cmd.CancelToken):
        _token(run, source)
        _activate(run, command.element, source.scope, source.reason)
        if source.flow in run.state.tokens.get(source.scope, ()):
            cancel_token(run, source)
    else:
        key = _instance(run, source.key)
        _activate(run, command.element, run.state.places[key].scope, source.reason)
        if key in run.state.places:
            cancel_element(run, source)


def can_be_activated(element: Element, plan: ScopePlan) -> bool:
    """Whether a token can be put on the element in a scope of this plan: what a flow could lead to, or what begins it."""
    node = element.node
    return (
        element.plan is plan
        and not node.triggered_by_event
        and not node.for_compensation
        and element.attached_to is None
    )


def _activate(run: Run, target: str, scope: int, reason: str) -> None:
    _alive(run, scope)
    element = run.elements.get(target)
    if element is None or not can_be_activated(element, run.plan_of(scope)):
        raise CommandRefused(f"'{target}' cannot be activated in scope {scope}.")
    run.emit(Repaired(action="ActivateElement", element=target, reason=reason))
    lifecycle.activate(run, element, scope)


def _token(run: Run, source: cmd.CancelToken) -> None:
    if source.flow not in run.state.tokens.get(source.scope, ()):
        raise CommandRefused(f"There is no token on flow '{source.flow}' of scope {source.scope}.")


def _instance(run: Run, key: int) -> int:
    """The element instance that a key means: its own, or that of a place it waits in."""
    wait = run.state.waits.get(key)
    owner = wait.owner if wait is not None else key
    if owner not in run.state.places:
        raise CommandRefused(f"There is no element instance {key} in this case.")
    return owner


def cancel_case(run: Run, command: cmd.CancelCase) -> None:
    """End the case at once."""
    run.emit(Repaired(action="CancelCase", element=run.program.process, reason=command.reason))
    lifecycle.end_case(run, Ending.CANCELLED, command.reason)


def _alive(run: Run, scope: int) -> None:
    if not run.state.alive(scope):
        raise CommandRefused(f"There is no scope {scope} alive in this case.")


def _enter(run: Run, owner: int, element: Element) -> None:
    close_attempt(run, owner)
    lifecycle.enter(run, owner, element)


def _condition(run: Run, owner: int, element: Element) -> None:
    for key in run.state.owned.get(owner, ()):
        wait = run.state.waits[key]
        if type(wait) is ConditionWait and wait.element == element.id:
            run.later(catching.check_condition, key)


def _item(run: Run, owner: int, _element: Element) -> None:
    run.later(loops.item_done, owner)


def _resume(run: Run, _owner: int, _element: Element) -> None:
    lifecycle.resume(run)


def _emptied(run: Run, owner: int, _element: Element) -> None:
    run.checks.append(owner)


def _part(run: Run, owner: int, element: Element) -> None:
    element.behaviour.part_done(run, owner, element)
    run.checks.append(owner)


def _start(run: Run, owner: int, element: Element) -> None:
    try:
        begin_scope(run, owner)
    except Stuck as stuck:
        run.incident(owner, element, stuck, "start")


STAGES: dict[str, Callable[[Run, int, Element], None]] = {
    "start": _start,
    "enter": _enter,
    "finish": lifecycle.finish,
    "leave": lifecycle.leave,
    "condition": _condition,
    "item": _item,
    "resume": _resume,
    "emptied": _emptied,
    "ad-hoc": _part,
    deadline_following.STAGE: deadline_following.again,
}
"""What a retry does, by the stage that failed."""
