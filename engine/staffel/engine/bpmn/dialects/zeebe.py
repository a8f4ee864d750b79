"""Camunda 8 (`http://camunda.org/schema/zeebe/1.0`): expressions are FEEL after an equals sign."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.dialect import (
    Dialect,
    count_of,
    keep,
    name_of,
    value_of,
    with_input,
    with_output,
    within,
)
from staffel.engine.bpmn.dialects.effects import refuse
from staffel.engine.bpmn.dialects.forms import form_name
from staffel.engine.bpmn.dialects.formulas import quoted
from staffel.engine.bpmn.model import Expression, Extension
from staffel.engine.bpmn.source import is_true, line_of
from staffel.engine.bpmn.words import local

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context

NAMESPACE: Final = "http://camunda.org/schema/zeebe/1.0"


def vendor_attribute(element: etree._Element, name: str, attribute: str) -> str | None:
    """The attribute of a Zeebe extension element, a fixed name; None when there is none."""
    for found in element.iterfind(f"{{*}}extensionElements/{{{NAMESPACE}}}{name}"):
        value = name_of(found.get(attribute) or "")
        return value or None
    return None


def _task(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    topic = name_of(element.get("type") or "") or None
    return replace(extension, topic=topic, retries=count_of(element.get("retries") or "", extension.retries))


def _mapping(context: Context, element: etree._Element, extension: Extension) -> Extension:
    for item in element:
        source = value_of(context, (item.get("source") or "").strip(), item)
        add = with_input if local(item) == "input" else with_output
        extension = add(extension, source, (item.get("target") or "").strip())
    return extension


def _called(context: Context, element: etree._Element, extension: Extension) -> Extension:
    _need_no_version(context, element)
    return replace(
        extension,
        take_all=is_true(element.get("propagateAllParentVariables"), True),
        give_all=None if is_true(element.get("propagateAllChildVariables"), True) else False,
    )


def _decision(context: Context, element: etree._Element, extension: Extension) -> Extension:
    _need_no_version(context, element)
    return replace(
        extension,
        decision=name_of(element.get("decisionId") or "") or None,
        result_variable=(element.get("resultVariable") or "").strip() or None,
    )


def _need_no_version(context: Context, element: etree._Element) -> None:
    """What is uploaded or in force is what `latest` and `deployment` mean; other versions are refused."""
    binding = (element.get("bindingType") or "latest").strip()
    if binding not in {"latest", "deployment"}:
        refuse(context.report, "zeebe", "bindingType", element, element.get("versionTag") or binding)


def _headers(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    """Fixed values for the worker: they go along with the work, like input mappings."""
    for item in within(element, "header"):
        if name := (item.get("key") or "").strip():
            value = Expression(quoted(item.get("value") or ""), line=line_of(item))
            extension = with_input(extension, value, name)
    return extension


def _script(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, result_variable=(element.get("resultVariable") or "").strip() or None)


def _subscription(context: Context, element: etree._Element, extension: Extension) -> Extension:
    key = (element.get("correlationKey") or "").strip()
    return replace(extension, correlation=value_of(context, key, element)) if key else extension


def _form(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    for attribute in ("formId", "externalReference", "formKey"):
        if name := form_name(element.get(attribute) or ""):
            return replace(extension, form=name)
    return extension


def _schedule(context: Context, element: etree._Element, extension: Extension) -> Extension:
    due, follow_up = element.get("dueDate"), element.get("followUpDate")
    if due:
        extension = replace(extension, due=context.translate(due.strip(), "", element))
    if follow_up:
        extension = replace(extension, follow_up=context.translate(follow_up.strip(), "", element))
    return extension


def _priority(context: Context, element: etree._Element, extension: Extension) -> Extension:
    text = (element.get("priority") or "").strip()
    return replace(extension, priority=context.translate(text, "", element)) if text else extension


ZEEBE: Final = Dialect(
    name="zeebe",
    namespaces=frozenset({NAMESPACE}),
    elements={
        "taskDefinition": _task,
        "ioMapping": _mapping,
        "calledElement": _called,
        "calledDecision": _decision,
        "script": _script,
        "subscription": _subscription,
        "formDefinition": _form,
        "taskSchedule": _schedule,
        "priorityDefinition": _priority,
        "loopCharacteristics": keep,
        "userTask": keep,
        "taskHeaders": _headers,
    },
    silent=frozenset(
        {"versionTag", "properties", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon"}
    ),
    harmless=frozenset({"assignmentDefinition", "userTaskForm", "jobPriorityDefinition", "retryCounter"}),
)
