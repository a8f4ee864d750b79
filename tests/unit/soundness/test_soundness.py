"""What soundness says of small models: known faults are found at their element, sound models are left alone."""

from __future__ import annotations

import pytest
from tests.support.nets import TIMER, definitions, net, program, told

from staffel.engine.bpmn import read_bpmn
from staffel.engine.findings import Severity
from staffel.engine.kernel import HandoverRule, Parts, compile_model
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.soundness import Limits, check_soundness
from staffel.processes import read_bundle, reference_bundles

MESSAGE = '<message id="M" name="m"/>'
SIGNAL = '<signal id="S" name="s"/>'
ERROR = '<error id="F" errorCode="f" name="f"/>'


def boundary(kind: str, host: str, name: str = "b", *, interrupting: bool = True) -> str:
    cancel = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{name}" attachedToRef="{host}"{cancel}>{kind}</boundaryEvent>'


def flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


def sub(name: str, inner: str, attributes: str = "") -> str:
    return f'<subProcess id="{name}"{attributes}>{inner}</subProcess>'


FAULTY = {
    "an exclusive split joined in parallel stands still": (
        net("s:start x:xor a:user b:user j:and e:end", "s x|x a|x b|a j|b j|j e"),
        [("deadlock", "j"), ("dead-element", "e")],
    ),
    "a task behind a join that stands still is dead": (
        net("s:start x:xor a:user b:user j:and c:user d:user e:end", "s x|x a|x b|a j|b j|j c|c d|d e"),
        [("deadlock", "j"), ("dead-element", "c")],
    ),
    "a parallel split joined exclusively does twice what follows": (
        net("s:start p:and a:user b:user m:xor c:user e:end", "s p|p a|p b|a m|b m|m c|c e"),
        [("lack-of-synchronisation", "c")],
    ),
    "a script after it is done twice as well": (
        net("s:start p:and a:user b:user c:script e:end", "s p|p a|p b|a c|b c|c e"),
        [("lack-of-synchronisation", "c")],
    ),
    "a loop out of a parallel branch grows without bound": (
        net("s:start m:xor a:user p:and b:user e:end", "s m|m a|a p|p m|p b|b e"),
        [("unbounded-tokens", "b")],
    ),
    "a parallel join within a loop that needs the way back stands still": (
        net("s:start j:and a:user x:xor e:end", "s j|j a|a x|x j|x e"),
        [("deadlock", "j"), ("dead-element", "a")],
    ),
    "tasks that lead to each other only never end": (
        net("s:start m:xor a:user b:user", "s m|m a|a b|b m"),
        [("missed-completion", "a")],
    ),
    "a circle without stop or condition is told as such": (
        net("s:start m:xor n:xor", "s m|m n|n m"),
        [("missed-completion", "m")],
    ),
    "an inclusive split with a parallel join stands still": (
        net("s:start o:or a:user b:user j:and e:end", "s o|o a|o b|o e|a j|b j|j e"),
        [("deadlock", "j")],
    ),
    "a non-interrupting timer that leads into the main flow does it twice": (
        net(
            "s:start a:user b:user e:end",
            "s a|a b|b e",
            boundary(TIMER, "a", interrupting=False) + flow("b1", "b"),
        ).replace('id="b" attachedToRef', 'id="b1" attachedToRef'),
        [("lack-of-synchronisation", "b")],
    ),
    "a fault inside a sub-process is told inside": (
        net("s:start e:end", "s u|u e")
        + sub("u", net("is:start x:xor a:user b:user j:and ie:end", "is x|x a|x b|a j|b j|j ie")),
        [("deadlock", "j"), ("dead-element", "e"), ("dead-element", "ie")],
    ),
    "an error that nothing throws or catches is told where it is thrown": (
        net("s:start a:user", "s a|a e") + '<endEvent id="e"><errorEventDefinition errorRef="F"/></endEvent>',
        [("missed-completion", "e")],
    ),
    "a compensation that nothing triggers is told": (
        net("s:start a:user e:end", "s a|a e")
        + boundary("<compensateEventDefinition/>", "a")
        + '<userTask id="h" isForCompensation="true"/><association id="as" sourceRef="b" targetRef="h"/>',
        [("dead-element", "h")],
    ),
    "flows that exclude each other need no join": (
        net("s:start o:xor a:user e:end", "s o|o a|a e")
        + '<inclusiveGateway id="i"/>'
        + '<userTask id="z"/>'
        + flow("i", "z")
        + flow("z", "i"),
        [("dead-element", "i")],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_known_faults_are_found_at_their_element(name: str) -> None:
    body, expected = FAULTY[name]
    assert told(body, ERROR) == expected


SOUND = {
    "sequence": net("s:start a:user e:end", "s a|a e"),
    "parallel block": net("s:start p:and a:user b:user j:and e:end", "s p|p a|p b|a j|b j|j e"),
    "parallel branches that end each for itself": net(
        "s:start p:and a:user b:user e:end", "s p|p a|p b|a e|b e"
    ),
    "loop": net("s:start m:xor a:user x:xor e:end", "s m|m a|a x|x m|x e"),
    "loop around a parallel block": net(
        "s:start m:xor p:and a:user b:user j:and x:xor e:end", "s m|m p|p a|p b|a j|b j|j x|x m|x e"
    ),
    "inclusive block": net("s:start o:or a:user b:user c:user j:or e:end", "s o|o a|o b|o c|a j|b j|c j|j e"),
    "inclusive block in a loop": net(
        "s:start m:xor o:or a:user b:user j:or x:xor e:end", "s m|m o|o a|o b|a j|b j|j x|x m|x e"
    ),
    "message that nobody sends": net("s:start e:end", "s c|c e")
    + '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>',
    "condition": net("s:start e:end", "s c|c e")
    + '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>x</condition>'
    "</conditionalEventDefinition></intermediateCatchEvent>",
    "first of two events": net("s:start g:event e:end", "s g|g c|g t|c e|t e")
    + '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="S"/></intermediateCatchEvent>'
    f'<intermediateCatchEvent id="t">{TIMER}</intermediateCatchEvent>',
    "reminders": net(
        "s:start a:user r:user e:end", "s a|a e|b r|r e", boundary(TIMER, "a", interrupting=False)
    ),
    "reminders in a loop": net(
        "s:start m:xor a:user x:xor r:user e:end",
        "s m|m a|a x|x m|x e|b r|r e",
        boundary(TIMER, "a", interrupting=False),
    ),
    "error of a service": net(
        "s:start a:service r:user e:end",
        "s a|a e|b r|r e",
        boundary('<errorEventDefinition errorRef="F"/>', "a"),
    ),
    "error thrown inside": net("s:start e:end r:user", "s u|u e|b r|r e")
    + sub(
        "u",
        net("is:start x:xor a:user ie:end", "is x|x a|x f|a ie")
        + '<endEvent id="f"><errorEventDefinition errorRef="F"/></endEvent>',
    )
    + boundary('<errorEventDefinition errorRef="F"/>', "u"),
    "loops of activities": net("s:start e:end", "s a|a d|d e")
    + '<userTask id="a"><standardLoopCharacteristics loopMaximum="3"/></userTask>'
    '<userTask id="d"><multiInstanceLoopCharacteristics><loopCardinality>5</loopCardinality>'
    "<completionCondition>x</completionCondition></multiInstanceLoopCharacteristics></userTask>",
    "event sub-process": net("s:start a:user e:end", "s a|a e")
    + sub(
        "v",
        '<startEvent id="vs"><messageEventDefinition messageRef="M"/></startEvent>'
        + net("va:user ve:end", "vs va|va ve"),
        ' triggeredByEvent="true"',
    ),
    "terminate": net("s:start p:and a:user b:user e:end", "s p|p a|p b|a e|b t")
    + '<endEvent id="t"><terminateEventDefinition/></endEvent>',
    "process without start event": net("a:user b:user e:end", "a e|b e"),
    "transaction that is cancelled": net("s:start e:end c:user", "s t|t e|b c|c e")
    + '<transaction id="t">'
    + net("ts:start x:xor ta:user te:end", "ts ta|ta x|x te|x tc")
    + '<endEvent id="tc"><cancelEventDefinition/></endEvent>'
    + boundary("<compensateEventDefinition/>", "ta", "tb")
    + '<userTask id="h" isForCompensation="true"/><association id="as" sourceRef="tb" targetRef="h"/></transaction>'
    + boundary("<cancelEventDefinition/>", "t"),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_models_have_no_findings(name: str) -> None:
    assert told(SOUND[name], MESSAGE + SIGNAL + ERROR) == []


def test_conditions_that_exclude_each_other_are_not_taken_together() -> None:
    body = net("s:start o:or a:user b:user m:xor c:user e:end", "s o|o a|o b|o e|a m|b m|m c|c e")
    assert told(body) == [("lack-of-synchronisation", "c")]
    assert told(body.replace("o_b = 1", "not(o_a = 1)")) == []
    assert told(body.replace("o_b = 1", "o_a = 2")) == []
    assert told(body.replace("o_b = 1", "o_a &lt;= 1").replace("o_a = 1", "o_a > 1")) == []


def test_twelve_parallel_branches_take_few_states() -> None:
    branches = [f"b{number}" for number in range(12)]
    nodes = "s:start p:and j:and e:end " + " ".join(f"{b}:user {b}x:xor {b}c:user {b}m:xor" for b in branches)
    flows = "s p|j e|" + "|".join(f"p {b}|{b} {b}x|{b}x {b}c|{b}x {b}m|{b}c {b}m|{b}m j" for b in branches)
    found = check_soundness(program(net(nodes, flows)), limits=Limits(states=200))
    assert found == ()


def test_what_is_too_large_is_told_as_not_decided() -> None:
    branches = [f"b{number}" for number in range(9)]
    nodes = "s:start o:or j:or e:end " + " ".join(f"{b}:user" for b in branches)
    flows = "s o|j e|" + "|".join(f"o {b}|{b} j" for b in branches)
    (found,) = check_soundness(program(net(nodes, flows)), limits=Limits(states=50))
    assert (found.code, found.severity) == ("soundness-undecided", Severity.HINT)
    assert "Zustände" in found.text_de


def test_the_callers_clock_ends_the_search() -> None:
    ticks = iter(range(100))
    body = net("s:start a:user b:user c:user e:end", "s a|a b|b c|c e")
    (found,) = check_soundness(program(body), clock=lambda: next(ticks))
    assert found.code == "soundness-undecided"


def test_the_path_leads_over_flows_of_the_model_to_the_fault() -> None:
    body, _ = FAULTY["an exclusive split joined in parallel stands still"]
    found = check_soundness(program(body))[0]
    assert found.path == ("s", "s_x", "x", "x_a", "a", "a_j")
    assert "„Benutzeraufgabe b“" in found.text_de
    assert found.mend_en


def test_a_bundle_with_an_unsound_model_must_not_be_put_in_force() -> None:
    body, _ = FAULTY["a parallel split joined exclusively does twice what follows"]
    found = [
        each for each in check_bundle({"m.bpmn": definitions(body)}).findings if each.layer == "soundness"
    ]
    assert [(each.code, each.element, each.file, each.line) for each in found] == [
        ("lack-of-synchronisation", "c", "m.bpmn", 1)
    ]


@pytest.mark.parametrize("key", reference_bundles())
def test_reference_processes_are_sound_and_decided(key: str) -> None:
    files = read_bundle(reference_bundles()[key])
    bundle = check_bundle(files, calls=shipped_calls(files), play=False)
    assert [check_soundness(found) for found in bundle.programs.values()] == [()] * len(bundle.programs)


def test_a_return_to_before_a_parallel_split_does_the_other_branches_twice() -> None:
    body = net("s:start a:user p:and b:user c:user d:user e:end", "s a|a p|p b|p c|b d|c e|d e")
    parts = Parts(
        lanes={"L": "KI", "M": "GA"},
        handover_rules={"p_c": HandoverRule(id="R", return_to="a", max_returns=2)},
    )
    lanes = (
        '<laneSet id="l"><lane id="L">'
        + "".join(f"<flowNodeRef>{n}</flowNodeRef>" for n in "sapbde")
        + '</lane><lane id="M"><flowNodeRef>c</flowNodeRef></lane></laneSet>'
    )
    read = read_bpmn(definitions(lanes + body)).definitions
    assert read is not None
    found = check_soundness(compile_model(read, "P", parts=parts).program)
    assert ("lack-of-synchronisation", "b") in [(each.code, each.element) for each in found]


def test_a_model_with_errors_is_not_explored() -> None:
    body, _ = FAULTY["an exclusive split joined in parallel stands still"]
    broken = body.replace("x_a = 1", "x_a = = 1")
    found = check_bundle({"m.bpmn": definitions(broken)}).findings
    assert not [each for each in found if each.layer == "soundness"]
