"""Data: objects, references, properties, input and output sets, associations (BPMN 2.0.2 §10.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import Assignment, DataAssociation, DataItem, Expression, InputOutput
from staffel.engine.bpmn.reader.context import Context, flag
from staffel.engine.bpmn.source import child, children, line_of, text_of
from staffel.engine.bpmn.words import name_of

if TYPE_CHECKING:
    from lxml import etree

DATA = frozenset({"dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "property"})
_TARGETS = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}


def read_item(context: Context, element: etree._Element) -> DataItem:
    """A data object, reference, store, property, input or output."""
    kind = element.tag.rpartition("}")[2]
    refers_to = context.ref(element, _TARGETS[kind]) if kind in _TARGETS else None
    return DataItem(
        element.get("id") or "",
        kind,
        name_of(element),
        line_of(element),
        is_collection=flag(element, "isCollection"),
        refers_to=refers_to,
        item=context.ref(element, "itemSubjectRef"),
    )


def read_io(context: Context, element: etree._Element) -> InputOutput | None:
    """The `ioSpecification` of an activity or process, or the data of an event, which has none around them."""
    specification = child(element, "ioSpecification")
    owner = element if specification is None else specification
    inputs = tuple(read_item(context, item) for item in children(owner, "dataInput"))
    outputs = tuple(read_item(context, item) for item in children(owner, "dataOutput"))
    if specification is None and not inputs and not outputs:
        return None
    return InputOutput(
        inputs,
        outputs,
        tuple(_refs(context, item, "dataInputRefs") for item in children(owner, "inputSet")),
        tuple(_refs(context, item, "dataOutputRefs") for item in children(owner, "outputSet")),
    )


def read_associations(context: Context, element: etree._Element, name: str) -> tuple[DataAssociation, ...]:
    """The `dataInputAssociation`s or `dataOutputAssociation`s of an activity or event."""
    return tuple(_association(context, item) for item in children(element, name))


def _association(context: Context, element: etree._Element) -> DataAssociation:
    target = child(element, "targetRef")
    return DataAssociation(
        element.get("id") or "",
        line_of(element),
        _refs(context, element, "sourceRef"),
        "" if target is None else context.source.name(text_of(target), target),
        context.expression(child(element, "transformation")),
        tuple(_assignment(context, item) for item in children(element, "assignment")),
    )


def _assignment(context: Context, element: etree._Element) -> Assignment:
    return Assignment(_part(context, element, "from"), _part(context, element, "to"))


def _part(context: Context, element: etree._Element, name: str) -> Expression:
    return context.expression(child(element, name)) or Expression("", line=line_of(element))


def _refs(context: Context, element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(context.source.name(text_of(item), item) for item in children(element, name))
