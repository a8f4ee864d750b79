"""Camunda Platform 7 (`http://camunda.org/schema/1.0/bpmn`), and the part that Flowable and Activiti share with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.dialect import (
    AttributeHandler,
    Dialect,
    ElementHandler,
    count_of,
    name_of,
    value_of,
    with_input,
    with_output,
    within,
)
from staffel.engine.bpmn.dialects.forms import form_field, form_name
from staffel.engine.bpmn.model import Expression, Extension
from staffel.engine.bpmn.source import text_of
from staffel.engine.bpmn.words import is_bpmn
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context


def _expression(context: Context, element: etree._Element, text: str) -> Expression | None:
    return context.translate(text.strip(), "", element) if text.strip() else None


def _form(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    name = form_name(text)
    if name is None:
        context.report.add(
            "not-carried-over",
            Severity.WARNING,
            element,
            (
                f"Nicht übernommen: das Formular „{text[:100]}“ gehört zu einem anderen Programm.",
                f'Not carried over: the form "{text[:100]}" belongs to another program.',
            ),
            (
                'Ein Formular als forms/NAME.json beilegen und mit staffel:form ref="NAME" nennen.',
                'Add a form as forms/NAME.json and name it by staffel:form ref="NAME".',
            ),
            layer="dialect",
        )
        return extension
    return replace(extension, form=name)


def _topic(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, topic=name_of(text) or None)


def _decision(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, decision=name_of(text) or None)


def _decision_binding(
    _context: Context, _element: etree._Element, text: str, extension: Extension
) -> Extension:
    return replace(extension, decision_binding=text.strip() or None)


def _result(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, result_variable=text.strip() or None)


def _call_binding(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, call_binding=text.strip() or None)


def _call_version(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, call_version=text.strip() or None)


def _due(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, due=_expression(context, element, text))


def _follow_up(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, follow_up=_expression(context, element, text))


def _priority(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, priority=_expression(context, element, text))


def _retries(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    """`R5/PT10M` → 5 attempts."""
    text = text_of(element).removeprefix("R").partition("/")[0]
    return replace(extension, retries=count_of(text, extension.retries))


def _form_data(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    fields = tuple(form_field(item) for item in within(element, "formField"))
    return replace(extension, form_fields=(*extension.form_fields, *fields))


def _input_output(context: Context, element: etree._Element, extension: Extension) -> Extension:
    for parameter in element:
        name = (parameter.get("name") or "").strip()
        if len(parameter):
            _structured(context, parameter, name)
            continue
        value = value_of(context, text_of(parameter), parameter)
        add = with_input if str(parameter.tag).endswith("}inputParameter") else with_output
        extension = add(extension, value, name)
    return extension


def _structured(context: Context, parameter: etree._Element, name: str) -> None:
    owner = _owner(parameter)
    context.report.add(
        "not-carried-over",
        Severity.WARNING,
        owner,
        (
            f"Nicht übernommen: der Parameter „{name}“, denn er enthält ein Skript, eine Liste oder eine Tabelle.",
            f'Not carried over: the parameter "{name}", since it holds a script, a list or a map.',
        ),
        (
            'Den Wert als FEEL-Ausdruck schreiben: staffel:input source="…" target="' + name + '"',
            'Write the value as a FEEL expression: staffel:input source="…" target="' + name + '"',
        ),
        layer="dialect",
    )


def _owner(element: etree._Element) -> etree._Element:
    current: etree._Element | None = element
    while current is not None and not (is_bpmn(current) and current.get("id")):
        current = current.getparent()
    return element if current is None else current


def _in(context: Context, element: etree._Element, extension: Extension) -> Extension:
    return _variables(context, element, extension, ingoing=True)


def _out(context: Context, element: etree._Element, extension: Extension) -> Extension:
    return _variables(context, element, extension, ingoing=False)


def _variables(
    context: Context, element: etree._Element, extension: Extension, *, ingoing: bool
) -> Extension:
    """`camunda:in` and `camunda:out` of a call: all variables, one variable, or an expression."""
    if element.get("businessKey") is not None:
        return extension  # the case's reference is handed on to called processes anyway
    if element.get("variables") == "all":
        return extension if ingoing else replace(extension, propagate_all=True)
    target = (element.get("target") or "").strip()
    text = element.get("sourceExpression") or element.get("source") or ""
    source = _expression(context, element, text)
    if source is None or not target:
        return extension
    return with_input(extension, source, target) if ingoing else with_output(extension, source, target)


SHARED_ATTRIBUTES: Final[dict[str, AttributeHandler]] = {
    "formKey": _form,
    "dueDate": _due,
    "priority": _priority,
    "topic": _topic,
    "resultVariable": _result,
    "decisionRef": _decision,
}
SHARED_ELEMENTS: Final[dict[str, ElementHandler]] = {
    "in": _in,
    "out": _out,
    "failedJobRetryTimeCycle": _retries,
}
SHARED_SILENT: Final = frozenset(
    {
        "async",
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "historyTimeToLive",
        "isStartableInTasklist",
        "versionTag",
    }
    | {
        "collection",
        "elementVariable",
        "errorCodeVariable",
        "errorVariable",
        "diagramRelationId",
        "initiator",
    }
    | {"properties", "property", "jobPriority", "taskPriority", "modelerTemplate", "modelerTemplateVersion"}
    | {"modelerTemplateIcon", "localScope"}
)
SHARED_WEIGHTY: Final = frozenset(
    {"class", "delegateExpression", "expression", "executionListener", "taskListener", "connector", "field"}
    | {"errorEventDefinition", "resource", "script", "mapDecisionResult", "variableName", "variableEvents"}
    | {"formHandlerClass", "caseRef", "string", "type"}
)


def _type(_context: Context, _element: etree._Element, _text: str, extension: Extension) -> Extension:
    return extension  # `external` is the only type; the topic says the rest


CAMUNDA_7: Final = Dialect(
    name="camunda",
    namespaces=frozenset({"http://camunda.org/schema/1.0/bpmn"}),
    elements={
        **SHARED_ELEMENTS,
        "formData": _form_data,
        "inputOutput": _input_output,
    },
    attributes={
        **SHARED_ATTRIBUTES,
        "type": _type,
        "formRef": _form,
        "formRefBinding": lambda _context, _element, _text, extension: extension,
        "followUpDate": _follow_up,
        "decisionRefBinding": _decision_binding,
        "calledElementBinding": _call_binding,
        "calledElementVersion": _call_version,
    },
    silent=SHARED_SILENT,
    weighty=SHARED_WEIGHTY,
)
