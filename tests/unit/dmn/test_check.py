"""Faults of decision tables are found at upload, with example inputs."""

import pytest
from tests.unit.dmn import models as m

from staffel.engine.dmn import check_model, read_dmn
from staffel.engine.dmn.check import TableProblem

NUMBER = [("x", "number")]
STRING = [("x", "string")]
DATE = [("x", "date")]
BOOLEAN = [("x", "boolean")]


def findings(inputs: list[tuple[str, str]], rules: list[list[str]], **options: object) -> list[TableProblem]:
    names = [text for text, _ in inputs]
    table = m.table(inputs, rules, **options)  # type: ignore[arg-type]
    data = m.definitions(*map(m.input_data, names), m.decision("d", table, *names))
    model, problems = read_dmn(data)
    assert model is not None
    assert not problems
    return list(check_model(model))


@pytest.mark.parametrize(
    ("inputs", "rules", "expected"),
    [
        (NUMBER, [["< 5", "1"], [">= 5", "2"]], set()),
        (NUMBER, [["<= 5", "1"], [">= 5", "2"]], {"table-overlap"}),
        (NUMBER, [["< 5", "1"], ["> 5", "2"]], {"table-gap"}),
        (NUMBER, [["[1..5]", "1"], ["not([1..5])", "2"]], set()),
        ([("x", "integer")], [["<= 5", "1"], [">= 6", "2"]], set()),
        (NUMBER, [["<= 5", "1"], [">= 6", "2"]], {"table-gap"}),
        (STRING, [['"a"', "1"], ['"b"', "2"]], {"table-gap"}),
        (STRING, [['"a"', "1"], ['not("a")', "2"]], set()),
        (STRING, [['"a","b"', "1"], ['"b"', "2"], ['not("a","b")', "3"]], {"table-overlap"}),
        (BOOLEAN, [["true", "1"]], {"table-gap"}),
        (BOOLEAN, [["true", "1"], ["false", "2"]], set()),
        (DATE, [['< date("2026-01-01")', "1"], ['>= date("2026-01-02")', "2"]], {"table-gap"}),
        (DATE, [['<= date("2026-01-01")', "1"], ['>= date("2026-01-02")', "2"]], set()),
        ([("x", "number"), ("y", "boolean")], [["< 5", "true", "1"], [">= 5", "-", "2"]], {"table-gap"}),
        (NUMBER, [['"a"', "1"], ["-", "2"]], {"cell-type", "table-overlap"}),
    ],
)
def test_overlaps_gaps_and_types_are_found(
    inputs: list[tuple[str, str]], rules: list[list[str]], expected: set[str]
) -> None:
    assert {problem.code for problem in findings(inputs, rules)} == expected


def test_an_overlap_of_a_unique_table_is_an_error_with_an_example() -> None:
    (problem,) = findings(NUMBER, [["<= 5", "1"], [">= 5", "2"]])
    assert problem.severity == "error"
    assert problem.element == "r2"
    assert problem.line > 0
    assert problem.example == (("x", 5),)
    assert "z. B. bei x = 5" in problem.message_de
    assert "for example with x = 5" in problem.message_en


def test_rules_behind_wider_ones_are_unreachable_in_first_tables() -> None:
    problems = findings(NUMBER, [["< 10", "1"], ["< 5", "2"], [">= 10", "3"]], policy="FIRST")
    assert [(problem.code, problem.element) for problem in problems] == [("rule-unreachable", "r2")]


def test_equal_outputs_may_overlap_in_any_tables() -> None:
    assert not findings(NUMBER, [["<= 5", "1"], [">= 5", "1"]], policy="ANY")
    assert findings(NUMBER, [["<= 5", "1"], [">= 5", "2"]], policy="ANY")


def test_a_default_output_closes_gaps() -> None:
    assert not findings(NUMBER, [["< 5", "1"]], default="0")


def test_columns_that_cannot_be_judged_are_named() -> None:
    problems = findings([("x", "number"), ("y", "number")], [["< y", "-", "1"], ["-", "< 3", "2"]])
    assert {problem.code for problem in problems} == {"table-not-checkable"}


def test_outputs_outside_the_allowed_values_are_found() -> None:
    problems = findings(BOOLEAN, [["true", '"a"'], ["false", '"z"']], allowed='"a","b"')
    assert [problem.code for problem in problems] == ["cell-type"]
