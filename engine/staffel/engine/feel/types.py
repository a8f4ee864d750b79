"""FEEL's types: what a value is, and whether it conforms to a type (DMN 1.5 §10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from staffel.engine.feel.values import (
    DayTimeDuration,
    FeelTime,
    Function,
    Range,
    Value,
    WideDate,
    WideDateTime,
    YearMonthDuration,
)

MAX_DEPTH = 100
MAX_CHECKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Simple:
    """A type without parts, by its FEEL name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<T>`."""

    item: FeelType

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<T>`."""

    item: FeelType

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<a: T>`: at least these entries."""

    fields: tuple[tuple[str, FeelType], ...]

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.fields)}>"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<T, U> -> R`."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


@dataclass(frozen=True, slots=True, eq=False)
class Constrained:
    """An item definition: a base type whose values pass `allows` (DMN 1.5 §7.3.3); `base` is looked up when used."""

    name: str
    base: Callable[[], FeelType]
    allows: Callable[[Value], bool] | None = None

    def __str__(self) -> str:
        return self.name


FeelType: TypeAlias = "Simple | ListType | RangeType | ContextType | FunctionType | Constrained"

ANY = Simple("Any")
NULL = Simple("Null")
NUMBER = Simple("number")
STRING = Simple("string")
BOOLEAN = Simple("boolean")
DATE = Simple("date")
TIME = Simple("time")
DATE_TIME = Simple("date and time")
DAYS_TIME = Simple("days and time duration")
YEARS_MONTHS = Simple("years and months duration")
LIST = ListType(ANY)
CONTEXT = ContextType(())

SIMPLE_TYPES: Mapping[str, FeelType] = {
    **{kind.name: kind for kind in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME)},
    DAYS_TIME.name: DAYS_TIME,
    YEARS_MONTHS.name: YEARS_MONTHS,
    "dayTimeDuration": DAYS_TIME,
    "yearMonthDuration": YEARS_MONTHS,
    "dateTime": DATE_TIME,
    "list": LIST,
    "context": CONTEXT,
    "range": RangeType(ANY),
}

_KINDS: Mapping[type, Simple] = {
    type(None): NULL,
    bool: BOOLEAN,
    Decimal: NUMBER,
    int: NUMBER,
    str: STRING,
    date: DATE,
    WideDate: DATE,
    FeelTime: TIME,
    datetime: DATE_TIME,
    WideDateTime: DATE_TIME,
    YearMonthDuration: YEARS_MONTHS,
    DayTimeDuration: DAYS_TIME,
    list: Simple("list"),
    dict: Simple("context"),
    Range: Simple("range"),
    Function: Simple("function"),
}


def kind_of(value: Value) -> str:
    """The name of the value's type without its parts (`list`, `context`, `number` …)."""
    kind = _KINDS.get(type(value))
    return kind.name if kind else type(value).__name__


def conforms(value: Value, kind: FeelType) -> bool:
    """Whether the value may stand where the type is asked for; null may stand everywhere."""
    return value is None or _is(value, kind, [MAX_CHECKS], constrained=True, depth=0)


def is_instance(value: Value, kind: FeelType) -> bool:
    """`instance of`: constraints of item definitions do not count, and null is only an instance of Null."""
    return _is(value, kind, [MAX_CHECKS], constrained=False, depth=0)


def _is(  # noqa: PLR0911 - a line per kind
    value: Value, kind: FeelType, left: list[int], *, constrained: bool, depth: int
) -> bool:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        return False

    def part(inner: Value, inner_kind: FeelType) -> bool:
        return inner is None or _is(inner, inner_kind, left, constrained=constrained, depth=depth + 1)

    match kind:
        case Simple(name):
            return value is not None if name == "Any" else kind_of(value) == name
        case Constrained():
            fits = _is(value, kind.base(), left, constrained=constrained, depth=depth + 1)
            return fits and (not constrained or kind.allows is None or kind.allows(value))
        case ListType(item):
            return type(value) is list and all(part(each, item) for each in value)
        case ContextType(fields):
            return type(value) is dict and all(
                name in value and part(value[name], each) for name, each in fields
            )
        case RangeType(item):
            return type(value) is Range and part(value.low, item) and part(value.high, item)
        case FunctionType():
            return type(value) is Function and _function_conforms(value, kind)


def _function_conforms(value: Function, kind: FunctionType) -> bool:
    if len(value.parameters) != len(kind.parameters):
        return False
    own = value.parameter_types or (ANY,) * len(value.parameters)
    wide = all(
        type_conforms(wanted, given or ANY) for wanted, given in zip(kind.parameters, own, strict=True)
    )
    return wide and type_conforms(value.result_type or ANY, kind.result)


def type_conforms(  # noqa: PLR0911 - a line per pair of kinds
    kind: FeelType, wanted: FeelType, depth: int = 0
) -> bool:
    """Whether every value of `kind` is one of `wanted` (DMN 1.5 §10.3.2.9.3)."""
    if wanted in (ANY, kind) or kind == NULL or depth > MAX_DEPTH:
        return True
    match kind, wanted:
        case Constrained(), _:
            return kind is wanted or type_conforms(kind.base(), wanted, depth + 1)
        case _, Constrained():
            return wanted.allows is None and type_conforms(kind, wanted.base(), depth + 1)
        case (ListType(inner), ListType(item)) | (RangeType(inner), RangeType(item)):
            return type_conforms(inner, item, depth + 1)
        case ContextType(), ContextType():
            own = dict(kind.fields)
            return all(
                name in own and type_conforms(own[name], part, depth + 1) for name, part in wanted.fields
            )
        case FunctionType(), FunctionType():
            return (
                len(kind.parameters) == len(wanted.parameters)
                and all(map(type_conforms, wanted.parameters, kind.parameters))
                and type_conforms(kind.result, wanted.result, depth + 1)
            )
    return False
