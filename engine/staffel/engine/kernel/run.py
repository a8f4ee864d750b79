"""One step while it is being computed: the events so far, the work still to do, and the names expressions see."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from staffel.engine.calendar import DeadlineKind
from staffel.engine.feel import codec
from staffel.engine.feel.errors import FeelValueError
from staffel.engine.kernel.apply import APPLY
from staffel.engine.kernel.asked import Calendar
from staffel.engine.kernel.events import (
    ElementActivated,
    ElementCompleted,
    Event,
    IncidentRaised,
    VariablesSet,
)
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.incidents import Code, Stuck
from staffel.engine.kernel.program import Element, FlowPlan, Program, ScopePlan
from staffel.engine.kernel.state import ROOT, Instance
from staffel.engine.kernel.together import apply_passage

NOTHING: Mapping[str, Any] = {}
SIMPLE = frozenset((str, bool, int, Decimal, date, datetime, type(None)))
"""Kinds of values that can be stored without a closer look."""


def all_simple(values: Mapping[str, Any]) -> bool:
    """Whether every value can be stored as it is."""
    return SIMPLE.issuperset(map(type, values.values()))


def storable(name: str, value: Any) -> None:
    """Make sure that a variable can hold the value. Raises `Stuck`."""
    try:
        codec.encode_value(value)
    except FeelValueError as error:
        raise Stuck(
            Code.BAD_VALUE,
            expression=name,
            found=type(value).__name__,
            expected_de=error.message_de,
            expected_en=error.message_en,
        ) from error


CREDIT = 100_000
"""How many automatic steps the items of multi-instances may add to a command's limit in all."""
NO_PLAN = ScopePlan("", None)
"""The plan of instances that hold no others."""

Calendars: TypeAlias = Callable[[str | None], Calendar]
"""The calendar of the Stelle that works for a kind in this case (None: of the one that started it)."""
Job: TypeAlias = Callable[["Run", Any, Any], None]


class Run:
    """The working context of one step. `state` is this step's own copy; every change goes through `emit`."""

    halted: tuple[int, Element] | None = None
    last_end: str | None = None
    person = False
    credit = CREDIT
    changed: frozenset[str] = frozenset()

    def __init__(
        self, program: Program, state: Instance, now: datetime, calendars: Calendars | None = None
    ) -> None:
        self.program = program
        self.calendars = calendars
        self.elements = program.elements
        self.state = state
        self.now = now
        self.events: list[Event] = []
        self.queue: deque[tuple[Job, Any, Any]] = deque()
        self.checks: list[int] = []
        self.steps = program.limit

    def emit(self, event: Event) -> None:
        """Let it have happened."""
        self.events.append(event)
        state = self.state
        APPLY[type(event)](state, event)
        state.seq += 1

    def emit_passage(self, element: str, scope: int, flows: tuple[str, ...], held: tuple[str, ...]) -> int:
        """Let an element have been entered and left at once, which needs no instance in the state; its key.

        `held` are those of the `flows` whose tokens the state has.
        """
        key = self.state.next_key
        activated = ElementActivated(key=key, element=element, scope=scope, flows=flows)
        self.events += (activated, ElementCompleted(key=key, element=element, scope=scope))
        apply_passage(self.state, activated, held)
        return key

    def count_step(self, scope: int, flow: FlowPlan) -> bool:
        """Count a token's arrival at the end of a flow; whether it is one too many."""
        self.steps -= 1
        if self.steps >= 0:
            return False
        self.halted = self.halted or (scope, flow.target)
        return True

    def calendar(self, unit: str | None, kind: str) -> Calendar | None:
        """The calendar for a Frist of this kind at a Stelle: closing days count for those that the agencies set."""
        if self.calendars is None or self.program.calendar is None or not DeadlineKind(kind).is_local:
            return self.program.calendar
        return self.calendars(unit)

    def later(self, job: Job, first: Any, second: Any = None) -> None:
        """Do the job when what is being done now is finished."""
        self.queue.append((job, first, second))

    def plan_of(self, scope: int) -> ScopePlan:
        """What the scope instance holds; nothing where it is no scope."""
        if scope == ROOT:
            return self.program.root
        if scope in self.state.loops:
            return NO_PLAN
        return self.elements[self.state.places[scope].element].body or NO_PLAN

    # names and values

    def names(
        self, key: int, reads: Collection[str], extra: Mapping[str, Any] = NOTHING, *, outside: bool = False
    ) -> dict[str, Any]:
        """The values of `reads` seen from place or scope `key`: the nearest scope that has the name wins.

        `outside` looks past the isolation of a call activity's own place (for its input mappings).
        """
        if key == ROOT and not extra:
            values = self.state.values(ROOT)
            seen: dict[str, Any] = {}
            for name in reads:
                if name not in values:
                    break  # `case`, or not there
                seen[name] = values[name]
            else:
                return seen
        found: dict[str, Any] = {}
        for name in reads:
            if name in extra:
                found[name] = extra[name]
                continue
            scope = self._holder(key, name, outside=outside)
            if scope is not None:
                found[name] = self.state.values(scope)[name]
            elif name == "case":
                found[name] = {"reference": self.state.reference, "id": self.state.case_id}
            elif name == "loopCounter":
                self._count(key, found)
        return found

    def value(
        self, formula: Formula, key: int, extra: Mapping[str, Any] = NOTHING, *, outside: bool = False
    ) -> Any:
        """The value of an expression seen from `key`."""
        return formula.value(self.names(key, formula.reads, extra, outside=outside), self.now)

    def visible(self, key: int, *, outside: bool = False) -> dict[str, Any]:
        """All variables seen from `key`."""
        result: dict[str, Any] = {}
        for scope in reversed(self._chain(key, outside=outside)):
            result.update((name, value) for name, value in self.state.values(scope).items() if name[0] != "$")
        return result

    def write(self, scope: int, values: Mapping[str, Any]) -> None:
        """Write variables from inside `scope`: to the scope that has or declares the name, else to the process."""
        if scope == ROOT:
            self.set(ROOT, values)
            return
        chain = self._chain(scope)
        if len(chain) == 1:
            self.set(chain[0], values)
            return
        parts: dict[int, dict[str, Any]] = {}
        for name, value in values.items():
            target = next((each for each in chain if self._declares(each, name)), chain[-1])
            parts.setdefault(target, {})[name] = value
        for target, part in parts.items():
            self.set(target, part)

    def set(self, scope: int, values: Mapping[str, Any]) -> None:
        """Give variables of exactly this scope or place their values."""
        if not values:
            return
        if not all_simple(values):
            for name, value in values.items():
                storable(name, value)
        self.emit(VariablesSet(scope=scope, values=values))
        if self.program.conditional:
            self.changed = self.changed.union(values)

    def _declares(self, scope: int, name: str) -> bool:
        return name in self.state.values(scope) or name in self.plan_of(scope).declared

    def _holder(self, key: int, name: str, *, outside: bool) -> int | None:
        for scope in self._chain(key, outside=outside):
            if name in self.state.values(scope):
                return scope
        return None

    def _chain(self, key: int, *, outside: bool = False) -> list[int]:
        """The scopes from `key` outwards, up to and including the process (or called process) it is in."""
        chain = [key]
        if key == ROOT:
            return chain
        places, elements = self.state.places, self.elements
        while key != ROOT:
            place = places[key]
            body = elements[place.element].body
            if body is not None and body.isolated and not outside and not self._is_loop_body(key):
                break
            outside = False
            key = place.scope
            chain.append(key)
        return chain

    def _is_loop_body(self, key: int) -> bool:
        return key in self.state.loops

    def _count(self, key: int, found: dict[str, Any]) -> None:
        for scope in self._chain(key):
            place = self.state.places.get(scope)
            if place is not None and place.index is not None:
                found["loopCounter"] = place.index + 1
                return

    # incidents

    def incident(self, owner: int, element: Element, stuck: Stuck, stage: str) -> None:
        """Note that `owner` stands still; a retry does `stage` again."""
        german, english = stuck.texts(element.name or element.id)
        self.emit(
            IncidentRaised(
                key=self.state.next_key,
                owner=owner,
                element=element.id,
                code=stuck.code.value,
                stage=stage,
                text_de=german,
                text_en=english,
                details=stuck.details,
            )
        )
