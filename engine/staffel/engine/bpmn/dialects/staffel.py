"""Staffel's own extensions (`urn:staffel:bpmn:1`): strict, so that a slip of the pen never passes in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.dialect import (
    Dialect,
    ElementHandler,
    count_of,
    with_input,
    with_output,
    within,
)
from staffel.engine.bpmn.model import (
    DeadlineExtension,
    EndpointExtension,
    Expression,
    Extension,
    HandoverExtension,
    Mapping_,
)
from staffel.engine.bpmn.source import is_true, line_of, text_of
from staffel.engine.bpmn.words import ACTIVITIES, EVENTS, FLOW_NODES, STAFFEL, local, namespace

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context

_HOLDERS: Final = {"lane", "participant"}
_DECIDING: Final = frozenset({"businessRuleTask", "globalBusinessRuleTask"})
_TASKS_OF_PEOPLE: Final = {"userTask", "manualTask", "globalUserTask", "globalManualTask"}
_THROWING: Final = {"sendTask", "intermediateThrowEvent", "endEvent"}
_CATCHING: Final = {"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"}
_MESSAGING: Final = _THROWING | _CATCHING | {"message"}
_STATUS: Final = re.compile("4[0-9]{2}")
_YES_NO: Final = ("true", "false")
DEADLINE_KINDS: Final = ("gesetzlich", "soll", "vereinbart", "intern", "person")
AT_END: Final = ("remind", "escalate", "interrupt", "consent")
HANDOVER_KINDS: Final = ("falluebergabe", "beteiligung", "information", "weiterleitung")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an extension element may hold: attributes (required and not), children, text, and where it may stand."""

    places: frozenset[str]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    text: bool = False
    values: Mapping[str, tuple[str, ...]] | None = None


_NODES: Final = frozenset(FLOW_NODES)
_MAPPED: Final = frozenset(ACTIVITIES | EVENTS)
_FLOWS: Final = frozenset({"sequenceFlow", "messageFlow"})

SHAPES: Final[dict[str, Shape]] = {
    "unit": Shape(frozenset(_HOLDERS), ("kind",)),
    "form": Shape(frozenset(_CATCHING | {"userTask", "globalUserTask"}) | _DECIDING, ("ref",)),
    "input": Shape(_MAPPED, ("source", "target")),
    "output": Shape(_MAPPED, ("source", "target")),
    "topic": Shape(frozenset({"serviceTask", "sendTask"}), ("name",), ("retries",)),
    "endpoint": Shape(frozenset({"serviceTask"}), ("name",), ("retries",), ("error",)),
    "decision": Shape(
        _DECIDING,
        ("ref",),
        ("result", "bound", "keyDate"),
        values={"bound": _YES_NO},
    ),
    "script": Shape(frozenset({"scriptTask", "globalScriptTask"}), ("result",)),
    "message": Shape(frozenset(_MESSAGING), (), ("correlation", "ttl"), ("input",)),
    "handover": Shape(
        _FLOWS,
        (),
        ("rule", "kind", "acknowledge", "complete", "result", "returnTo", "maxReturns"),
        ("field", "legalBasis", "returnReason"),
        values={"kind": HANDOVER_KINDS},
    ),
    "deadline": Shape(
        _MAPPED,
        ("kind", "length"),
        ("start", "atEnd", "legalBasis", "shift", "name", "extend", "suspendedBy", "suspensionBasis"),
        values={"kind": DEADLINE_KINDS, "atEnd": AT_END, "shift": _YES_NO},
    ),
    "fourEyes": Shape(frozenset(_TASKS_OF_PEOPLE | {"businessRuleTask"})),
    "milestone": Shape(_NODES, ("id",)),
    "legalBasis": Shape(_NODES | _FLOWS | {"process", "lane", "participant"}, text=True),
    "due": Shape(frozenset(_TASKS_OF_PEOPLE), ("expression",)),
    "followUp": Shape(frozenset(_TASKS_OF_PEOPLE), ("expression",)),
    "priority": Shape(frozenset(_TASKS_OF_PEOPLE), ("expression",)),
}
INNER: Final[dict[str, Shape]] = {
    "field": Shape(
        frozenset(), ("name",), ("required", "consent"), values={"required": _YES_NO, "consent": _YES_NO}
    ),
    "legalBasis": Shape(frozenset(), text=True),
    "returnReason": Shape(frozenset(), text=True),
    "input": Shape(frozenset(), ("source", "target")),
    "error": Shape(frozenset(), ("status", "code")),
}


def _feel(text: str | None, at: etree._Element) -> Expression | None:
    """Staffel's own expressions are FEEL and nothing else."""
    return Expression(text.strip(), line=line_of(at)) if text and text.strip() else None


def _get(element: etree._Element, name: str) -> str | None:
    return (element.get(name) or "").strip() or None


def _unit(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, unit=_get(element, "kind"))


def _form(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, form=_get(element, "ref"))


def _input(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    source = _feel(element.get("source"), element)
    return with_input(extension, source, _get(element, "target") or "") if source else extension


def _output(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    source = _feel(element.get("source"), element)
    return with_output(extension, source, _get(element, "target") or "") if source else extension


def _topic(context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(
        extension, topic=_get(element, "name"), retries=_retries(context, element, extension.retries)
    )


def _endpoint(context: Context, element: etree._Element, extension: Extension) -> Extension:
    endpoint = EndpointExtension(
        name=_get(element, "name") or "",
        errors=dict(_statuses(context, element)),
        line=line_of(element),
    )
    return replace(extension, endpoint=endpoint, retries=_retries(context, element, extension.retries))


def _statuses(context: Context, element: etree._Element) -> Iterator[tuple[int, str]]:
    for item in within(element, "error"):
        status = _get(item, "status") or ""
        if _STATUS.fullmatch(status):
            yield int(status), _get(item, "code") or ""
        elif status:
            _wrong_value(context, item, "status", status, "400, 401, … 499")


def _retries(context: Context, element: etree._Element, default: int | None) -> int | None:
    retries = element.get("retries")
    if retries is not None and count_of(retries) is None:
        _wrong_value(context, element, "retries", retries, "0, 1, 2, …")
    return count_of(retries or "", default)


def _decision(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    bound = element.get("bound")
    return replace(
        extension,
        decision=_get(element, "ref"),
        result_variable=_get(element, "result") or extension.result_variable,
        bound=is_true(bound) if bound is not None else None,
        key_date=_feel(element.get("keyDate"), element),
    )


def _script(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, result_variable=_get(element, "result"))


def _message(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    payload = tuple(
        Mapping_(source, _get(item, "target") or "")
        for item in within(element, "input")
        if (source := _feel(item.get("source"), item)) is not None
    )
    return replace(
        extension,
        correlation=_feel(element.get("correlation"), element),
        message_payload=payload,
        time_to_live=_get(element, "ttl"),
    )


def _handover(context: Context, element: etree._Element, extension: Extension) -> Extension:
    most = element.get("maxReturns")
    if most is not None and count_of(most) is None:
        _wrong_value(context, element, "maxReturns", most, "0, 1, 2, …")
    handover = HandoverExtension(
        rule=_get(element, "rule"),
        kind=_get(element, "kind"),
        fields=tuple({str(k): str(v) for k, v in item.attrib.items()} for item in within(element, "field")),
        legal_bases=tuple(text_of(item) for item in within(element, "legalBasis")),
        acknowledge_within=_get(element, "acknowledge"),
        complete_within=_get(element, "complete"),
        result_within=_get(element, "result"),
        return_to=_get(element, "returnTo"),
        max_returns=count_of(most or ""),
        return_reasons=tuple(text_of(item) for item in within(element, "returnReason")),
        line=line_of(element),
    )
    return replace(extension, handover=handover)


def _deadline(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    shift = element.get("shift")
    deadline = DeadlineExtension(
        kind=_get(element, "kind") or "",
        length=_get(element, "length") or "",
        start=_get(element, "start"),
        at_end=_get(element, "atEnd") or "remind",
        legal_basis=_get(element, "legalBasis"),
        shift=is_true(shift) if shift is not None else None,
        name=_get(element, "name") or "",
        extend=_get(element, "extend"),
        suspended_by=tuple((_get(element, "suspendedBy") or "").split()),
        suspension_basis=_get(element, "suspensionBasis"),
        line=line_of(element),
    )
    return replace(extension, deadlines=(*extension.deadlines, deadline))


def _four_eyes(_context: Context, _element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, four_eyes=True)


def _milestone(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, milestone=_get(element, "id"))


def _legal_basis(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    text = text_of(element)
    return replace(extension, legal_basis=(*extension.legal_basis, text)) if text else extension


def _due(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, due=_feel(element.get("expression"), element))


def _follow_up(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, follow_up=_feel(element.get("expression"), element))


def _priority(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, priority=_feel(element.get("expression"), element))


ELEMENTS: Final[dict[str, ElementHandler]] = {
    "unit": _unit,
    "form": _form,
    "input": _input,
    "output": _output,
    "topic": _topic,
    "endpoint": _endpoint,
    "decision": _decision,
    "script": _script,
    "message": _message,
    "handover": _handover,
    "deadline": _deadline,
    "fourEyes": _four_eyes,
    "milestone": _milestone,
    "legalBasis": _legal_basis,
    "due": _due,
    "followUp": _follow_up,
    "priority": _priority,
}
STAFFEL_DIALECT: Final = Dialect(name="staffel", namespaces=frozenset({STAFFEL}), elements=ELEMENTS)


def _wrong_value(context: Context, element: etree._Element, name: str, found: str, allowed: str) -> None:
    owner = _owner(element)
    context.report.error(
        "extension-value-unknown",
        owner,
        (
            f"Erwartet wird für {name} in staffel:{local(element)} (Zeile {line_of(element)}): {allowed}, "
            f"gefunden: „{found[:100]}“.",
            f"Expected for {name} in staffel:{local(element)} (line {line_of(element)}): {allowed}, "
            f'found: "{found[:100]}".',
        ),
        (f"Einen der erlaubten Werte eintragen: {allowed}.", f"Enter one of the allowed values: {allowed}."),
        layer="dialect",
    )


def _owner(element: etree._Element) -> etree._Element:
    current: etree._Element | None = element
    while current is not None and namespace(current) == STAFFEL:
        current = current.getparent()
    holder = None if current is None else current.getparent()
    return element if holder is None else holder


def check_shape(context: Context, element: etree._Element, holder: etree._Element) -> None:
    """Report whatever does not belong into an extension element: name, place, attributes, children, values."""
    name = local(element)
    shape = SHAPES.get(name)
    if shape is None:
        _unknown(context, holder, f"staffel:{name}", ", ".join(SHAPES))
        return
    if local(holder) not in shape.places:
        _misplaced(context, element, holder, shape)
    _check_inside(context, element, holder, shape)


def _check_inside(context: Context, element: etree._Element, holder: etree._Element, shape: Shape) -> None:
    label = f"staffel:{local(element)}"
    for attribute in map(str, element.attrib):
        if attribute not in shape.required + shape.optional:
            allowed = ", ".join(shape.required + shape.optional) or "–"
            _unknown(context, holder, f"{label}/@{attribute}", allowed)
    for attribute in shape.required:
        if not _get(element, attribute):
            _missing(context, element, holder, attribute)
    for attribute, values in (shape.values or {}).items():
        found = element.get(attribute)
        if found is not None and found.strip() not in values:
            _wrong_value(context, element, attribute, found, ", ".join(values))
    for child in element:
        inner = INNER.get(local(child)) if namespace(child) == STAFFEL else None
        if inner is None or local(child) not in shape.children:
            _unknown(context, holder, f"{label}/{local(child)}", ", ".join(shape.children) or "–")
        else:
            _check_inside(context, child, holder, inner)
    if shape.text and not text_of(element):
        _missing(context, element, holder, "text")


def _unknown(context: Context, holder: etree._Element, found: str, allowed: str) -> None:
    context.report.error(
        "extension-unknown",
        holder,
        (
            f"Gefunden: {found}. Das gibt es in urn:staffel:bpmn:1 nicht; erlaubt sind hier: {allowed}.",
            f"Found: {found}. There is no such thing in urn:staffel:bpmn:1; allowed here: {allowed}.",
        ),
        ("Den Namen berichtigen oder die Angabe löschen.", "Correct the name or delete it."),
        layer="dialect",
    )


def _missing(context: Context, element: etree._Element, holder: etree._Element, attribute: str) -> None:
    context.report.error(
        "extension-incomplete",
        holder,
        (
            f"In staffel:{local(element)} (Zeile {line_of(element)}) fehlt: {attribute}.",
            f"In staffel:{local(element)} (line {line_of(element)}) there is no {attribute}.",
        ),
        (f"{attribute} ergänzen.", f"Add {attribute}."),
        layer="dialect",
    )


def _misplaced(context: Context, element: etree._Element, holder: etree._Element, shape: Shape) -> None:
    name, places = local(element), ", ".join(sorted(shape.places))
    context.report.error(
        "extension-misplaced",
        holder,
        (
            f"staffel:{name} steht an {local(holder)}; erlaubt ist es nur an: {places}.",
            f"staffel:{name} stands at {local(holder)}; it is allowed only at: {places}.",
        ),
        ("Die Angabe an das richtige Element verschieben.", "Move it to the right element."),
        layer="dialect",
    )
