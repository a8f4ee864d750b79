"""What several events do to a state, done at once: as `apply` one after the other would leave it, in less time.

Tokens may be left out of the state between `FlowTaken` and the event that takes them, where both are known to come:
`held` then names the flows whose tokens the state does have. `fold` reads the same events one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from staffel.engine.kernel.apply import one_less
from staffel.engine.kernel.changes import take_tokens
from staffel.engine.kernel.events import ElementActivated
from staffel.engine.kernel.state import Instance, Place, TaskWait


def apply_passage(state: Instance, activated: ElementActivated, held: tuple[str, ...]) -> None:
    """`ElementActivated` and `ElementCompleted` of an element that held nothing between them."""
    if held:
        take_tokens(state, activated.scope, held)
    state.next_key = activated.key + 1
    state.seq += 2


def apply_travel(state: Instance, elements: int) -> None:
    """So many times `ElementActivated`, `ElementCompleted` and `FlowTaken`, apart from the tokens."""
    state.next_key += elements
    state.seq += 3 * elements


def apply_tokens(state: Instance, scope: int, flows: tuple[str, ...]) -> None:
    """The tokens of a `FlowTaken` each that have been counted already."""
    state.tokens[scope] = (*state.tokens.get(scope, ()), *flows)


def apply_entry(state: Instance, activated: ElementActivated, held: tuple[str, ...]) -> None:
    """`ElementActivated` with those of its tokens that the state has."""
    key, scope = activated.key, activated.scope
    if held:
        take_tokens(state, scope, held)
    state.places[key] = Place(activated.element, scope)
    state.children[scope] = state.children.get(scope, 0) + 1
    state.next_key = key + 1
    state.seq += 1


def apply_offer(state: Instance, activated: ElementActivated, held: tuple[str, ...]) -> None:
    """`ElementActivated` with those of its tokens that the state has, and the `TaskOffered` after it."""
    key, scope, element = activated.key, activated.scope, activated.element
    if held:
        take_tokens(state, scope, held)
    state.places[key] = Place(element, scope)
    state.children[scope] = state.children.get(scope, 0) + 1
    state.waits[key + 1] = TaskWait(key, element)
    state.owned[key] = (key + 1,)
    state.next_key = key + 2
    state.seq += 2


def apply_done(state: Instance, owner: int, scope: int, values: Mapping[str, Any]) -> None:
    """The end of a task: what closes its waiting places, `VariablesSet`, `ElementCompleted` and `FlowTaken`, apart from the token."""
    closed = state.owned.pop(owner)
    for key in closed:
        del state.waits[key]
        if state.fristen:
            state.fristen.pop(key, None)
    del state.places[owner]
    if values:
        state.set_values(scope, values)
    state.forget_values(owner)
    one_less(state, scope)
    state.seq += len(closed) + (3 if values else 2)
