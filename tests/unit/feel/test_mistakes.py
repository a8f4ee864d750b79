"""What a designer is told who writes FEEL as another language would have it."""

from datetime import date

import pytest

from staffel.engine.feel import FeelSyntaxError, Problem, parse

SYNTAX = [
    ("a == 1", 4, "„=“.", "In FEEL heißt das: ="),
    ("a && b", 3, "„&“.", "In FEEL heißt das: and"),
    ("a || b", 3, "„|“.", "In FEEL heißt das: or"),
    ("!a", 1, "„!“.", "In FEEL heißt das: not(…)"),
    ("a <> 1", 4, "„>“.", "In FEEL heißt das: !="),
    ("a =< 1", 4, "„<“.", "In FEEL heißt das: <="),
    ("a => 1", 4, "„>“.", "In FEEL heißt das: >="),
    ("= a", 1, "„=“.", "Das führende „=“ weglassen."),
    ("a % 2", 3, "„%“.", "In FEEL heißt das: modulo(a, b)"),
    ("a ^ 2", 3, "„^“.", "In FEEL heißt das: **"),
    ("${a > 1}", 1, "„$“.", "Der Ausdruck steht in FEEL ohne ${…} oder #{…}."),
    ("#{a > 1}", 1, "„#“.", "Der Ausdruck steht in FEEL ohne ${…} oder #{…}."),
    ("a = 'ja'", 5, "„'“.", 'Texte stehen in geraden Anführungszeichen: "Text"'),
    ("a = „ja“", 5, "„„“.", 'Texte stehen in geraden Anführungszeichen: "Text"'),
    ("a = “ja”", 5, "„““.", 'Texte stehen in geraden Anführungszeichen: "Text"'),
    ("a > 1,5", 6, "„,“.", "In FEEL heißt das: 1.5"),
    ("if a > 0,5 then 1 else 2", 9, "„,“.", "In FEEL heißt das: 0.5"),
    ("if a 1 else 2", 6, "Erwartet wird „then“, gefunden: „1“.", "In FEEL heißt das: if … then … else …"),
    (
        "if a then 1",
        12,
        "Erwartet wird „else“, gefunden: das Ende.",
        "Zu „if“ gehören immer „then“ und „else“",
    ),
    ("if (a) { 1 }", 8, "Erwartet wird „then“, gefunden: „{“.", "if … then … else …"),
    ("a > 1 ? 2 : 3", 7, "gefunden: „?“.", "In FEEL heißt das: if … then … else …"),
    ("a ? 2 : 3", 5, "gefunden: „2“.", "In FEEL heißt das: if … then … else …"),
    ("a > 1 AND b", 7, "gefunden: „AND“.", "In FEEL heißt das: and"),
    ("a > 1 und b", 7, "gefunden: „und“.", "In FEEL heißt das: and"),
    ("a > 1 oder b", 7, "gefunden: „oder“.", "In FEEL heißt das: or"),
    ("for x in [1] x", 14, "Erwartet wird „return“", "In FEEL heißt das: for x in list return …"),
    ("some x in [1] where x", 15, "Erwartet wird „satisfies“", "In FEEL heißt das: list[condition]"),
    ("a in 1..5", 7, "gefunden: „..“.", "In FEEL heißt das: [1..5]"),
    ("a = 1;", 6, "gefunden: „;“.", "Ein Ausdruck endet ohne Semikolon."),
    ("a := 1", 3, "gefunden: „:“.", "ein Operator oder das Ende"),
    ("a += 1", 4, "gefunden: „=“.", "FEEL weist nichts zu."),
    ('a = "ja', 5, "kein schließendes Anführungszeichen", ""),
    ("(a > 1", 7, "Erwartet wird „)“, gefunden: das Ende.", ""),
    ("a between 1, 5", 12, "Erwartet wird „and“, gefunden: „,“.", "x between 1 and 5"),
]


@pytest.mark.parametrize(("text", "column", "found", "hint"), SYNTAX, ids=[case[0] for case in SYNTAX])
def test_a_text_that_is_not_feel_is_refused_with_place_and_remedy(
    text: str, column: int, found: str, hint: str
) -> None:
    with pytest.raises(FeelSyntaxError) as refused:
        parse(text)
    error = refused.value
    assert error.message_de.startswith(f"Zeile 1, Spalte {column}: ")
    assert found in error.message_de
    assert hint in error.message_de
    assert error.message_en.startswith(f"line 1, column {column}: ")


CERTAIN = [
    ("len(a) > 1", "unknown-function", "error", 1, "count(list), string length(text)"),
    ("heute() > a", "unknown-function", "error", 1, "In FEEL heißt das: today()"),
    ("coutn([1])", "unknown-function", "error", 1, "Meinten Sie „count“?"),
    ("not a(1)", "unknown-function", "error", 1, ""),
    ("{betrag: function(x) x, r: betarg(1)}.r", "unknown-function", "error", 28, "Meinten Sie „betrag“?"),
    ("[1][foo(item)]", "unknown-function", "warning", 5, "„foo“"),
    ("substring(a)", "argument-count", "error", 10, "(string, start position, length), gefunden: 1 Werte"),
    ("count()", "argument-count", "error", 6, "(list)"),
    ("{f: function(x) x, r: f(1, 2)}.r", "argument-count", "error", 24, "erwartet x, gefunden: 2"),
    (
        "{f: function(x) x, r: f(y: 2)}.r",
        "argument-name",
        "error",
        24,
        "keinen Parameter „y“; sie erwartet x",
    ),
    ("date(year: 1, month: 2, tag: 3)", "argument-name", "error", 5, "keinen Parameter „tag“"),
    ('date("31.1.2026")', "literal-value", "warning", 6, 'date("2026-01-31")'),
    ("date(2026-01-31)", "literal-value", "warning", 10, 'date("2026-01-31")'),
    ('duration("14 Tage")', "literal-value", "warning", 10, 'duration("P14D")'),
    ('duration("2 Wochen")', "literal-value", "warning", 10, 'duration("P14D")'),
    ('duration("3 months")', "literal-value", "warning", 10, 'duration("P3M")'),
    ('number("1,5")', "literal-value", "warning", 8, "number(…) ergibt mit „1,5“ immer null."),
    ('today() - "2026-01-01"', "text-in-computation", "warning", 11, 'date("2026-01-01")'),
    ('"2026-01-01" + duration("P1D")', "text-in-computation", "warning", 1, 'date("2026-01-01")'),
    ('a * "3"', "text-in-computation", "warning", 5, 'number("3")'),
    ('"Nr. " + 1', "text-in-computation", "warning", 1, "lässt sich nicht rechnen"),
    ("a > null", "null-order", "warning", 3, "Erlaubt sind „= null“ und „!= null“."),
    ("a[0]", "position-zero", "warning", 3, "Listen zählen ab 1"),
    ("a.toUpperCase()", "method-call", "warning", 2, "upper case(text)"),
]


@pytest.mark.parametrize(
    ("text", "code", "severity", "column", "told"), CERTAIN, ids=[case[0] for case in CERTAIN]
)
def test_what_cannot_succeed_is_told_before_it_runs(
    text: str, code: str, severity: str, column: int, told: str
) -> None:
    (problem,) = parse(text, names=("a",)).faults
    assert (problem.code, problem.severity, problem.position.column) == (code, severity, column)  # type: ignore[union-attr]
    assert told in problem.message_de
    assert problem.message_en != problem.message_de


NAMES = [
    ("a = True", "In FEEL heißt das: true"),
    ("a = None", "In FEEL heißt das: null"),
    ("a = falsch", "In FEEL heißt das: false"),
    ("a is null", "In FEEL heißt das: = null"),
    ("not a", "In FEEL heißt das: not(…)"),
    ("a and not b", "In FEEL heißt das: not(…)"),
    ("a AND b", "In FEEL heißt das: and"),
    ("a und b", "In FEEL heißt das: and"),
    ("antrg > 1", "Meinten Sie „antrag“?"),
]


@pytest.mark.parametrize(("text", "hint"), NAMES, ids=[case[0] for case in NAMES])
def test_an_unknown_name_is_told_with_what_may_be_meant(text: str, hint: str) -> None:
    (problem,) = parse(text).unknown(("a", "b", "antrag"))
    assert hint in problem.message_de


@pytest.mark.parametrize(
    "text",
    [
        "a != null", "a != 1", "a = null", "[1, 5]", "decimal(1, 5)", '"a" + b', '"Nr. " + string(1)', "[1][1]",
        'date("2026-01-31")', "{f: function(x) x, r: f(x: 1)}.r", "sort([2, 1], function(x, y) x < y)", "count([])",
        'for f in [function(x) x] return f(1, 2)', 'string join(["a"], ",")', "min(1, 2, 3)", "concatenate([1], [2])",
    ],
)  # fmt: skip
def test_what_may_succeed_is_left_alone(text: str) -> None:
    assert parse(text, names=("a", "b")).faults == ()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('a < "2026-01-01"', 'date("…")'),
        ('a - "P1D"', "In FEEL heißt das: "),
        ("n + s", 'number("1.5"), string(1.5)'),
    ],
)
def test_values_that_do_not_go_together_are_told_with_a_remedy(text: str, hint: str) -> None:
    scope = {"a": date(2026, 1, 1), "n": 1, "s": "1"}
    problems: tuple[Problem, ...] = parse(text).explain(scope).problems
    assert [each.code for each in problems] == ["operand-types"]
    assert hint in problems[0].message_de
