"""From typed text (a sent form, a row of a spreadsheet) to JSON values.

What cannot be read stays as it was typed: the schema then says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from staffel.engine.library.plain import is_multiple
from staffel.engine.library.schemas import constants_of, kind_of

MISSING = object()
MOST_DIGITS = 15
"""What a binary number keeps of a decimal one exactly (IEEE 754)."""
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_GROUPS = {sign: re.compile(rf"[+-]?\d{{1,3}}(?:\{sign}\d{{3}})+") for sign in ".,"}
_TRUTHS = {"true": True, "ja": True, "wahr": True, "false": False, "nein": False, "falsch": False}
Raw = Mapping[str, Sequence[str]]


def read_values(schema: Mapping[str, Any], raw: Raw) -> dict[str, Any]:
    """The values for the schema. Empty fields are left out; which fields are hidden is for the form to say."""
    return _read_object(schema, raw, "")


def tidied(schema: Mapping[str, Any], raw: Raw, *, without: str = "") -> dict[str, Sequence[str]]:
    """What was typed with the rows of lists counted through from 0, as `read_values` does: empty ones are left out, and so
    is the row named `without` (`kinder.1`).
    """
    found = dict(raw)
    for name, definition in schema.get("properties", {}).items():
        items = definition.get("items") if isinstance(definition, Mapping) else None
        if not isinstance(items, Mapping) or kind_of(items) != "object":
            continue
        start, old = f"{name}.", dict(found)
        found = {key: texts for key, texts in old.items() if not key.startswith(start)}
        kept = [
            n for n in _row_numbers(old, name) if f"{start}{n}" != without and _row(items, old, f"{start}{n}")
        ]
        for new, number in enumerate(kept):
            row = f"{start}{number}."
            found |= {f"{start}{new}.{key[len(row) :]}": old[key] for key in old if key.startswith(row)}
    return found


def raw_of(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[str]]:
    """What was typed, by field name; files and the fields of the page itself are left out."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if isinstance(value, str) and name != "csrf_token":
            found.setdefault(name, []).append(value)
    return found


def _read_object(schema: Mapping[str, Any], raw: Raw, prefix: str) -> dict[str, Any]:
    found = {}
    for name, definition in schema.get("properties", {}).items():
        if not isinstance(definition, Mapping) or definition.get("readOnly"):
            continue
        value = _read(definition, raw, prefix + name)
        if value is not MISSING:
            found[name] = value
    return found


def _read(definition: Mapping[str, Any], raw: Raw, name: str) -> Any:  # noqa: PLR0911 - a line for each type
    match kind_of(definition):
        case "object":
            return _read_object(definition, raw, f"{name}.") or MISSING
        case "array":
            return _read_array(definition, raw, name)
    typed = [text.strip() for text in raw.get(name, ()) if text.strip()]
    if not typed:
        return MISSING
    text = typed[-1]  # a ticked box follows the hidden "false" of its name
    constants = constants_of(definition)
    if constants:
        return constants.get(text, text)
    match kind_of(definition):
        case "boolean":
            return _TRUTHS.get(text.lower(), text)
        case "integer" | "number":
            return _number(text, definition)
        case _ if definition.get("format") == "date":
            return _date(text)
        case _:
            return text.replace("\r\n", "\n")


def _read_array(definition: Mapping[str, Any], raw: Raw, name: str) -> Any:
    items = definition.get("items", {})
    if kind_of(items) == "object":
        return _read_rows(items, raw, name)
    if name not in raw:
        return MISSING
    texts = [part.strip() for text in raw[name] for part in text.splitlines() if part.strip()]
    constants = constants_of(items)
    return [constants.get(text, text) if constants else text for text in texts]


def _read_rows(items: Mapping[str, Any], raw: Raw, name: str) -> Any:
    numbers = _row_numbers(raw, name)
    if not numbers:
        return [] if name in raw else MISSING
    rows = (_row(items, raw, f"{name}.{number}") for number in numbers)
    return [row for row in rows if row]


def _row_numbers(raw: Raw, name: str) -> list[int]:
    start = f"{name}."
    heads = {key[len(start) :].partition(".")[0] for key in raw if key.startswith(start)}
    return sorted(int(head) for head in heads if head.isdecimal())


def _row(items: Mapping[str, Any], raw: Raw, name: str) -> dict[str, Any]:
    """The values of a row; empty where nothing was filled in (a box that is not ticked says nothing)."""
    row = _read_object(items, raw, f"{name}.")
    return row if any(value is not False for value in row.values()) else {}


def _date(text: str) -> str:
    """`31.12.2026` is a date as people write it; anything else stays as it is."""
    day, _, rest = text.partition(".")
    month, _, year = rest.partition(".")
    is_date = day.isdecimal() and month.isdecimal() and year.isdecimal() and len(year) == 4
    return f"{year}-{int(month):02}-{int(day):02}" if is_date else text


def _number(text: str, definition: Mapping[str, Any]) -> Any:
    """`1.234,50 €`, `1,234.50`, `1234.5` and `1 234,5` are numbers; anything else stays text, for the schema to refuse.

    The last of two signs parts the fraction, the other one groups of three digits. A single point before three digits
    parts thousands where the schema allows no thousandths. What is grouped otherwise (`1.2.2026`) stays text, and so do
    more digits than a number keeps exactly.
    """
    plain = text.replace(" ", "").replace("\u00a0", "").replace("€", "")
    fraction = "," if plain.rfind(",") > plain.rfind(".") else "."
    thousands = "." if fraction == "," else ","
    if plain.count(fraction) > 1 or (
        fraction == "." and _GROUPED.fullmatch(plain) and _is_coarse(definition)
    ):
        fraction, thousands = thousands, fraction
    whole = plain.partition(fraction)[0]
    if "_" in plain or (thousands in plain and not _GROUPS[thousands].fullmatch(whole)):
        return text
    plain = plain.replace(thousands, "").replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return text
    if plain.lstrip("+-").isdecimal():
        return int(plain)
    return number if isfinite(number) and sum(map(str.isdigit, plain)) <= MOST_DIGITS else text


def _is_coarse(definition: Mapping[str, Any]) -> bool:
    """Whether the schema allows no thousandths: whole numbers, amounts in cents."""
    step = definition.get("multipleOf", 0)
    return kind_of(definition) == "integer" or (bool(step) and not is_multiple(0.001, step))
