"""Where a case stands, seen by those who repair it: each place with its Stelle and the steps its token can go to."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from staffel.engine.actor import Actor, Role
from staffel.engine.bpmn.model import NodeType
from staffel.engine.cases import policy
from staffel.engine.kernel import Instance, Position, Program, positions
from staffel.engine.kernel.repair import can_be_activated
from staffel.engine.kernel.state import ROOT
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import CaseStatus


class Named(msgspec.Struct, frozen=True):
    """An element or flow with its name for people."""

    element: str
    name: str


class RepairPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the case stands: an element instance (`7`) or a token on a flow (`f3@0`).

    `mine` says that the asking person may repair it; `targets` are the elements that its token can be moved to.
    """

    id: str
    element: str
    name: str
    unit: UUID
    waits: tuple[str, ...]
    mine: bool
    targets: tuple[Named, ...] = ()


class Lanes:
    """Whose step an element is in this case."""

    def __init__(self, case: CaseHead, program: Program) -> None:
        self._case = case
        self._program = program
        self._units = msgspec.json.decode(case.units, type=dict[str, UUID])

    def unit(self, element: str) -> UUID | None:
        """The Stelle; a token on a flow is with that of the element it leads to. None: nobody is competent."""
        flow = self._program.flows.get(element)
        kind = (self._program.elements[element] if flow is None else flow.target).unit
        return self._case.starter_unit if kind is None else self._units.get(kind)

    def named(self, element: str) -> Named:
        """With the name that people know it by."""
        return Named(element, name_of(self._program, element))


def name_of(program: Program, element: str) -> str:
    """The name of an element, of a flow by what it connects; the id where there is none."""
    if flow := program.flows.get(element):
        return f"{flow.source.name or flow.source.id} → {flow.target.name or flow.target.id}"
    found = program.elements.get(element)
    return element if found is None else found.name or element


def places_of(actor: Actor, case: CaseHead, program: Program, state: Instance) -> tuple[RepairPlace, ...]:
    """Everything alive but handovers, which have ways of their own."""
    if case.status != CaseStatus.RUNNING:
        return ()
    lanes, led = Lanes(case, program), policy.led_by(actor)
    cares = actor.municipality == case.municipality and actor.has(Role.PROZESSDESIGN)
    return tuple(
        RepairPlace(
            id=place_id(at),
            element=at.element,
            name=name_of(program, at.element),
            unit=(unit := lanes.unit(at.element) or case.responsible_unit),
            waits=at.waits,
            mine=unit in led or (cares and "incident" in at.waits),
            targets=tuple(
                target
                for target in _targets(lanes, program, state, at, unit)
                if unit in led or target.element in _next(program, at.element)
            ),
        )
        for at in positions(program, state)
        if "handover" not in at.waits
    )


def place_id(at: Position) -> str:
    """What names a place while it is alive."""
    return f"{at.element}@{at.scope}" if at.flow else str(at.key)


def _next(program: Program, element: str) -> set[str]:
    """The element and what follows it at once: who does not lead the Stelle skips none of its steps."""
    found = program.elements.get(element)
    return {element, *(flow.target.id for flow in found.outgoing)} if found is not None else set()


def _targets(lanes: Lanes, program: Program, state: Instance, at: Position, unit: UUID) -> Iterator[Named]:
    """The elements of the Stelle in the scope of the place; an item of a loop goes nowhere else."""
    if at.index is not None or at.scope in state.loops:
        return
    plan = program.root if at.scope == ROOT else program.elements[state.places[at.scope].element].body
    if plan is None:
        return
    for element in plan.elements.values():
        fits = can_be_activated(element, plan) and element.type is not NodeType.START_EVENT
        if fits and lanes.unit(element.id) == unit:
            yield lanes.named(element.id)
