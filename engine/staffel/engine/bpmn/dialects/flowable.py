"""Flowable (`http://flowable.org/bpmn`) and Activiti (`http://activiti.org/bpmn`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.camunda7 import (
    SHARED_ATTRIBUTES,
    SHARED_ELEMENTS,
    SHARED_HARMLESS,
    SHARED_SILENT,
    field_input,
)
from staffel.engine.bpmn.dialects.dialect import Dialect, text_in
from staffel.engine.bpmn.dialects.forms import form_property
from staffel.engine.bpmn.model import Extension
from staffel.engine.bpmn.source import text_of
from staffel.engine.bpmn.words import local
from staffel.engine.findings import Severity

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context


def _form_property(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, form_fields=(*extension.form_fields, form_property(element)))


def _field(context: Context, element: etree._Element, extension: Extension) -> Extension:
    """`flowable:field`: the reference to a decision, or a value for the work."""
    value = (element.get("stringValue") or text_in(element, "string") or "").strip()
    if element.get("name") in {"decisionTableReferenceKey", "decisionServiceReferenceKey"}:
        return replace(extension, decision=value or None)
    return field_input(context, element, extension)


def _type(context: Context, element: etree._Element, text: str, extension: Extension) -> Extension:
    """`dmn` is a decision, `external-worker` a topic; mail, HTTP and the like are work for a named service."""
    if text in {"dmn", "external-worker"} or local(element) not in {"serviceTask", "sendTask"}:
        return extension
    context.report.add(
        "built-in-task-offered",
        Severity.HINT,
        element,
        (
            f"Die eingebaute Aufgabe „{text}“ wird als Thema „{text}“ angeboten; ein Dienst muss es abholen.",
            f'The built-in task "{text}" is offered as the topic "{text}"; a service has to fetch it.',
        ),
        ("", ""),
        layer="dialect",
    )
    return replace(extension, topic=extension.topic or text)


def _inherit(_context: Context, _element: etree._Element, text: str, extension: Extension) -> Extension:
    """All variables of the calling process go to the called one."""
    return replace(extension, take_all=True) if text.strip() == "true" else extension


def _external_topic(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, topic=text_of(element) or extension.topic)


FLOWABLE: Final = Dialect(
    name="flowable",
    namespaces=frozenset({"http://flowable.org/bpmn", "http://activiti.org/bpmn"}),
    elements={
        **SHARED_ELEMENTS,
        "formProperty": _form_property,
        "field": _field,
        "topic": _external_topic,
    },
    attributes={
        **SHARED_ATTRIBUTES,
        "type": _type,
        "resultVariableName": SHARED_ATTRIBUTES["resultVariable"],
        "inheritVariables": _inherit,
    },
    silent=SHARED_SILENT | frozenset({"formFieldValidation"}),
    harmless=SHARED_HARMLESS
    | frozenset(
        {"category", "owner", "inheritBusinessKey", "sameDeployment", "fallbackToDefaultTenant", "asyncLeave"}
        | {"doNotIncludeVariables", "extensionId", "calledElementType"}
    ),
)
