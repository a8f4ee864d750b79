"""Models that want to run code, or to keep the server busy for ever."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from staffel.engine.bpmn import read_bpmn
from staffel.engine.findings import blocks
from staffel.engine.library import check_bundle
from staffel.engine.play import Player

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
    'targetNamespace="t"><process id="P" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
)
PLACES = {
    "condition": '<exclusiveGateway id="a"/>|<conditionExpression>{}</conditionExpression>',
    "script": '<scriptTask id="a"><script>{}</script></scriptTask>|',
    "timer": '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration>{}</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>|",
    "loop": '<task id="a"><multiInstanceLoopCharacteristics><loopCardinality>{}</loopCardinality>'
    "</multiInstanceLoopCharacteristics></task>|",
}
CODE = {
    "python": '__import__("pathlib").Path("SPOT").touch()',
    "python_lambda": "(lambda: open('SPOT', 'w'))()",
    "juel": "${runtime.exec('touch SPOT')}",
    "javascript": "require('fs').writeFileSync('SPOT', '')",
    "template": "{{ cycler.__init__.__globals__.os.popen('touch SPOT').read() }}",
    "format": "{0.__class__.__init__.__globals__}",
}


def model(place: str, code: str) -> bytes:
    element, _, inside = PLACES[place].replace("{}", escape(code)).partition("|")
    flows = '<sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
    flows += f'<sequenceFlow id="f2" sourceRef="a" targetRef="e">{inside}</sequenceFlow>'
    return f"{HEAD}{element}{flows}</process></definitions>".encode()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("language", CODE)
def test_code_of_other_languages_is_refused_or_an_incident_and_never_run(
    place: str, language: str, tmp_path: Path
) -> None:
    spot = tmp_path / "spot"
    data = model(place, CODE[language].replace("SPOT", str(spot)))
    stopped = blocks(check_bundle({"m.bpmn": data}).findings)
    if not stopped:
        player = Player(read_bpmn(data).definitions)  # type: ignore[arg-type]  # it was just read
        player.start()
        stopped = any(place.kind == "incident" for place in player.waiting())

    assert not spot.exists()
    assert stopped or place == "script"  # a script that calls what FEEL does not know gives null


def test_ten_thousand_nodes_get_a_report() -> None:
    nodes = ["s", *(f"t{number}" for number in range(10_000)), "e"]
    body = [f'<task id="{node}"/>' for node in nodes[1:-1]]
    body += [
        f'<sequenceFlow id="{source}_f" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(nodes)
    ]
    bundle = check_bundle({"m.bpmn": f"{HEAD}{''.join(body)}</process></definitions>".encode()})

    assert len(bundle.programs["P"].elements) == len(nodes)
    assert not blocks(bundle.findings)


def test_sub_processes_nested_without_end_are_refused() -> None:
    deep = "".join(f'<subProcess id="p{number}">' for number in range(5_000)) + "</subProcess>" * 5_000
    findings = check_bundle({"m.bpmn": f"{HEAD}{deep}</process></definitions>".encode()}).findings

    assert [found.code for found in findings if found.layer == "xml"]
    assert blocks(findings)
