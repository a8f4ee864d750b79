"""DMN files as a browser draws them: dmn-js reads them, and nothing that decides has changed."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from tests.unit.dmn.models import decision, definitions, input_data, literal, requires

from staffel.engine.dmn import read_dmn
from staffel.engine.dmn.source import VERSIONS
from staffel.engine.library.drawing import DC, DMNDI, MODEL, graph_of, shown_dmn, stand_in

INPUTS = (input_data("a", "number"), input_data("b"))
INNER = decision("inner", literal("a + 1"), "a")
OUTER = (
    '<decision id="d_outer" name="outer"><variable name="outer"/>'
    + requires("inner", tag="requiredDecision", prefix="d_")
    + requires("b")
    + literal("inner * b")
    + "</decision>"
)


def _boxes(data: bytes) -> dict[str, dict[str, float]]:
    root = etree.fromstring(data)
    return {
        shape.get("dmnElementRef", ""): {
            name: float(value) for name, value in shape.find(f"{{{DC}}}Bounds").attrib.items()
        }
        for shape in root.iter(f"{{{DMNDI}}}DMNShape")
    }


def _edges(data: bytes) -> list[list[dict[str, Any]]]:
    root = etree.fromstring(data)
    return [[dict(point.attrib) for point in edge] for edge in root.iter(f"{{{DMNDI}}}DMNEdge")]


@pytest.mark.parametrize("space", VERSIONS)
def test_files_of_every_edition_are_shown_in_the_one_that_dmn_js_reads_and_decide_the_same(
    space: str,
) -> None:
    data = definitions(*INPUTS, INNER, OUTER, namespace=space)

    shown = shown_dmn(data)

    assert etree.fromstring(shown).tag == f"{{{MODEL}}}definitions"
    model, problems = read_dmn(shown)
    assert model is not None
    assert problems == ()
    assert model.evaluate("outer", {"a": 2, "b": 3}).value == 9


def test_what_is_needed_stands_below_what_needs_it_and_nothing_overlaps() -> None:
    shown = shown_dmn(definitions(*INPUTS, INNER, OUTER))

    boxes = _boxes(shown)
    assert boxes.keys() == {"i_a", "i_b", "d_inner", "d_outer"}
    assert boxes["d_outer"]["y"] < boxes["d_inner"]["y"] == boxes["i_b"]["y"] < boxes["i_a"]["y"]
    assert boxes["d_inner"]["x"] != boxes["i_b"]["x"]
    assert len(_edges(shown)) == 3
    assert shown_dmn(shown) == shown


def test_a_drawing_of_the_file_stays(tmp_path: Any) -> None:
    drawn = definitions(
        *INPUTS,
        f'<x:DMNDI xmlns:x="https://www.omg.org/spec/DMN/20230324/DMNDI/"><x:DMNDiagram><x:DMNShape dmnElementRef="i_a">'
        f'<c:Bounds xmlns:c="{DC}" x="7" y="8" width="9" height="10"/></x:DMNShape></x:DMNDiagram></x:DMNDI>',
    )

    assert _boxes(shown_dmn(drawn)) == {"i_a": {"x": 7, "y": 8, "width": 9, "height": 10}}


def test_a_drawing_that_lacks_what_a_drawn_decision_needs_is_laid_out_anew() -> None:
    drawn = definitions(
        *INPUTS,
        INNER,
        f'<x:DMNDI xmlns:x="https://www.omg.org/spec/DMN/20230324/DMNDI/"><x:DMNDiagram><x:DMNShape dmnElementRef="d_inner">'
        f'<c:Bounds xmlns:c="{DC}" x="7" y="8" width="9" height="10"/></x:DMNShape></x:DMNDiagram></x:DMNDI>',
    )

    assert _boxes(shown_dmn(drawn)).keys() == {"i_a", "i_b", "d_inner"}
    assert len(_edges(shown_dmn(drawn))) == 1


def test_what_stands_in_another_file_is_drawn_with_its_name_and_joined() -> None:
    other = definitions(*INPUTS, INNER, own="urn:kern")
    needs = (
        '<informationRequirement id="r"><requiredDecision href="urn:kern#d_inner"/></informationRequirement>'
    )
    data = definitions(decision("outer", needs + literal("k.inner + 1")))

    shown = shown_dmn(data, (("kern.dmn", other),))

    box = stand_in("urn:kern#d_inner")
    names = {
        each.get("id"): each.get("name") for each in etree.fromstring(shown).iter(f"{{{MODEL}}}decision")
    }
    assert names == {"d_outer": "outer", box: "inner (kern.dmn)"}
    assert _boxes(shown)[box]["y"] > _boxes(shown)["d_outer"]["y"]
    assert len(_edges(shown)) == 1
    assert _boxes(shown_dmn(data)).keys() == {"d_outer"}


def test_cells_without_ids_get_some_and_annotations_are_shown() -> None:
    table = (
        '<decisionTable><input><inputExpression><text>a</text></inputExpression></input><output name="o"/><annotation name="n"/>'
        "<annotation name='m'/><rule><inputEntry><text>1</text></inputEntry><outputEntry><text>2</text></outputEntry>"
        "<annotationEntry><text>§ 1</text></annotationEntry><annotationEntry><text>neu</text></annotationEntry></rule></decisionTable>"
    )

    root = etree.fromstring(shown_dmn(definitions(*INPUTS, decision("t", table, "a"))))

    parts = list(root.iter("{*}rule", "{*}input", "{*}output", "{*}inputEntry", "{*}outputEntry"))
    assert len({each.get("id") for each in parts} - {None}) == len(parts)
    assert root.findtext(".//{*}rule/{*}description") == "§ 1; neu"


def test_the_graph_names_what_each_decision_needs() -> None:
    graph = {part.id: part for part in graph_of(definitions(*INPUTS, INNER, OUTER))}

    assert graph["d_outer"].requires == ("d_inner", "i_b")
    assert (graph["i_a"].kind, graph["i_a"].type, graph["i_a"].requires) == ("inputData", "number", ())


@pytest.mark.parametrize("data", [b"", b"<a/>", b"<!DOCTYPE x><x/>"])
def test_what_is_no_dmn_stays_as_it_is(data: bytes) -> None:
    assert shown_dmn(data) == data
    assert graph_of(data) == []
