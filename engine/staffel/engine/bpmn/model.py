"""What a BPMN file says, as plain values: read once, never changed, independent of XML and of the kernel.

Names are those of BPMN 2.0.2. Every element that can appear in a finding carries its `id` and the `line` in the
file. Elements without an id in the file get one that is stable for the file (`Flow_line17`), marked by
`generated_id`.  Expressions stay text here; `kernel.compiler` parses them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NodeType(StrEnum):
    """The flow nodes of BPMN 2.0.2, by their element name in the file."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    COMPLEX_GATEWAY = "complexGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"

    @property
    def is_gateway(self) -> bool:
        """Whether the node is one of the five gateways (BPMN 2.0.2 §10.6)."""
        return self.value.endswith("Gateway")

    @property
    def is_event(self) -> bool:
        """Whether the node is an event (§10.5)."""
        return self.value.endswith("Event")

    @property
    def is_sub_process(self) -> bool:
        """Whether the node holds a scope of its own in the same file (§10.3.5)."""
        return self in {NodeType.SUB_PROCESS, NodeType.TRANSACTION, NodeType.AD_HOC_SUB_PROCESS}

    @property
    def is_activity(self) -> bool:
        """Whether the node is an activity (§10.3)."""
        return not self.is_gateway and not self.is_event


class EventKind(StrEnum):
    """The event definitions of BPMN 2.0.2 §10.5.5; an event without one has no entry in `Node.events`."""

    MESSAGE = "message"
    TIMER = "timer"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITIONAL = "conditional"
    LINK = "link"
    COMPENSATION = "compensate"
    CANCEL = "cancel"
    TERMINATE = "terminate"


class TimerKind(StrEnum):
    """What a timer definition holds: a point in time, a length, or a repetition (ISO 8601)."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as it stands in the file. `language` is the URI or name given there, empty when none is."""

    text: str
    language: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One trigger or result of an event. `ref` is the id of the message, signal, error or escalation referred to;
    `name` and `code` are resolved from it (message/signal/link name; error or escalation code; None = catch all)."""

    kind: EventKind
    id: str = ""
    line: int = 0
    ref: str | None = None
    name: str | None = None
    code: str | None = None
    timer: TimerKind | None = None
    expression: Expression | None = None
    activity_ref: str | None = None
    wait_for_completion: bool = True
    error_variable: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - `Mapping` is the abstract type of Python
    """One input or output mapping: `target` gets the value of `source`."""

    source: Expression
    target: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """`assignment` inside a data association (§10.4.2)."""

    source: Expression
    target: Expression


@dataclass(frozen=True, slots=True)
class DataAssociation:
    """A data input or output association: ids of its sources and target, with transformation or assignments."""

    id: str
    line: int
    sources: tuple[str, ...]
    target: str
    transformation: Expression | None = None
    assignments: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True)
class DataItem:
    """A data object, data object reference, property, data store (reference), data input or data output."""

    id: str
    kind: str
    name: str
    line: int
    is_collection: bool = False
    refers_to: str | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class InputOutput:
    """An `ioSpecification`: data inputs and outputs with their sets (ids), §10.4.2."""

    inputs: tuple[DataItem, ...] = ()
    outputs: tuple[DataItem, ...] = ()
    input_sets: tuple[tuple[str, ...], ...] = ()
    output_sets: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """`standardLoopCharacteristics` (§10.3.8)."""

    condition: Expression | None = None
    test_before: bool = False
    maximum: int | None = None
    maximum_expression: Expression | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """`multiInstanceLoopCharacteristics` (§10.3.8): by `cardinality` or over the items of `collection`."""

    sequential: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item_variable: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    completion_condition: Expression | None = None
    behavior: str = "All"
    one_event: str | None = None
    none_event: str | None = None
    complex_definitions: tuple[tuple[Expression, EventDefinition], ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form that a model brings itself (`camunda:formData`, `zeebe`, `spiffworkflow`), as read."""

    id: str
    label: str
    type: str
    default: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    constraints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandoverExtension:
    """`staffel:handover` on a sequence or message flow: the rule as attributes and child elements, unchecked.

    `rule` names a rule of the YAML beside the model; the other fields state the rule in place (DOMAIN §3.2).
    """

    rule: str | None = None
    kind: str | None = None
    fields: tuple[Mapping[str, str], ...] = ()
    legal_bases: tuple[str, ...] = ()
    acknowledge_within: str | None = None
    complete_within: str | None = None
    result_within: str | None = None
    return_to: str | None = None
    max_returns: int | None = None
    return_reasons: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class DeadlineExtension:
    """`staffel:deadline` on an activity or event (DESIGN §4, DOMAIN §2.0.2), unchecked text.

    `kind` gesetzlich | soll | vereinbart | intern | person; `length` like `5AT`, `10T`, `2W`, `3M`; `start` a
    FEEL expression or empty for "when the task becomes available"; `at_end` remind | escalate | interrupt | consent.
    `extend` is how much the one Verlängerung adds at most (empty: none); while one of the elements `suspended_by` runs
    the Frist is suspended (gehemmt), by the law `suspension_basis`, which also stands for suspensions that people note.
    """

    kind: str
    length: str
    start: str | None = None
    at_end: str = "remind"
    legal_basis: str | None = None
    shift: bool | None = None
    name: str = ""
    extend: str | None = None
    suspended_by: tuple[str, ...] = ()
    suspension_basis: str | None = None
    line: int = 0


ENDPOINT_TOPICS = "endpoint:"
"""How the topics begin of work that goes to an endpoint of the installation."""


@dataclass(frozen=True, slots=True)
class EndpointExtension:
    """`staffel:endpoint` on a service task: the endpoint that the operator has configured under `name`.

    `errors` maps HTTP statuses (400 to 499) to codes of BPMN errors.
    """

    name: str
    errors: Mapping[int, str] = field(default_factory=dict)
    line: int = 0

    @property
    def topic(self) -> str:
        """Under which topic its work is offered."""
        return ENDPOINT_TOPICS + self.name


@dataclass(frozen=True, slots=True)
class Extension:
    """Extension elements that have a meaning here, whatever dialect they were written in.

    Dialects are translated by `bpmn.dialects`; what is not carried over stands in a finding, never here. `take_all` and
    `give_all` say whether a call passes on all variables, in and out; None: when no mapping says which. `four_eyes`: a
    second person of the Stelle countersigns before the task is done.
    """

    form: str | None = None
    form_fields: tuple[FormField, ...] = ()
    topic: str | None = None
    endpoint: EndpointExtension | None = None
    retries: int | None = None
    priority: Expression | None = None
    due: Expression | None = None
    follow_up: Expression | None = None
    inputs: tuple[Mapping_, ...] = ()
    outputs: tuple[Mapping_, ...] = ()
    decision: str | None = None
    key_date: Expression | None = None
    bound: bool | None = None
    result_variable: str | None = None
    take_all: bool | None = None
    give_all: bool | None = None
    correlation: Expression | None = None
    message_payload: tuple[Mapping_, ...] = ()
    time_to_live: str | None = None
    unit: str | None = None
    milestone: str | None = None
    four_eyes: bool = False
    legal_basis: tuple[str, ...] = ()
    handover: HandoverExtension | None = None
    deadlines: tuple[DeadlineExtension, ...] = ()


NO_EXTENSION = Extension()


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow (§8.4.13). `condition` None = unconditional; `immediate` False is refused when executable."""

    id: str
    source: str
    target: str
    line: int
    name: str = ""
    condition: Expression | None = None
    extension: Extension = NO_EXTENSION
    generated_id: bool = False


@dataclass(frozen=True, slots=True)
class Association:
    """An association (§8.4.1); `compensation` marks the one from a boundary event to its handler."""

    id: str
    source: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane (§10.8.2). `nodes` are the ids of the nodes directly in it, nested lanes' nodes excluded; `path` the
    names from the outermost lane; `unit` the kind of Stelle given by extension (`JC`), else None."""

    id: str
    name: str
    line: int
    nodes: tuple[str, ...]
    parent: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. Fields that a type does not have keep their default."""

    id: str
    type: NodeType
    line: int
    name: str = ""
    documentation: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    lane: str | None = None
    # events
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    interrupting: bool = True
    attached_to: str | None = None
    # gateways
    direction: str = "Unspecified"
    instantiate: bool = False
    event_gateway_type: str = "Exclusive"
    activation_condition: Expression | None = None
    # activities
    body: Scope | None = None
    triggered_by_event: bool = False
    loop: StandardLoop | MultiInstance | None = None
    for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    message: str | None = None
    message_name: str | None = None
    operation: str | None = None
    implementation: str | None = None
    script: str | None = None
    script_format: str = ""
    called_element: str | None = None
    ad_hoc_ordering: str = "Parallel"
    completion_condition: Expression | None = None
    cancel_remaining: bool = True
    transaction_method: str = "##Compensate"
    # data
    io: InputOutput | None = None
    data_inputs: tuple[DataAssociation, ...] = ()
    data_outputs: tuple[DataAssociation, ...] = ()
    extension: Extension = NO_EXTENSION
    generated_id: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a process or sub-process holds: nodes and flows by id in file order, data, associations, properties."""

    id: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    data: tuple[DataItem, ...] = ()
    associations: tuple[Association, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Every node of this scope and of the scopes inside it, outer before inner, without recursion."""
        waiting: list[Scope] = [self]
        while waiting:
            scope = waiting.pop()
            for node in scope.nodes.values():
                yield node
                if node.body is not None:
                    waiting.append(node.body)


@dataclass(frozen=True, slots=True)
class Process:
    """A process (§10.2). `executable` is None when the file does not say."""

    id: str
    name: str
    line: int
    scope: Scope
    executable: bool | None = None
    process_type: str = "None"
    lanes: tuple[Lane, ...] = ()
    io: InputOutput | None = None
    documentation: str = ""
    version_tag: str = ""
    extension: Extension = NO_EXTENSION
    correlation_subscriptions: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """A pool (§9.2). `process` None = black box. `unit` as for lanes."""

    id: str
    name: str
    line: int
    process: str | None = None
    unit: str | None = None
    minimum: int = 0
    maximum: int = 1


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message flow (§9.3) between nodes or pools."""

    id: str
    source: str
    target: str
    line: int
    name: str = ""
    message: str | None = None
    extension: Extension = NO_EXTENSION


@dataclass(frozen=True, slots=True)
class RootElement:
    """A message, signal, error or escalation of the file: `name`, `code`, and FEEL correlation by extension."""

    id: str
    kind: EventKind
    name: str
    line: int
    code: str | None = None
    correlation: Expression | None = None


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole file. `diagrams` tells whether it brings drawings (DI) for every node of every process."""

    id: str
    name: str
    target_namespace: str
    exporter: str
    processes: Mapping[str, Process]
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    roots: Mapping[str, RootElement] = field(default_factory=dict)
    global_tasks: Mapping[str, Node] = field(default_factory=dict)
    expression_language: str = ""
    has_diagram: bool = False
