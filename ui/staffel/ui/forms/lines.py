"""A form as a list of lines that a designer edits, and back: what the lines do not show stays as it was.

A line is a field, a column of a list (its `group` is the list's name), or a text between fields. Lines of one group that follow each
other stand in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from staffel.engine.library.schemas import DOCUMENT, is_document, kind_of, options_of
from staffel.ui.forms.widgets import LONG

TYPES: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "text": ({"type": "string", "maxLength": LONG}, ""),
    "long": ({"type": "string", "maxLength": 2000}, "textarea"),
    "date": ({"type": "string", "format": "date"}, ""),
    "amount": ({"type": "number", "minimum": 0, "multipleOf": 0.01}, "amount"),
    "integer": ({"type": "integer"}, ""),
    "number": ({"type": "number"}, ""),
    "boolean": ({"type": "boolean"}, ""),
    "choice": ({"type": "string", "enum": []}, ""),
    "several": ({"type": "array", "items": {"type": "string", "enum": []}}, ""),
    "document": ({"type": "string", "format": DOCUMENT}, ""),
    "rows": ({"type": "array", "items": {"type": "object", "properties": {}}}, ""),
    "info": ({}, ""),
}
"""The kinds of lines: the schema and the widget of a new one. `other` is what stays as it is."""
OTHER = "other"


class TooDeepError(ValueError):
    """Groups inside groups, or lists inside lists, are edited in the file."""


@dataclass(kw_only=True)
class Line:
    """One line; `kept` is what stood in the file (`definition`, `entry`)."""

    name: str = ""
    kind: str = "text"
    label: str = ""
    label_en: str = ""
    help: str = ""
    options: str = ""
    condition: str = ""
    group: str = ""
    required: bool = False
    read_only: bool = False
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class RuleLine:
    """A rule of plausibility as it is typed; `fields` are parted by commas."""

    check: str = ""
    text: str = ""
    text_en: str = ""
    fields: str = ""
    severity: str = "error"


@dataclass(kw_only=True)
class Draft:
    """A form being edited; `kept` is what stood around its lines (`schema`, `groups`, `title`)."""

    lines: list[Line]
    rules: list[RuleLine]
    kept: dict[str, Any]


def draft_of(document: Mapping[str, Any]) -> Draft:
    """The lines of a form's document. Raises `TooDeepError`."""
    schema: Mapping[str, Any] = document["schema"]
    groups: dict[str, Any] = {}
    lines = list(_lines(schema, document.get("ui", ()), groups))
    rest = {key: value for key, value in schema.items() if key not in {"properties", "required"}}
    kept = {"schema": rest, "groups": groups, "title": document.get("title")}
    return Draft(lines=lines, rules=[_rule(each) for each in document.get("rules", ())], kept=kept)


def document_of(draft: Draft) -> dict[str, Any]:
    """The document of the lines."""
    lists = {line.name for line in draft.lines if line.kind == "rows"}
    columns = {name: [each for each in draft.lines if each.group == name] for name in lists}
    top = [each for each in draft.lines if each.group not in lists]
    schema = {**draft.kept.get("schema", {}), **_schema(top, columns)}
    ui: list[dict[str, Any]] = []
    for line in top:
        entry = _entry(line, columns.get(line.name, ()))
        if not line.group:
            ui.append(entry)
        elif ui and ui[-1].get("group") == line.group:
            ui[-1]["items"].append(entry)
        else:
            ui.append(
                {"group": line.group, **draft.kept.get("groups", {}).get(line.group, {}), "items": [entry]}
            )
    told: dict[str, Any] = {"schema": schema, "ui": ui}
    if draft.rules:
        told["rules"] = [_written(each) for each in draft.rules]
    return told | ({"title": draft.kept["title"]} if draft.kept.get("title") else {})


def kind_of_field(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> str:  # noqa: PLR0911 - a line for each kind
    """The kind of a line that shows the field."""
    items = definition.get("items", {})
    match kind_of(definition):
        case "string" if options_of(definition, {}):
            return "choice"
        case "string" if definition.get("format") == "date":
            return "date"
        case "string" if is_document(definition):
            return "document"
        case "string" if not definition.get("format"):
            is_long = entry.get("widget") == "textarea" or definition.get("maxLength", 0) > LONG
            return "long" if is_long else "text"
        case "number" if entry.get("widget") == "amount" or definition.get("multipleOf") == 0.01:
            return "amount"
        case "integer" | "number" | "boolean" as kind if "enum" not in definition:
            return kind
        case "array" if isinstance(items, Mapping) and kind_of(items) == "object":
            return "rows"
        case "array" if isinstance(items, Mapping) and options_of(items, {}):
            return "several"
    return OTHER


def _lines(
    schema: Mapping[str, Any],
    ui: Iterable[Any],
    groups: dict[str, Any],
    group: str = "",
    *,
    inside: bool = False,
) -> Iterator[Line]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    seen = set[str]()
    for entry in ui:
        if "group" in entry:
            if group or inside:
                raise TooDeepError
            title = str(entry["group"])
            groups[title] = {key: value for key, value in entry.items() if key not in {"group", "items"}}
            for line in _lines(schema, entry.get("items", ()), groups, title, inside=True):
                seen.add(line.name)
                yield line
        elif "info" in entry:
            yield Line(
                kind="info",
                label=str(entry["info"]),
                label_en=str(entry.get("info_en", "")),
                condition=_shown(entry),
                group=group,
                kept={"entry": entry},
            )
        elif entry.get("field") in properties:
            seen.add(entry["field"])
            yield from _field_lines(entry["field"], properties, entry, required, group)
    if not inside:
        for name in properties:
            if name not in seen:
                yield from _field_lines(name, properties, {"field": name}, required, group)


def _field_lines(
    name: str, properties: Mapping[str, Any], entry: Mapping[str, Any], required: Iterable[str], group: str
) -> Iterator[Line]:
    found = properties[name]
    definition = found if isinstance(found, dict) else {}
    kind = kind_of_field(definition, entry) if isinstance(found, dict) else OTHER
    kept: dict[str, Any] = {
        "listed": "items" in entry,
        "definition": found,
        "entry": {k: v for k, v in entry.items() if k != "items"},
    }
    yield Line(
        name=name,
        kind=kind,
        label=str(entry.get("label") or definition.get("title") or ""),
        label_en=str(entry.get("label_en", "")),
        help=str(entry.get("help") or definition.get("description") or ""),
        options=_options(definition, entry),
        condition=_shown(entry),
        group=group,
        required=name in required,
        read_only=bool(definition.get("readOnly")),
        kept=kept,
    )
    if kind == "rows":
        columns = list(_lines(definition["items"], entry.get("items", ()), {}, name))
        if any(each.kind == "rows" for each in columns):
            raise TooDeepError
        yield from columns


def _options(definition: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    choices = definition.get("items", {}) if kind_of(definition) == "array" else definition
    found = options_of(choices, entry.get("options", {})) if isinstance(choices, Mapping) else []
    return "\n".join(value if value == label else f"{value} = {label}" for value, label in found)


def _shown(entry: Mapping[str, Any]) -> str:
    found = entry.get("showIf", "")
    if isinstance(found, Mapping):
        return f"{found.get('field')} = {json.dumps(found.get('equals'), ensure_ascii=False)}"
    return str(found)


def _rule(given: Mapping[str, Any]) -> RuleLine:
    return RuleLine(
        check=str(given.get("check", "")),
        text=str(given.get("text", "")),
        text_en=str(given.get("text_en", "")),
        fields=", ".join(given.get("fields", ())),
        severity=str(given.get("severity", "error")),
    )


def _written(rule: RuleLine) -> dict[str, Any]:
    fields = [name.strip() for name in rule.fields.split(",") if name.strip()]
    told: dict[str, Any] = {"check": rule.check, "text": rule.text}
    told |= {"text_en": rule.text_en} if rule.text_en else {}
    told |= {"fields": fields} if fields else {}
    return told | ({"severity": rule.severity} if rule.severity != "error" else {})


def _schema(lines: Sequence[Line], columns: Mapping[str, Sequence[Line]]) -> dict[str, Any]:
    fields = [line for line in lines if line.kind != "info"]
    told: dict[str, Any] = {
        "properties": {line.name: _definition(line, columns.get(line.name, ())) for line in fields}
    }
    required = [line.name for line in fields if line.required]
    return told | ({"required": required} if required else {})


def _definition(line: Line, columns: Sequence[Line]) -> Any:
    before = line.kept.get("definition")
    if line.kind == OTHER or (before is not None and not isinstance(before, dict)):
        return before
    entry = line.kept.get("entry", {})
    is_same = before is not None and kind_of_field(before, entry) == line.kind
    told: dict[str, Any] = dict(before) if before is not None and is_same else dict(TYPES[line.kind][0])
    if line.label or "title" in told:
        told["title"] = line.label
    told.pop("readOnly", None)
    told |= {"readOnly": True} if line.read_only else {}
    if line.kind in {"choice", "several"} and line.options != _options(_kept(line), entry):
        values = [value for value, _ in _choices(line)]
        told.pop("oneOf", None)
        listed: dict[str, Any] = {"type": "string", "enum": values}
        told |= {"enum": values} if line.kind == "choice" else {"items": listed}
    if line.kind == "rows":
        before_items: Mapping[str, Any] = told["items"]
        items = {key: value for key, value in before_items.items() if key not in {"properties", "required"}}
        told["items"] = items | _schema(columns, {})
    return told


def _entry(line: Line, columns: Sequence[Line]) -> dict[str, Any]:
    before: Mapping[str, Any] = line.kept.get("entry", {})
    told = {key: value for key, value in before.items() if key not in {"showIf", "items"}}
    if line.kind == "info":
        told |= {"info": line.label}
        _set(told, "info_en", line.label_en)
    else:
        told["field"] = line.name
        is_same = "definition" in line.kept and kind_of_field(_kept(line), before) == line.kind
        if line.kind != OTHER and not is_same:
            _set(told, "widget", TYPES[line.kind][1])
        if "label" in told:
            told["label"] = line.label
        _set(told, "label_en", line.label_en)
        if line.help or "help" in told:
            _set(told, "help", line.help)
        if line.kind in {"choice", "several"} and line.options != _options(_kept(line), before):
            labels = {value: label for value, label in _choices(line) if value != label}
            _set(told, "options", labels)
            _set(told, "options_en", {k: v for k, v in told.get("options_en", {}).items() if k in labels})
    if line.condition:
        told["showIf"] = before["showIf"] if line.condition == _shown(before) else line.condition
    items = [_entry(each, ()) for each in columns]
    if items and (line.kept.get("listed", True) or any(each.keys() != {"field"} for each in items)):
        told["items"] = items
    return told


def _kept(line: Line) -> Mapping[str, Any]:
    found = line.kept.get("definition")
    return found if isinstance(found, dict) else {}


def _set(told: dict[str, Any], key: str, value: Any) -> None:
    told.pop(key, None)
    if value:
        told[key] = value


def _choices(line: Line) -> list[tuple[str, str]]:
    found = []
    for text in line.options.splitlines():
        value, _, label = text.partition("=")
        if value.strip():
            found.append((value.strip(), label.strip() or value.strip()))
    return found
