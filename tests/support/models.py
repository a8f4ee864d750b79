"""Small models for the API's tests."""

from __future__ import annotations

import json

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1"'

RELAY = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:test">
  <process id="relay" name="Staffellauf" isExecutable="true">
    <laneSet id="ls">
      <lane id="L_ABH" name="Ausländerbehörde">
        <extensionElements><staffel:unit kind="ABH"/></extensionElements><flowNodeRef>S</flowNodeRef><flowNodeRef>A</flowNodeRef></lane>
      <lane id="L_JC" name="Jobcenter">
        <extensionElements><staffel:unit kind="JC"/></extensionElements><flowNodeRef>B</flowNodeRef><flowNodeRef>E</flowNodeRef></lane>
    </laneSet>
    <startEvent id="S" name="Antrag"/>
    <userTask id="A" name="Antrag prüfen">
      <extensionElements><staffel:form ref="pruefen"/>
        <staffel:deadline kind="gesetzlich" length="1M" name="Entscheidung" extend="1M" suspensionBasis="§ 6 Abs. 4 BQFG"/>
        <staffel:deadline kind="intern" length="5AT"/></extensionElements>
    </userTask>
    <userTask id="B" name="Bescheid erstellen">
      <extensionElements><staffel:form ref="bescheid"/></extensionElements>
    </userTask>
    <endEvent id="E" name="Erledigt"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/>
    <sequenceFlow id="f2" sourceRef="A" targetRef="B">
      <extensionElements>
        <staffel:handover><staffel:field name="name" required="true"/></staffel:handover>
      </extensionElements>
    </sequenceFlow>
    <sequenceFlow id="f3" sourceRef="B" targetRef="E"/>
  </process>
</definitions>
""".encode()

FORMS = {
    "forms/pruefen.json": {
        "schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "title": "Name"},
                "geheim": {"type": "string", "title": "Interner Vermerk"},
                "ab": {"type": "string", "format": "date", "title": "Gültig ab"},
            },
            "required": ["name"],
        },
        "ui": [
            {"field": "name"},
            {"field": "geheim", "showIf": 'ab = null or ab >= date("1950-01-01")'},
            {"field": "ab"},
        ],
        "rules": [
            {
                "check": 'ab >= date("1950-01-01")',
                "text": "Lange her.",
                "text_en": "Long ago.",
                "fields": ["ab"],
                "severity": "warning",
            }
        ],
    },
    "forms/bescheid.json": {
        "schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "title": "Name", "readOnly": True},
                "betrag": {"type": "number", "title": "Betrag"},
            },
            "required": ["betrag"],
        },
        "ui": [{"field": "name"}, {"field": "betrag"}],
    },
}

RELAY_FILES = {"relay.bpmn": RELAY} | {path: json.dumps(form).encode() for path, form in FORMS.items()}

MACHINE = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} id="d" targetNamespace="urn:test">
  <message id="m" name="Antwort"/>
  <process id="machine" name="Maschine" isExecutable="true">
    <startEvent id="S"/>
    <serviceTask id="W" name="Drucken">
      <extensionElements><staffel:topic name="drucken" retries="2"/></extensionElements>
    </serviceTask>
    <intermediateCatchEvent id="M"><messageEventDefinition id="md" messageRef="m"/></intermediateCatchEvent>
    <endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="W"/>
    <sequenceFlow id="f2" sourceRef="W" targetRef="M"/>
    <sequenceFlow id="f3" sourceRef="M" targetRef="E"/>
  </process>
</definitions>
""".encode()

WAITING_FILES = {
    "wartet.bpmn": f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {BPMN} id="d" targetNamespace="urn:test">
  <process id="wartet" name="Wartet" isExecutable="true">
    <laneSet id="ls"><lane id="L" name="Ausländerbehörde"><extensionElements><staffel:unit kind="ABH"/></extensionElements>
      <flowNodeRef>S</flowNodeRef><flowNodeRef>W</flowNodeRef><flowNodeRef>E</flowNodeRef></lane></laneSet>
    <startEvent id="S"/>
    <serviceTask id="W" name="Drucken lassen"><extensionElements><staffel:topic name="druck"/>
      <staffel:deadline kind="vereinbart" length="5AT"/></extensionElements></serviceTask>
    <endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="W"/>
    <sequenceFlow id="f2" sourceRef="W" targetRef="E"/>
  </process>
</definitions>
""".encode()
}
"""A step of outside work with a Frist."""
