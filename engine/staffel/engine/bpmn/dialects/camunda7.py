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
    text_in,
    value_of,
    with_input,
    with_output,
    within,
)
from staffel.engine.bpmn.dialects.effects import refuse
from staffel.engine.bpmn.dialects.forms import form_field, form_name
from staffel.engine.bpmn.dialects.formulas import quoted
from staffel.engine.bpmn.model import Expression, Extension
from staffel.engine.bpmn.source import line_of, text_of
from staffel.engine.bpmn.words import local
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
            Severity.ERROR,
            element,
            (
                f"Das Formular „{text[:100]}“ gehört zu einem anderen Programm und wird hier nicht gezeigt.",
                f'The form "{text[:100]}" belongs to another program and is not shown here.',
            ),
            (
                'Ein Formular als forms/NAME.json beilegen und mit staffel:form ref="NAME" nennen.',
                'Add a form as forms/NAME.json and name it by staffel:form ref="NAME".',
            ),
            layer="dialect",
            was=text[:100],
        )
        return extension
    return replace(extension, form=name)


def _topic(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, topic=name_of(text) or None)


def _decision(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, decision=name_of(text) or None)


def _of_named_version(name: str) -> AttributeHandler:
    """A binding: what is uploaded or in force is what `latest` and `deployment` mean; other versions are refused."""

    def bind(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
        if text.strip() not in {"", "latest", "deployment"}:
            refuse(context.report, "camunda", name, element, text)
        return extension

    return bind


def _result_shape(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    if text.strip() not in {"singleEntry", "collectEntries"}:
        refuse(context.report, "camunda", "mapDecisionResult", element, text)
    return extension


def _result(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, result_variable=text.strip() or None)


def _due(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, due=_expression(context, element, text))


def _follow_up(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, follow_up=_expression(context, element, text))


def _priority(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    return replace(extension, priority=_expression(context, element, text))


def _retries(context: Context, element: etree._Element, extension: Extension) -> Extension:
    """`R5/PT10M` → 5 attempts; how long to wait between them is up to whoever does the work."""
    attempts, _, pause = text_of(element).removeprefix("R").partition("/")
    if pause:
        context.report.add(
            "not-carried-over",
            Severity.HINT,
            element,
            (
                f"Übernommen wird die Zahl der Versuche, nicht die Pause „{pause[:50]}“ dazwischen.",
                f'The number of attempts is carried over, the pause "{pause[:50]}" between them is not.',
            ),
            (
                "Der Dienst nennt die Pause, wenn er einen Fehlschlag meldet; sonst wächst sie mit jedem Versuch.",
                "The service gives the pause when it reports a failure; else it grows with each attempt.",
            ),
            layer="dialect",
            was=pause[:50],
        )
    return replace(extension, retries=count_of(attempts, extension.retries))


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
    context.report.error(
        "not-carried-over",
        parameter,
        (
            f"Der Parameter „{name}“ wird nicht gefüllt, denn er enthält ein Skript, eine Liste oder eine Tabelle.",
            f'The parameter "{name}" is not filled, since it holds a script, a list or a map.',
        ),
        (
            'Den Wert als FEEL-Ausdruck schreiben: staffel:input source="…" target="' + name + '"',
            'Write the value as a FEEL expression: staffel:input source="…" target="' + name + '"',
        ),
        layer="dialect",
        was=name,
    )


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
        return replace(extension, take_all=True) if ingoing else replace(extension, give_all=True)
    target = (element.get("target") or "").strip()
    text = element.get("sourceExpression") or element.get("source") or ""
    source = _expression(context, element, text)
    if source is None or not target:
        refuse(context.report, "camunda", local(element), element, text or target)
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
    {"collection", "elementVariable", "errorCodeVariable", "errorVariable"}  # read beside the event or loop
    | {"diagramRelationId", "isStartableInTasklist", "versionTag", "properties", "property"}
    | {"modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
)
SHARED_HARMLESS: Final = frozenset(
    {"async", "asyncBefore", "asyncAfter", "exclusive", "historyTimeToLive", "jobPriority", "taskPriority"}
    | {"assignee", "candidateUsers", "candidateGroups", "candidateStarterUsers", "candidateStarterGroups"}
    | {"potentialStarter", "formRefBinding", "formRefVersion"}
    | {"calledElementTenantId", "decisionRefTenantId", "connectorId"}
)
REPLACED_BY_TOPIC: Final = frozenset({"class", "delegateExpression", "expression", "connector"})


def field_input(context: Context, element: etree._Element, extension: Extension) -> Extension:
    """A `field`, elsewhere injected into program code: the value goes along with the work, like an input mapping."""
    name = (element.get("name") or "").strip()
    text = element.get("stringValue") or text_in(element, "string")
    formula = element.get("expression") or text_in(element, "expression")
    source = (
        Expression(quoted(text), line=line_of(element)) if text else _expression(context, element, formula)
    )
    return extension if source is None or not name else with_input(extension, source, name)


def _type(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    """`external` is work for the topic; `mail` and `shell` are done by the engine itself elsewhere."""
    if text.strip() != "external":
        refuse(context.report, "camunda", "type", element, text)
    return extension


CAMUNDA_7: Final = Dialect(
    name="camunda",
    namespaces=frozenset({"http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn"}),
    elements={
        **SHARED_ELEMENTS,
        "formData": _form_data,
        "inputOutput": _input_output,
        "field": field_input,
    },
    attributes={
        **SHARED_ATTRIBUTES,
        "type": _type,
        "formRef": _form,
        "followUpDate": _follow_up,
        "decisionRefBinding": _of_named_version("decisionRefBinding"),
        "mapDecisionResult": _result_shape,
        "calledElementBinding": _of_named_version("calledElementBinding"),
    },
    silent=SHARED_SILENT,
    harmless=SHARED_HARMLESS,
)
