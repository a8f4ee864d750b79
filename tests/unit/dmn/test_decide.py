"""DMN files are read, decided and explained through the public face of the package."""

import json
from decimal import Decimal

import pytest
from tests.unit.dmn import models as m

from staffel.engine.dmn import DecisionModel, DecisionUnknown, explain_text, read_dmn
from staffel.engine.dmn.source import VERSIONS
from staffel.engine.feel import Budget, FeelBudgetExceeded, Value, YearMonthDuration

AGE = ("age", "number")


def read(*parts: str, **options: str) -> DecisionModel:
    model, problems = read_dmn(m.definitions(*parts, **options))
    assert model is not None
    assert not [problem for problem in problems if problem.severity == "error"]
    return model


def decide(policy: str, value: int, rules: list[list[str]], **options: object) -> Value:
    table = m.table([AGE], rules, policy=policy, **options)  # type: ignore[arg-type]
    model = read(m.input_data("age", "number"), m.decision("d", table, "age"))
    return model.evaluate("d", {"age": value}).value


RULES = [["> 1", '"a"'], ["> 2", '"b"'], ["> 3", '"c"']]
NUMBERS = [["> 1", "10"], ["> 2", "20"], ["> 3", "30"]]
ORDER = '"c","b","a"'


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ("UNIQUE", 2, "a"),
        ("UNIQUE", 3, None),
        ("UNIQUE", 0, None),
        ("ANY", 2, "a"),
        ("ANY", 3, None),
        ("FIRST", 5, "a"),
        ("PRIORITY", 5, "c"),
        ("RULE ORDER", 5, ["a", "b", "c"]),
        ("OUTPUT ORDER", 5, ["c", "b", "a"]),
        ("COLLECT", 3, ["a", "b"]),
    ],
)
def test_every_hit_policy_chooses_as_the_specification_says(policy: str, value: int, expected: Value) -> None:
    assert decide(policy, value, RULES, allowed=ORDER) == expected


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collected_values_are_aggregated(aggregation: str, expected: int) -> None:
    assert decide("COLLECT", 5, NUMBERS, aggregation=aggregation) == expected


def test_a_default_output_stands_in_where_no_rule_matches() -> None:
    assert decide("UNIQUE", 0, [["> 5", '"a"']], default='"none"') == "none"


def test_several_outputs_make_a_context() -> None:
    assert decide("FIRST", 5, [["> 1", '"a"', "1"]], outputs=("x", "y")) == {"x": "a", "y": 1}


def test_a_broken_hit_policy_is_a_problem() -> None:
    table = m.table([AGE], RULES)
    model = read(m.input_data("age", "number"), m.decision("d", table, "age"))
    result = model.evaluate("d", {"age": 9})
    assert "hit-policy" in {problem.code for problem in result.problems}


@pytest.mark.parametrize("namespace", VERSIONS)
def test_all_versions_are_read(namespace: str) -> None:
    model, _ = read_dmn(m.definitions(m.decision("d", m.literal("1 + 1")), namespace=namespace))
    assert model is not None
    assert model.evaluate("d", {}).value == 2


def test_decisions_use_decisions_functions_and_services() -> None:
    model = read(
        m.input_data("base", "number"),
        '<businessKnowledgeModel id="b" name="twice"><variable name="twice"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>' + m.literal("n * 2") + "</encapsulatedLogic>"
        "</businessKnowledgeModel>",
        '<decision id="d_a" name="a"><variable name="a"/>'
        + m.requires("base")
        + '<knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
        + m.literal("twice(base)")
        + "</decision>",
        '<decision id="d_c" name="c"><variable name="c"/>'
        + m.requires("a", tag="requiredDecision", prefix="d_")
        + m.literal("a + 1")
        + "</decision>",
        '<decisionService id="s" name="service"><variable name="service"/><outputDecision href="#d_c"/>'
        '<encapsulatedDecision href="#d_a"/><inputData href="#i_base"/></decisionService>',
    )
    assert model.evaluate("c", {"base": 4}).value == 9
    assert model.evaluate("d_c", {"base": 4}).value == 9
    assert model.evaluate("service", {"base": 5}).value == 11
    assert [each.name for each in model.inputs_of("c")] == ["base"]


def test_inputs_are_checked_against_their_type() -> None:
    model = read(
        '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues>'
        "</itemDefinition>",
        m.input_data("age", "tAge"),
        m.decision("d", m.literal("age + 1"), "age"),
    )
    assert model.evaluate("d", {"age": 3}).value == 4
    for wrong in (121, "x"):
        result = model.evaluate("d", {"age": wrong})
        assert result.value is None
        assert result.problems[0].code == "value-type"


def test_missing_inputs_are_named() -> None:
    model = read(m.input_data("age"), m.decision("d", m.literal("age"), "age"))
    assert model.evaluate("d", {}).problems[0].code == "input-missing"


def test_imported_files_are_found_by_namespace() -> None:
    other = m.definitions(
        m.input_data("x", "number"), m.decision("base", m.literal("x * 2"), "x"), own="urn:other"
    )
    main = m.definitions(
        f'<import name="other" namespace="urn:other" importType="{m.NAMESPACE}"/>',
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        '<requiredDecision href="urn:other#d_base"/></informationRequirement>'
        + m.literal("other.base + 1")
        + "</decision>",
    )
    model, problems = read_dmn(main, imports={"other.dmn": other})
    assert model is not None
    assert not problems
    assert model.evaluate("d", {"x": 4}).value == 9
    _, problems = read_dmn(main)
    assert "import-missing" in {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([m.decision("d", m.literal("1 +"))], "feel-syntax"),
        ([m.decision("d", m.literal("missing + 1"))], "unknown-name"),
        ([m.decision("d", "")], "expression-missing"),
        ([m.decision("d", m.literal("1"), kind="tNone")], "type-unknown"),
        ([m.decision("d", m.literal("1"), "nowhere")], "reference-unknown"),
        ([m.decision("d", m.table([AGE], [], policy="MAYBE"))], "hit-policy-unknown"),
        ([m.decision("d", m.table([AGE], [["1"]]))], "table-shape"),
        (
            [
                '<decision id="a" name="a"><informationRequirement><requiredDecision href="#a"/>'
                "</informationRequirement>" + m.literal("1") + "</decision>"
            ],
            "decision-circle",
        ),
        (
            [
                '<decision id="a" name="a"><functionDefinition kind="Java">'
                + m.literal("1")
                + "</functionDefinition>"
                "</decision>"
            ],
            "external-function",
        ),
    ],
)
def test_faults_are_found_when_reading(parts: list[str], code: str) -> None:
    model, problems = read_dmn(m.definitions(*parts))
    assert model is not None
    found = {problem.code: problem for problem in problems}
    assert code in found
    assert found[code].line > 0
    assert found[code].message_de != found[code].message_en


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"<a/>", "dmn-namespace"), (b"<!DOCTYPE a><a/>", "xml-doctype-forbidden"), (b"x", "xml-malformed")],
)
def test_other_files_are_refused(data: bytes, code: str) -> None:
    model, problems = read_dmn(data)
    assert model is None
    assert problems[0].code == code


def test_an_unknown_decision_is_refused_with_those_there_are() -> None:
    model = read(m.decision("d", m.literal("1")))
    with pytest.raises(DecisionUnknown, match="It has: d"):
        model.evaluate("e", {})


def test_the_budget_holds_for_the_whole_evaluation() -> None:
    model = read(m.decision("d", m.literal("for i in 1..100000 return i")))
    with pytest.raises(FeelBudgetExceeded):
        model.evaluate("d", {}, budget=Budget(steps=1_000))


def test_the_explanation_says_which_cell_refused_in_words() -> None:
    table = m.table(
        [("stay", "years and months duration"), ("kind", "string")],
        [
            ['< duration("P6Y")', "-", '"no"'],
            ['>= duration("P6Y")', '"x","y"', '"maybe"'],
            ['>= duration("P6Y")', 'not("x")', '"yes"'],
        ],
        labels=("Aufenthalt", "Art"),
        policy="FIRST",
    )
    model = read(m.input_data("stay"), m.input_data("kind"), m.decision("d", table, "stay", "kind"))
    result = model.evaluate("d", {"stay": YearMonthDuration(86), "kind": "z"})
    assert result.value == "yes"
    rules = result.explanation["decisions"][0]["tables"][0]["rules"]
    assert [rule["matched"] for rule in rules] == [False, False, True]
    assert [rule["refused_by"] for rule in rules] == [1, 2, None]
    assert rules[2]["text_de"] == "Regel 3: Aufenthalt ≥ 6 Jahre ✓ (7 Jahre 2 Monate), Art nicht „x“ ✓ („z“)"
    assert rules[1]["text_en"] == (
        'Rule 2: Aufenthalt ≥ 6 years ✓ (7 years 2 months), Art "x" or "y" ✗ ("z")'
    )
    assert json.loads(json.dumps(result.explanation)) == result.explanation
    assert "Ergebnis: „yes“" in explain_text(result.explanation)
    assert 'Result: "yes"' in explain_text(result.explanation, "en")


def test_boxed_expressions_of_every_kind_are_executed() -> None:
    boxed = (
        "<context><contextEntry><variable name='xs'/><list>"
        + m.literal("1") + m.literal("2") + m.literal("3")
        + "</list></contextEntry><contextEntry><variable name='even'/><filter><in>"
        + m.literal("xs") + "</in><match>" + m.literal("even(item)") + "</match></filter></contextEntry>"
        "<contextEntry><variable name='double'/><for iteratorVariable='x'><in>" + m.literal("xs")
        + "</in><return>" + m.literal("x * 2") + "</return></for></contextEntry>"
        "<contextEntry><variable name='found'/><some iteratorVariable='x'><in>" + m.literal("xs")
        + "</in><satisfies>" + m.literal("x > 2") + "</satisfies></some></contextEntry>"
        "<contextEntry><variable name='f'/><functionDefinition><formalParameter name='n' typeRef='number'/>"
        + m.literal("n + 1") + "</functionDefinition></contextEntry>"
        "<contextEntry><variable name='called'/><invocation>" + m.literal("f")
        + "<binding><parameter name='n'/>" + m.literal("41") + "</binding></invocation></contextEntry>"
        "<contextEntry><variable name='rows'/><relation><column name='a'/><column name='b'/><row>"
        + m.literal("1") + m.literal("2") + "</row></relation></contextEntry>"
        "<contextEntry><variable name='chosen'/><conditional><if>" + m.literal("count(xs) = 3") + "</if><then>"
        + m.literal('"three"') + "</then><else>" + m.literal('"other"') + "</else></conditional></contextEntry>"
        "<contextEntry>" + m.literal("[even, double, found, called, rows, chosen]") + "</contextEntry></context>"
    )  # fmt: skip
    value = read(m.decision("d", boxed)).evaluate("d", {}).value
    assert value == [[2], [2, 4, 6], True, Decimal(42), [{"a": 1, "b": 2}], "three"]


def test_a_faulty_cell_is_named_by_its_text_and_rule() -> None:
    _, problems = read_dmn(m.definitions(m.decision("d", m.table([AGE], [["1", '"a"'], [">= (", '"b']]))))

    faults = [problem.message_de for problem in problems if problem.code == "feel-syntax"]
    assert [fault.partition(" ist fehlerhaft")[0] for fault in faults] == [
        "Der Ausdruck „>= (“ in Regel 2",
        'Der Ausdruck „"b“ in Regel 2',
    ]
    assert "Erwartet wird ein Wert, ein Name oder „(“" in faults[0]
