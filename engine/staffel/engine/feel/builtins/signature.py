"""How FEEL's own functions are described and called: parameters by position or name, checked and converted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from staffel.engine.feel.dates import UTC, midnight
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import (
    DATES,
    DayTimeDuration,
    FeelTime,
    Function,
    Range,
    Value,
    WideDate,
    WideDateTime,
    YearMonthDuration,
)

_DATE_TYPES = (date, WideDate)
_DATETIME_TYPES = (datetime, WideDateTime)
_KINDS: Mapping[str, frozenset[type]] = {
    "number": frozenset((Decimal, int)),
    "string": frozenset((str,)),
    "boolean": frozenset((bool,)),
    "date": frozenset(_DATE_TYPES),
    "date or date and time": frozenset((*_DATE_TYPES, *_DATETIME_TYPES)),
    "time": frozenset((FeelTime,)),
    "date and time": frozenset(_DATETIME_TYPES),
    "duration": frozenset((YearMonthDuration, DayTimeDuration)),
    "days and time duration": frozenset((DayTimeDuration,)),
    "context": frozenset((dict,)),
    "range": frozenset((Range,)),
    "function": frozenset((Function,)),
    "list": frozenset((list,)),
}


_LARGE = frozenset((list, str, dict))
_LARGE_KINDS = frozenset(("list", "string", "context", "any"))
_PER_STEP = 64


class Nothing(Exception):  # noqa: N818 - not an error of the program: the function's result is null
    """The function has no result for these arguments; `code` and `found` make the message."""

    def __init__(self, code: str, *found: object) -> None:
        super().__init__(code)
        self.code = code
        self.found = found


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `kinds` are names of FEEL types, `any` takes everything including null."""

    name: str
    kinds: tuple[str, ...]
    types: frozenset[type]
    optional: bool


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function. With `variadic` the last parameter takes all further arguments as a list."""

    parameters: tuple[Parameter, ...]
    variadic: bool
    run: Callable[..., Value]

    def takes(self, count: int) -> bool:
        """Whether so many arguments fit."""
        least = sum(not parameter.optional for parameter in self.parameters)
        return count >= least and (self.variadic or count <= len(self.parameters))


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of FEEL with its forms."""

    name: str
    forms: tuple[Form, ...]


def builtin(name: str, *forms: tuple[str, Callable[..., Value]]) -> Builtin:
    """Describe a function: `("list: list, position: number, *more: any?", code)` per form."""
    return Builtin(name, tuple(Form(*_parameters(text), code) for text, code in forms))


def _parameters(text: str) -> tuple[tuple[Parameter, ...], bool]:
    found = list[Parameter]()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, kind = part.split(": ")
        kinds = tuple(kind.rstrip("?").split("|"))
        types = frozenset[type]().union(*(_KINDS.get(each, frozenset()) for each in kinds))
        found.append(Parameter(name.lstrip("*"), kinds, types, kind.endswith("?")))
    return tuple(found), "*" in text


def mismatch(function: Builtin, count: int, names: tuple[str, ...] | None) -> Nothing | None:
    """Why no form of the function takes so many arguments, or arguments of these names."""
    try:
        if names is None:
            _forms_taking(function, count)
        else:
            _by_name(function, dict.fromkeys(names))
    except Nothing as nothing:
        return nothing
    return None


def _charge(run: Run, at: int, values: Sequence[Value]) -> None:
    """Steps for what a function copies or scans at the machine's speed: one for every 64 items or characters."""
    size = 0
    for value in values:
        if type(value) in _LARGE:
            size += len(value)
    if size >= _PER_STEP:
        run.tick(size // _PER_STEP, at)


def invoke(
    run: Run, at: int, function: Builtin, values: Sequence[Value], names: tuple[str, ...] | None = None
) -> Value:
    """Call a function of FEEL; what goes wrong gives null and a noted reason."""
    run.tick(1, at)
    _charge(run, at, values)
    try:
        form, values = _chosen(function, values, names)
        return form.run(run, *_converted(function, form, values))
    except Nothing as nothing:
        return run.null(at, nothing.code, *nothing.found)
    except ArithmeticError:
        return run.null(at, "number-range")


def prepared(function: Builtin, count: int, at: int) -> Callable[[Run, list[Value]], Value]:
    """`invoke` for calls by position with so many arguments: what the number decides is decided once."""
    forms = [form for form in function.forms if form.takes(count)]
    if len(forms) != 1:
        return lambda run, values: invoke(run, at, function, values)
    form = forms[0]
    code, last = form.run, len(form.parameters) - 1
    parameters = [form.parameters[min(index, last)] for index in range(count)]
    may_be_large = any(_LARGE_KINDS & set(each.kinds) for each in parameters)
    checks = tuple((index, each.types) for index, each in enumerate(parameters) if each.kinds != ("any",))

    def run_prepared(run: Run, values: list[Value]) -> Value:
        run.tick(1, at)
        if may_be_large:
            _charge(run, at, values)
        try:
            for index, types in checks:
                if type(values[index]) not in types:
                    values = _converted(function, form, values)
                    break
            return code(run, *values)
        except Nothing as nothing:
            return run.null(at, nothing.code, *nothing.found)
        except ArithmeticError:
            return run.null(at, "number-range")

    return run_prepared


def _chosen(
    function: Builtin, values: Sequence[Value], names: tuple[str, ...] | None
) -> tuple[Form, Sequence[Value]]:
    if names is not None:
        return _by_name(function, dict(zip(names, values, strict=True)))
    fitting = _forms_taking(function, len(values))
    if len(fitting) > 1:
        for form in fitting:
            if all(map(_fits, form.parameters, values)):
                return form, values
    return fitting[0], values


def _forms_taking(function: Builtin, count: int) -> list[Form]:
    fitting = [form for form in function.forms if form.takes(count)]
    if not fitting:
        expected = " | ".join(_describe(form) for form in function.forms)
        raise Nothing("argument-count", function.name, expected, count)
    return fitting


def _by_name(function: Builtin, given: dict[str, Value]) -> tuple[Form, Sequence[Value]]:
    fitting = list[tuple[Form, Sequence[Value]]]()
    for form in function.forms:
        known = {parameter.name: parameter for parameter in form.parameters}
        missing = [
            p for p in form.parameters if p.name not in given and not p.optional and p.kinds != ("any",)
        ]
        if given.keys() <= known.keys() and not missing:
            needed = [i for i, p in enumerate(form.parameters) if p.name in given or not p.optional]
            last = max(needed, default=-1)
            values: Sequence[Value] = [given.get(parameter.name) for parameter in form.parameters[: last + 1]]
            if form.variadic and form.parameters[-1].name in given:
                values = [*values[:-1], *_as_list(values[-1])]
            fitting.append((form, values))
    for form, values in fitting:
        if all(map(_fits, form.parameters, values)):
            return form, values
    if fitting:
        return fitting[0]
    names = {parameter.name for form in function.forms for parameter in form.parameters}
    wrong = next((name for name in given if name not in names), ", ".join(given))
    raise Nothing("argument-name", function.name, wrong, " | ".join(map(_describe, function.forms)))


def _as_list(value: Value) -> list[Value]:
    return value if type(value) is list else [value]


def _fits(parameter: Parameter, value: Value) -> bool:
    return (
        type(value) in parameter.types
        or parameter.kinds == ("any",)
        or (value is None and parameter.optional)
    )


def _describe(form: Form) -> str:
    return "(" + ", ".join(parameter.name for parameter in form.parameters) + ")"


def _converted(function: Builtin, form: Form, values: Sequence[Value]) -> list[Value]:
    found = list[Value]()
    last = len(form.parameters) - 1
    for index, value in enumerate(values):
        parameter = form.parameters[min(index, last)]
        if type(value) in parameter.types or parameter.kinds == ("any",):
            found.append(value)
        else:
            found.append(_coerced(function, parameter, value))
    return found


def _coerced(function: Builtin, parameter: Parameter, value: Value) -> Value:
    if value is None and parameter.optional:
        return None
    if value is not None and list in parameter.types:
        return [value]
    if type(value) is list and len(value) == 1 and type(value[0]) in parameter.types:
        return value[0]
    if type(value) in DATES and parameter.kinds == ("date and time",):
        return midnight(value, UTC)
    raise Nothing("argument-type", function.name, parameter.name, " | ".join(parameter.kinds), kind_of(value))
