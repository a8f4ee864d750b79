"""CSV tables: the rows of one as values of a form, read as a person means them; and tables for spreadsheets.

The first row names the columns: `aktenzeichen`, and the fields of the start form by their names (`anschrift.plz` for a
field inside a group, `kinder.0.name` for one of a list of groups) or by their titles. Cells are read as in a web form:
`31.12.2026` and `2026-12-31`, `1.234,50` and `1234.5`, `ja` and `nein`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from staffel.engine.errors import Refusal
from staffel.engine.library.forms import Form
from staffel.engine.library.schemas import as_text, kind_of
from staffel.engine.library.typed import read_values

REFERENCE = "aktenzeichen"
REMARK = "hinweis"
"""The column of refusals in a table that came back; it is not read."""
MAX_ROWS = 10_000
MAX_CELL = 20_000
DELIMITERS = ";,\t"
Cell = str | int | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class SheetRefused(Refusal):
    """The table cannot be read."""

    status, code = 422, "sheet-refused"
    text_de = "Die Tabelle kann nicht gelesen werden."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: `line` counts from 1 as a spreadsheet shows it, the header included."""

    line: int
    reference: str
    values: Mapping[str, Any]


def read_sheet(data: bytes, form: Form | None) -> list[SheetRow]:
    """The rows of a CSV file (UTF-8 or Windows-1252; `;`, `,` or tab). Raises `SheetRefused` with what is wrong."""
    rows = _records(_text(data))
    _, header = next(rows, (1, []))
    columns = _columns(header, form)
    found = [_row(line, cells, columns, form) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not found:
        raise _refused(
            "Die Tabelle hat keine Zeile unter der Kopfzeile.", "There is no row below the header."
        )
    return found


def column_names(form: Form | None) -> list[str]:
    """The columns of an empty table for the form: the reference first, then the fields that may be set."""
    return [REFERENCE, *(_paths(form.schema) if form else ())]


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table for a spreadsheet: semicolons, CRLF. What it would take for a formula gets an apostrophe in front
    (OWASP, CSV injection), which `read_sheet` takes away again.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def cells_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the cells that `read_sheet` would read them from, by column."""
    return dict(_cells(values, ""))


def _cells(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        match value:
            case dict():
                yield from _cells(value, f"{prefix}{name}.")
            case [dict(), *_]:
                for number, item in enumerate(value):
                    yield from _cells(item, f"{prefix}{name}.{number}.")
            case list():
                yield prefix + name, "|".join(map(as_text, value))
            case bool():
                yield prefix + name, "ja" if value else "nein"
            case _:
                yield prefix + name, as_text(value)


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused(
        "Erwartet wird eine CSV-Datei in UTF-8 oder Windows-1252. Eine Excel-Datei bitte als „CSV UTF-8“ speichern.",
        'Expected a CSV file in UTF-8 or Windows-1252. Please save an Excel file as "CSV UTF-8".',
    )


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if number > MAX_ROWS + 1:
                raise _refused(
                    f"Erlaubt sind {MAX_ROWS} Zeilen; bitte die Tabelle teilen.",
                    f"{MAX_ROWS} rows are allowed; please divide the table.",
                )
            if any(len(cell) > MAX_CELL for cell in cells):
                raise _refused(
                    f"Zeile {number}: eine Zelle hat mehr als {MAX_CELL} Zeichen.",
                    f"Row {number}: a cell has more than {MAX_CELL} characters.",
                )
            yield number, cells
    except csv.Error as error:
        raise _refused(
            f"Zeile {reader.line_num} der Datei ist keine CSV-Zeile ({error}). Steht ein Anführungszeichen zu viel?",
            f"Line {reader.line_num} of the file is not CSV ({error}). Is there a quotation mark too many?",
        ) from error


def _columns(header: list[str], form: Form | None) -> list[str]:
    """The field of each column. Without a form every column is a value of its name."""
    titles = _titles(form) if form else {}
    known = set(column_names(form))
    columns: list[str] = []
    for cell in header:
        name = cell.strip()
        plain = REFERENCE if name.lower() == REFERENCE else titles.get(name, name)
        if not plain:
            raise _refused(
                f"Spalte {len(columns) + 1} hat keine Überschrift.",
                f"Column {len(columns) + 1} has no heading.",
            )
        if form and plain != REMARK and not _is_known(plain, known):
            raise _refused(
                f"Die Spalte „{name}“ gehört nicht zum Startformular; es gibt: {', '.join(sorted(known))}.",
                f'The column "{name}" is not part of the start form; there are: {", ".join(sorted(known))}.',
            )
        if plain in columns:
            raise _refused(f"Die Spalte „{name}“ steht zweimal da.", f'The column "{name}" occurs twice.')
        columns.append(plain)
    if REFERENCE not in columns:
        raise _refused(
            f"Es fehlt die Spalte „{REFERENCE}“; gefunden: {', '.join(columns) or '–'}.",
            f'The column "{REFERENCE}" is missing; found: {", ".join(columns) or "–"}.',
        )
    return columns


def _is_known(name: str, known: set[str]) -> bool:
    """List positions count as any: `kinder.3.name` is the column `kinder.0.name`."""
    return ".".join("0" if part.isdecimal() else part for part in name.split(".")) in known


def _row(line: int, cells: list[str], columns: list[str], form: Form | None) -> SheetRow:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise _refused(
            f"Zeile {line} hat {len(cells)} Zellen, die Kopfzeile {len(columns)}.",
            f"Row {line} has {len(cells)} cells, the header {len(columns)}.",
        )
    typed = {name: _plain(cell) for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    reference = typed.pop(REFERENCE, "")
    typed.pop(REMARK, None)
    if form is None:
        return SheetRow(line, reference, typed)
    raw = {name: cell.split("|") if _is_list(form, name) else [cell] for name, cell in typed.items()}
    return SheetRow(line, reference, read_values(form.schema, raw))


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell


def _is_list(form: Form, name: str) -> bool:
    field = form.schema.get("properties", {}).get(name)
    return isinstance(field, Mapping) and kind_of(field) == "array"


def _titles(form: Form) -> dict[str, str]:
    """Field names by the titles that stand for one field only."""
    labels: dict[str, list[str]] = {}
    for name, field in form.schema.get("properties", {}).items():
        if isinstance(field, Mapping) and field.get("title"):
            labels.setdefault(str(field["title"]), []).append(name)
    labelled = [
        (str(entry.get("label")), str(entry["field"])) for entry in _entries(form.ui) if "field" in entry
    ]
    for label, name in labelled:
        if name not in labels.setdefault(label, []):
            labels[label].append(name)
    return {label: names[0] for label, names in labels.items() if len(names) == 1 and label not in form.names}


def _entries(ui: Any) -> Iterator[Mapping[str, Any]]:
    for entry in ui:
        yield entry
        yield from _entries(entry.get("items", ()))


def _paths(schema: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, field in schema.get("properties", {}).items():
        if not isinstance(field, Mapping) or field.get("readOnly"):
            continue
        items = field.get("items", {})
        if kind_of(field) == "object":
            yield from _paths(field, f"{prefix}{name}.")
        elif kind_of(field) == "array" and kind_of(items) == "object":
            yield from _paths(items, f"{prefix}{name}.0.")
        else:
            yield prefix + name


def _refused(german: str, english: str) -> SheetRefused:
    return SheetRefused(english, text_de=german)
