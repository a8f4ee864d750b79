"""A model is told to run on SpiffWorkflow only when it did, differences have a place and a way, and the fence holds."""

from __future__ import annotations

import os
import subprocess
import sys

import msgspec
import pytest
from SpiffWorkflow.bpmn.parser import BpmnParser
from tests.support.nets import TIMER, definitions, net, program

from staffel.engine.bpmn.model import NodeType
from staffel.engine.findings import Finding, Severity
from staffel.engine.portability import Limits, Portability, Verdict, check_portability
from staffel.engine.portability.messages import Order, Walked
from staffel.engine.portability.preparing import UNKNOWN, prepare
from staffel.engine.portability.ways import ways_of

PLAIN = net("s:start a:user x:xor b:user c:user j:xor e:end", "s a|a x|x b|x c|b j|c j|j e")
EVENT_SUB = (
    '<subProcess id="p" triggeredByEvent="true"><startEvent id="ps"><messageEventDefinition messageRef="M"/></startEvent>'
    '<userTask id="pt"/><endEvent id="pe"/><sequenceFlow id="p1" sourceRef="ps" targetRef="pt"/>'
    '<sequenceFlow id="p2" sourceRef="pt" targetRef="pe"/></subProcess>'
)


def checked(body: str, roots: str = "", **limits: int) -> Portability:
    return check_portability(
        definitions(body, roots), program(body, roots), file="m.bpmn", limits=Limits(**limits)
    )


def codes(found: Portability) -> list[tuple[str, str]]:
    return [(each.code.removeprefix("portability-"), each.element) for each in found.findings]


def test_a_model_that_both_know_runs_on_every_way() -> None:
    found = checked(PLAIN)
    assert found.verdict is Verdict.RUNS
    assert found.ways >= 2
    assert codes(found) == [("runs", ""), ("expressions", "")]


@pytest.mark.parametrize(
    ("nodes", "flows"),
    [
        ("s:start a:and b:user c:user j:and e:end", "s a|a b|a c|b j|c j|j e"),
        ("s:start o:or b:user c:user d:user j:or e:end", "s o|o b|o c|o d|b j|c j|d j|j e"),
        ("s:start m:xor a:user x:xor e:end", "s m|m a|a x|x m|x e"),
        ("s:start a:script b:service c:user e:end", "s a|a b|b c|c e"),
    ],
    ids=["parallel", "inclusive", "loop", "automatic work"],
)
def test_structured_models_run_there_too(nodes: str, flows: str) -> None:
    assert checked(net(nodes, flows)).verdict is Verdict.RUNS


@pytest.mark.parametrize(
    "inner",
    [
        "<standardLoopCharacteristics loopMaximum='3'/>",
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
        "<multiInstanceLoopCharacteristics isSequential='true'><loopCardinality>3</loopCardinality>"
        "<completionCondition>true</completionCondition></multiInstanceLoopCharacteristics>",
    ],
    ids=["loop", "parallel", "sequential until"],
)
def test_repeated_work_runs_there_too(inner: str) -> None:
    body = net("s:start a:user e:end", "s a|a e").replace("</userTask>", f"{inner}</userTask>")
    found = checked(body)
    assert found.verdict is Verdict.RUNS
    assert found.ways >= 2 or "loopMaximum" in inner


def test_an_event_sub_process_that_does_not_interrupt_there_is_a_difference_with_its_way() -> None:
    found = checked(net("s:start a:user e:end", "s a|a e", EVENT_SUB), '<message id="M" name="m"/>')
    assert found.verdict is Verdict.DIFFERS
    difference = next(each for each in found.findings if each.code == "portability-waits")
    assert difference.element == "a"
    assert difference.path[0] == "s"
    assert "ps" in difference.path
    assert difference.layer == "portability"
    assert difference.severity is Severity.HINT
    assert difference.line > 0
    assert difference.file == "m.bpmn"
    assert "bei Staffel pt, bei SpiffWorkflow a, pt" in difference.text_de
    assert "on Staffel pt, on SpiffWorkflow a, pt" in difference.text_en


def test_a_flow_without_id_is_dropped_there_and_told() -> None:
    body = net("s:start g:and a:user b:user j:and e:end", "s g|g a|g b|a j|b j|j e").replace('id="g_b" ', "")
    found = checked(body)
    assert found.verdict is not Verdict.RUNS
    assert any(each.code != "portability-runs" and each.path for each in found.findings)


def test_what_it_does_not_load_is_told_with_its_reason() -> None:
    body = '<startEvent id="s"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>' + "".join(
        f'<sequenceFlow id="{one}{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in ("sa", "ab", "ac")
    )
    found = checked(body)
    assert found.verdict is Verdict.NOT_LOADED
    assert ("not-loaded", "a") in codes(found)
    assert any("Multiple outgoing flows" in each.text_de for each in found.findings)


def test_an_unknown_task_is_told_and_the_rest_still_compared() -> None:
    body = '<startEvent id="s"/><businessRuleTask id="r"/><userTask id="a"/><endEvent id="e"/>' + "".join(
        f'<sequenceFlow id="{one}{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in ("sr", "ra", "ae")
    )
    found = check_portability(definitions(body), program(net("s:start r:user a:user e:end", "s r|r a|a e")))
    assert found.verdict is Verdict.NOT_LOADED
    assert codes(found)[0] == ("unknown", "r")
    assert found.ways == 1


def test_no_text_of_the_model_reaches_the_other_engine() -> None:
    evil = "__import__('os').system('true')"
    timer = TIMER.replace("PT1H", evil)
    body = net("s:start x:xor a:script b:user e:end", "s x|x a|x b|a e|b e").replace(">1<", f">{evil}<")
    body = body.replace("x_a = 1", evil) + f'<boundaryEvent id="t" attachedToRef="b">{timer}</boundaryEvent>'
    prepared = prepare(definitions(body)).xml.decode()
    assert "__import__" not in prepared
    assert "script" in prepared


def test_what_counts_as_unknown_is_what_its_parser_does_not_read() -> None:
    known = {tag.rpartition("}")[2] for tag in BpmnParser.PARSER_CLASSES}
    ours = {kind.value for kind in NodeType}
    assert ours - known == UNKNOWN


def test_the_engine_refuses_scripts_and_expressions() -> None:
    from staffel.engine.portability.peer import RefusingEngine  # noqa: PLC0415

    engine = RefusingEngine()
    assert engine.evaluate(None, "__import__('os').getpid()") is False
    marks: list[int] = []
    assert engine.execute(None, "marks.append(1)", {"marks": marks})
    assert not marks
    assert not hasattr(engine.environment, "execute")


def test_a_run_that_takes_too_long_is_stopped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = subprocess.Popen

    def slow(arguments: list[str], **options: object) -> subprocess.Popen[bytes]:
        return real([sys.executable, "-c", "import time; time.sleep(60)"], **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setattr("staffel.engine.portability.check.subprocess.Popen", slow)
    found = checked(PLAIN, seconds=1)
    assert found.verdict is Verdict.UNDECIDED
    assert found.ways == 0
    undecided: Finding = next(each for each in found.findings if each.code == "portability-undecided")
    assert "1 Sekunden" in undecided.text_de


def _fenced(order: Order) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", "-m", "staffel.engine.portability.sandbox"],
        input=msgspec.json.encode(order),
        capture_output=True,
        check=False,
        env={},
        timeout=60,
    )


def test_the_fenced_process_goes_its_ways_within_its_limits() -> None:
    ways = tuple(ways_of(program(PLAIN), most_ways=1, most_acts=10))
    xml = prepare(definitions(PLAIN)).xml.decode()
    whole = _fenced(Order(xml=xml, process="P", ways=ways, megabytes=1_024, seconds=20))
    answers = [msgspec.json.decode(line, type=Walked) for line in whole.stdout.splitlines()]
    assert [bool(each.fault) for each in answers] == [False, False]


@pytest.mark.parametrize(("megabytes", "given"), [(2_048, True), (512, False)])
def test_the_fenced_process_gets_no_more_memory_than_its_limit(megabytes: int, given: bool) -> None:
    asks = (
        f"from staffel.engine.portability import sandbox; sandbox._limit({megabytes}, 20); bytearray(1 << 30)"
    )
    asked = subprocess.run(
        [sys.executable, "-I", "-c", asks], capture_output=True, check=False, env={}, timeout=60
    )
    assert (asked.returncode == 0) is given
    assert given or b"MemoryError" in asked.stderr


def test_the_environment_is_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    real = subprocess.Popen

    def watched(arguments: list[str], **options: object) -> subprocess.Popen[bytes]:
        given.update(options)
        return real(arguments, **options)  # type: ignore[call-overload, no-any-return]

    monkeypatch.setenv("STAFFEL_SECRET", "x")
    monkeypatch.setattr("staffel.engine.portability.check.subprocess.Popen", watched)
    assert checked(PLAIN).verdict is Verdict.RUNS
    assert given["env"] == {}
    assert "STAFFEL_SECRET" in os.environ
