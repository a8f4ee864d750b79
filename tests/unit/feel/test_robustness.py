"""Whatever the text, FEEL gives a value or one of its own errors, within its budget."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from staffel.engine.dmn import read_dmn
from staffel.engine.feel import Budget, FeelError, parse, parse_unary_tests, to_json
from staffel.engine.feel.builtins import BUILTINS
from staffel.engine.feel.codec import decode_values, encode_values
from staffel.engine.feel.values import literal

SCOPE = {"x": Decimal(3), "s": "text", "d": date(2026, 1, 1), "l": [1, None, "a"], "c": {"a b": 1}, "n": None}
BUDGET = Budget(steps=5_000, size=20_000)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PIECES = (
    *BUILTINS, *SCOPE, "1", "-2.5", "1e30", '"a"', '"("', '"P1M"', '"2026-01-31"', '@"P1D"', '@"2026-02-28"',
    '@"10:00:00@Europe/Berlin"', "true", "null", "(", ")", "[", "]", "{", "}", ",", ".", "..", ":", "+", "-", "*", "/",
    "**", "<", "<=", "=", "!=", ">", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and",
    "or", "between", "instance of", "number", "list<", "function(", "item", "partial", "?", "not(", "//", "/*", "\\",
)  # fmt: skip
VALUES = st.sampled_from(
    ("1", "-1", "0", "1e6000", "1e-6000", "99999999999", '""', '"ab"', "null", "true", "[]", "[1, 2]", '["a"]', "{}",
     "{a: 1}", '@"2026-01-31"', '@"999999999-12-31"', '@"10:00:00+14:00"', '@"2026-01-31T10:00:00Z"',
     '@"2026-03-29T02:30:00@Europe/Berlin"', '@"P1Y"', '@"-P999999999Y"', '@"P99999999999999D"', "[1..5]", "(< 3)",
     "function(a, b) a < b", "(a", "x", "$1", "[[1]]")
)  # fmt: skip
OPERATORS = st.sampled_from(
    ("+", "-", "*", "/", "**", "<", "<=", "=", "!=", "in", "and", "or", "between 1 and")
)


def evaluate(text: str) -> None:
    try:
        outcome = parse(text, names=SCOPE).explain(SCOPE, budget=BUDGET, now=NOW)
        literal(outcome.value)
        to_json(outcome.value)
    except FeelError:
        return


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=400, deadline=None)
def test_any_order_of_words_is_a_value_or_an_error_of_ours(pieces: list[str]) -> None:
    evaluate(" ".join(pieces))


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_value_or_an_error_of_ours(text: str) -> None:
    evaluate(text)
    try:
        parse_unary_tests(text).matches(Decimal(1), SCOPE, budget=BUDGET)
    except FeelError:
        return


@given(st.sampled_from(sorted(BUILTINS)), st.lists(VALUES, max_size=4))
@settings(max_examples=600, deadline=None)
def test_any_function_takes_any_values(name: str, values: list[str]) -> None:
    evaluate(f"{name}({', '.join(values)})")


@given(VALUES, OPERATORS, VALUES)
@settings(max_examples=500, deadline=None)
def test_any_operator_takes_any_values(left: str, operator: str, right: str) -> None:
    evaluate(f"{left} {operator} {right}")


@given(st.text(alphabet="ab(|)*+?{2,3}[]^-\\pL$.1", max_size=25), st.text(alphabet="ab-1", max_size=25))
@settings(max_examples=400, deadline=None)
def test_any_pattern_matches_or_is_refused(pattern: str, text: str) -> None:
    scope: dict[str, Any] = {"p": pattern, "t": text}
    for call in ("matches(t, p)", 'replace(t, p, "$1")', "split(t, p)"):
        try:
            parse(call, names=scope).explain(scope, budget=BUDGET)
        except FeelError:
            continue


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*$", "(.*)(.*)(.*)(.*)x", "^(a?){30}a{30}$"])
def test_patterns_that_explode_elsewhere_are_linear(pattern: str) -> None:
    scope = {"p": pattern, "t": "a" * 200 + "!"}
    parse("matches(t, p)", names=scope).evaluate(scope, budget=Budget(steps=200_000))


JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.decimals(allow_nan=False, allow_infinity=False) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
@settings(max_examples=150, deadline=None)
def test_storage_is_lossless_for_any_value(values: dict[str, Any]) -> None:
    assert decode_values(encode_values(values)) == values


@given(st.text(alphabet="<>/=\"' abdefint", max_size=80))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_file_is_read_or_refused(body: str) -> None:
    data = f'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n">{body}</definitions>'
    read_dmn(data.encode())


@pytest.mark.parametrize(
    "text",
    [
        "string(for i in 1..60 return [partial, partial])",
        "string(for i in 1..60 return [partial[-1], partial[-1]])",
        "for i in 1e6000..1e6001 return i",
        'duration("P999999999999999999Y") * 1e6000',
        "odd(1e6144)",
        "(for i in 1..60 return [partial[-1], partial[-1]]) = (for i in 1..60 return [partial[-1], partial[-1]])",
        "[1, 2][1e6144]",
        "{f: function(n, f) if n < 2 then n else f(n - 1, f) + f(n - 2, f), r: f(40, f)}.r",
    ],
)
@pytest.mark.timeout(10)
def test_values_that_would_grow_without_end_are_stopped(text: str) -> None:
    evaluate(text)


def test_values_of_endless_size_are_not_stored() -> None:
    value = parse("for i in 1..60 return [partial[-1], partial[-1]]").evaluate({})
    for convert in (to_json, lambda each: encode_values({"x": each})):
        with pytest.raises(FeelError):
            convert(value)
    assert len(literal(value)) < 1_100_000


def test_numbers_that_are_none_give_null() -> None:
    scope = {"x": Decimal("NaN")}
    assert parse("x > 1 and x + 1 = 2", names=scope).evaluate(scope) is None


def test_arithmetic_does_not_depend_on_the_threads_decimal_context() -> None:
    text = "abs(-1234567890123456789012345678901234) = 1234567890123456789012345678901234 and even(1e40)"
    assert parse(text).evaluate({}) is True
