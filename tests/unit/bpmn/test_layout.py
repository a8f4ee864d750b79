"""Drawings for models without any: everything is drawn, nothing lies on anything, no text reaches the renderer."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from lxml import etree
from tests.unit.bpmn.models import chain, long_chain, model

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.layout import ranks, with_diagram
from staffel.engine.bpmn.layout.ranks import MAX_NODES, plain_rank
from staffel.engine.bpmn.words import BPMNDI, DC

BRANCHES = (
    '<laneSet id="L"><lane id="L1" name="Jobcenter"><flowNodeRef>s</flowNodeRef><flowNodeRef>A</flowNodeRef>'
    '<flowNodeRef>g</flowNodeRef></lane><lane id="L2" name="Schulamt"><flowNodeRef>B</flowNodeRef>'
    "<flowNodeRef>C</flowNodeRef><flowNodeRef>e</flowNodeRef></lane></laneSet>"
    '<startEvent id="s" name="Antrag"/><userTask id="A" name="Prüfen"/><exclusiveGateway id="g" name="Gut?"/>'
    '<userTask id="B"/><subProcess id="C"><startEvent id="cs"/><userTask id="ct"/><endEvent id="ce"/>'
    '<sequenceFlow id="c1" sourceRef="cs" targetRef="ct"/><sequenceFlow id="c2" sourceRef="ct" targetRef="ce"/>'
    '</subProcess><endEvent id="e"/><boundaryEvent id="b" attachedToRef="A" name="2 Tage"><timerEventDefinition>'
    "<timeDuration>P2D</timeDuration></timerEventDefinition></boundaryEvent>"
    '<sequenceFlow id="f1" sourceRef="s" targetRef="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="g"/>'
    '<sequenceFlow id="f3" name="ja" sourceRef="g" targetRef="B"/><sequenceFlow id="f4" name="nein" sourceRef="g" '
    'targetRef="C"/><sequenceFlow id="f5" sourceRef="B" targetRef="e"/><sequenceFlow id="f6" sourceRef="C" targetRef="e"/>'
    '<sequenceFlow id="f7" sourceRef="b" targetRef="B"/><sequenceFlow sourceRef="B" targetRef="A"/>'
    '<textAnnotation id="N"><text>Hinweis</text></textAnnotation><association id="a" sourceRef="N" targetRef="A"/>'
)

Box = tuple[float, float, float, float]


def boxes(data: bytes) -> dict[str, Box]:
    found: dict[str, Box] = {}
    for shape in etree.fromstring(data).iter("{" + BPMNDI + "}BPMNShape"):
        bounds = shape.find("{" + DC + "}Bounds")
        assert bounds is not None
        x, y, width, height = (float(str(bounds.get(name))) for name in ("x", "y", "width", "height"))
        found[str(shape.get("bpmnElement"))] = (x, y, x + width, y + height)
    return found


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_every_element_and_flow_is_drawn_and_the_file_is_still_valid() -> None:
    drawn = with_diagram(model(BRANCHES))
    reading = read_bpmn(drawn)
    assert reading.definitions is not None
    assert reading.definitions.has_diagram
    assert [finding.code for finding in reading.findings if finding.layer == "schema"] == []
    edges = {edge.get("bpmnElement") for edge in etree.fromstring(drawn).iter("{" + BPMNDI + "}BPMNEdge")}
    flows = set(reading.definitions.processes["P"].scope.flows)
    assert edges == flows | {"c1", "c2", "a"}
    assert {"L1", "L2", "b", "cs", "N"} <= boxes(drawn).keys()


def test_nodes_do_not_lie_on_each_other() -> None:
    places = boxes(with_diagram(model(BRANCHES)))
    apart = ["s", "A", "g", "B", "C", "e", "N"]
    assert [pair for pair in combinations(apart, 2) if overlap(places[pair[0]], places[pair[1]])] == []


def test_nodes_stand_inside_their_lane_and_sub_process() -> None:
    places = boxes(with_diagram(model(BRANCHES)))
    for inner, outer in [("s", "L1"), ("A", "L1"), ("B", "L2"), ("C", "L2"), ("ct", "C")]:
        assert places[outer][0] <= places[inner][0]
        assert places[outer][1] <= places[inner][1]
        assert places[inner][2] <= places[outer][2]
        assert places[inner][3] <= places[outer][3]


def test_the_border_of_the_host_runs_through_the_middle_of_a_boundary_event() -> None:
    places = boxes(with_diagram(model(BRANCHES)))
    assert (places["b"][1] + places["b"][3]) / 2 == places["A"][3]


def test_flows_run_from_left_to_right() -> None:
    places = boxes(with_diagram(model(BRANCHES)))
    assert places["s"][2] < places["A"][0] < places["g"][0] < places["B"][0] < places["e"][0]


def test_pools_and_message_flows_are_drawn() -> None:
    before = (
        '<collaboration id="K"><participant id="Stadt" processRef="P"/><participant id="Amt"/>'
        '<messageFlow id="mf" sourceRef="A" targetRef="Amt"/></collaboration>'
    )
    drawn = with_diagram(model(chain('sendTask id="A"'), before=before))
    places = boxes(drawn)
    assert not overlap(places["Stadt"], places["Amt"])
    assert any(e.get("bpmnElement") == "mf" for e in etree.fromstring(drawn).iter("{" + BPMNDI + "}BPMNEdge"))


def test_the_same_file_gets_the_same_drawing() -> None:
    assert with_diagram(model(BRANCHES)) == with_diagram(model(BRANCHES))


def test_a_drawn_file_stays_as_it_is() -> None:
    drawn = with_diagram(model(BRANCHES))
    assert with_diagram(drawn) is drawn


@pytest.mark.parametrize(
    "data", [b"", b"<a/>", b"<!DOCTYPE a><a/>", model("").replace(b"process", b"category")]
)
def test_what_cannot_be_drawn_stays_as_it_is(data: bytes) -> None:
    assert with_diagram(data) is data


def test_no_text_of_the_model_reaches_the_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = ranks._dot

    def spy(*arguments: Any) -> str:
        seen.append(real(*arguments))
        return seen[-1]

    monkeypatch.setattr(ranks, "_dot", spy)
    drawn = with_diagram(model(chain('userTask id="A" name="&lt;b URL=&quot;file:///etc/passwd&quot;&gt;"')))
    assert seen
    assert "passwd" not in seen[0]
    assert b"passwd" in drawn


def test_large_models_are_drawn_without_the_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_render", lambda dot: pytest.fail(f"rendered {len(dot)}"))
    assert len(boxes(with_diagram(long_chain(MAX_NODES + 1)))) == MAX_NODES + 1


def test_the_plain_ranking_stands_in_when_the_renderer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_render", lambda dot: None)
    places = boxes(with_diagram(model(BRANCHES)))
    assert places["s"][2] < places["A"][0] < places["g"][0]


def test_circles_do_not_confuse_the_plain_ranking() -> None:
    assert [column for column, _ in plain_rank(3, [(0, 1), (1, 2), (2, 0), (1, 1)])] == [0, 1, 2]
