"""Conversions when a value is bound to a type: those of FEEL itself (DMN 1.5 §10.3.2.9.4), and texts of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from staffel.engine.feel.dates import (
    UTC,
    midnight,
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from staffel.engine.feel.types import (
    DATE,
    DATE_TIME,
    DAYS_TIME,
    MAX_DEPTH,
    TIME,
    YEARS_MONTHS,
    Constrained,
    ContextType,
    FeelType,
    ListType,
    Simple,
    conforms,
)
from staffel.engine.feel.values import DATES, Value

_READERS: Final[Mapping[Simple, Callable[[str], Value]]] = {
    DATE: parse_date,
    TIME: parse_time,
    DATE_TIME: parse_datetime,
    DAYS_TIME: parse_duration,
    YEARS_MONTHS: parse_duration,
}


def coerce(value: Value, kind: FeelType | None, otherwise: Value = None) -> Value:
    """The value if it conforms, else as list of one, as the one item of a list, a date as its midnight.

    `otherwise` where none of these fits.
    """
    if kind is None or conforms(value, kind):
        return value
    base = kind
    for _ in range(20):
        if not isinstance(base, Constrained):
            break
        base = base.base()
    if isinstance(base, ListType):
        if type(value) is not list and conforms([value], kind):
            return [value]
    elif type(value) is list and len(value) == 1 and conforms(value[0], kind):
        return value[0]
    if base == DATE_TIME and type(value) in DATES:
        return midnight(value, UTC)
    return otherwise


def read_as(value: Value, kind: FeelType | None, depth: int = 0) -> Value:
    """A value of JSON with the texts where its type wants a date, time or duration read as these, at any depth.

    A text that is none stays a text, so that `coerce` tells it.
    """
    for _ in range(20):
        if not isinstance(kind, Constrained):
            break
        kind = kind.base()
    if kind is None or depth > MAX_DEPTH:
        return value
    match value, kind:
        case str(), Simple() if (reader := _READERS.get(kind)) is not None:
            found = reader(value)
            return value if found is None else found
        case list(), ListType(item):
            return [read_as(each, item, depth + 1) for each in value]
        case _, ListType(item):
            return read_as(value, item, depth + 1)
        case dict(), ContextType(fields):
            return value | {
                name: read_as(value[name], each, depth + 1) for name, each in fields if name in value
            }
    return value
