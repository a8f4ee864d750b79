"""A token on its own: carried through what needs no instance in the state, as far as it goes without anything else.

What is done here in one move is in every respect what `lifecycle` does step by step (`arrive`, `pass_through`, `put`):
the same events and the same state. The compiler says where it may be done (`FlowPlan.stretch`, `Element.choosing`,
`Element.ready`), the state whether it may be done now.
"""

from __future__ import annotations

from staffel.engine.kernel.changes import take_tokens
from staffel.engine.kernel.events import ElementActivated, ElementCompleted, FlowTaken
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.program import Element, FlowPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.together import apply_tokens, apply_travel


def travel(run: Run, flow: FlowPlan, scope: int, held: tuple[str, ...]) -> None:
    """Carry the one token on the move from the end of the flow to where it rests, or to where others come about.

    `held` is the flow where the state holds the token, empty where `FlowTaken` has been noted but not yet applied.
    """
    onward: FlowPlan | None = flow
    while onward is not None:
        lying = run.state.tokens.get(scope)
        if lying is not None and lying != held and _in_the_way(run, lying, held):
            _arrive(run, onward, scope, held)
            return
        reached = onward
        if onward.stretch or onward.target.choosing:
            reached = _pass(run, onward, scope)
            if reached is not onward and held:
                take_tokens(run.state, scope, held)
                held = ()
        if run.steps <= 0 or not reached.target.ready:
            _arrive(run, reached, scope, held)
            return
        run.steps -= 1
        onward = reached.target.behaviour.take(run, reached.target, reached, scope, held)
        held = ()


def _in_the_way(run: Run, lying: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Whether a token lies on a flow where none ever stays: then the order of tokens counts, which only single steps keep."""
    others = list(lying)
    if held:
        others.remove(held[0])
    return not run.program.moving.isdisjoint(others)


def _pass(run: Run, flow: FlowPlan, scope: int) -> FlowPlan:
    """Carry the token through elements that do nothing and lead on by one flow; the flow it is on then."""
    events, key, steps = run.events, run.state.next_key, run.steps
    while True:
        stretch = flow.stretch
        if len(stretch) > steps:
            break
        for name, alone, onward in stretch:
            events += (
                ElementActivated(key=key, element=name, scope=scope, flows=alone),
                ElementCompleted(key=key, element=name, scope=scope),
                FlowTaken(flow=onward, scope=scope),
            )
            key += 1
        steps -= len(stretch)
        flow = flow.beyond
        element = flow.target
        if not element.choosing or steps <= 0:
            break
        chosen = _chosen(run, element, scope)
        if chosen is None:
            break
        events += (
            ElementActivated(key=key, element=element.id, scope=scope, flows=flow.alone),
            ElementCompleted(key=key, element=element.id, scope=scope),
            FlowTaken(flow=chosen.id, scope=scope),
        )
        key += 1
        steps -= 1
        flow = chosen
    apply_travel(run.state, key - run.state.next_key)
    run.steps = steps
    return flow


def _chosen(run: Run, element: Element, scope: int) -> FlowPlan | None:
    """The flow that an exclusive gateway picks; None where it cannot, which the step-by-step way makes an incident."""
    try:
        return element.behaviour.choose(run, scope, element)[0]
    except Stuck:
        return None


def _arrive(run: Run, flow: FlowPlan, scope: int, held: tuple[str, ...]) -> None:
    """Put the token where the state does not hold it yet, and let it arrive."""
    if not held:
        apply_tokens(run.state, scope, flow.alone)
    if not run.count_step(scope, flow):
        flow.target.behaviour.arrive(run, flow.target, flow, scope)
