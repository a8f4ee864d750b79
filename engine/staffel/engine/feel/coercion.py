"""Conversions that FEEL makes by itself when a value is bound to a type (DMN 1.5 §10.3.2.9.4)."""

from __future__ import annotations

from staffel.engine.feel.dates import UTC, midnight
from staffel.engine.feel.types import DATE_TIME, Constrained, FeelType, ListType, conforms
from staffel.engine.feel.values import DATES, Value


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
