"""What a JSON Schema says about one field, as far as a web form needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FEW = 5
LONG = 200
Schema = Mapping[str, Any]


def kind_of(schema: Schema) -> str:
    """The field's type; a nullable type counts as the type."""
    found = schema.get("type", "string")
    if isinstance(found, list):
        found = next((name for name in found if name != "null"), "string")
    return str(found)


def options_of(schema: Schema, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values and labels to choose from: `enum` with labels of the ui list, or `oneOf` of `const` and `title`."""
    if "enum" in schema:
        given: Sequence[Any] = schema["enum"]
        return [(as_text(value), labels.get(str(value), str(value))) for value in given if value is not None]
    choices = [part for part in schema.get("oneOf", ()) if "const" in part]
    return [(as_text(part["const"]), str(part.get("title", part["const"]))) for part in choices]


def constants_of(schema: Schema) -> dict[str, Any]:
    """The value behind each option's text."""
    values = [
        *schema.get("enum", ()),
        *(part["const"] for part in schema.get("oneOf", ()) if "const" in part),
    ]
    return {as_text(value): value for value in values}


def widget_of(schema: Schema, *, required: bool) -> str:  # noqa: PLR0911 - a line for each type
    """The widget for a field whose ui entry names none."""
    options = options_of(schema, {})
    match kind_of(schema):
        case _ if options:
            return "radio" if len(options) <= FEW else "select"
        case "boolean":
            return "yesno" if required else "checkbox"
        case "integer" | "number":
            return "number"
        case "array" if kind_of(schema.get("items", {})) == "object":
            return "rows"
        case "array" if options_of(schema.get("items", {}), {}):
            return "checkboxes"
        case "array":
            return "lines"
        case "object":
            return "group"
    inputs = {"date": "date", "time": "time", "date-time": "datetime-local", "email": "email"}
    return inputs.get(schema.get("format", ""), "textarea" if schema.get("maxLength", 0) > LONG else "text")


def as_text(value: Any) -> str:
    """A JSON value as the text of an input."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
