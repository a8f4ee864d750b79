"""What the rules look at: the file with its flows by end, resolved event definitions and data types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from staffel.engine.bpmn.source import child, children, is_true, text_of
from staffel.engine.bpmn.words import BPMN, EVENT_DEFINITIONS, is_bpmn, local, name_of

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.source import Source

_ITEM = {
    "message": "itemRef",
    "error": "structureRef",
    "escalation": "structureRef",
    "signal": "structureRef",
}


@dataclass(slots=True)
class View:
    """Indexes over a `Source`, built once for all rules."""

    source: Source
    incoming: dict[str, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    outgoing: dict[str, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    messages_to: dict[str, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    messages_from: dict[str, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    attached: dict[str, list[etree._Element]] = field(default_factory=lambda: defaultdict(list))
    executables: set[etree._Element] = field(default_factory=set)
    _targets: dict[tuple[etree._Element, str], etree._Element | None] = field(default_factory=dict)
    _holders: dict[str, set[etree._Element | None]] = field(default_factory=dict)
    _links: dict[str, dict[str, list[etree._Element]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for flow in self.all("sequenceFlow"):
            self.incoming[self.ref(flow, "targetRef")].append(flow)
            self.outgoing[self.ref(flow, "sourceRef")].append(flow)
        for flow in self.all("messageFlow"):
            self.messages_to[self.ref(flow, "targetRef")].append(flow)
            self.messages_from[self.ref(flow, "sourceRef")].append(flow)
        for event in self.all("boundaryEvent"):
            self.attached[self.ref(event, "attachedToRef")].append(event)
        for process in self.all("process"):
            if is_true(process.get("isExecutable")):
                self.executables.update(process.iter("{" + BPMN + "}*"))

    def all(self, *names: str) -> Iterator[etree._Element]:
        """Every element with one of these names."""
        return self.source.all(*names)

    def ref(self, element: etree._Element, attribute: str) -> str:
        """The id an attribute refers to, empty when there is none."""
        return self.source.name(element.get(attribute), element)

    def target(self, element: etree._Element, attribute: str) -> etree._Element | None:
        """The element an attribute refers to."""
        key = (element, attribute)
        if key not in self._targets:  # a flow's ends are asked for by a dozen rules
            self._targets[key] = self.source.find(element.get(attribute), element)
        return self._targets[key]

    def refs(self, element: etree._Element, name: str) -> list[str]:
        """The ids in the child elements of that name."""
        return [self.source.name(text_of(item), item) for item in children(element, name)]

    def into(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows that end at a node."""
        return self.incoming.get(node.get("id") or "", [])

    def out_of(self, node: etree._Element) -> list[etree._Element]:
        """The sequence flows that start at a node."""
        return self.outgoing.get(node.get("id") or "", [])

    def executable(self, element: etree._Element) -> bool:
        """Whether the element stands in a process that says it can be executed."""
        return element in self.executables

    def definitions(self, event: etree._Element) -> list[etree._Element]:
        """The event definitions of an event, referred ones included."""
        found = []
        for item in event:
            if not is_bpmn(item):
                continue
            if local(item) in EVENT_DEFINITIONS:
                found.append(item)
            elif local(item) == "eventDefinitionRef":
                definition = self.source.find(text_of(item), item)
                if definition is not None:
                    found.append(definition)
        return found

    def kinds(self, event: etree._Element) -> list[str]:
        """`message`, `timer`, …: the kinds of an event's definitions."""
        return [local(item).removesuffix("EventDefinition") for item in self.definitions(event)]

    def links(self, name: str) -> dict[str, list[etree._Element]]:
        """The link events of that kind by name, by `#id` of their definition, and by `source id` and `target id`."""
        if name not in self._links:
            found = self._links[name] = defaultdict(list)
            for event in self.all(name):
                for definition in self.definitions(event):
                    if local(definition) == "linkEventDefinition":
                        keys = [name_of(definition), f"#{definition.get('id')}"]
                        keys += [
                            f"{end} {ref}"
                            for end in ("source", "target")
                            for ref in self.refs(definition, end)
                        ]
                        for key in keys:
                            found[key].append(event)
        return self._links[name]

    def has(self, scope: etree._Element | None, name: str) -> bool:
        """Whether a process or sub-process directly holds an element of that name."""
        if name not in self._holders:
            self._holders[name] = {item.getparent() for item in self.all(name)}
        return scope is not None and scope in self._holders[name]

    def inside(self, element: etree._Element, *names: str) -> bool:
        """Whether an element around this one has one of these names."""
        return any(is_bpmn(outer) and local(outer) in names for outer in element.iterancestors())

    def data_type(self, element: etree._Element | None, attribute: str = "itemSubjectRef") -> str | None:
        """What identifies the type of a data element: the structure of its item definition, else that itself."""
        if element is None:
            return None
        for link in ("dataObjectRef", "dataStoreRef"):
            referred = self.target(element, link)
            element = element if referred is None else referred
        item = self.target(element, attribute)
        if item is None:
            return None
        return (item.get("structureRef") or "").strip() or f"#{item.get('id')}"

    def root_type(self, definition: etree._Element) -> str | None:
        """The type of what an event definition carries: of its message, error, escalation or signal."""
        kind = local(definition).removesuffix("EventDefinition")
        root = self.target(definition, f"{kind}Ref") if kind in _ITEM else None
        return self.data_type(root, _ITEM[kind]) if root is not None else None

    def io(self, element: etree._Element, name: str) -> list[etree._Element]:
        """The `dataInput`s, `outputSet`s, … of an element's input/output specification."""
        specification = child(element, "ioSpecification")
        return [] if specification is None else list(children(specification, name))
