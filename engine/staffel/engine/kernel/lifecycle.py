"""How tokens move: onto flows, into elements, out of them; how scopes end (BPMN 2.0.2 §13.2, §13.3).

    arrive → activate → enter → … → finish (outputs) → leave (flows)         terminate ends any of them at once

Jobs in the run's queue are `arrive` for every token put on a flow; a token that is no longer there when its turn
comes was interrupted, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from staffel.engine.kernel import arming, catching, compensation, data, handover, joins, loops, step_deadlines
from staffel.engine.kernel.events import (
    CaseEnded,
    Closing,
    ConditionAwaited,
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Ending,
    FlowTaken,
    StateChanged,
    TaskClosed,
    VariablesSet,
)
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import NOTHING, Run
from staffel.engine.kernel.state import ROOT, TaskWait
from staffel.engine.kernel.together import apply_done, apply_tokens
from staffel.engine.kernel.travel import travel
from staffel.engine.kernel.waiting import close_all, close_inner, closing

DONE, CANCELLED = Closing.DONE, Closing.CANCELLED
"""Looking up a member of an enumeration takes as long as making an event."""


def put(run: Run, flow: FlowPlan, scope: int) -> None:
    """Put a token on a flow; between two Stellen it waits there for the receiver."""
    if flow.handover is None:
        run.emit(FlowTaken(flow=flow.id, scope=scope))
        run.queue.append((arrive, flow, scope))
    else:
        handover.offer(run, flow, scope)


def arrive(run: Run, flow: FlowPlan, scope: int) -> None:
    """A token has come to the end of its flow."""
    tokens = run.state.tokens.get(scope)
    if tokens is None or flow.id not in tokens:
        return
    if flow.quick and not (run.queue or run.changed):
        travel(run, flow, scope, flow.alone)
        return
    target = flow.target
    if run.count_step(scope, flow):
        return
    if not target.ready:
        target.behaviour.arrive(run, target, flow, scope)
        return
    onward = target.behaviour.take(run, target, flow, scope, flow.alone)
    if onward is not None:
        apply_tokens(run.state, scope, onward.alone)
        run.queue.append((arrive, onward, scope))


def place(run: Run, element: Element, scope: int, flows: tuple[str, ...] = ()) -> int:
    """Let an element instance begin that `enter` takes further; its key."""
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=scope, flows=flows))
    return key


def activate(run: Run, element: Element, scope: int, flows: tuple[str, ...] = ()) -> int:
    """Begin an element instance; its key."""
    key = place(run, element, scope, flows)
    enter(run, key, element)
    return key


def pass_through(run: Run, element: Element, scope: int, flows: tuple[str, ...]) -> None:
    """Enter and leave an element that does nothing in between, with the tokens of these flows."""
    try:
        onward = _onward(run, element, scope)
    except Stuck as stuck:
        key = run.state.next_key
        run.emit(ElementActivated(key=key, element=element.id, scope=scope, flows=flows))
        run.incident(key, element, stuck, "leave")
        return
    key = run.emit_passage(element.id, scope, flows, flows)
    go_on(run, key, element, scope, onward)


def begin(run: Run, element: Element, scope: int) -> None:
    """Begin an element without a token, where its scope still runs."""
    if run.state.alive(scope):
        activate(run, element, scope)


def enter(run: Run, key: int, element: Element) -> None:
    """Do what the element does when a token has entered it."""
    try:
        if element.plain:
            element.behaviour.enter(run, key, element)
            return
        index = run.state.places[key].index
        check_whole(element)
        if element.loop is not None and index is None:
            arming.arm_boundaries(run, key, element)
            loops.begin(run, key, element)
            return
        if index is not None or not element.plain_data:
            data.read(run, key, element)
        if element.waiting and index is None:
            arming.arm_boundaries(run, key, element)
        if element.watched:
            step_deadlines.begin(run, key, element)
        element.behaviour.enter(run, key, element)
    except data.Unavailable as missing:
        run.emit(ConditionAwaited(key=run.state.next_key, owner=key, element=element.id, reads=missing.reads))
    except Stuck as stuck:
        if key in run.state.places:
            run.incident(key, element, stuck, "enter")


def check_whole(element: Element) -> None:
    """An element that the compiler found incomplete stands still."""
    if element.fault is not None:
        raise Stuck(Code.NOT_EXECUTABLE, reason_de=element.fault[0], reason_en=element.fault[1])


def complete(run: Run, key: int, element: Element, variables: Mapping[str, Any]) -> None:
    """The work of the element is done with this result. Of an endpoint's answer only what outputs make of it is kept."""
    if element.node.extension.endpoint is not None:
        finish(run, key, element, variables)
        return
    place = run.state.places[key]
    if variables:
        if element.plain_data and place.index is None:
            run.write(place.scope, variables)
        else:
            run.set(key, variables)
            if not data.keeps_results(element):
                run.write(place.scope, variables)
    finish(run, key, element)


def complete_task(run: Run, key: int, wait: TaskWait, element: Element, values: Mapping[str, Any]) -> None:
    """Close the task `key` as done, and complete its element as the last thing that the command does.

    `values` are known to be storable.
    """
    state, owner, flow = run.state, wait.owner, element.sole
    closed = TaskClosed(key=key, element=element.id, closing=DONE)
    scope = state.places[owner].scope
    if flow is None or run.program.conditional or (values and scope != ROOT):
        run.emit(closed)
        complete(run, owner, element, values)
        return
    events, waiting = run.events, state.owned[owner]
    events.append(closed)
    if values:
        events.append(VariablesSet(scope=scope, values=values))
    if len(waiting) > 1:
        events += [closing(each, state.waits[each], CANCELLED) for each in waiting if each != key]
    events += (
        ElementCompleted(key=owner, element=element.id, scope=scope),
        FlowTaken(flow=flow.id, scope=scope),
    )
    apply_done(state, owner, scope, values)
    travel(run, flow, scope, ())


def finish(run: Run, key: int, element: Element, answer: Mapping[str, Any] = NOTHING) -> None:
    """Write the outputs and leave. `answer` is for them to read, and kept nowhere: an incident asks for it again."""
    if not element.plain and (not element.plain_data or run.state.places[key].index is not None):
        try:
            data.write(run, key, element, answer)
        except Stuck as stuck:
            run.incident(key, element, stuck, "enter" if answer else "finish")
            return
    leave(run, key, element)


def leave(run: Run, key: int, element: Element) -> None:
    """Choose the flows, end the instance, put the tokens."""
    place = run.state.places[key]
    onward: Sequence[FlowPlan] = ()
    if place.index is None:
        try:
            onward = _onward(run, element, place.scope)
        except Stuck as stuck:
            run.incident(key, element, stuck, "leave")
            return
    if key in run.state.owned:
        if element.watched:
            step_deadlines.done(run, key)
        close_all(run, key, CANCELLED)
    if element.compensable:
        compensation.record(run, key, element)
    run.emit(ElementCompleted(key=key, element=element.id, scope=place.scope))
    if place.index is not None:
        run.queue.append((loops.item_done, place.scope, None))
        return
    go_on(run, key, element, place.scope, onward)


def _onward(run: Run, element: Element, scope: int) -> Sequence[FlowPlan]:
    """The flows to leave by. Raises `Stuck` where none holds or a handover lacks data."""
    flows: Sequence[FlowPlan] = element.outgoing
    if element.conditional and flows:
        flows = element.behaviour.choose(run, scope, element)
    if element.hands_over:
        handover.check(run, flows, scope)
    return flows


def go_on(run: Run, key: int, element: Element, scope: int, flows: Sequence[FlowPlan]) -> None:
    """Put the tokens of an instance that has ended; where there are none, the scope may be at its end."""
    if element.plan.ad_hoc:
        run.queue.append((_ask_ad_hoc, scope, None))
    times = element.node.completion_quantity
    for flow in flows if times == 1 else [*flows] * times:
        put(run, flow, scope)
    if not flows:
        run.last_end = element.id if scope == ROOT else run.last_end
        run.checks.append(scope)
        if run.state.compensations:
            compensation.handler_done(run, key)


def leave_by(run: Run, key: int, element: Element, flow: FlowPlan) -> None:
    """End an instance whose one flow is decided, and put its token there without letting it arrive by itself."""
    close_all(run, key, CANCELLED)
    scope = run.state.places[key].scope
    run.emit(ElementCompleted(key=key, element=element.id, scope=scope))
    run.emit(FlowTaken(flow=flow.id, scope=scope))


def terminate(run: Run, key: int, *, keep: bool = False) -> None:
    """End an instance and all that runs inside it at once, innermost first; `keep` spares the instance itself."""
    state = run.state
    for each in inside(run, key):
        end(run, each)
    if keep:
        close_inner(run, key)
    elif key in state.owned:
        close_all(run, key, CANCELLED)
    if not keep:
        place = state.places[key]
        run.emit(ElementTerminated(key=key, element=place.element, scope=place.scope))
    elif key in state.tokens:
        run.emit(StateChanged(scope=key, what="tokens-cleared", values=None))


def end(run: Run, key: int) -> None:
    """End one instance that holds no others."""
    place = run.state.places[key]
    if key in run.state.owned:
        close_all(run, key, CANCELLED)
    run.emit(ElementTerminated(key=key, element=place.element, scope=place.scope))


def inside(run: Run, key: int) -> list[int]:
    """The instances inside `key`, those inside others before them."""
    state = run.state
    if key not in state.children:
        return []
    found: set[int] = {key}
    order: list[int] = []
    for each, place in sorted(state.places.items()):
        if place.scope in found:
            found.add(each)
            order.append(each)
    order.reverse()
    return order


def drain(run: Run) -> None:
    """Do all there is to do without anything from outside."""
    queue = run.queue
    while True:
        while queue:
            job, first, second = queue.popleft()
            job(run, first, second)
            if run.changed:
                catching.check_conditions(run)
        if run.checks:
            _end_scope(run, run.checks.pop())
        elif run.changed:
            catching.check_conditions(run)
        elif not (run.program.joining and run.state.tokens and run.halted is None and joins.fire(run)):
            break
    if run.halted is not None:
        scope, element = run.halted
        run.incident(scope, element, Stuck(Code.STEP_LIMIT, limit=run.program.limit), "resume")


def _end_scope(run: Run, scope: int) -> None:
    """End the scope instance when nothing in it is alive any more."""
    state = run.state
    if scope in state.children or scope in state.tokens:
        return
    if scope == ROOT:
        if state.ended is None:
            end_case(run, Ending.COMPLETED)
        return
    place = state.places.get(scope)
    if place is None:
        return
    element = run.elements[place.element]
    if scope not in state.loops and element.body is not None and scope not in state.compensations:
        try:
            element.behaviour.emptied(run, scope, element)
        except Stuck as stuck:
            run.incident(scope, element, stuck, "emptied")


def _ask_ad_hoc(run: Run, scope: int, _unused: Any) -> None:
    place = run.state.places.get(scope)
    if place is not None:
        element = run.elements[place.element]
        element.behaviour.part_done(run, scope, element)


def end_case(run: Run, ending: Ending, reason: str = "") -> None:
    """End the case; what still waits is closed."""
    terminate(run, ROOT, keep=True)
    run.emit(CaseEnded(ending=ending, element=run.last_end, reason=reason))
    run.queue.clear()
    run.checks.clear()


def resume(run: Run) -> None:
    """Let every token on a flow try again to arrive, and every loop that holds no pass begin its next."""
    for scope, flows in list(run.state.tokens.items()):
        for flow in flows:
            run.queue.append((arrive, run.program.flows[flow], scope))
    for body, loop in list(run.state.loops.items()):
        if loop.total < 0 and body not in run.state.children:
            run.queue.append((loops.next_pass, body, None))
