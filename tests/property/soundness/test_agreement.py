"""Soundness agrees with exhaustive play on random small models; block-structured models are sound."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from itertools import pairwise, product

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.blocks import models, unstructured
from tests.support.nets import net, program

from staffel.engine.findings import Severity
from staffel.engine.kernel import CompleteTask, Program, Start, Step, advance
from staffel.engine.kernel.events import ElementActivated
from staffel.engine.soundness import Limits, check_soundness
from staffel.engine.soundness.form import Forms, crowds

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EXAMPLES = models(100)
LIMITS = Limits(states=3_000)
MOST_CHOICES = 64


@st.composite
def block(draw: st.DrawFn, depth: int = 3) -> tuple[list[str], list[str], str, str, list[int]]:
    """Nodes, flows, first and last node of a block; the last part counts the names used so far."""
    count = [0]
    nodes, flows, first, last = _block(draw, depth, count)
    return nodes, flows, first, last, count


def _block(draw: st.DrawFn, depth: int, count: list[int]) -> tuple[list[str], list[str], str, str]:
    count[0] += 1
    name = f"n{count[0]}"
    kind = draw(st.sampled_from(["user", "and", "xor", "or", "loop", "row"])) if depth else "user"
    if kind == "user":
        return [f"{name}:user"], [], name, name
    parts = [_block(draw, depth - 1, count) for _ in range(1 if kind == "loop" else draw(st.integers(2, 3)))]
    nodes = [node for part in parts for node in part[0]]
    flows = [flow for part in parts for flow in part[1]]
    if kind == "row":
        flows += [f"{one[3]} {two[2]}" for one, two in pairwise(parts)]
        return nodes, flows, parts[0][2], parts[-1][3]
    split, join = f"{name}a", f"{name}b"
    if kind == "loop":
        flows += [f"{split} {parts[0][2]}", f"{parts[0][3]} {join}", f"{join} {split}"]
        return [*nodes, f"{split}:xor", f"{join}:xor"], flows, split, join
    flows += [flow for part in parts for flow in (f"{split} {part[2]}", f"{part[3]} {join}")]
    return [*nodes, f"{split}:{kind}", f"{join}:{kind}"], flows, split, join


def is_unsound(found: Program, *, reduce: bool) -> bool | None:
    """Whether there is an error; None where it is not decided."""
    findings = check_soundness(found, limits=LIMITS, reduce=reduce)
    if any(each.severity is Severity.ERROR for each in findings):
        return True
    return None if findings else False


@EXAMPLES
@given(body=unstructured())
def test_leaving_out_orders_changes_no_verdict(body: str) -> None:
    found = program(body)
    with_all, without = is_unsound(found, reduce=False), is_unsound(found, reduce=True)
    assume(with_all is not None)
    assert without is with_all


@EXAMPLES
@given(body=unstructured())
def test_the_verdict_is_that_of_exhaustive_play_with_data(body: str) -> None:
    found = program(body)
    played, verdict = play_everything(found), is_unsound(found, reduce=True)
    assume(played is not None)
    assert verdict is played


@EXAMPLES
@given(parts=block())
def test_block_structured_models_are_sound(parts: tuple[list[str], list[str], str, str, list[int]]) -> None:
    nodes, flows, first, last, _ = parts
    body = net(" ".join(["s:start", "e:end", *nodes]), "|".join([f"s {first}", *flows, f"{last} e"]))
    verdict = is_unsound(program(body), reduce=True)
    assume(verdict is not None)
    assert verdict is False


def play_everything(found: Program) -> bool | None:
    """Whether the model is unsound, by completing every task in every order with every value; None where that is too much."""
    names = [flow.id for flow in found.flows.values() if flow.condition is not None]
    choices = [dict(zip(names, values, strict=True)) for values in product((1, 0), repeat=len(names))]
    if len(choices) > MOST_CHOICES:
        return None
    forms, seen, activated = Forms(frozenset()), {}, set[str]()
    following: list[list[int]] = []
    ended: list[int] = []
    waiting: deque[tuple[int, Step]] = deque()

    def add(step: Step, before: int | None) -> bool | None:
        entered = [event.element for event in step.events if type(event) is ElementActivated]
        activated.update(entered)
        if any(entered.count(each) > 1 for each in entered if found.elements[each].conditional):
            return None
        state = step.state
        form = forms.of(state, frozenset())
        if form not in seen:
            seen[form] = len(seen)
            following.append([])
            stands = state.ended is None and not any(hasattr(w, "owner") for w in state.waits.values())
            crowd = any(p in found.flows or found.elements[p].type.is_activity for _, p in crowds(state))
            if stands or crowd or any(type(w).__name__ == "IncidentWait" for w in state.waits.values()):
                return True
            if state.ended is None:
                waiting.append((seen[form], step))
            else:
                ended.append(seen[form])
        if before is not None:
            following[before].append(seen[form])
        return False

    for values in choices:
        bad = add(advance(found, None, Start(variables=values), NOW), None)
        if bad is not False:
            return bad
    while waiting:
        number, step = waiting.popleft()
        if number > LIMITS.states:
            return None
        for key, values in product(step.state.waits, choices):
            bad = add(advance(found, step.state, CompleteTask(key=key, variables=values), NOW), number)
            if bad is not False:
                return bad
    good = set(ended)
    while True:
        more = {n for n, after in enumerate(following) if n not in good and good.intersection(after)}
        if not more:
            return len(good) < len(following) or activated != set(found.elements)
        good |= more
