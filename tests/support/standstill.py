"""A model whose gateway cannot decide until a date is filled in."""

from __future__ import annotations

import json

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:test">
  <process id="stillstand" name="Beihilfe" isExecutable="true">
    <startEvent id="S"/>
    <userTask id="A" name="Antrag prüfen"><extensionElements><staffel:form ref="antrag"/></extensionElements></userTask>
    <exclusiveGateway id="G" name="Ab wann?"/>
    <endEvent id="E" name="Bewilligt"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/>
    <sequenceFlow id="f2" sourceRef="A" targetRef="G"/>
    <sequenceFlow id="f3" name="rechtzeitig" sourceRef="G" targetRef="E">
      <conditionExpression xsi:type="tFormalExpression">ab &gt;= date("2026-01-01")</conditionExpression>
    </sequenceFlow>
  </process>
</definitions>
"""

FORM = {
    "schema": {
        "type": "object",
        "properties": {
            "ab": {"type": "string", "format": "date", "title": "Beihilfe ab"},
            "betrag": {"type": "number", "title": "Betrag", "minimum": 0},
            "eilt": {"type": "boolean", "title": "Eilt"},
        },
    },
    "ui": [{"field": "ab", "label_en": "Aid from"}, {"group": "Geld", "items": [{"field": "betrag"}]}],
}

FILES = {"stillstand.bpmn": MODEL.encode(), "forms/antrag.json": json.dumps(FORM).encode()}
