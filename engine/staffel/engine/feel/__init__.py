"""FEEL, the expression language of DMN 1.5 (chapter 10), usable on its own: no I/O, no clock, no database.

>>> from staffel.engine.feel import parse
>>> parse("amount > 10 and status = \\"neu\\"").evaluate({"amount": 12, "status": "neu"})
True
"""

from __future__ import annotations

from staffel.engine.feel.convert import from_json, to_json
from staffel.engine.feel.errors import (
    FeelBudgetExceeded,
    FeelError,
    FeelSyntaxError,
    FeelValueError,
    Position,
    Problem,
)
from staffel.engine.feel.expression import Expression, Outcome, UnaryTests, parse, parse_unary_tests
from staffel.engine.feel.run import Budget
from staffel.engine.feel.values import (
    DayTimeDuration,
    FeelTime,
    Function,
    Range,
    Value,
    YearMonthDuration,
)

__all__ = [
    "Budget",
    "DayTimeDuration",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "FeelTime",
    "FeelValueError",
    "Function",
    "Outcome",
    "Position",
    "Problem",
    "Range",
    "UnaryTests",
    "Value",
    "YearMonthDuration",
    "from_json",
    "parse",
    "parse_unary_tests",
    "to_json",
]
