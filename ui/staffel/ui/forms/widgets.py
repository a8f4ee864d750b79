"""Which widget shows a field of a JSON Schema."""

from __future__ import annotations

from staffel.engine.library.schemas import DOCUMENT, Schema, kind_of, options_of

FEW = 5
LONG = 200


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
    inputs |= {DOCUMENT: DOCUMENT}
    return inputs.get(schema.get("format", ""), "textarea" if schema.get("maxLength", 0) > LONG else "text")
