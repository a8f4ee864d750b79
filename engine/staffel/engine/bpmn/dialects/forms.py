"""Form fields that a model brings itself: `formData` of Camunda 7, `formProperty` of Flowable and Activiti."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffel.engine.bpmn.dialects.dialect import within
from staffel.engine.bpmn.model import FormField

if TYPE_CHECKING:
    from lxml import etree


def form_field(element: etree._Element) -> FormField:
    """`camunda:formField`: its validation constraints by name, `enum` values as options."""
    constraints = {
        str(constraint.get("name")): constraint.get("config") or ""
        for validation in within(element, "validation")
        for constraint in within(validation, "constraint")
        if constraint.get("name")
    }
    return FormField(
        id=(element.get("id") or "").strip(),
        label=(element.get("label") or element.get("id") or "").strip(),
        type=(element.get("type") or "string").strip(),
        default=element.get("defaultValue"),
        options=_options(element),
        constraints=constraints,
    )


def form_property(element: etree._Element) -> FormField:
    """`flowable:formProperty`: `required` and `writable` become constraints."""
    constraints: dict[str, str] = {}
    if (element.get("required") or "").strip() == "true":
        constraints["required"] = ""
    if (element.get("writable") or "").strip() == "false":
        constraints["readonly"] = ""
    return FormField(
        id=(element.get("variable") or element.get("id") or "").strip(),
        label=(element.get("name") or element.get("id") or "").strip(),
        type=(element.get("type") or "string").strip(),
        default=element.get("default") or element.get("expression"),
        options=_options(element),
        constraints=constraints,
    )


def _options(element: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(value.get("id")), (value.get("name") or value.get("id") or "").strip())
        for value in within(element, "value")
        if value.get("id")
    )


def form_name(reference: str) -> str | None:
    """`camunda-forms:/forms/antrag.form` → `antrag`; None for forms that live in another program (`embedded:…`)."""
    text = reference.strip()
    if text.startswith("embedded:") or "${" in text or text.startswith("="):
        return None
    name = text.rpartition("/")[2].rpartition(":")[2]
    for ending in (".json", ".form", ".html", "-schema"):
        name = name.removesuffix(ending)
    return name or None
