"""What a case waits for: a person, another Stelle, a message, a moment, and what may come at any time beside its course."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from staffel.api.cases.queries import unit_of
from staffel.api.cases.schemas import WaitKind, WaitOut
from staffel.api.references import UnitRef
from staffel.engine.actor import Actor
from staffel.engine.kernel import Program
from staffel.engine.kernel.state import (
    ConditionWait,
    HandoverWait,
    IncidentWait,
    Instance,
    MessageWait,
    SignalWait,
    TaskWait,
    TimerWait,
    Wait,
    WorkWait,
)
from staffel.engine.library.ahead import only_listens
from staffel.engine.store.tables import Case

_KINDS: Mapping[type[Wait], WaitKind] = MappingProxyType(
    {
        TaskWait: WaitKind.TASK,
        WorkWait: WaitKind.WORK,
        TimerWait: WaitKind.TIME,
        MessageWait: WaitKind.MESSAGE,
        SignalWait: WaitKind.MESSAGE,
        ConditionWait: WaitKind.CONDITION,
        HandoverWait: WaitKind.HANDOVER,
        IncidentWait: WaitKind.INCIDENT,
    }
)


def waits_of(
    program: Program, state: Instance, case: Case, units: Mapping[UUID, UnitRef], actor: Actor
) -> list[WaitOut]:
    """What is waited for, each once, what came first before the rest; until when only at steps of the actor's Stellen."""
    found: dict[tuple[str, WaitKind], WaitOut] = {}
    for wait in (state.waits[key] for key in sorted(state.waits)):
        kind = _KINDS.get(type(wait))
        if kind is not None:
            found.setdefault((wait.element, kind), _wait(program, wait, kind, (case, units, actor)))
    return list(found.values())


def _wait(
    program: Program, wait: Wait, kind: WaitKind, about: tuple[Case, Mapping[UUID, UnitRef], Actor]
) -> WaitOut:
    case, units, actor = about
    flow = program.flows.get(wait.element)
    element = program.elements.get(wait.element)
    name = element.name if element is not None else ""
    if flow is not None:
        element = flow.source if isinstance(wait, HandoverWait) and wait.returned else flow.target
        name = flow.target.name
    unit = unit_of(case, element) if element is not None else None
    is_ours = unit is not None and actor.works_in(unit)
    return WaitOut(
        element=wait.element,
        name=name or wait.element,
        kind=kind,
        unit=units.get(unit) if unit is not None else None,
        until=wait.due if is_ours and isinstance(wait, TimerWait) else None,
        listens=only_listens(program, wait.element),
    )
