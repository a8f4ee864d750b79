"""Standard loops and multi-instances: a body instance that holds one instance per item (§10.3.8, §13.3.6, §13.3.7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from staffel.engine.bpmn.model import MultiInstance, StandardLoop
from staffel.engine.feel import codec
from staffel.engine.feel.values import literal
from staffel.engine.kernel import lifecycle, throwing
from staffel.engine.kernel.events import ElementActivated, StateChanged
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, LoopPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import Loop

MOST = 10_000
"""The most items of one multi-instance."""
ITEM_STEPS = 10
"""How many automatic steps an item may add to those of the command."""
UNKNOWN = -1


def begin(run: Run, key: int, element: Element) -> None:
    """Start the items of a loop or multi-instance."""
    loop = element.loop
    if loop is None:
        return
    if isinstance(loop.source, StandardLoop):
        run.emit(StateChanged(scope=key, what="loop", values=UNKNOWN))
        run.later(next_pass, key)
        return
    total = _total(run, key, loop)
    run.emit(StateChanged(scope=key, what="loop", values=total))
    _grant(run, total)
    if total == 0:
        run.later(_end, key)
    elif loop.sequential:
        _spawn(run, key, element, 0)
    else:
        for index in range(total):
            if key not in run.state.loops:
                return
            _spawn(run, key, element, index)


def _grant(run: Run, items: int) -> None:
    """More automatic steps for the items; never more than one full multi-instance needs, or loops would not end."""
    granted = min(items * ITEM_STEPS, run.credit)
    run.credit -= granted
    run.steps += granted


def _total(run: Run, key: int, loop: LoopPlan) -> int:
    if loop.collection is not None:
        items = run.value(loop.collection, key)
        if not isinstance(items, list):
            raise Stuck(
                Code.BAD_VALUE,
                expression=loop.collection.text,
                found=literal(items),
                expected_de="eine Liste",
                expected_en="a list",
            )
        run.set(key, {"$items": items})
        total = len(items)
    elif loop.cardinality is not None:
        total = loop.cardinality.whole(run.names(key, loop.cardinality.reads), run.now)
    else:
        total = 1
    if total > MOST:
        raise Stuck(Code.LOOP_LIMIT, found=str(total), limit=str(MOST))
    return total


def _spawn(run: Run, body: int, element: Element, index: int) -> None:
    key = run.state.next_key
    run.emit(ElementActivated(key=key, element=element.id, scope=body, index=index))
    lifecycle.enter(run, key, element)


def _names(run: Run, body: int, loop: Loop) -> dict[str, Any]:
    active = run.state.children.get(body, 0)
    total = loop.started if loop.total == UNKNOWN else loop.total
    return {
        "numberOfInstances": Decimal(total),
        "numberOfActiveInstances": Decimal(active),
        "numberOfCompletedInstances": Decimal(loop.done),
        "numberOfTerminatedInstances": Decimal(loop.started - loop.done - active),
        "loopCounter": Decimal(loop.started),
    }


def item_done(run: Run, body: int, _unused: Any = None) -> None:
    """An item has ended: stop, go on with the next, or wait for the others."""
    loop = run.state.loops.get(body)
    if loop is None:
        return
    element = run.elements[run.state.places[body].element]
    plan = element.loop
    if plan is None:
        return
    if isinstance(plan.source, StandardLoop):
        next_pass(run, body)
        return
    try:
        _throw_events(run, body, element, plan, loop)
        if body not in run.state.loops:
            return
        stop = plan.completion is not None and plan.completion.holds(
            run.names(body, plan.completion.reads, _names(run, body, loop)), run.now
        )
    except Stuck as stuck:
        run.incident(body, element, stuck, "item")
        return
    if stop:
        for each in lifecycle.inside(run, body):
            lifecycle.end(run, each)
        _end(run, body)
    elif run.state.children.get(body, 0) == 0:
        if loop.started >= loop.total:
            _end(run, body)
        else:
            _spawn(run, body, element, loop.started)


def next_pass(run: Run, body: int, _unused: Any = None) -> None:
    """The next pass of a standard loop, while its condition holds and the maximum is not reached."""
    loop = run.state.loops.get(body)
    if loop is None or run.state.children.get(body, 0):
        return
    element = run.elements[run.state.places[body].element]
    plan = element.loop
    if plan is None:
        return
    run.steps -= 1
    if run.steps < 0:
        run.halted = run.halted or (body, element)
        return
    try:
        again = _again(run, body, plan, loop)
    except Stuck as stuck:
        run.incident(body, element, stuck, "item")
        return
    if again:
        _spawn(run, body, element, loop.started)
    else:
        _end(run, body)


def _again(run: Run, body: int, plan: LoopPlan, loop: Loop) -> bool:
    """§13.3.6: `testBefore` asks before the first pass too; `loopMaximum` caps the passes."""
    if plan.maximum is not None:
        maximum = plan.maximum.whole(run.names(body, plan.maximum.reads), run.now)
        if loop.started >= maximum:
            return False
    if plan.condition is None or (loop.started == 0 and not plan.test_before):
        return True
    names = run.names(body, plan.condition.reads, _names(run, body, loop))
    return plan.condition.holds(names, run.now)


def _throw_events(run: Run, body: int, element: Element, plan: LoopPlan, loop: Loop) -> None:
    """The event behaviours None, One and Complex (§10.3.8): boundary events of the activity catch what is thrown."""
    source = plan.source
    if not isinstance(source, MultiInstance) or source.behavior == "All" or not plan.events:
        return
    if source.behavior == "One" and loop.done != 1:
        return
    for condition, trigger in plan.events:
        if body not in run.state.places:
            return
        holds = condition is None or condition.holds(
            run.names(body, condition.reads, _names(run, body, loop)), run.now
        )
        if holds:
            throwing.throw(run, body, element, trigger)


def _end(run: Run, body: int, _unused: Any = None) -> None:
    """All items are done: write the collected results and leave."""
    place = run.state.places.get(body)
    if place is None:
        return
    element = run.elements[place.element]
    plan = element.loop
    if plan is not None and plan.output_collection is not None:
        loop = run.state.loops[body]
        size = max(loop.total, loop.started)
        collected: list[Any] = [None] * size
        for owner, index, blob in run.state.results.values():
            if owner == body:
                collected[index] = codec.decode_values(blob)["value"]
        run.write(place.scope, {plan.output_collection: collected})
    lifecycle.leave(run, body, element)
