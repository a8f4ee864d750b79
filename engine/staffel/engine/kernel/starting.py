"""How a case begins: at a none start event, at an event that came true, or at what has no incoming flow (§13.2)."""

from __future__ import annotations

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import arming, lifecycle
from staffel.engine.kernel.behaviours.scopes import begin_loose, begin_scope
from staffel.engine.kernel.commands import Start
from staffel.engine.kernel.events import CaseStarted, Closing, ElementActivated, FlowTaken
from staffel.engine.kernel.incidents import CommandRefused, Stuck
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import ROOT
from staffel.engine.kernel.waiting import close


def start(run: Run, command: Start) -> None:
    """Begin the case."""
    element = _chosen(run, command.element)
    run.emit(
        CaseStarted(
            process=run.program.process,
            element=element.id if element is not None else None,
            reference=command.reference,
            case_id=command.case_id,
        )
    )
    run.set(ROOT, command.variables)
    if element is None:
        _guarded(run, lambda: begin_scope(run, ROOT))
        return
    _guarded(run, lambda: arming.arm_event_subs(run, ROOT))
    begin_loose(run, ROOT, element)
    gateway = _instantiating_gateway(element)
    if gateway is not None:
        _after_gateway(run, gateway, element, command)
        return
    if element in run.program.root.loose:
        lifecycle.activate(run, element, ROOT)
        return
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=ROOT))
    if element.node.parallel_multiple and len(element.triggers) > 1:
        _await_others(run, key, element, command.trigger)
        run.write(ROOT, command.payload)
        return
    lifecycle.complete(run, key, element, command.payload)


def _chosen(run: Run, wanted: str | None) -> Element | None:
    """The start event meant; None for a process without any start event."""
    if wanted is not None:
        if not any(each.element == wanted for each in run.program.starts):
            return _any_beginning(run, wanted)
        return run.elements[wanted]
    ids = [each.element for each in run.program.choices()]
    if len(ids) > 1:
        raise CommandRefused(
            f"The process has {len(ids)} start events; say which: {', '.join(ids)}.",
            text_de=f"Der Prozess hat {len(ids)} Startereignisse; bitte eines wählen: {', '.join(ids)}.",
        )
    return run.elements[ids[0]] if ids else None


def _any_beginning(run: Run, wanted: str) -> Element:
    element = run.program.root.elements.get(wanted)
    if element is None or element not in run.program.root.loose:
        raise CommandRefused(
            f"'{wanted}' is not a start event of '{run.program.process}'.",
            text_de=f"„{wanted}“ ist kein Startereignis von „{run.program.name}“.",
        )
    return element


def _guarded(run: Run, begin: object) -> None:
    try:
        begin()  # type: ignore[operator]  # both callers pass a function without arguments
    except Stuck as stuck:
        first = next(iter(run.elements.values()))
        run.incident(ROOT, first, stuck, "start")


def _await_others(run: Run, key: int, element: Element, came: int) -> None:
    """A parallel multiple start event waits in the new case for the other triggers (§10.5.2)."""
    arming.arm(run, key, element)
    for wait_key in run.state.owned.get(key, ()):
        if getattr(run.state.waits[wait_key], "trigger", None) == came:
            close(run, wait_key, Closing.DONE)
            return


def _instantiating_gateway(element: Element) -> Element | None:
    for flow in element.incoming:
        source = flow.source
        if source.type is NodeType.EVENT_BASED_GATEWAY and source.node.instantiate:
            return source
    return None


def _after_gateway(run: Run, gateway: Element, element: Element, command: Start) -> None:
    """An event-based gateway that begins cases (§13.4.5): exclusive: the one event; parallel: the others are awaited."""
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=gateway.id, scope=ROOT))
    came = next(flow for flow in gateway.outgoing if flow.target is element)
    lifecycle.leave_by(run, key, gateway, came)
    instance = run.state.next_key
    run.emit(ElementActivated(key=instance, element=element.id, scope=ROOT, flows=(came.id,)))
    if gateway.node.event_gateway_type == "Parallel":
        for flow in gateway.outgoing:
            if flow is not came:
                run.emit(FlowTaken(flow=flow.id, scope=ROOT))
                run.later(lifecycle.arrive, flow, ROOT)
    lifecycle.complete(run, instance, element, command.payload)
