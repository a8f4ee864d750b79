"""Whatever stands in a DMN file, reading it gives findings and deciding gives a value or one of the package's errors."""

from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.dmn.models import definitions, input_data

from staffel.engine.dmn import check_model, read_dmn
from staffel.engine.dmn.compiler import BOXES
from staffel.engine.feel import Budget, FeelError

TAGS = (
    *sorted(BOXES), "contextEntry", "binding", "parameter", "variable", "column", "row", "formalParameter", "input",
    "inputExpression", "inputValues", "output", "outputValues", "defaultOutputEntry", "rule", "inputEntry",
    "outputEntry", "if", "then", "else", "in", "match", "return", "satisfies", "knowledgeRequirement",
    "informationRequirement", "requiredInput", "requiredDecision", "requiredKnowledge", "itemComponent",
)  # fmt: skip
TEXTS = st.sampled_from(
    ("1", "x", "x > 1", "-", "", '"a"', "not(1)", "1..2", "f(x)", "d_0", "?", "[1..3]", "< 5, > 7", "1 +", "item",
     "for i in x return i", "{a: x}", "date(x)", "partial", "x.y")
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ("id", "name", "typeRef", "href", "hitPolicy", "aggregation", "iteratorVariable", "kind", "isCollection")
    ),
    st.sampled_from(
        ("x", "d_0", "#d_0", "#i_x", "number", "string", "Any", "t", "COLLECT", "PRIORITY", "ANY", "OUTPUT ORDER", "SUM",
         "COUNT", "Java", "FEEL", "true", "", "urn:test#d_0")
    ),
    max_size=3,
)  # fmt: skip


def element(tag: str, attributes: dict[str, str], inside: str) -> str:
    given = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{given}>{inside}</{tag}>"


LEAVES = TEXTS.map(lambda text: f"<text>{escape(text)}</text>")
BODIES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        element, st.sampled_from(TAGS), ATTRIBUTES, st.lists(inner, max_size=4).map("".join)
    ),
    max_leaves=20,
)
TABLES = st.builds(
    lambda attributes, columns, rules: element("decisionTable", attributes, "".join([*columns, *rules])),
    ATTRIBUTES,
    st.lists(
        st.builds(
            lambda text, tag: f"<{tag} name='o'><inputExpression>{text}</inputExpression></{tag}>",
            LEAVES,
            st.sampled_from(("input", "output")),
        ),
        max_size=3,
    ),
    st.lists(
        st.lists(
            st.builds(element, st.sampled_from(("inputEntry", "outputEntry")), st.just({}), LEAVES),
            max_size=3,
        ).map(lambda cells: element("rule", {}, "".join(cells))),
        max_size=3,
    ),
)
BUDGET = Budget(steps=5_000, size=20_000)


@given(
    st.lists(st.builds(lambda attributes, body: (attributes, body), ATTRIBUTES, TABLES | BODIES), max_size=3)
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_tree_of_dmn_elements_is_read_checked_and_decided(
    decisions: list[tuple[dict[str, str], str]],
) -> None:
    parts = [
        element("decision", {"id": f"d_{number}", "name": f"d_{number}"} | attributes, body)
        for number, (attributes, body) in enumerate(decisions)
    ]
    model, _ = read_dmn(definitions(input_data("x"), *parts))
    if model is None:
        return
    check_model(model)
    for name in model.decisions:
        try:
            result = model.evaluate(name, {"x": Decimal(2)}, budget=BUDGET)
            assert result.explanation["decisions"] is not None
        except FeelError:
            continue
