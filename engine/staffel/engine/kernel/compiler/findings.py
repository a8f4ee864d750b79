"""The findings of compiling: every code with its texts, German and English, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from staffel.engine.findings import Finding, Severity

LAYER = "executability"


class Text(NamedTuple):
    """What a finding says; `{…}` are filled in."""

    severity: Severity
    german: str
    english: str
    mend_german: str
    mend_english: str
    rule: str = ""


_ERROR, _WARNING, _HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

TEXTS: Mapping[str, Text] = {
    "expression-language": Text(
        _ERROR,
        "„{name}“ verwendet die Ausdruckssprache „{found}“; ausgeführt wird FEEL.",
        "'{name}' uses the expression language '{found}'; FEEL is executed.",
        "Den Ausdruck „{expression}“ in FEEL schreiben.",
        "Write the expression '{expression}' in FEEL.",
    ),
    "expression-invalid": Text(
        _ERROR,
        "Der Ausdruck „{expression}“ an „{name}“ ist kein FEEL: {reason_de}",
        "The expression '{expression}' at '{name}' is not FEEL: {reason_en}",
        "Den Ausdruck berichtigen.",
        "Correct the expression.",
    ),
    "expression-faulty": Text(
        _ERROR,
        "Der Ausdruck „{expression}“ an „{name}“ kann nicht gelingen: {reason_de}",
        "The expression '{expression}' at '{name}' cannot succeed: {reason_en}",
        "Den Ausdruck berichtigen.",
        "Correct the expression.",
        "DMN 1.5 §10.3",
    ),
    "expression-null": Text(
        _WARNING,
        "Ein Teil des Ausdrucks „{expression}“ an „{name}“ ist immer null: {reason_de}",
        "A part of the expression '{expression}' at '{name}' is always null: {reason_en}",
        "Den Ausdruck berichtigen.",
        "Correct the expression.",
        "DMN 1.5 §10.3",
    ),
    "value-kind": Text(
        _ERROR,
        "Der Ausdruck „{expression}“ an „{name}“ ergibt in jedem Vorgang {found}; erwartet wird {expected_de}.",
        "The expression '{expression}' at '{name}' gives {found} in every case; expected is {expected_en}.",
        "Den Ausdruck berichtigen; mit diesem Wert bleibt jeder Vorgang hier stehen.",
        "Correct the expression; with this value every case stands still here.",
        "BPMN 2.0.2 §13.3, §13.4",
    ),
    "condition-missing": Text(
        _ERROR,
        "Der Fluss „{flow}“ von „{name}“ zu „{target}“ hat keine Bedingung und ist nicht der Standardfluss.",
        "Flow '{flow}' from '{name}' to '{target}' has no condition and is not the default flow.",
        "Am Fluss eine Bedingung in FEEL eintragen (zum Beispiel: vollstaendig = true) oder ihn zum Standardfluss machen, "
        "der gilt, wenn keine andere Bedingung zutrifft.",
        "Enter a FEEL condition at the flow (such as: complete = true) or make it the default flow, which is taken if no "
        "other condition holds.",
        "BPMN 2.0.2 §13.4.2",
    ),
    "default-missing": Text(
        _WARNING,
        "„{name}“ hat nur bedingte Flüsse und keinen Standardfluss; trifft keine Bedingung zu, bleibt der Vorgang stehen.",
        "'{name}' has conditional flows only and no default flow; if no condition holds the case stands still.",
        "Einen Standardfluss festlegen.",
        "Set a default flow.",
        "BPMN 2.0.2 §13.4.2",
    ),
    "message-missing": Text(
        _ERROR,
        "„{name}“ nennt keine Nachricht, und kein Nachrichtenfluss führt zu einer.",
        "'{name}' names no message, and no message flow leads to one.",
        "Im Zeichenprogramm am Ereignis eine Nachricht anlegen oder wählen (messageRef) und ihr einen Namen geben.",
        "In the modelling tool create or choose a message at the event (messageRef) and give it a name.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "signal-missing": Text(
        _ERROR,
        "„{name}“ nennt kein Signal.",
        "'{name}' names no signal.",
        "Im Zeichenprogramm am Ereignis ein Signal anlegen oder wählen (signalRef) und ihm einen Namen geben.",
        "In the modelling tool create or choose a signal at the event (signalRef) and give it a name.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "timer-missing": Text(
        _ERROR,
        "„{name}“ sagt nicht, wann der Timer abläuft.",
        "'{name}' does not say when its timer is due.",
        "Einen Tag (timeDate, zum Beispiel 2027-01-31T08:00:00), eine Dauer (timeDuration, P14D = 14 Tage) oder eine "
        "Wiederholung (timeCycle, R3/P1W = dreimal wöchentlich) angeben; auch FEEL ist erlaubt.",
        "Give a date (timeDate, such as 2027-01-31T08:00:00), a duration (timeDuration, P14D = 14 days) or a repetition "
        "(timeCycle, R3/P1W = three times, weekly); FEEL is allowed too.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "timer-kind": Text(
        _ERROR,
        "„{name}“ nennt in {kind} „{found}“; erwartet wird {expected_de}.",
        "'{name}' gives '{found}' in {kind}; expected is {expected_en}.",
        "Die Angabe berichtigen oder im Zeichenprogramm die passende Art der Zeitangabe wählen.",
        "Correct the value or choose the fitting kind of timer in the modelling tool.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "timer-repeats-in-vain": Text(
        _ERROR,
        "„{name}“ soll sich wiederholen ({found}), tritt aber höchstens einmal ein, denn {reason_de}.",
        "'{name}' should repeat ({found}) but occurs once at most: {reason_en}.",
        "Eine Dauer (timeDuration, zum Beispiel P14D) angeben; was sich wiederholen soll, als nicht unterbrechendes "
        "Randereignis oder als Schleife zeichnen.",
        "Give a duration (timeDuration, such as P14D); draw what should repeat as a non-interrupting boundary event or "
        "as a loop.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "event-condition-missing": Text(
        _ERROR,
        "Das bedingte Ereignis „{name}“ hat keine Bedingung.",
        "The conditional event '{name}' has no condition.",
        "Am Ereignis eine Bedingung in FEEL eintragen, zum Beispiel: anzahl_unterlagen >= 3.",
        "Enter a FEEL condition at the event, such as: number_of_documents >= 3.",
        "BPMN 2.0.2 §10.5.5",
    ),
    "link-target-missing": Text(
        _ERROR,
        "Zum Link-Ereignis „{name}“ gibt es in derselben Ebene kein eintretendes Link-Ereignis „{found}“.",
        "There is no catching link event '{found}' in the same scope for '{name}'.",
        "Ein eintretendes Link-Ereignis gleichen Namens zeichnen.",
        "Draw a catching link event of the same name.",
        "BPMN 2.0.2 §10.5.6",
    ),
    "called-process-unknown": Text(
        _ERROR,
        "„{name}“ ruft „{found}“ auf; diesen Prozess gibt es nicht.",
        "'{name}' calls '{found}'; there is no such process.",
        "calledElement auf einen vorhandenen Prozess oder eine globale Aufgabe setzen.",
        "Set calledElement to an existing process or global task.",
    ),
    "recursive-call": Text(
        _ERROR,
        "„{name}“ ruft den Prozess auf, in dem es selbst steht.",
        "'{name}' calls the process that it stands in.",
        "Die Wiederholung als Schleife zeichnen.",
        "Draw the repetition as a loop.",
    ),
    "decision-unknown": Text(
        _ERROR,
        "„{name}“ verweist auf die Entscheidung „{found}“; sie liegt nicht bei.",
        "'{name}' refers to decision '{found}', which is not among the files.",
        "Die DMN-Datei beilegen oder den Verweis berichtigen.",
        "Add the DMN file or correct the reference.",
    ),
    "decision-missing": Text(
        _ERROR,
        "Die Geschäftsregel-Aufgabe „{name}“ nennt weder eine Entscheidung noch ein Thema für Arbeit von außen.",
        "The business rule task '{name}' names neither a decision nor a topic for outside work.",
        "staffel:decision angeben.",
        "Give staffel:decision.",
    ),
    "form-unknown": Text(
        _ERROR,
        "„{name}“ verweist auf das Formular „{found}“; es liegt nicht bei.",
        "'{name}' refers to form '{found}', which is not among the files.",
        "forms/{found}.json beilegen oder den Verweis berichtigen.",
        "Add forms/{found}.json or correct the reference.",
    ),
    "script-missing": Text(
        _ERROR,
        "Die Skript-Aufgabe „{name}“ hat kein Skript.",
        "The script task '{name}' has no script.",
        "Ein FEEL-Skript angeben.",
        "Give a FEEL script.",
    ),
    "topic-default": Text(
        _HINT,
        "„{name}“ hat kein Thema; Arbeit von außen wird unter „{found}“ angeboten.",
        "'{name}' has no topic; outside work is offered as '{found}'.",
        "staffel:topic angeben.",
        "Give staffel:topic.",
    ),
    "work-without-inputs": Text(
        _HINT,
        "„{name}“ gibt nach außen nur das Aktenzeichen mit, keine Angaben des Vorgangs.",
        "'{name}' passes on only the case's reference, none of its data.",
        "Was der Dienst braucht, einzeln mit staffel:input angeben.",
        "Give what the service needs by staffel:input, one by one.",
    ),
    "loop-bound-missing": Text(
        _ERROR,
        "Die Wiederholung von „{name}“ hat weder Anzahl noch Liste noch Bedingung.",
        "The repetition of '{name}' has neither a cardinality nor a collection nor a condition.",
        "Anzahl, Liste oder Bedingung angeben.",
        "Give a cardinality, a collection or a condition.",
        "BPMN 2.0.2 §10.3.8",
    ),
    "event-sub-start": Text(
        _ERROR,
        "Der Ereignis-Teilprozess „{name}“ braucht genau ein Startereignis mit Auslöser; gefunden: {found}.",
        "The event sub-process '{name}' needs exactly one start event with a trigger; found: {found}.",
        "Ein Startereignis mit Auslöser zeichnen.",
        "Draw one start event with a trigger.",
        "BPMN 2.0.2 §10.3.5",
    ),
    "handler-missing": Text(
        _ERROR,
        "Am Kompensationsereignis „{name}“ hängt kein Kompensationshandler.",
        "No compensation handler is associated with '{name}'.",
        "Eine Assoziation zu einer Kompensationsaufgabe zeichnen.",
        "Draw an association to a compensation activity.",
        "BPMN 2.0.2 §10.7.1",
    ),
    "handover-return": Text(
        _ERROR,
        "Die Übergabe auf „{name}“ soll zu „{found}“ zurückführen; in derselben Ebene gibt es kein Element, an dem es damit weitergehen kann.",
        "The handover on '{name}' should return to '{found}', which is no element of the same scope that a case can go on from.",
        "Eine Aufgabe oder ein Gateway derselben Ebene angeben.",
        "Name a task or gateway of the same scope.",
    ),
    "handover-return-unit": Text(
        _ERROR,
        "Die Übergabe auf „{name}“ soll zu „{found}“ zurückführen; dieses Element gehört nicht zur abgebenden Stelle ({sender}).",
        "The handover on '{name}' should return to '{found}', which does not belong to the sending Stelle ({sender}).",
        "Ein Element in der Bahn der abgebenden Stelle angeben.",
        "Name an element in the sending Stelle's lane.",
    ),
    "handover-follow-up-unit": Text(
        _ERROR,
        "Nach zu vielen Rückgaben soll die Übergabe auf „{name}“ zu „{found}“ führen; dieses Element gehört zu einer dritten Stelle, und von {sender} oder {receiver} führt kein Fluss mit einer Übergabe dorthin.",
        "After too many returns the handover on '{name}' should lead to '{found}', which belongs to a third Stelle, and no flow with a handover leads there from {sender} or {receiver}.",
        "Einen Fluss dorthin zeichnen oder ein Element der abgebenden oder annehmenden Stelle angeben.",
        "Draw a flow there, or name an element of the sending or receiving Stelle.",
    ),
    "handover-passed-by": Text(
        _ERROR,
        "Über „{name}“ käme der Vorgang ohne Übergabe von {sender} zu {receiver}, denn „{name}“ steht in keiner gebundenen Bahn.",
        "By way of '{name}' the case would come from {sender} to {receiver} without a handover, for '{name}' stands in no bound lane.",
        "„{name}“ in die Bahn einer der beiden Stellen legen oder die eigene Bahn an eine Stelle binden.",
        "Put '{name}' into the lane of one of the two, or bind its own lane to a Stelle.",
    ),
    "handover-rule-unknown": Text(
        _ERROR,
        "Die Übergabe auf „{name}“ verweist auf die Regel „{found}“; sie liegt nicht bei.",
        "The handover on '{name}' refers to rule '{found}', which is not among the files.",
        "Die Regel in uebergaben.yaml aufnehmen.",
        "Add the rule to uebergaben.yaml.",
    ),
    "handover-without-change": Text(
        _ERROR,
        "An „{name}“ steht eine Übergabe, aber Quelle und Ziel gehören nicht zu zwei verschiedenen Stellen.",
        "There is a handover on '{name}', but source and target do not belong to two different Stellen.",
        "Die Bahnen an Stellen binden oder die Übergabe entfernen.",
        "Bind the lanes to Stellen or remove the handover.",
    ),
    "lane-unbound": Text(
        _WARNING,
        "Die Bahn „{name}“ ist an keine Art von Stelle gebunden und hat keine Wirkung.",
        "Lane '{name}' is bound to no kind of Stelle and has no effect.",
        "staffel:unit angeben oder die Bahn beim Hochladen zuordnen.",
        "Give staffel:unit or bind the lane when uploading.",
    ),
    "deadline-invalid": Text(
        _ERROR,
        "Die Frist „{found}“ an „{name}“ lässt sich nicht berechnen: {reason}",
        "The deadline '{found}' at '{name}' cannot be computed: {reason}",
        "Art und Länge berichtigen, zum Beispiel vereinbart und 5AT.",
        "Correct kind and length, for example vereinbart and 5AT.",
    ),
    "deadline-suspender-unknown": Text(
        _ERROR,
        "Die Frist an „{name}“ soll gehemmt sein, solange „{found}“ läuft; diesen Schritt gibt es im Modell nicht.",
        "The deadline at '{name}' is to be suspended while '{found}' runs; the model has no such step.",
        "In suspendedBy die Kennung (id) des Schritts eintragen.",
        "Name the id of the step in suspendedBy.",
    ),
    "not-executed": Text(
        _ERROR,
        "„{name}“: {what_de} wird nicht ausgeführt.",
        "'{name}': {what_en} is not executed.",
        "{mend_de}",
        "{mend_en}",
    ),
}


def finding(code: str, element: str, line: int, **fill: str) -> Finding:
    """The finding with its texts filled in."""
    text = TEXTS[code]
    known = {key: value if len(value) <= 300 else value[:299] + "…" for key, value in fill.items()}
    return Finding(
        code=code,
        severity=text.severity,
        text_de=text.german.format(**known),
        text_en=text.english.format(**known),
        mend_de=text.mend_german.format(**known),
        mend_en=text.mend_english.format(**known),
        element=element,
        line=line,
        layer=LAYER,
        rule=text.rule,
    )
