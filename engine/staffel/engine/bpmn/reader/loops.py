"""Loops: standard and multi-instance (BPMN 2.0.2 §10.3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffel.engine.bpmn.model import EventDefinition, Expression, MultiInstance, StandardLoop
from staffel.engine.bpmn.reader.context import Context, flag, whole_number
from staffel.engine.bpmn.reader.events import read_event
from staffel.engine.bpmn.source import child, children, line_of, text_of
from staffel.engine.bpmn.words import EVENT_DEFINITIONS, is_bpmn, local, name_of

if TYPE_CHECKING:
    from lxml import etree

_VENDOR_LOOPS = (
    "collection",
    "elementVariable",
    "inputCollection",
    "inputElement",
    "outputCollection",
    "outputElement",
)


def read_loop(context: Context, node: etree._Element) -> StandardLoop | MultiInstance | None:
    """The loop characteristics of an activity."""
    standard = child(node, "standardLoopCharacteristics")
    if standard is not None:
        maximum = standard.get("loopMaximum")
        return StandardLoop(
            context.expression(child(standard, "loopCondition")),
            flag(standard, "testBefore"),
            whole_number(maximum, 0) if maximum else None,
            line=line_of(standard),
        )
    many = child(node, "multiInstanceLoopCharacteristics")
    return None if many is None else _multi_instance(context, many)


def _multi_instance(context: Context, element: etree._Element) -> MultiInstance:
    vendor = _vendor(context, element)
    output = vendor.get("outputElement")
    collection = (
        vendor.get("collection")
        or vendor.get("inputCollection")
        or _data(context, element, "loopDataInputRef")
    )
    item = vendor.get("elementVariable") or vendor.get("inputElement")
    gathered = vendor.get("outputCollection") or _data(context, element, "loopDataOutputRef")
    return MultiInstance(
        sequential=flag(element, "isSequential"),
        cardinality=context.expression(child(element, "loopCardinality")),
        collection=collection,
        item_variable=item.text if item else _item(element, "inputDataItem"),
        output_collection=gathered.text if gathered else None,
        output_element=output or _output_item(element),
        completion_condition=context.expression(child(element, "completionCondition")),
        behavior=element.get("behavior") or "All",
        one_event=_thrown(context, element, "oneBehaviorEventRef"),
        none_event=_thrown(context, element, "noneBehaviorEventRef"),
        complex_definitions=tuple(_complex(context, element)),
        line=line_of(element),
    )


def _thrown(context: Context, element: etree._Element, attribute: str) -> str | None:
    """The id of the signal, error, … that the event definition referred to stands for; tools name that directly, too."""
    ref = context.ref(element, attribute)
    found = context.source.by_id.get(ref) if ref else None
    is_definition = found is not None and local(found) in EVENT_DEFINITIONS
    return read_event(context, found).ref if found is not None and is_definition else ref


def _vendor(context: Context, element: etree._Element) -> dict[str, Expression]:
    """`camunda:collection`, `zeebe:loopCharacteristics` and the like, as FEEL."""
    found: dict[str, Expression] = {}
    extensions = child(element, "extensionElements")
    owners = [element] if extensions is None else [element, *extensions]
    for owner in owners:
        for key, value in owner.attrib.items():
            name = str(key).rpartition("}")[2]
            foreign = owner is not element or str(key).startswith("{")
            if foreign and name in _VENDOR_LOOPS and str(value).strip():
                found[name] = context.translate(str(value).strip(), "", owner)
    return found


def _data(context: Context, element: etree._Element, name: str) -> Expression | None:
    """The collection named by `loopDataInputRef`: the name of the data that feeds it, else what stands there."""
    reference = child(element, name)
    text = text_of(reference)
    if reference is None or not text:
        return None
    item = context.source.find(text, reference)
    if item is None:
        return context.translate(text, "", reference)
    fed = _fed_by(context, element, item) if name == "loopDataInputRef" else _feeds(context, element, item)
    return Expression(variable_name(context, fed), line=line_of(reference))


def _fed_by(context: Context, element: etree._Element, item: etree._Element) -> etree._Element:
    """The data object behind a data input of the looping activity."""
    return _other_end(context, element, item, name="dataInputAssociation", near="targetRef", far="sourceRef")


def _feeds(context: Context, element: etree._Element, item: etree._Element) -> etree._Element:
    """The data object behind a data output of the looping activity."""
    return _other_end(context, element, item, name="dataOutputAssociation", near="sourceRef", far="targetRef")


def _other_end(
    context: Context, element: etree._Element, item: etree._Element, *, name: str, near: str, far: str
) -> etree._Element:
    activity = element.getparent()
    if activity is None or item.get("id") is None:
        return item
    for association in children(activity, name):
        ends = {context.source.name(text_of(end), end) for end in children(association, near)}
        other = context.source.find(text_of(child(association, far)), association)
        if item.get("id") in ends and other is not None:
            return other
    return item


def variable_name(context: Context, item: etree._Element) -> str:
    """The variable a data element stands for: its name, else that of the object it refers to, else its id."""
    for attribute in ("dataObjectRef", "dataStoreRef"):
        referred = context.source.find(item.get(attribute), item)
        if referred is not None:
            item = referred
    return name_of(item) or item.get("id", "")


def _item(element: etree._Element, name: str) -> str | None:
    item = child(element, name)
    return None if item is None else name_of(item) or item.get("id") or None


def _output_item(element: etree._Element) -> Expression | None:
    name = _item(element, "outputDataItem")
    return Expression(name, line=line_of(element)) if name else None


def _complex(context: Context, element: etree._Element) -> list[tuple[Expression, EventDefinition]]:
    found = []
    for definition in children(element, "complexBehaviorDefinition"):
        condition = context.expression(child(definition, "condition"))
        thrown = child(definition, "event")
        events = [item for item in (thrown if thrown is not None else ()) if is_bpmn(item)]
        for event in events:
            if local(event) in EVENT_DEFINITIONS and condition is not None:
                found.append((condition, read_event(context, event)))
    return found
