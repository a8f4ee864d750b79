"""A person departs from a proposed decision: what is decided instead is read as the proposal's kind of value.

JSON has no dates. Where the rules proposed a date, a date has to come back, or the conditions behind would compare
a date with text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from staffel.engine.feel.dates import parse_date, parse_datetime, parse_duration, parse_time
from staffel.engine.feel.values import DayTimeDuration, FeelTime, WideDate, WideDateTime, YearMonthDuration
from staffel.engine.library.forms import REASON, ValuesRefused, read_free_values

_READERS: tuple[tuple[tuple[type, ...], str, Callable[[str], Any]], ...] = (
    ((datetime, WideDateTime), "date-time", parse_datetime),
    ((date, WideDate), "date", parse_date),
    ((FeelTime,), "time", parse_time),
    ((YearMonthDuration, DayTimeDuration), "duration", parse_duration),
)


def read_decision(values: Mapping[str, Any], proposed: Mapping[str, Any]) -> dict[str, Any]:
    """FEEL values of what was decided; `proposed` are the decision's variables. Raises `ValuesRefused`."""
    return {name: _like(value, proposed.get(name), name) for name, value in read_free_values(values).items()}


def need_reason(decided: Mapping[str, Any], proposed: Mapping[str, Any]) -> None:
    """Raise `ValuesRefused` where something else is decided than was proposed and `abweichung_begruendung` is missing."""
    departs = any(decided.get(name, value) != value for name, value in proposed.items())
    if departs and not str(decided.get(REASON) or "").strip():
        fault = {
            "field": REASON,
            "code": "required",
            "text_de": "Bitte begründen Sie, warum Sie vom Vorschlag abweichen.",
            "text_en": "Please say why you depart from the proposal.",
        }
        raise ValuesRefused(fields=[fault])


def _like(value: Any, proposed: Any, name: str) -> Any:
    if isinstance(value, list) and isinstance(proposed, list):
        return [_like(item, proposed[0], name) for item in value] if proposed else value
    if isinstance(value, dict) and isinstance(proposed, dict):
        return {key: _like(item, proposed.get(key), f"{name}.{key}") for key, item in value.items()}
    found = next((row for row in _READERS if isinstance(proposed, row[0])), None)
    if found is None or not isinstance(value, str):
        return value
    _, expected, parse = found
    parsed = parse(value)
    if parsed is None:
        fault = {
            "field": name,
            "code": "format",
            "text_de": f"Erwartet wird die Form {expected}.",
            "text_en": f"Expected the format {expected}.",
        }
        raise ValuesRefused(fields=[fault])
    return parsed
