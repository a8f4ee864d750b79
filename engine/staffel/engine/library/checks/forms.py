"""Forms: JSON Schema 2020-12 plus an ordered `ui` list; checked when uploaded, generated when a model brings fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from staffel.engine.bpmn.model import FormField, NodeType
from staffel.engine.kernel import Program
from staffel.engine.library.checks.depending import check_depending, check_shown_if
from staffel.engine.library.checks.documents import read_json
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.schemas import fields_of, is_document

WIDGETS: Final = frozenset(
    {"text", "textarea", "number", "amount", "date", "checkbox", "yesno", "radio", "select", "checkboxes"}
    | {"lines", "rows", "document"}
)
_ENTRY_KEYS: Final = {
    "field": frozenset({"field", "widget", "label", "help", "unit", "options", "showIf", "items"})
    | {"label_en", "help_en", "options_en"},
    "group": frozenset({"group", "items", "help", "showIf", "group_en", "help_en"}),
    "info": frozenset({"info", "showIf", "info_en"}),
}
_RISKY: Final = re.compile(r"\([^()]*[+*][^()]*\)[+*{]")
_MAX_PATTERN: Final = 300


def check_form(content: bytes, file: str, notes: Notes) -> Mapping[str, Any] | None:
    """The form in a `forms/*.json` file; None when it cannot be used at all."""
    document = read_json(content, file, notes)
    if document is None:
        return None
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(schema, dict):
        _shape(file, notes)
        return None
    for key in document.keys() - {"schema", "ui", "rules", "title"}:
        _unknown(file, notes, key, "schema, ui, rules, title")
    if not _valid_schema(schema, file, notes):
        return None
    _check_documents(schema, file, notes)
    ui, rules = document.get("ui", []), document.get("rules", [])
    if not isinstance(ui, list) or not isinstance(rules, list):
        _shape(file, notes)
        return None
    _check_ui(ui, schema, file, notes)
    check_depending(schema, ui, rules, file, notes)
    return document


@lru_cache(maxsize=1024)
def _schema_fault(schema: str) -> str:
    """Where and what the metaschema finds, else nothing. Variants and versions of a model share most of their forms."""
    try:
        Draft202012Validator.check_schema(json.loads(schema))
    except SchemaError as err:
        where = "/".join(str(part) for part in err.absolute_path) or "schema"
        return f"{where}: {err.message[:200]}"
    return ""


def _valid_schema(schema: dict[str, Any], file: str, notes: Notes) -> bool:
    fault = _schema_fault(json.dumps(schema))
    if fault:
        notes.error(
            "form-schema-invalid",
            file,
            (
                f"Das Schema ist kein gültiges JSON Schema 2020-12: {fault}.",
                f"The schema is not valid JSON Schema 2020-12: {fault}.",
            ),
            ("Die genannte Stelle im Schema berichtigen.", "Correct that place in the schema."),
        )
        return False
    sound = True
    if schema.get("type", "object") != "object" or not isinstance(schema.get("properties", {}), dict):
        _shape(file, notes)
        sound = False
    for key, value in _pairs(schema):
        if key in {"$ref", "$dynamicRef"} and not str(value).startswith("#"):
            _foreign_reference(file, notes, str(value))
            sound = False
        if (
            key == "pattern"
            and isinstance(value, str)
            and (len(value) > _MAX_PATTERN or _RISKY.search(value))
        ):
            _risky_pattern(file, notes, value)
            sound = False
    return sound


def _pairs(schema: Any) -> Iterator[tuple[str, Any]]:
    waiting = [schema]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield from item.items()
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _check_ui(ui: list[Any], schema: Mapping[str, Any], file: str, notes: Notes) -> None:
    properties = schema.get("properties", {})
    names, waiting, seen = frozenset(properties), list(ui), set[str]()
    while waiting:
        entry = waiting.pop(0)
        kind = next((key for key in _ENTRY_KEYS if isinstance(entry, dict) and key in entry), None)
        if kind is None:
            _shape(file, notes)
            continue
        for key in entry.keys() - _ENTRY_KEYS[kind]:
            _unknown(file, notes, key, ", ".join(sorted(_ENTRY_KEYS[kind])))
        check_shown_if(entry, file, notes)
        if kind == "group":
            items = entry.get("items")
            waiting[:0] = items if isinstance(items, list) else []
        elif kind == "field":
            _check_field(entry, names, seen, file, notes)
            inner = _inner_schema(properties.get(entry["field"]))
            if isinstance(entry.get("items"), list) and inner is not None:
                _check_ui(entry["items"], inner, file, notes)


def _check_documents(schema: Mapping[str, Any], file: str, notes: Notes) -> None:
    """A document is a field of its own, for it has one place: not in the rows of a list."""
    for path, field in fields_of(schema):
        if is_document(field) and ("." in path or field.get("type", "string") != "string"):
            notes.error(
                "form-document-place",
                file,
                (
                    f"Ein Dokument ist ein eigenes Feld vom Typ string, nicht Teil einer Liste oder Gruppe; gefunden: „{path}“.",
                    f'A document is a field of its own of type string, no part of a list or group; found: "{path}".',
                ),
                ("Das Feld neben die Liste oder Gruppe stellen.", "Put the field beside the list or group."),
            )


def check_start_documents(
    programs: Mapping[str, Program], forms: Mapping[str, Mapping[str, Any]], notes: Notes
) -> None:
    """Where a case only begins there is nothing yet that a document could be put to."""
    for program in programs.values():
        for element in program.elements.values():
            form = forms.get(element.form or "") if element.type is NodeType.START_EVENT else None
            for name, field in (form or {}).get("schema", {}).get("properties", {}).items():
                if is_document(field):
                    notes.error(
                        "form-document-start",
                        f"forms/{element.form}.json",
                        (
                            f"Das Feld „{name}“ ist ein Dokument; mit dem Startformular gibt es den Vorgang noch nicht, "
                            "zu dem es gehört.",
                            f'The field "{name}" is a document; with the start form the case that it belongs to is not there yet.',
                        ),
                        (
                            "Das Feld in das Formular der ersten Aufgabe nehmen.",
                            "Put the field into the form of the first task.",
                        ),
                    )


def _inner_schema(field: Any) -> Mapping[str, Any] | None:
    """The schema of a list's rows, or of a group of fields; None where a field has no fields inside."""
    inner = field.get("items", field) if isinstance(field, dict) else None
    return inner if isinstance(inner, dict) and isinstance(inner.get("properties"), dict) else None


def _check_field(
    entry: dict[str, Any], names: frozenset[str], seen: set[str], file: str, notes: Notes
) -> None:
    name, widget = str(entry["field"]), entry.get("widget")
    if name not in names:
        _unknown_field(file, notes, name)
    elif name in seen:
        notes.warning(
            "form-field-twice",
            file,
            (f"Das Feld „{name}“ steht zweimal in ui.", f'The field "{name}" stands twice in ui.'),
            ("Einen der beiden Einträge löschen.", "Delete one of the two entries."),
        )
    seen.add(name)
    if widget is not None and widget not in WIDGETS:
        known = ", ".join(sorted(WIDGETS))
        notes.error(
            "form-widget-unknown",
            file,
            (
                f"Für „{name}“ wird eines dieser Eingabeelemente erwartet: {known}; gefunden: „{widget}“.",
                f'For "{name}" one of these widgets is expected: {known}; found: "{widget}".',
            ),
            ("widget berichtigen oder weglassen.", "Correct widget or leave it out."),
        )


def _shape(file: str, notes: Notes) -> None:
    notes.error(
        "form-shape",
        file,
        (
            'Erwartet wird {"schema": {"type": "object", "properties": …}, "ui": [{"field": …}, {"group": …, "items": '
            '[…]}, {"info": …}], "rules": [{"check": …, "text": …}]}.',
            'Expected {"schema": {"type": "object", "properties": …}, "ui": [{"field": …}, {"group": …, "items": […]}, '
            '{"info": …}], "rules": [{"check": …, "text": …}]}.',
        ),
        ("Den Aufbau der Datei anpassen.", "Adapt the shape of the file."),
    )


def _unknown(file: str, notes: Notes, key: object, allowed: str) -> None:
    notes.error(
        "form-key-unknown",
        file,
        (
            f"„{key}“ ist hier unbekannt; erlaubt sind: {allowed}.",
            f'"{key}" is unknown here; allowed: {allowed}.',
        ),
        ("Den Namen berichtigen oder löschen.", "Correct or delete the name."),
    )


def _unknown_field(file: str, notes: Notes, name: str) -> None:
    notes.error(
        "form-field-unknown",
        file,
        (
            f"ui verweist auf „{name[:100]}“; im Schema gibt es dieses Feld nicht.",
            f'ui refers to "{name[:100]}"; the schema has no such field.',
        ),
        (
            "Das Feld unter properties ergänzen oder den Eintrag berichtigen.",
            "Add it to properties or correct the entry.",
        ),
    )


def _foreign_reference(file: str, notes: Notes, found: str) -> None:
    notes.error(
        "form-reference-foreign",
        file,
        (
            f"$ref darf nur innerhalb der Datei verweisen (#…), gefunden: „{found[:100]}“.",
            f'$ref may refer only inside the file (#…), found: "{found[:100]}".',
        ),
        (
            "Das Schema unter $defs in dieselbe Datei aufnehmen.",
            "Put that schema into the same file under $defs.",
        ),
    )


def _risky_pattern(file: str, notes: Notes, found: str) -> None:
    notes.error(
        "form-pattern-risky",
        file,
        (
            f"Das Muster „{found[:80]}“ kann bei manchen Eingaben sehr lange rechnen.",
            f'The pattern "{found[:80]}" can take very long for some input.',
        ),
        (
            "Wiederholungen nicht ineinander schachteln, höchstens 300 Zeichen.",
            "Do not nest repetitions; at most 300 characters.",
        ),
    )


# --- forms that a model brings itself ----------------------------------------------------------------------------

_TYPES: Final[dict[str, dict[str, Any]]] = {
    "long": {"type": "integer"},
    "integer": {"type": "integer"},
    "int": {"type": "integer"},
    "double": {"type": "number"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_LIMITS: Final = {
    "min": ("minimum", float),
    "max": ("maximum", float),
    "minlength": ("minLength", int),
    "maxlength": ("maxLength", int),
}


def generated_form(fields: tuple[FormField, ...]) -> dict[str, Any]:
    """The form of the fields that a model brings itself (`camunda:formData`, `flowable:formProperty`)."""
    properties = {field.id: _property(field) for field in fields if field.id}
    required = [field.id for field in fields if field.id and "required" in field.constraints]
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {"schema": schema, "ui": [{"field": name} for name in properties]}


def _property(field: FormField) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": field.label or field.id, **_TYPES.get(field.type, {"type": "string"})}
    if field.options:
        shape["oneOf"] = [{"const": value, "title": label} for value, label in field.options]
    for name, (keyword, convert) in _LIMITS.items():
        limit = _number(field.constraints.get(name))
        if limit is not None:
            shape[keyword] = convert(limit) if convert is int or limit != int(limit) else int(limit)
    if "readonly" in field.constraints:
        shape["readOnly"] = True
    default = _default(field, str(shape["type"]))
    return shape if default is None else {**shape, "default": default}


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < 1e15 else None


def _default(field: FormField, kind: str) -> Any:
    text = (field.default or "").strip()
    if not text or "${" in text or "#{" in text:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower())
    if kind in {"integer", "number"}:
        number = _number(text)
        return int(number) if number is not None and number == int(number) else number
    return text
