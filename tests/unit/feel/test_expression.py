"""Parsing and evaluating FEEL through the public face of the package."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from staffel.engine.feel import (
    Budget,
    DayTimeDuration,
    FeelBudgetExceeded,
    FeelSyntaxError,
    Value,
    parse,
    parse_unary_tests,
)


def value_of(text: str, scope: dict[str, Value] | None = None, **options: object) -> Value:
    scope = scope or {}
    return parse(text, names=scope).evaluate(scope, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "scope", "expected"),
    [
        ("1 + 2 * 3", {}, 7),
        ("0.1 + 0.2 = 0.3", {}, True),
        ("1/3", {}, Decimal("0." + "3" * 34)),
        ("(1 + 2) * -3", {}, -9),
        ('amount > 10 and status = "neu"', {"amount": 12, "status": "neu"}, True),
        ("a and b", {"a": None, "b": False}, False),
        ("a or b", {"a": None, "b": False}, None),
        ("monthly income * 12", {"monthly income": 100}, 1200),
        ("total - net", {"total - net": 5, "total": 1, "net": 1}, 5),
        ("[1,2,3][item > 1]", {}, [2, 3]),
        ("[1,2,3][-1]", {}, 3),
        ("people[age > 17].name", {"people": [{"name": "A", "age": 20}, {"name": "B", "age": 3}]}, ["A"]),
        ("for i in 1..3 return i * i", {}, [1, 4, 9]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", {}, [1, 1, 2, 6, 24]),
        ("some x in [1,2] satisfies x > 1", {}, True),
        ("every x in [] satisfies x > 1", {}, True),
        ("{a: 1, b: a + 1}.b", {}, 2),
        ('{"a b": 1}.a b', {}, 1),
        ("{f: function(n) if n < 2 then 1 else n * g(n - 1, f), g: function(n, h) h(n), r: f(1)}.r", {}, 1),
        ("5 in [1..5)", {}, False),
        ("x in (< 3, > 7)", {"x": 8}, True),
        ("3 between 1 and 5", {}, True),
        ('date("2026-01-31") + duration("P1M")', {}, date(2026, 2, 28)),
        ('@"2026-03-01" - @"2026-02-01"', {}, DayTimeDuration(28 * 86_400 * 10**9)),
        ("d.weekday", {"d": date(2026, 1, 1)}, 4),
        ("[1, 2] instance of list<number>", {}, True),
        ('"\\uD83D\\uDC0E" = "\\U01F40E"', {}, True),
        ('string length("\\U01F40E")', {}, 1),
        ('substring(string: "foobar", start position: 3)', {}, "obar"),
        ("// comment\n1 /* and another */ + 1", {}, 2),
    ],
)
def test_expressions_have_the_value_of_the_specification(
    text: str, scope: dict[str, Value], expected: Value
) -> None:
    assert value_of(text, scope) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("missing + 1", "unknown-name"),
        ('strng length("a")', "unknown-function"),
        ('1 + "a"', "operand-types"),
        ("1 / 0", "division-by-zero"),
        ("10 ** 10000", "number-range"),
        ("[1][2]", "index-range"),
        ("{a: 1}.b", "no-such-entry"),
        ('date("2026-02-30")', "argument-value"),
        ("now()", "no-clock"),
        ('matches("a", "(")', "bad-pattern"),
        ('function(a) external {java: {class: "x"}}', "external-function"),
        ("abs(1, 2)", "argument-count"),
        ("abs(x: 1)", "argument-name"),
        ('abs("a")', "argument-type"),
        ("5 and true", "not-boolean"),
    ],
)
def test_a_null_from_an_error_says_why(text: str, code: str) -> None:
    outcome = parse(text).explain({})
    assert outcome.value is None
    assert code in {problem.code for problem in outcome.problems}
    assert all(problem.message_de and problem.message_en for problem in outcome.problems)


def test_names_read_are_known_before_evaluation() -> None:
    expression = parse("a + count(b[c > d.e]) + for f in g return f")
    assert expression.reads == {"a", "b", "c", "d", "g"}
    assert expression.needs == {"a", "b", "g"}


def test_now_comes_from_the_caller() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert value_of("today()", now=moment) == date(2026, 5, 1)
    assert value_of("now()", now=moment) == moment


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("1 +", 1, 4), ("if a\nthe b", 2, 6), ('"abc', 1, 1), ("[1, 2", 1, 6), ("{a 1}", 1, 5)],
)
def test_syntax_errors_have_a_place_in_two_languages(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        parse(text)
    position = refused.value.position
    assert position is not None
    assert (position.line, position.column) == (line, column)
    assert refused.value.message_de.startswith(f"Zeile {line}")
    assert refused.value.message_en.startswith(f"line {line}")


def test_misspelt_words_are_suggested() -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        parse('strin length("a")', strict=True)
    assert "string length" in refused.value.message_de
    problem = parse("betrg > 5").unknown(["betrag"])[0]
    assert "„betrag“" in problem.message_de


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "[" * 500 + "]" * 500, "-" * 5_000 + "1", "{a:" * 500, "x" + "[1]" * 500]
)
def test_deep_nesting_is_refused_by_the_parser(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(text)


def test_long_chains_are_not_deep() -> None:
    assert value_of("+".join(["1"] * 3_000)) == 3_000


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("count(for i in 1..1000, j in 1..1000 return i)", "steps"),
        ("{f: function(n, g) g(n + 1, g), r: f(1, f)}.r", "depth"),
        ("count(for i in 1..200 return for j in 1..100 return i)", "steps"),
    ],
)
def test_the_budget_ends_an_evaluation_with_its_place(text: str, limit: str) -> None:
    with pytest.raises(FeelBudgetExceeded) as exceeded:
        parse(text).evaluate({}, budget=Budget(steps=10_000))
    assert exceeded.value.limit == limit
    assert exceeded.value.position is not None


def test_growing_strings_meet_the_size_limit() -> None:
    text = 'for i in 1..100 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1]'
    with pytest.raises(FeelBudgetExceeded) as exceeded:
        parse(text).evaluate({})
    assert exceeded.value.limit == "size"


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("-", 5, True),
        ("< 5", 4, True),
        ("[1..5]", 6, False),
        ('"a","b"', "b", True),
        ('not("a","b")', "b", False),
        ("not(null)", 1, True),
        ("? > 3 and ? < 7", 5, True),
        ('contains(?, "x")', "axb", True),
        ("limit", 5, True),
        ("> limit", 6, True),
        ("< 5", None, None),
        ("null", None, True),
        ("true", False, False),
    ],
)
def test_unary_tests_decide_about_a_value(text: str, value: Value, expected: bool | None) -> None:
    assert parse_unary_tests(text, names=["limit"]).matches(value, {"limit": 5}) is expected


@pytest.mark.parametrize("text", ["[2..5]", "(2..5]", "[2..5)", "(2..5)"])
@pytest.mark.parametrize("value", [1, 2, Decimal("3.5"), 5, 6, None, "3", True])
def test_ranges_of_plain_numbers_decide_as_ranges_that_are_computed(text: str, value: object) -> None:
    plain = parse_unary_tests(text)
    computed = parse_unary_tests(text.replace("2", "low").replace("5", "high"), names=("low", "high"))

    scope = {"low": Decimal(2), "high": Decimal(5)}

    assert plain.matches(value, {}) is computed.matches(value, scope)


def test_a_text_that_means_no_date_tells_so_at_each_evaluation() -> None:
    expression = parse('date("2026-02-30")')

    for _ in range(2):
        outcome = expression.explain({})
        assert outcome.value is None
        assert [problem.code for problem in outcome.problems] == ["argument-value"]


def test_a_variable_named_like_a_function_of_dates_is_called_itself() -> None:
    made = parse("function(text) 1").evaluate({})

    assert parse('date("2026-03-02")', names=("date",)).evaluate({"date": made}) == Decimal(1)
