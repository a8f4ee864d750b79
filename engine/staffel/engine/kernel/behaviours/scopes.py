"""Sub-processes, transactions, ad-hoc sub-processes and called processes (BPMN 2.0.2 §10.3.5, §13.3.4, §13.3.5)."""

from __future__ import annotations

from typing import Any

from staffel.engine.bpmn.model import NodeType
from staffel.engine.kernel import arming, lifecycle
from staffel.engine.kernel.behaviours.behaviour import Behaviour, stands_still
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run


class SubProcess(Behaviour):
    """Run the inside: its start events, or what has no incoming flow; done when nothing is alive in it."""

    def enter(self, run: Run, key: int, _element: Element) -> None:
        """Arm the event sub-processes and begin."""
        begin_scope(run, key)


def begin_scope(run: Run, scope: int) -> None:
    """Begin what a scope instance starts with."""
    arming.arm_event_subs(run, scope)
    for start in run.plan_of(scope).starts:
        run.later(_leave_start, lifecycle.place(run, start, scope), start)
    begin_loose(run, scope)


def _leave_start(run: Run, key: int, start: Element) -> None:
    """The start event has begun with its scope; its token goes on, unless the scope was ended meanwhile."""
    if key in run.state.places:
        lifecycle.enter(run, key, start)


def begin_loose(run: Run, scope: int, apart_from: Element | None = None) -> None:
    """Begin the nodes without incoming flow."""
    for element in run.plan_of(scope).loose:
        if element is not apart_from:
            run.later(lifecycle.begin, element, scope)
    run.later(_look, scope)


def _look(run: Run, scope: int, _unused: Any = None) -> None:
    run.checks.append(scope)


class AdHocSubProcess(Behaviour):
    """Activities without given order (§13.3.5): in parallel or one after the other, until the condition holds.

    Activities without incoming flow begin by themselves. After each one the completion condition is asked; when it
    holds the rest is cancelled (`cancelRemainingInstances`) or awaited. Without a condition all are done once.
    """

    def enter(self, run: Run, key: int, element: Element) -> None:
        """Begin all, or the first."""
        arming.arm_event_subs(run, key)
        if element.node.ad_hoc_ordering == "Sequential":
            run.set(key, {"$next": 0})
            run.later(_next, key)
            return
        begin_loose(run, key)

    def emptied(self, run: Run, scope: int, element: Element) -> None:
        """One after the other: the next begins, unless the condition holds."""
        if stands_still(run, scope, element):
            return
        if element.node.ad_hoc_ordering != "Sequential" or not _start_next(run, scope, element):
            lifecycle.finish(run, scope, element)

    def part_done(self, run: Run, scope: int, element: Element) -> None:
        """Ask the completion condition; when it holds the rest may be cancelled."""
        try:
            done = _completed(run, scope, element)
        except Stuck as stuck:
            run.incident(scope, element, stuck, "ad-hoc")
            return
        if done and element.node.cancel_remaining:
            lifecycle.terminate(run, scope, keep=True)
            lifecycle.finish(run, scope, element)


def _completed(run: Run, scope: int, element: Element) -> bool:
    condition = element.completion
    return condition is not None and condition.holds(run.names(scope, condition.reads), run.now)


def _next(run: Run, scope: int, _unused: Any = None) -> None:
    place = run.state.places.get(scope)
    if place is not None and not _start_next(run, scope, run.elements[place.element]):
        run.checks.append(scope)


def _start_next(run: Run, scope: int, element: Element) -> bool:
    starts = run.plan_of(scope).loose
    following = int(run.state.values(scope).get("$next", 0))
    if following >= len(starts) or (following > 0 and _completed(run, scope, element)):
        return False
    run.set(scope, {"$next": following + 1})
    lifecycle.activate(run, starts[following], scope)
    return True


BEHAVIOURS: dict[NodeType, Behaviour] = {
    NodeType.SUB_PROCESS: SubProcess(),
    NodeType.TRANSACTION: SubProcess(),
    NodeType.CALL_ACTIVITY: SubProcess(),
    NodeType.AD_HOC_SUB_PROCESS: AdHocSubProcess(),
}
