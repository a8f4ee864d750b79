"""What a JSON Schema says about one field, as far as reading what people type needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from staffel.engine.feel import FeelError, from_json
from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time

Schema = Mapping[str, Any]
READERS: Mapping[str, Callable[[str], Any]] = {
    "date": parse_date,
    "date-time": parse_datetime,
    "time": parse_time,
    "duration": parse_duration,
}
"""How a text of a `format` becomes a FEEL value; None or `FeelError` where it is none."""


DOCUMENT = "document"
"""The `format` of a field whose value is the id of a document of the case."""


def is_document(field: Any) -> bool:
    """Whether the field of a form takes a document."""
    return isinstance(field, Mapping) and field.get("format") == DOCUMENT


def kind_of(schema: Schema) -> str:
    """The field's type; a nullable type counts as the type."""
    found = schema.get("type", "string")
    if isinstance(found, list):
        found = next((name for name in found if name != "null"), "string")
    return str(found)


def fields_of(schema: Schema, prefix: str = "") -> Iterator[tuple[str, Schema]]:
    """Every field by its path; those of a group or of rows stand behind its name (`haushalt.vorname`)."""
    for name, field in schema.get("properties", {}).items():
        if isinstance(field, Mapping):
            yield prefix + name, field
            inner = field.get("items", field)
            if isinstance(inner, Mapping):
                yield from fields_of(inner, f"{prefix}{name}.")


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


def as_text(value: Any) -> str:
    """A JSON value as the text of an input."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def feel_of(value: Any, schema: Any) -> Any:
    """The FEEL value that the schema means, None where there is none; for values that may still be wrong."""
    definition = schema if isinstance(schema, Mapping) else {}
    match value:
        case list():
            return [feel_of(item, definition.get("items")) for item in value]
        case dict():
            fields = definition.get("properties", {})
            return {name: feel_of(item, fields.get(name)) for name, item in value.items()}
    try:
        reader = READERS.get(definition.get("format", "")) if isinstance(value, str) else None
        if reader is not None:
            return reader(value)
        return from_json(value) if isinstance(value, str | int | float) else value
    except FeelError:
        return None
