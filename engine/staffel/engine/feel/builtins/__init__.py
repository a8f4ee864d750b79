"""FEEL's own functions, by name (DMN 1.5 §10.3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from staffel.engine.feel.builtins.conversion import CONVERSION
from staffel.engine.feel.builtins.lists import LISTS
from staffel.engine.feel.builtins.numeric import NUMERIC
from staffel.engine.feel.builtins.ranges import RANGES
from staffel.engine.feel.builtins.signature import Builtin, invoke, prepared
from staffel.engine.feel.builtins.strings import STRINGS
from staffel.engine.feel.builtins.temporal import TEMPORAL
from staffel.engine.feel.names import Names
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import SIMPLE_TYPES
from staffel.engine.feel.values import Function, Value

BUILTINS: Mapping[str, Builtin] = {
    each.name: each for each in (*CONVERSION, *STRINGS, *LISTS, *NUMERIC, *TEMPORAL, *RANGES)
}
"""Every function of FEEL."""


def _as_value(function: Builtin) -> Function:
    def call(run: Run, values: Sequence[Value]) -> Value:
        return invoke(run, 0, function, values)

    parameters = tuple(parameter.name for parameter in function.forms[0].parameters)
    return Function(function.name, parameters, call, builtin=function)


FUNCTION_VALUES: Mapping[str, Function] = {name: _as_value(each) for name, each in BUILTINS.items()}
"""The same as values, for functions passed as arguments."""

FEEL_NAMES = Names((*BUILTINS, *SIMPLE_TYPES))
"""The names of FEEL's functions and types; copied, never added to."""

__all__ = ["BUILTINS", "FEEL_NAMES", "FUNCTION_VALUES", "Builtin", "invoke", "prepared"]
