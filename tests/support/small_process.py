"""A small process of two Stellen: an application is taken in, handed over, examined, decided, and answered."""

from __future__ import annotations

import json

PROCESS = "kleiner-antrag"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:staffel:test">
  <message id="M_Unterlagen" name="unterlagen"/>
  <process id="kleiner-antrag" name="Kleiner Antrag" isExecutable="true">
    <laneSet id="Lanes">
      <lane id="Lane_LB" name="LB"><extensionElements><staffel:unit kind="LB"/></extensionElements>
        <flowNodeRef>Start</flowNodeRef><flowNodeRef>Aufnehmen</flowNodeRef></lane>
      <lane id="Lane_JC" name="JC"><extensionElements><staffel:unit kind="JC"/></extensionElements>
        <flowNodeRef>Pruefen</flowNodeRef><flowNodeRef>Lange</flowNodeRef><flowNodeRef>Erinnern</flowNodeRef>
        <flowNodeRef>Erinnert</flowNodeRef><flowNodeRef>Weg</flowNodeRef><flowNodeRef>Warten</flowNodeRef>
        <flowNodeRef>ENTSCHEIDEN</flowNodeRef><flowNodeRef>Ende</flowNodeRef></lane>
    </laneSet>
    <startEvent id="Start"/>
    <userTask id="Aufnehmen" name="Antrag aufnehmen"><extensionElements><staffel:form ref="aufnahme"/></extensionElements></userTask>
    <userTask id="Pruefen" name="Anspruch prüfen"><extensionElements><staffel:form ref="pruefung"/></extensionElements></userTask>
    <boundaryEvent id="Lange" attachedToRef="Pruefen" cancelActivity="false">
      <timerEventDefinition><timeDuration xsi:type="tFormalExpression">P3D</timeDuration></timerEventDefinition></boundaryEvent>
    <userTask id="Erinnern" name="An die Prüfung erinnern"/>
    <endEvent id="Erinnert"/>
    <exclusiveGateway id="Weg" default="F_vollstaendig"/>
    <intermediateCatchEvent id="Warten" name="Unterlagen"><messageEventDefinition messageRef="M_Unterlagen"/></intermediateCatchEvent>
    <userTask id="ENTSCHEIDEN" name="Entscheiden"><extensionElements><staffel:milestone id="M1"/></extensionElements></userTask>
    <endEvent id="Ende"/>
    <sequenceFlow id="F1" sourceRef="Start" targetRef="Aufnehmen"/>
    <sequenceFlow id="F_Uebergabe" sourceRef="Aufnehmen" targetRef="Pruefen"/>
    <sequenceFlow id="F3" sourceRef="Pruefen" targetRef="Weg"/>
    <sequenceFlow id="F_vollstaendig" sourceRef="Weg" targetRef="ENTSCHEIDEN"/>
    <sequenceFlow id="F_fehlt" sourceRef="Weg" targetRef="Warten">
      <conditionExpression xsi:type="tFormalExpression">ergebnis = "unvollständig"</conditionExpression></sequenceFlow>
    <sequenceFlow id="F6" sourceRef="Warten" targetRef="ENTSCHEIDEN"/>
    <sequenceFlow id="F7" sourceRef="ENTSCHEIDEN" targetRef="Ende"/>
    <sequenceFlow id="F8" sourceRef="Lange" targetRef="Erinnern"/>
    <sequenceFlow id="F9" sourceRef="Erinnern" targetRef="Erinnert"/>
  </process>
</definitions>
"""

AUFNAHME = {
    "type": "object",
    "required": ["familienname", "geburtsdatum", "schutzform"],
    "properties": {
        "familienname": {"type": "string", "maxLength": 60},
        "geburtsdatum": {"type": "string", "format": "date"},
        "schutzform": {"type": "string", "enum": ["asyl", "fluechtling", "subsidiaer"]},
        "miete": {"type": "integer", "minimum": 200, "maximum": 900},
    },
}
PRUEFUNG = {
    "type": "object",
    "required": ["ergebnis"],
    "properties": {
        "ergebnis": {"type": "string", "oneOf": [{"const": "vollständig"}, {"const": "unvollständig"}]},
        "vorlaeufig": {"type": "boolean"},
    },
}


def files(decide: str = "Entscheiden") -> dict[str, bytes]:
    """The bundle; `decide` is the id of its last task, which bears the Messpunkt M1."""
    return {
        "antrag.bpmn": _HEAD.replace("ENTSCHEIDEN", decide).encode(),
        "forms/aufnahme.json": json.dumps({"schema": AUFNAHME, "ui": []}).encode(),
        "forms/pruefung.json": json.dumps({"schema": PRUEFUNG, "ui": []}).encode(),
    }
