"""Dialects: what means something here is carried over, what does not is named, what is Staffel's own is strict."""

from __future__ import annotations

import pytest
from tests.unit.bpmn.models import chain, model, task

from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.dialects.formulas import MAX_DEPTH, Untranslatable, juel_to_feel, python_to_feel
from staffel.engine.bpmn.model import Extension, MultiInstance, Node
from staffel.engine.feel import parse
from staffel.engine.findings import Finding, Severity

SPIFF = b'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'


def node(data: bytes, identity: str = "A") -> Node:
    definitions = read_bpmn(data).definitions
    assert definitions is not None
    return next(each for each in definitions.processes["P"].scope.walk() if each.id == identity)


def extension(element: str, extension_xml: str, attributes: str = "") -> Extension:
    return node(model(chain(task(element, extension_xml, attributes=attributes)))).extension


def findings(data: bytes) -> list[Finding]:
    return [finding for finding in read_bpmn(data).findings if finding.layer == "dialect"]


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${betrag > 1000 && art == 'A'}", 'betrag > 1000 and art = "A"'),
        ("#{x lt 5 and (y or z)}", "x < 5 and (y or z)"),
        ("${!genehmigt}", "not(genehmigt)"),
        ("${a.b['c'] ne null}", "a.b.c != null"),
        ("${a ? b : 'c'}", 'if a then b else "c"'),
        ("${execution.getVariable('x') eq 3}", "x = 3"),
        ("${art.equals('A')}", 'art = "A"'),
        ("Hallo ${name}!", '"Hallo " + string(name) + "!"'),
        ("${empty liste}", 'liste = null or string(liste) = "" or string(liste) = "[]"'),
        ("${(a + b) * -c >= 10 div d}", "(a + b) * -c >= 10 / d"),
    ],
)
def test_simple_juel_becomes_feel(juel: str, feel: str) -> None:
    assert juel_to_feel(juel) == feel
    parse(feel)


@pytest.mark.parametrize(
    ("python", "feel"),
    [
        ("betrag > 1000 and art == 'A'", 'betrag > 1000 and art = "A"'),
        ("not genehmigt", "not(genehmigt)"),
        ("x is not None", "x != null"),
        ("0 < a <= 5", "0 < a and a <= 5"),
        ("x in ['a', 'b']", 'list contains(["a", "b"], x)'),
        ("x not in [1, 2]", "not(list contains([1, 2], x))"),
        ("a if b else c", "if b then a else c"),
        ("len(x) > 0", "count(x) > 0"),
        ("x['y'] == True", "x.y = true"),
        ("x[0] == 1", "x[1] = 1"),
        ("a % 2 == 0", "modulo(a, 2) = 0"),
    ],
)
def test_simple_python_becomes_feel(python: str, feel: str) -> None:
    assert python_to_feel(python) == feel
    parse(feel)


@pytest.mark.parametrize(
    "text",
    [
        "${bean.call(1)}",
        "${a",
        "${a = 1}",
        "${a % 2}",
        "${}",
        "${''.getClass().forName('x')}",
        "${" + "(" * (MAX_DEPTH + 5) + "a" + ")" * (MAX_DEPTH + 5) + "}",
        "${" + "a" * 5_000 + "}",
        "${" + "!" * 5_000 + "}",
    ],
)
def test_juel_beyond_the_simple_part_is_refused(text: str) -> None:
    with pytest.raises(Untranslatable) as refused:
        juel_to_feel(text)
    assert refused.value.de
    assert refused.value.en


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "lambda: 1",
        "[x for x in y]",
        "a := 1",
        "x in y",
        "f(3)",
        "",
        "a b",
        "1if",
    ],
)
def test_python_beyond_the_simple_part_is_refused(text: str) -> None:
    with pytest.raises(Untranslatable):
        python_to_feel(text)


def test_a_translated_condition_is_shown_and_used() -> None:
    body = chain('userTask id="A"').replace(
        '<sequenceFlow id="f2" sourceRef="A" targetRef="end"/>',
        '<sequenceFlow id="f2" sourceRef="A" targetRef="end"><conditionExpression '
        'xsi:type="tFormalExpression">${ok == true}</conditionExpression></sequenceFlow>',
    )
    definitions = read_bpmn(model(body)).definitions
    assert definitions is not None
    condition = definitions.processes["P"].scope.flows["f2"].condition
    assert condition is not None
    assert condition.text == "ok = true"
    told = [finding for finding in findings(model(body)) if finding.code == "expression-translated"]
    assert [(finding.element, finding.severity) for finding in told] == [("f2", Severity.HINT)]
    assert "ok = true" in told[0].text_de


def test_a_condition_that_cannot_be_translated_is_an_error_with_the_reason() -> None:
    body = chain('userTask id="A"').replace(
        'targetRef="end"/>',
        'targetRef="end"><conditionExpression>${bean.ok()}</conditionExpression></sequenceFlow>',
    )
    told = [finding for finding in findings(model(body)) if finding.severity is Severity.ERROR]
    assert [(finding.code, finding.element) for finding in told] == [("expression-not-translatable", "f2")]
    assert "bean.ok" in told[0].text_de


def test_camunda_7_forms_topics_decisions_and_mappings_are_carried_over() -> None:
    form = extension(
        "userTask",
        '<camunda:formData><camunda:formField id="miete" label="Miete" type="long"><camunda:validation>'
        '<camunda:constraint name="min" config="1"/></camunda:validation></camunda:formField></camunda:formData>',
    )
    assert form.form == "A"
    assert [(each.id, each.type, dict(each.constraints)) for each in form.form_fields] == [
        ("miete", "long", {"min": "1"})
    ]
    service = extension(
        "serviceTask",
        '<camunda:inputOutput><camunda:inputParameter name="x">${y + 1}</camunda:inputParameter>'
        '<camunda:inputParameter name="z">Text</camunda:inputParameter></camunda:inputOutput>'
        "<camunda:failedJobRetryTimeCycle>R5/PT10M</camunda:failedJobRetryTimeCycle>",
        'camunda:type="external" camunda:topic="bescheid"',
    )
    assert (service.topic, service.retries) == ("bescheid", 5)
    assert [(each.source.text, each.target) for each in service.inputs] == [("y + 1", "x"), ('"Text"', "z")]
    rule = extension("businessRuleTask", "", 'camunda:decisionRef="traeger" camunda:resultVariable="t"')
    assert (rule.decision, rule.result_variable) == ("traeger", "t")


def test_camunda_7_calls_hand_over_only_what_they_say() -> None:
    call = extension(
        "callActivity", '<camunda:in source="a" target="b"/><camunda:out source="c" target="d"/>'
    )
    assert [(each.source.text, each.target) for each in (*call.inputs, *call.outputs)] == [
        ("a", "b"),
        ("c", "d"),
    ]
    assert (call.take_all, call.give_all) == (False, False)
    whole = extension("callActivity", '<camunda:in variables="all"/><camunda:out source="c" target="d"/>')
    assert (whole.take_all, whole.give_all) == (True, False)


def test_zeebe_extensions_are_carried_over() -> None:
    service = extension(
        "serviceTask",
        '<zeebe:taskDefinition type="bescheid" retries="4"/><zeebe:ioMapping><zeebe:input source="=y" target="x"/>'
        "</zeebe:ioMapping>",
    )
    assert (service.topic, service.retries, service.inputs[0].source.text) == ("bescheid", 4, "y")
    call = node(model(chain(task("callActivity", '<zeebe:calledElement processId="Q"/>'))))
    assert call.called_element == "Q"
    script = node(model(chain(task("scriptTask", '<zeebe:script expression="=a + 1" resultVariable="r"/>'))))
    assert (script.script, script.extension.result_variable) == ("a + 1", "r")
    many = task(
        "userTask",
        "",
        inside='<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=kinder" '
        'inputElement="kind"/></extensionElements></multiInstanceLoopCharacteristics>',
    )
    loop = node(model(chain(many))).loop
    assert isinstance(loop, MultiInstance)
    assert loop.collection is not None
    assert (loop.collection.text, loop.item_variable) == ("kinder", "kind")
    assert [each.code for each in read_bpmn(model(chain(many))).findings] == ["carried-over"]


def test_flowable_form_properties_and_decisions_are_carried_over() -> None:
    form = extension("userTask", '<flowable:formProperty id="a" name="Name" type="string" required="true"/>')
    assert [(each.id, each.label, dict(each.constraints)) for each in form.form_fields] == [
        ("a", "Name", {"required": ""})
    ]
    rule = extension(
        "serviceTask",
        '<flowable:field name="decisionTableReferenceKey"><flowable:string>traeger</flowable:string></flowable:field>',
        'flowable:type="dmn"',
    )
    assert rule.decision == "traeger"


def test_python_of_spiffworkflow_files_becomes_feel() -> None:
    body = chain('<scriptTask id="A"><script>summe = a + b if c is not None else 0</script></scriptTask>')
    data = model(body).replace(b'id="D"', SPIFF + b' id="D"')
    script = node(data)
    assert (script.script, script.extension.result_variable) == ("if c != null then a + b else 0", "summe")


def test_scripts_in_other_languages_are_refused() -> None:
    body = chain('<scriptTask id="A" scriptFormat="groovy"><script>println 1</script></scriptTask>')
    assert [finding.code for finding in findings(model(body))] == ["script-not-translatable"]


def test_what_is_not_carried_over_is_named_once_with_its_places() -> None:
    body = chain(
        '<userTask id="A" camunda:assignee="kim"/>',
        '<userTask id="B" camunda:assignee="max"/>',
        task(
            "serviceTask",
            '<x:note/><x:note/><camunda:executionListener class="X" event="start"/>',
            identity="C",
        ),
    )
    told = {
        finding.text_de: finding.severity
        for finding in findings(model(body))
        if finding.code == "not-carried-over"
    }
    assert len(told) == 3
    assert any("camunda:assignee, 2-mal (A, B)" in text for text in told)
    assert any("camunda:executionListener" in t and s is Severity.ERROR for t, s in told.items())
    assert any("note (2)" in text for text in told)


@pytest.mark.parametrize(
    ("element", "inside", "attributes"),
    [
        ("userTask", '<camunda:taskListener event="create" class="X"/>', ""),
        ("serviceTask", "", 'camunda:class="X"'),
        ("serviceTask", "", 'camunda:type="mail"'),
        ("serviceTask", "<camunda:connector/>", ""),
        ("serviceTask", '<camunda:errorEventDefinition expression="${x}"/>', 'camunda:topic="t"'),
        (
            "serviceTask",
            '<camunda:inputOutput><camunda:inputParameter name="x"><camunda:script scriptFormat="groovy">1</camunda:script>'
            "</camunda:inputParameter></camunda:inputOutput>",
            'camunda:topic="t"',
        ),
        ("callActivity", "", 'camunda:calledElementBinding="version" calledElement="Q"'),
        ("callActivity", "", 'camunda:variableMappingClass="X" calledElement="Q"'),
        ("callActivity", '<camunda:in source="a"/>', 'calledElement="Q"'),
        ("businessRuleTask", "", 'camunda:decisionRef="d" camunda:mapDecisionResult="resultList"'),
        ("userTask", "", 'camunda:formKey="embedded:app:a.html"'),
        ("userTask", "", 'camunda:whatComesNext="x"'),
        ("callActivity", '<zeebe:calledElement processId="Q" bindingType="versionTag" versionTag="1"/>', ""),
        ("userTask", "<zeebe:taskListeners/>", ""),
        ("userTask", "", 'flowable:skipExpression="${x}"'),
        ("serviceTask", "", 'flowable:triggerable="true"'),
    ],
)
def test_what_would_change_behaviour_and_is_not_executed_is_one_error(
    element: str, inside: str, attributes: str
) -> None:
    errors = [
        found
        for found in findings(model(chain(task(element, inside, attributes=attributes))))
        if found.severity is Severity.ERROR
    ]
    assert [(found.code, found.element) for found in errors] == [("not-carried-over", "A")]
    assert errors[0].line
    assert errors[0].mend_de
    assert errors[0].mend_en


@pytest.mark.parametrize(
    ("element", "inside", "attributes"),
    [
        ("userTask", "", 'camunda:asyncBefore="true"'),
        ("userTask", "", 'camunda:candidateGroups="amt"'),
        ("serviceTask", '<staffel:topic name="t"/>', 'camunda:class="X"'),
        (
            "serviceTask",
            "<camunda:failedJobRetryTimeCycle>R3/PT5M</camunda:failedJobRetryTimeCycle>",
            'camunda:topic="t"',
        ),
    ],
)
def test_what_changes_nothing_here_is_a_hint(element: str, inside: str, attributes: str) -> None:
    told = findings(model(chain(task(element, inside, attributes=attributes))))
    left = [(found.code, found.severity) for found in told if found.code != "carried-over"]
    assert left == [("not-carried-over", Severity.HINT)]


def test_fixed_values_for_workers_travel_with_the_work() -> None:
    headers = extension(
        "serviceTask",
        '<zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="art" value="Brief"/></zeebe:taskHeaders>',
    )
    fields = extension(
        "serviceTask",
        '<camunda:field name="art"><camunda:string>Brief</camunda:string></camunda:field>'
        '<camunda:field name="an"><camunda:expression>${person}</camunda:expression></camunda:field>',
        'camunda:topic="t"',
    )
    assert [(each.source.text, each.target) for each in headers.inputs] == [('"Brief"', "art")]
    assert [(each.source.text, each.target) for each in fields.inputs] == [
        ('"Brief"', "art"),
        ("person", "an"),
    ]


def test_staffel_extensions_are_read() -> None:
    form = extension("userTask", '<staffel:form ref="antrag"/><staffel:deadline kind="soll" length="5AT"/>')
    assert (form.form, form.deadlines[0].length, form.deadlines[0].at_end) == ("antrag", "5AT", "remind")
    rule = extension("businessRuleTask", '<staffel:decision ref="d" result="r" bound="true"/>')
    assert (rule.decision, rule.result_variable, rule.bound) == ("d", "r", True)
    message = extension(
        "sendTask",
        '<staffel:message correlation="x" ttl="P1D"><staffel:input source="a" target="b"/></staffel:message>',
    )
    assert message.correlation is not None
    assert (message.correlation.text, message.time_to_live, message.message_payload[0].target) == (
        "x",
        "P1D",
        "b",
    )


def test_a_handover_on_a_flow_is_read_with_its_fields() -> None:
    body = chain('userTask id="A"').replace(
        'targetRef="end"/>',
        'targetRef="end"><extensionElements><staffel:handover kind="falluebergabe" acknowledge="2AT" maxReturns="1">'
        '<staffel:field name="name" required="true"/><staffel:legalBasis>§ 1</staffel:legalBasis></staffel:handover>'
        "</extensionElements></sequenceFlow>",
    )
    definitions = read_bpmn(model(body)).definitions
    assert definitions is not None
    handover = definitions.processes["P"].scope.flows["f2"].extension.handover
    assert handover is not None
    assert (handover.kind, handover.acknowledge_within, handover.max_returns) == ("falluebergabe", "2AT", 1)
    assert handover.fields == ({"name": "name", "required": "true"},)
    assert handover.legal_bases == ("§ 1",)


@pytest.mark.parametrize(
    ("element", "inside", "code"),
    [
        ("userTask", '<staffel:forms ref="a"/>', "extension-unknown"),
        ("userTask", '<staffel:form reff="a"/>', "extension-unknown"),
        ("userTask", "<staffel:form/>", "extension-incomplete"),
        ("userTask", '<staffel:topic name="a"/>', "extension-misplaced"),
        ("userTask", '<staffel:deadline kind="egal" length="5AT"/>', "extension-value-unknown"),
        ("serviceTask", '<staffel:topic name="a" retries="viele"/>', "extension-value-unknown"),
        ("userTask", '<staffel:form ref="a"><staffel:x/></staffel:form>', "extension-unknown"),
        ("userTask", "<staffel:legalBasis/>", "extension-incomplete"),
    ],
)
def test_slips_in_staffel_extensions_are_errors(element: str, inside: str, code: str) -> None:
    told = findings(model(chain(task(element, inside))))
    assert (code, Severity.ERROR) in [(finding.code, finding.severity) for finding in told]


def test_attributes_in_staffels_namespace_are_errors() -> None:
    told = findings(model(chain('<userTask id="A" staffel:form="a"/>')))
    assert [finding.code for finding in told] == ["extension-unknown"]


def test_form_fields_with_template_syntax_stay_text() -> None:
    form = extension(
        "userTask",
        '<camunda:formData><camunda:formField id="a" label="{{7*7}} ${7*7} {0.__class__}" type="string"/></camunda:formData>',
    )
    assert form.form_fields[0].label == "{{7*7}} ${7*7} {0.__class__}"
