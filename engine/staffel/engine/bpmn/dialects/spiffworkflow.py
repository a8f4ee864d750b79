"""SpiffWorkflow and SpiffArena (`http://spiffworkflow.org/bpmn/schema/1.0/core`): expressions are Python."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from staffel.engine.bpmn.dialects.dialect import Dialect, keep, within
from staffel.engine.bpmn.dialects.expressions import SPIFF
from staffel.engine.bpmn.dialects.forms import form_name
from staffel.engine.bpmn.model import Extension, Mapping_
from staffel.engine.bpmn.source import text_of

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.reader.context import Context


def _properties(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    for item in within(element, "property"):
        if item.get("name") == "formJsonSchemaFilename":
            extension = replace(extension, form=form_name(item.get("value") or ""))
    return extension


def _decision(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, decision=text_of(element) or None)


def _payload(context: Context, element: etree._Element, extension: Extension) -> Extension:
    text = text_of(element)
    if not text:
        return extension
    mapping = Mapping_(context.translate(text, "", element), "payload")
    return replace(extension, message_payload=(*extension.message_payload, mapping))


def _variable(_context: Context, element: etree._Element, extension: Extension) -> Extension:
    return replace(extension, result_variable=text_of(element) or None)


SPIFFWORKFLOW: Final = Dialect(
    name="spiffworkflow",
    namespaces=frozenset({SPIFF}),
    elements={
        "properties": _properties,
        "calledDecisionId": _decision,
        "messagePayload": _payload,
        "messageVariable": _variable,
        "isOutputSynced": keep,
    },
    silent=frozenset({"unitTests", "signalButtonLabel", "category", "scriptMode"}),
    harmless=frozenset({"instructionsForEndUser", "taskMetadataValues"}),
)
