"""The form of a state: equal for states that differ in keys, numbers, times and variables only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Hashable, Iterable
from typing import Any, TypeAlias

from staffel.engine.kernel.state import (
    ROOT,
    ConditionWait,
    HandoverWait,
    IncidentWait,
    Instance,
    Record,
    Wait,
)

Used: TypeAlias = frozenset[Hashable]
"""What has occurred already and goes on waiting: keys of waits, and (instance, catching event) for what is thrown."""
Token: TypeAlias = tuple[str, Hashable]
"""A token: the element or flow that it is at, with all that tells it from others there."""


class Forms:
    """Numbers for forms: equal forms get equal numbers, so that nested forms compare quickly.

    How often a handover was returned matters on the flows of `again` only: a case comes to no other a second time.
    """

    def __init__(self, again: Container[str]) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._again = again

    def of(self, state: Instance, used: Used) -> int:
        """The number of the state's form."""
        inside: dict[int, list[int]] = {}
        current = {each.current for each in state.compensations.values()}
        thrown = _thrown(used)
        for key in sorted(state.places, reverse=True):
            place = state.places[key]
            own = self._scope(state, key, used, thrown, inside.pop(key, []))
            shape = (place.element, place.index is not None, key in current, own)
            inside.setdefault(place.scope, []).append(self._number(shape))
        ended = state.ended.value if state.ended is not None else ""
        return self._number((ended, self._scope(state, ROOT, used, thrown, inside.pop(ROOT, []))))

    def _scope(
        self, state: Instance, key: int, used: Used, thrown: dict[Any, list[str]], inside: list[int]
    ) -> Hashable:
        owned = state.owned.get(key, ())
        waits = tuple(sorted(_wait(state.waits[each], each in used) for each in owned)) if owned else ()
        flows = state.tokens.get(key)
        return (
            tuple(sorted(inside)) if inside else (),
            waits,
            tuple(sorted(flows)) if flows else (),
            tuple(thrown.get(key, ())) if thrown else (),
            _rare(state, key, self._again) if _has_rare(state) else (),
        )

    def _number(self, shape: Hashable) -> int:
        return self._numbers.setdefault(shape, len(self._numbers))


def _has_rare(state: Instance) -> bool:
    return bool(
        state.loops or state.resets or state.records or state.compensations or state.returns or state._values
    )


def _rare(state: Instance, key: int, again: Container[str]) -> Hashable:
    """What few scopes have: loops, resets, what can be compensated, returned handovers, the turn of an ad-hoc part."""
    found = state.compensations.get(key)
    loop = state.loops.get(key)
    return (
        (loop.total, min(loop.started, 1), 0) if loop is not None and loop.total < 0 else loop,
        tuple(sorted(state.resets.get(key, ()))),
        _records(state.records.get(key, ())),
        (_records(found.left), found.then) if found is not None else None,
        tuple(
            sorted(
                (each.flow, each.times) for each in state.returns if each.scope == key and each.flow in again
            )
        ),
        state.values(key).get("$next", 0) if key in state.places else 0,
    )


def _thrown(used: Used) -> dict[Any, list[str]]:
    if not used:
        return {}
    found: dict[Any, list[str]] = {}
    for each in used:
        if isinstance(each, tuple):
            found.setdefault(each[0], []).append(each[1])
    for names in found.values():
        names.sort()
    return found


def _wait(wait: Wait, used: bool) -> tuple[str, str, int, int, bool, str]:
    number, stage, flag = 0, "", used
    match wait:
        case HandoverWait():
            number, flag = wait.attempt, wait.returned
        case IncidentWait():
            stage = f"{wait.code} {wait.stage}"
        case ConditionWait():
            flag = used or wait.holds
        case _:
            pass
    return type(wait).__name__, wait.element, getattr(wait, "trigger", 0), number, flag, stage


def _records(records: Iterable[Record]) -> tuple[Hashable, ...]:
    """Records in their order, each kind once: how often a loop has passed an activity makes no difference here."""
    return tuple(dict.fromkeys((each.element, each.index, each.inner) for each in records))


def tokens(state: Instance, used: Used) -> Counter[Token]:
    """Every token, wherever it is; items of multi-instances count as one."""
    found: Counter[Token] = Counter()
    for key, place in state.places.items():
        waits = (state.waits[each] for each in state.owned.get(key, ()))
        marks = tuple(sorted(_wait(each, False) for each in waits if type(each) is IncidentWait))
        late = tuple(sorted(state.waits[each].element for each in state.owned.get(key, ()) if each in used))
        token = (place.element, (marks, late))
        found[token] = 1 if place.index is not None else found[token] + 1
    for flows in state.tokens.values():
        found.update((flow, ()) for flow in flows)
    found.update(
        (wait.element, (wait.attempt,)) for wait in state.waits.values() if type(wait) is HandoverWait
    )
    return found


def crowds(state: Instance) -> Counter[tuple[int, str]]:
    """How many tokens there are at each element and flow of each scope instance, where there is more than one."""
    found = Counter((place.scope, place.element) for place in state.places.values() if place.index is None)
    for scope, flows in state.tokens.items():
        found.update((scope, flow) for flow in flows)
    for wait in state.waits.values():
        if type(wait) is HandoverWait:
            found[wait.owner, wait.element] += 1
    return Counter({place: number for place, number in found.items() if number > 1})
