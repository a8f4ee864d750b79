"""A compiled model: elements, flows and scopes joined by reference, every expression parsed. Not changed once built."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import (
    DeadlineExtension,
    Definitions,
    EventKind,
    MultiInstance,
    Node,
    NodeType,
    StandardLoop,
    TimerKind,
)
from staffel.engine.findings import Finding
from staffel.engine.kernel.asked import Calendar, DecisionModel
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.handover_rule import HandoverField, HandoverRule

if TYPE_CHECKING:
    from staffel.engine.kernel.behaviours.behaviour import Behaviour
    from staffel.engine.kernel.timers import Length


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a program needs besides its own file (architecture.md). Without a calendar no due dates are computed."""

    decisions: Mapping[str, DecisionModel] = field(default_factory=dict)
    forms: Collection[str] = ()
    handover_rules: Mapping[str, HandoverRule] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, Program] = field(default_factory=dict)
    calendar: Calendar | None = None


NO_PARTS = Parts()
JOINS = frozenset((NodeType.INCLUSIVE_GATEWAY, NodeType.COMPLEX_GATEWAY))


@dataclass(slots=True, eq=False)
class TimerPlan:
    """A timer: an expression of ISO 8601 text or a FEEL value, or a Frist that the calendar computes, from `begin` or now.

    `length` is that of a duration which is always the same.
    """

    kind: TimerKind
    formula: Formula | None
    deadline: DeadlineExtension | None = None
    begin: Formula | None = None
    length: Length | None = None


@dataclass(slots=True, eq=False)
class MappingPlan:
    """`target` gets the value of `source`."""

    source: Formula
    target: str


@dataclass(slots=True, eq=False)
class TransferPlan:
    """A data association (§10.4.2): a copy, a transformation, or assignments into parts of the target."""

    sources: tuple[str, ...]
    target: str
    formula: Formula | None
    assignments: tuple[tuple[Formula, str], ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Trigger:
    """One compiled event definition of an element, number `index` among them."""

    index: int
    kind: EventKind
    name: str = ""
    code: str | None = None
    timer: TimerPlan | None = None
    condition: Formula | None = None
    correlation: Formula | None = None
    activity: str | None = None
    wait: bool = True
    error_variable: str | None = None


@dataclass(slots=True, eq=False)
class MessagePlan:
    """What a throwing element sends."""

    name: str
    correlation: Formula
    payload: tuple[MappingPlan, ...]
    time_to_live: str | None


@dataclass(slots=True, eq=False, repr=False)
class LoopPlan:
    """A standard loop or multi-instance with its expressions."""

    source: StandardLoop | MultiInstance
    sequential: bool
    cardinality: Formula | None = None
    collection: Formula | None = None
    item: str | None = None
    output_element: Formula | None = None
    output_collection: str | None = None
    completion: Formula | None = None
    condition: Formula | None = None
    maximum: Formula | None = None
    test_before: bool = False
    events: tuple[tuple[Formula | None, Trigger], ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class HandoverPlan:
    """The waiting place on a flow between two Stellen; `follow_up_by` is the flow that hands the follow-up over to a third."""

    rule: HandoverRule
    ruled: bool
    sender: str
    receiver: str
    fields: tuple[HandoverField, ...] | None
    return_to: Element | None
    follow_up: Element | None
    follow_up_by: FlowPlan | None = None
    condition: Formula | None = None
    result_until: Formula | None = None
    result_paused_by: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False, repr=False)
class FlowPlan:
    """A compiled sequence flow.

    `stretch` are the passing elements that a token on it goes through in any case (id, the flow before, the flow after,
    each by id), `beyond` the flow that it is on then. `beside` are the other flows into its target. From a `quick` one
    `travel` may carry a token on.
    """

    id: str
    name: str
    source: Element
    target: Element
    condition: Formula | None = None
    handover: HandoverPlan | None = None
    alone: tuple[str, ...] = field(init=False)
    stretch: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    beyond: FlowPlan = field(init=False)
    beside: tuple[str, ...] = ()
    quick: bool = False

    def __post_init__(self) -> None:
        self.alone = (self.id,)
        self.beyond = self


@dataclass(slots=True, eq=False, repr=False)
class ScopePlan:
    """What a process, called process or sub-process holds.

    `starts` are its none start events; `loose` the nodes without incoming flow, which begin with it as well (§10.3.1,
    §13.2). `isolated` scopes do not see the variables around them (called processes).
    """

    id: str
    owner: Element | None
    isolated: bool = False
    elements: dict[str, Element] = field(default_factory=dict)
    starts: tuple[Element, ...] = ()
    loose: tuple[Element, ...] = ()
    event_starts: tuple[Element, ...] = ()
    event_subs: tuple[Element, ...] = ()
    compensation_sub: Element | None = None
    prefix: str = ""
    ad_hoc: bool = False
    declared: frozenset[str] = frozenset()
    joins: tuple[Element, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """A compiled flow node. `id` carries the prefix of calls (`Call_1/Task_A`); `local_id` does not.

    `plain` elements have nothing to do before they are entered, `passing` ones nothing between entering and leaving.
    `kept_by` are the handovers (by flow) whose return leads back to or before the element: its legal Fristen outlive it.
    `sole` is the flow by which a token always leaves, where there is just one and nothing to decide or to note. A
    `choosing` element passes a token to one of several flows; a `ready` one takes a token in one move (`travel`). At a `fixed` one
    nothing has to be computed before it waits. A `watched` one has Fristen, but no task of people (`step_deadlines`).
    """

    id: str
    local_id: str
    name: str
    type: NodeType
    node: Node
    plan: ScopePlan
    behaviour: Behaviour = field(init=False)
    outgoing: tuple[FlowPlan, ...] = ()
    incoming: tuple[FlowPlan, ...] = ()
    incoming_ids: tuple[str, ...] = ()
    default: FlowPlan | None = None
    conditional: bool = False
    hands_over: bool = False
    boundaries: tuple[Element, ...] = ()
    attached_to: Element | None = None
    waiting: bool = False
    triggers: tuple[Trigger, ...] = ()
    inputs: tuple[MappingPlan, ...] = ()
    outputs: tuple[MappingPlan, ...] = ()
    reads_data: tuple[TransferPlan, ...] = ()
    writes_data: tuple[TransferPlan, ...] = ()
    plain_data: bool = True
    plain: bool = False
    passing: bool = False
    sole: FlowPlan | None = None
    choosing: bool = False
    ready: bool = False
    fixed: bool = False
    input_sets: tuple[tuple[str, ...], ...] = ()
    loop: LoopPlan | None = None
    body: ScopePlan | None = None
    lane: str | None = None
    unit: str | None = None
    form: str | None = None
    priority: Formula | None = None
    due: Formula | None = None
    follow_up: Formula | None = None
    deadlines: tuple[tuple[DeadlineExtension, Formula | None], ...] = ()
    message: MessagePlan | None = None
    payload: tuple[MappingPlan, ...] = ()
    topic: str = ""
    retries: int = 3
    script: Formula | None = None
    result: str | None = None
    decision: tuple[str, DecisionModel] | None = None
    key_date: Formula | None = None
    bound: bool = False
    links_to: Element | None = None
    handler: Element | None = None
    compensable: bool = False
    activation: Formula | None = None
    completion: Formula | None = None
    reach: dict[str, int] = field(default_factory=dict)
    sure: dict[str, int] = field(default_factory=dict)
    fault: tuple[str, str] | None = None
    timed: bool = False
    watched: bool = False
    kept_by: frozenset[str] = frozenset()

    @property
    def catches_cancel(self) -> bool:
        """Whether it is a cancel boundary event."""
        return any(trigger.kind is EventKind.CANCEL for trigger in self.triggers)

    @property
    def is_join(self) -> bool:
        """Whether its activation depends on tokens elsewhere (inclusive and complex gateways)."""
        return self.type in JOINS


@dataclass(frozen=True, slots=True)
class StartPlan:
    """A way to begin a case: at start event (or instantiating receive task, gateway event) `element`.

    `kind` None is the none start event. `title` is the element's name, `name` the message's or signal's; `trigger`
    numbers the event definition when there are several (see `commands.Start`).
    """

    element: str
    title: str
    kind: EventKind | None = None
    name: str = ""
    trigger: int = 0
    timer: TimerPlan | None = None
    condition: Formula | None = None


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """What pages may know of an element, without touching the kernel's own structures."""

    id: str
    name: str
    type: NodeType
    parent: str | None
    lane: str | None
    unit: str | None
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    milestone: str | None
    four_eyes: bool
    legal_bases: tuple[str, ...]
    documentation: str
    form: str | None
    interrupting: bool
    attached_to: str | None
    line: int


@dataclass(slots=True, eq=False, repr=False)
class Program:
    """A model ready to run. `elements` and `flows` by full id; the rest is read access for the rooms above.

    `anchors` are the variables that Fristen begin at, `result_anchors` those that name the day of a handover's result, `result_pausing` the steps that
    suspend the Frist of one; `suspending` tells that steps suspend other Fristen, `dated` that tasks have due dates by expression.
    """

    process: str
    name: str
    root: ScopePlan
    elements: dict[str, Element]
    flows: dict[str, FlowPlan]
    starts: tuple[StartPlan, ...]
    forms: tuple[str, ...]
    calendar: Calendar | None
    definitions: Definitions
    parts: Parts
    limit: int = 10_000
    conditional: bool = False
    joining: bool = False
    anchors: frozenset[str] = frozenset()
    result_anchors: frozenset[str] = frozenset()
    result_pausing: frozenset[str] = frozenset()
    suspending: bool = False
    dated: bool = False
    moving: frozenset[str] = frozenset()
    scopes: dict[str, ScopePlan] = field(default_factory=dict)

    def describe(self) -> tuple[ElementInfo, ...]:
        """Every element in the order of the file, outer before inner."""
        return tuple(_info(element) for element in self.elements.values())

    def choices(self) -> tuple[StartPlan, ...]:
        """The start events that a person who begins a case has, each once (§10.5.2): those without trigger, else all."""
        plain = [each for each in self.starts if each.kind is None] or self.starts
        return tuple({each.element: each for each in reversed(plain)}.values())[::-1]

    def start_form(self, element: str | None = None) -> str | None:
        """The form that a case is started with (at start event `element`, or at the first that has one)."""
        starts = [self.elements[start.element] for start in self.starts if element in {None, start.element}]
        return next((start.form for start in starts if start.form), None)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program with what was found while compiling; with an error among the findings it must not be put in force."""

    program: Program
    findings: tuple[Finding, ...]


def _info(element: Element) -> ElementInfo:
    node, owner = element.node, element.plan.owner
    return ElementInfo(
        id=element.id,
        name=element.name,
        type=element.type,
        parent=owner.id if owner else None,
        lane=element.lane,
        unit=element.unit,
        incoming=element.incoming_ids,
        outgoing=tuple(flow.id for flow in element.outgoing),
        milestone=node.extension.milestone,
        four_eyes=node.extension.four_eyes,
        legal_bases=node.extension.legal_basis,
        documentation=node.documentation,
        form=element.form,
        interrupting=node.interrupting,
        attached_to=element.attached_to.id if element.attached_to else None,
        line=node.line,
    )
