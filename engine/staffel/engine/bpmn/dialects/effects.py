"""What other tools would have done with extensions that are not executed here, and how to mend the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from lxml import etree

    from staffel.engine.bpmn.report import Report


class Effect(NamedTuple):
    """What an extension does elsewhere, and what to do about it; German and English."""

    german: str
    english: str
    mend_german: str
    mend_english: str


_CODE: Final = Effect(
    "Dort liefe Programmcode; hier gibt es ihn nicht.",
    "Program code would run there; there is none here.",
    "Der Aufgabe ein Thema geben (staffel:topic), das ein Dienst abholt, und die Angabe löschen.",
    "Give the task a topic (staffel:topic) that a service fetches, and delete the setting.",
)
_LISTENER: Final = Effect(
    "Dort liefe bei einem Ereignis des Elements Programmcode oder ein Skript.",
    "Program code or a script would run there when something happens to the element.",
    "Was dabei geschieht, als eigenen Schritt zeichnen (Skript- oder Service-Aufgabe), und die Angabe löschen.",
    "Draw what happens as a step of its own (script or service task), and delete the setting.",
)
_CONNECTOR: Final = Effect(
    "Dort riefe das Programm selbst ein anderes System auf.",
    "The engine itself would call another system there.",
    "Der Aufgabe ein Thema (staffel:topic) und Eingaben (staffel:input) geben; ein Dienst holt sie ab und ruft das System auf.",
    "Give the task a topic (staffel:topic) and inputs (staffel:input); a service fetches it and calls the system.",
)
_VARIABLE: Final = Effect(
    "Dort stünde danach eine Variable bereit; hier bliebe sie leer.",
    "A variable would be filled there; it would stay empty here.",
    "Die Variable anders füllen, zum Beispiel durch staffel:output oder eine Skript-Aufgabe, und die Angabe löschen.",
    "Fill the variable otherwise, such as by staffel:output or a script task, and delete the setting.",
)
_VERSION: Final = Effect(
    "Dort gälte eine bestimmte Version; hier gilt die Version, die beim Beginn des Vorgangs in Kraft ist, für "
    "Entscheidungen die beiliegende.",
    "A certain version would apply there; here that in force when the case starts does, for decisions the one uploaded.",
    "Die Angabe löschen; soll eine bestimmte Fassung gelten, den Prozess in dieselbe Datei aufnehmen.",
    "Delete the setting; if a certain state should apply, put the process into the same file.",
)
_CONDITION: Final = Effect(
    "Dort würde die Bedingung nur bei bestimmten Änderungen geprüft; hier bei jeder Änderung einer Variablen, die sie liest.",
    "The condition would be checked at certain changes only; here it is at each change of a variable it reads.",
    "Die Angabe löschen, wenn das genügt, sonst die Bedingung ergänzen.",
    "Delete the setting if that will do, else extend the condition.",
)
_UNKNOWN: Final = Effect(
    "Was es dort bewirkt, ist hier nicht bekannt.",
    "What it does there is not known here.",
    "Die Angabe löschen, wenn sie entbehrlich ist; sonst den Schritt mit Mitteln von BPMN zeichnen.",
    "Delete the setting if it can be spared; else draw the step by means of BPMN.",
)
EFFECTS: Final[dict[str, Effect]] = {
    **dict.fromkeys(("class", "delegateExpression", "expression", "formHandlerClass", "field"), _CODE),
    **dict.fromkeys(("variableMappingClass", "variableMappingDelegateExpression"), _CODE),
    **dict.fromkeys(("executionListener", "taskListener", "executionListeners", "taskListeners"), _LISTENER),
    **dict.fromkeys(("eventListener", "preScript", "postScript", "onEntry-script", "onExit-script"), _LISTENER),
    **dict.fromkeys(("connector", "serviceTaskOperator", "type"), _CONNECTOR),
    **dict.fromkeys(("initiator", "errorMessageVariable", "escalationCodeVariable"), _VARIABLE),
    **dict.fromkeys(("taskIdVariableName", "taskCompleterVariableName", "processInstanceIdVariableName"), _VARIABLE),
    **dict.fromkeys(("calledElementBinding", "calledElementVersion", "calledElementVersionTag"), _VERSION),
    **dict.fromkeys(("decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag", "bindingType"), _VERSION),
    **dict.fromkeys(("variableName", "variableEvents", "conditionalFilter"), _CONDITION),
    "errorEventDefinition": Effect(
        "Dort würde aus dem Ergebnis der Arbeit ein BPMN-Fehler.",
        "A BPMN error would be made of the work's result there.",
        "Den Dienst den BPMN-Fehler melden lassen oder nach der Aufgabe verzweigen.",
        "Let the service report the BPMN error, or branch after the task.",
    ),
    "resource": Effect(
        "Dort stünde das Skript in einer anderen Datei; hier fehlt es.",
        "The script would stand in another file there; it is missing here.",
        "Das Skript als FEEL-Ausdruck in die Aufgabe schreiben.",
        "Write the script as a FEEL expression into the task.",
    ),
    "caseRef": Effect(
        "Dort würde ein CMMN-Fall aufgerufen; CMMN wird hier nicht ausgeführt.",
        "A CMMN case would be called there; CMMN is not executed here.",
        "Den Fall als BPMN-Prozess zeichnen und mit calledElement aufrufen.",
        "Draw the case as a BPMN process and call it by calledElement.",
    ),
    "mapDecisionResult": Effect(
        "Dort käme das Ergebnis als Zeile oder Liste von Zeilen; hier so, wie DMN es festlegt: bei einer Ausgabe der Wert "
        "selbst, sonst ein Kontext, bei COLLECT eine Liste davon.",
        "The result would be a row or a list of rows there; here it is as DMN lays down: for one output the value itself, "
        "else a context, for COLLECT a list of these.",
        "singleEntry oder collectEntries wählen oder die Angabe löschen und prüfen, wie das Ergebnis danach gelesen wird.",
        "Choose singleEntry or collectEntries, or delete the setting and check how the result is read afterwards.",
    ),
    "skipExpression": Effect(
        "Dort würde der Schritt übersprungen, wenn der Ausdruck zutrifft.",
        "The step would be skipped there when the expression holds.",
        "Vor dem Schritt verzweigen.",
        "Branch before the step.",
    ),
    "triggerable": Effect(
        "Dort wartete die Aufgabe nach der Arbeit noch auf einen Anstoß.",
        "The task would wait for a trigger after its work there.",
        "Danach ein eintretendes Nachrichtenereignis zeichnen.",
        "Draw a catching message event after it.",
    ),
}  # fmt: skip


def refuse(report: Report, tool: str, name: str, at: etree._Element, found: str = "") -> None:
    """Report that the extension `name` changes what the model does elsewhere and is not executed here."""
    effect = EFFECTS.get(name, _UNKNOWN)
    shown = f"{tool}:{name}" + (f" „{found[:100]}“" if found else "")
    english = f"{tool}:{name}" + (f' "{found[:100]}"' if found else "")
    report.error(
        "not-carried-over",
        at,
        (
            f"{shown} wird nicht ausgeführt. {effect.german}",
            f"{english} is not executed. {effect.english}",
        ),
        (effect.mend_german, effect.mend_english),
        layer="dialect",
        was=f"{tool}:{name}",
    )
