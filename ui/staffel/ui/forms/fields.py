"""From a form's schema and ui list to the parts of a page.

The ui list orders what is shown. Entries: `{"field": NAME, "widget"?, "label"?, "help"?, "unit"?, "options"?: {value: label},
"showIf"?: condition}`, `{"group": TITLE, "items": […], "help"?}`, `{"info": TEXT}`. A field of records has `items`
for its columns. Texts are German; `label_en`, `help_en`, `options_en`, `group_en`, `info_en` stand in for them in English. Fields that it
leaves out follow at the end, so that nothing that is required can be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from staffel.engine.documents import TYPES
from staffel.engine.library.depending import EVERYTHING, View
from staffel.engine.library.schemas import DOCUMENT, as_text, kind_of, options_of
from staffel.ui.formats import amount
from staffel.ui.forms.widgets import widget_of
from staffel.ui.language import Language

MOST_ROWS = 100
Raw = Mapping[str, Sequence[str]]
"""What was typed, by field name: shown again as it was when it could not be accepted."""


@dataclass(kw_only=True)
class Field:
    """One input with its label. `value` is what stands in it, `values` what is ticked.

    A part under a condition has a `place`, and is `closed` while the condition does not hold.
    """

    name: str
    widget: str
    label: str
    required: bool = False
    read_only: bool = False
    help: str = ""
    unit: str = ""
    value: str = ""
    values: Sequence[str] = ()
    given: Any = None
    options: Sequence[tuple[str, str]] = ()
    error: str = ""
    place: str = ""
    closed: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id of the input in the page."""
        return "feld-" + self.name.replace(".", "-")

    @property
    def file(self) -> str:
        """The name of the file that the field of a document holds; empty for every other field."""
        return dict(self.options).get(self.value, "") if self.widget == DOCUMENT else ""

    @property
    def accept(self) -> str:
        """Which files a browser offers for it."""
        return ",".join(f".{ending}" for ending in TYPES)


@dataclass(kw_only=True)
class Group:
    """Fields under a heading."""

    title: str
    items: list[Part]
    help: str = ""
    place: str = ""
    closed: bool = False


@dataclass(kw_only=True)
class Rows:
    """A list of records: a group per row. `can_add` and `can_remove` say whether there may be more rows or fewer; `begun` is
    the row that was just added.
    """

    name: str
    label: str
    help: str
    rows: list[list[Part]]
    can_add: bool = True
    can_remove: bool = True
    begun: int | None = None
    required: bool = False
    error: str = ""
    place: str = ""
    closed: bool = False


@dataclass(kw_only=True)
class Info:
    """Text between fields."""

    text: str
    place: str = ""
    closed: bool = False


Part = Field | Group | Rows | Info


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """What all fields of one form are made from."""

    values: Mapping[str, Any]
    raw: Raw | None
    errors: Mapping[str, str]
    language: Language
    extra_rows: Mapping[str, int]
    view: View
    documents: Mapping[str, str] | None


def lay_out(
    schema: Mapping[str, Any],
    ui: Iterable[Mapping[str, Any]],
    *,
    language: Language,
    values: Mapping[str, Any] | None = None,
    raw: Raw | None = None,
    errors: Mapping[str, str] | None = None,
    extra_rows: Mapping[str, int] | None = None,
    view: View = EVERYTHING,
    documents: Mapping[str, str] | None = None,
) -> list[Part]:
    """The parts of the form. `raw` (what was typed) wins over `values` (what is stored); `errors` go by field name.

    `documents` are those that fields may name, id and name; None where none can be uploaded.
    """
    sheet = _Sheet(
        values=values or {},
        raw=raw,
        errors=errors or {},
        language=language,
        extra_rows=extra_rows or {},
        view=view,
        documents=documents,
    )
    entries = list(ui)
    named = {entry["field"] for entry in fields_named(entries)}
    rest = [{"field": name} for name in schema.get("properties", {}) if name not in named]
    return _parts(sheet, schema, [*entries, *rest])


def faults_of(parts: Iterable[Part]) -> Iterator[Field | Rows]:
    """The fields with an error, in the order of the page."""
    for part in parts:
        match part:
            case Group():
                yield from faults_of(part.items)
            case Rows():
                if part.error:
                    yield part
                for row in part.rows:
                    yield from faults_of(row)
            case Field() if part.error:
                yield part


def fields_named(entries: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The entries of a ui list that show a field, those in groups included."""
    for entry in entries:
        if "field" in entry:
            yield entry
        yield from fields_named(entry.get("items", ()))


def _parts(
    sheet: _Sheet,
    schema: Mapping[str, Any],
    entries: Iterable[Mapping[str, Any]],
    prefix: str = "",
    place: str = "#",
) -> list[Part]:
    """The parts of a level; `place` is where it begins, as conditions count."""
    found = []
    for index, entry in enumerate(entries):
        part = _part(sheet, schema, _spoken(entry, sheet.language), prefix, f"{place}{index}")
        if part is not None:
            if "showIf" in entry:
                part.place = f"{prefix}{place}{index}"
                part.closed = part.place in sheet.view.closed
            found.append(part)
    return found


def _part(
    sheet: _Sheet, schema: Mapping[str, Any], entry: Mapping[str, Any], prefix: str, place: str
) -> Part | None:
    if "info" in entry:
        return Info(text=str(entry["info"]))
    if "group" in entry:
        items = _parts(sheet, schema, entry.get("items", ()), prefix, f"{place}.")
        return Group(title=str(entry["group"]), items=items, help=entry.get("help", ""))
    name = str(entry.get("field", ""))
    definition = schema.get("properties", {}).get(name)
    if not isinstance(definition, Mapping):
        return None  # the upload report has named it
    return _of_definition(
        sheet, definition, entry, prefix + name, required=name in schema.get("required", ())
    )


def _spoken(entry: Mapping[str, Any], language: Language) -> Mapping[str, Any]:
    """The entry with its English texts in place of the German ones, where English is spoken."""
    if language is Language.DE:
        return entry
    english = {key.removesuffix("_en"): text for key, text in entry.items() if key.endswith("_en")}
    return {**entry, **english}


def _of_definition(
    sheet: _Sheet,
    definition: Mapping[str, Any],
    entry: Mapping[str, Any],
    name: str,
    *,
    required: bool,
) -> Part:
    label = str(entry.get("label") or definition.get("title") or name.rpartition(".")[2])
    help_text = str(entry.get("help") or definition.get("description") or "")
    widget = str(entry.get("widget") or widget_of(definition, required=required))
    if widget == "group":
        return Group(title=label, items=_members(sheet, definition, f"{name}.", entry), help=help_text)
    if widget == "rows":
        return _rows(sheet, definition, entry, name, (label, help_text), required=required)
    if widget == DOCUMENT and sheet.documents is None:
        widget = "text"
    given = _stored(sheet.values, name)
    if given is None:
        given = definition.get("default")
    typed = _typed(sheet, name, given, widget)
    choices = definition.get("items", {}) if widget == "checkboxes" else definition
    options = options_of(choices, entry.get("options", {}))
    if widget == DOCUMENT:
        options = list((sheet.documents or {}).items())
        typed = [each for each in typed if each in dict(options)]
    if widget == "yesno":
        options = [("true", sheet.language.text("Ja")), ("false", sheet.language.text("Nein"))]
    return Field(
        name=name,
        widget=widget,
        label=label,
        required=required,
        read_only=bool(definition.get("readOnly")),
        help=help_text,
        unit=str(entry.get("unit") or ("€" if widget == "amount" else "")),
        value=typed[0] if typed else "",
        values=typed,
        given=_told(given, options, typed, widget),
        options=options,
        error=sheet.errors.get(name, ""),
        limits={key: definition[key] for key in ("minimum", "maximum", "maxLength") if key in definition},
    )


def _told(given: Any, options: Sequence[tuple[str, str]], typed: Sequence[str], widget: str) -> Any:
    """What is read where a field is only shown: labels in place of values, amounts with their cents."""
    labels = dict(options)
    if isinstance(given, list):
        return [labels.get(as_text(each), each) for each in given]
    return typed[0] if widget == "amount" and typed else labels.get(as_text(given), given)


def _members(
    sheet: _Sheet, definition: Mapping[str, Any], prefix: str, entry: Mapping[str, Any]
) -> list[Part]:
    items = entry.get("items") or [{"field": name} for name in definition.get("properties", {})]
    return _parts(sheet, definition, items, prefix)


def _rows(
    sheet: _Sheet,
    definition: Mapping[str, Any],
    entry: Mapping[str, Any],
    name: str,
    texts: tuple[str, str],
    *,
    required: bool,
) -> Rows:
    """As many rows as there are, at least one to fill in, and those that are being added."""
    fewest, most = max(1, definition.get("minItems", 0)), definition.get("maxItems", MOST_ROWS)
    there = max(_row_count(sheet, name), fewest)
    count = min(there + sheet.extra_rows.get(name, 0), max(most, there))
    return Rows(
        name=name,
        label=texts[0],
        help=texts[1],
        rows=[_members(sheet, definition["items"], f"{name}.{index}.", entry) for index in range(count)],
        can_add=count < most,
        can_remove=count > fewest,
        begun=there if count > there else None,
        required=required,
        error=sheet.errors.get(name, ""),
    )


def _row_count(sheet: _Sheet, name: str) -> int:
    if sheet.raw is not None:
        start = f"{name}."
        taken = {key[len(start) :].partition(".")[0] for key in sheet.raw if key.startswith(start)}
        return len([part for part in taken if part.isdecimal()])
    stored = _stored(sheet.values, name)
    return len(stored) if isinstance(stored, list) else 0


def _stored(values: Any, name: str) -> Any:
    """The value at a dotted name: `haushalt.0.name`."""
    for step in name.split("."):
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and step.isdecimal() and int(step) < len(values):
            values = values[int(step)]
        else:
            return None
    return values


def _typed(sheet: _Sheet, name: str, given: Any, widget: str) -> list[str]:
    if sheet.raw is not None:
        return list(sheet.raw.get(name, ()))
    match given:
        case None:
            return []
        case list() if all(isinstance(item, str) for item in given):
            return ["\n".join(given)] if not given else list(given)
        case int() | float() if widget == "amount" and not isinstance(given, bool):
            return [amount(given, sheet.language)]
        case int() | float() if not isinstance(given, bool):
            text = str(given)
            return [text.replace(".", ",") if sheet.language is Language.DE else text]
        case _:
            return [as_text(given)]


__all__ = ["Field", "Group", "Info", "Part", "Raw", "Rows", "faults_of", "kind_of", "lay_out"]
