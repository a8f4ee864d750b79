"""The short way for plain forms: a schema compiled into closures that may say "surely right", never "wrong".

Nearly every form is a flat list of texts, numbers, dates and choices, filled in as asked. For those the validator's
work was a tenth of completing a task. What the short way does not understand or does not find right goes the long way,
through the validator, which alone judges and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

Surely: TypeAlias = Callable[[Any], bool]
"""Whether a value is right beyond doubt."""

_WORDS = frozenset({"$schema", "title", "description", "readOnly", "default", "examples"})
"""Keywords that judge nothing (`default` and `examples` are annotations, JSON Schema 2020-12 Validation §9)."""
_KINDS: Mapping[str, frozenset[type]] = {
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "integer": frozenset({int}),
    "number": frozenset({int, float, Decimal}),
    "array": frozenset({list}),
}


def surely_right(schema: Mapping[str, Any]) -> Surely | None:
    """The short way for an object with plain fields; none where the schema asks for more."""
    known = _WORDS | {"type", "properties", "required", "additionalProperties"}
    fields = schema.get("properties")
    if schema.get("type") != "object" or not schema.keys() <= known or not isinstance(fields, Mapping):
        return None
    if not isinstance(schema.get("additionalProperties", True), bool):
        return None
    checks = {name: check for name, field in fields.items() if (check := _field(field)) is not None}
    required = frozenset(schema.get("required", ()))

    def surely(values: Any) -> bool:
        if not values.keys() >= required:
            return False
        return all((check := checks.get(name)) is not None and check(value) for name, value in values.items())

    return surely


def _field(field: Any) -> Surely | None:
    kind = field.get("type") if isinstance(field, Mapping) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    kinds, tests = _KINDS[kind], []
    for keyword, limit in field.items():
        if keyword in _WORDS or keyword == "type":
            continue
        maker = _TESTS.get((kind, keyword))
        test = maker(limit) if maker else None
        if test is None:
            return None
        tests.append(test)

    def surely(value: Any) -> bool:
        return type(value) in kinds and all(test(value) for test in tests)

    return surely


def _choice(choices: Any) -> Surely | None:
    if not isinstance(choices, list) or not all(type(each) is str for each in choices):
        return None
    return frozenset(choices).__contains__


def _format(name: Any) -> Surely | None:
    return _is_date if name == "date" else None


def _is_date(value: str) -> bool:
    if len(value) != len("2026-01-31") or not value.isascii() or value[4] != "-" or value[7] != "-":
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _items(schema: Any) -> Surely | None:
    check = _field(schema)
    return None if check is None else lambda items: all(map(check, items))


def _limit(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Surely | None]:
    def make(limit: Any) -> Surely | None:
        return (lambda value: compare(value, limit)) if type(limit) in _KINDS["number"] else None

    return make


def _size(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Surely | None]:
    def make(limit: Any) -> Surely | None:
        return (lambda value: compare(len(value), limit)) if type(limit) is int else None

    return make


def is_multiple(value: Any, step: Any) -> bool:
    """Exact, as a person counts: 19.99 is a multiple of 0.01, which binary fractions deny."""
    return not Decimal(str(value)) % Decimal(str(step))


def _at_least(value: Any, limit: Any) -> bool:
    return bool(value >= limit)


def _at_most(value: Any, limit: Any) -> bool:
    return bool(value <= limit)


_TESTS: Mapping[tuple[str, str], Callable[[Any], Surely | None]] = {
    ("string", "enum"): _choice,
    ("string", "format"): _format,
    ("string", "minLength"): _size(_at_least),
    ("string", "maxLength"): _size(_at_most),
    ("array", "items"): _items,
    ("array", "minItems"): _size(_at_least),
    ("array", "maxItems"): _size(_at_most),
    **{(kind, "multipleOf"): _limit(is_multiple) for kind in ("integer", "number")},
    **{(kind, "minimum"): _limit(_at_least) for kind in ("integer", "number")},
    **{(kind, "maximum"): _limit(_at_most) for kind in ("integer", "number")},
}
