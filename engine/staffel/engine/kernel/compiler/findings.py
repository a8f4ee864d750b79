"""The findings of compiling: every code with its texts, German and English, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        'Am Element „{name}“ den Ausdruck an der genannten Stelle berichtigen. In FEEL: Vergleich mit einem „=“ (art = "wohnung"), Verknüpfung mit and und or, Texte in geraden Anführungszeichen, Dezimalpunkt.',
        "At '{name}' correct the expression at the place named. In FEEL: compare with one '=' (kind = \"flat\"), combine with and and or, texts in straight quotes, decimal point.",
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
        "Den Fluss, der sonst gelten soll, anklicken und als Standardfluss festlegen (Schrägstrich am Fluss); seine Bedingung entfällt.",
        "Choose the flow that is to be taken otherwise and make it the default flow (slash on the flow); it needs no condition then.",
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
        "„{name}“ nennt als Zeitangabe ({kind}) „{found}“; erwartet wird {expected_de}.",
        "'{name}' gives '{found}' as its time ({kind}); expected is {expected_en}.",
        "An „{name}“ die Zeitangabe nach ISO 8601 schreiben: P14D = 14 Tage, P2W = 2 Wochen, PT2H = 2 Stunden, "
        "2027-01-31T08:00:00 = Zeitpunkt, R3/P1W = dreimal wöchentlich; oder im Zeichenprogramm die passende Art wählen.",
        "At '{name}' write the time by ISO 8601: P14D = 14 days, P2W = 2 weeks, PT2H = 2 hours, 2027-01-31T08:00:00 = a "
        "date, R3/P1W = three times, weekly; or choose the fitting kind of timer in the modelling tool.",
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
        "„{name}“ ruft den Prozess „{found}“ auf; erwartet wird einer, der in dieser Datei steht oder in Kraft ist. {known_de}",
        "'{name}' calls process '{found}'; expected is one of this file or one in force. {known_en}",
        "An der Aufruf-Aktivität „{name}“ im Feld „Aufgerufenes Element“ (calledElement) die Kennung des Prozesses eintragen, oder den Prozess „{found}“ zuerst hochladen und in Kraft setzen.",
        "At call activity '{name}' enter the id of the process in the field 'Called element' (calledElement), or upload process '{found}' first and put it in force.",
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
        "„{name}“ verweist auf die Entscheidung „{found}“; in den beigelegten DMN-Dateien gibt es sie nicht. {known_de}",
        "'{name}' refers to decision '{found}', which is in none of the DMN files. {known_en}",
        "An „{name}“ die Kennung der Entscheidung berichtigen (staffel:decision, Feld ref) oder die DMN-Datei mit der Entscheidung „{found}“ mit hochladen.",
        "At '{name}' correct the id of the decision (staffel:decision, field ref), or upload the DMN file with decision '{found}' as well.",
    ),
    "form-unused": Text(
        _WARNING,
        "„{name}“ nennt das Formular „{found}“, das niemand zu sehen bekommt: Die Entscheidung fällt dort ohne eine Person.",
        "'{name}' names the form '{found}', which nobody will see: it is decided there without a person.",
        "Soll eine Person entscheiden, an „{name}“ bound auf false setzen; sonst das Formular dort entfernen.",
        "If a person is to decide, set bound to false at '{name}'; otherwise remove the form there.",
    ),
    "decision-missing": Text(
        _ERROR,
        "Die Regel-Aufgabe „{name}“ sagt nicht, welche Entscheidung gilt; erwartet wird eine Entscheidung einer DMN-Datei oder ein Thema für ein Programm.",
        "Business rule task '{name}' does not say which decision holds; expected is a decision of a DMN file or a topic for a program.",
        'An „{name}“ die Kennung der Entscheidung eintragen: <staffel:decision ref="anspruch" result="anspruch"/>, und die DMN-Datei mit hochladen.',
        'At \'{name}\' enter the id of the decision: <staffel:decision ref="claim" result="claim"/>, and upload the DMN file as well.',
    ),
    "form-unknown": Text(
        _ERROR,
        "„{name}“ verweist auf das Formular „{found}“; unter den Dateien ist es nicht. {known_de}",
        "'{name}' refers to form '{found}', which is not among the files. {known_en}",
        "Die Datei forms/{found}.json mit hochladen oder an „{name}“ den Namen des Formulars berichtigen (staffel:form, Feld ref).",
        "Upload the file forms/{found}.json as well, or correct the name of the form at '{name}' (staffel:form, field ref).",
    ),
    "script-missing": Text(
        _ERROR,
        "Die Skript-Aufgabe „{name}“ hat kein Skript; es gibt nichts zu berechnen.",
        "Script task '{name}' has no script; there is nothing to compute.",
        "An „{name}“ im Feld „Skript“ einen FEEL-Ausdruck eintragen (zum Beispiel: betrag * 12) und mit staffel:script die Variable für das Ergebnis nennen, oder eine andere Art von Aufgabe wählen.",
        "At '{name}' enter a FEEL expression in the field 'Script' (such as: amount * 12) and name the variable of the result by staffel:script, or choose another type of task.",
    ),
    "endpoint-topic": Text(
        _ERROR,
        "„{name}“ nennt das Thema „{found}“. Eine Aufgabe hat entweder staffel:topic (ein fremdes Programm holt sie ab) oder "
        "staffel:endpoint; Themen, die mit „endpoint:“ beginnen, vergibt nur staffel:endpoint.",
        "'{name}' names the topic '{found}'. A task has either staffel:topic (an outside program fetches it) or "
        "staffel:endpoint; topics that begin with 'endpoint:' come from staffel:endpoint only.",
        "Eine der beiden Angaben löschen, oder das Thema anders nennen.",
        "Delete one of the two, or call the topic something else.",
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
    "starts-to-choose": Text(
        _HINT,
        "„{name}“ hat {found} Startereignisse ohne Auslöser ({names}): Wer einen Vorgang anlegt, wählt eines davon; ein Sammelstart ist nicht möglich.",
        "'{name}' has {found} start events without trigger ({names}): whoever starts a case chooses one; a batch cannot start it.",
        "So lassen, wenn es verschiedene Anlässe gibt; sonst ein einziges Startereignis zeichnen und dahinter verzweigen.",
        "Leave it where there are different occasions; else draw a single start event and branch after it.",
        "BPMN 2.0.2 §10.5.2",
    ),
    "called-starts": Text(
        _ERROR,
        "„{name}“ ruft einen Prozess mit {found} Startereignissen ohne Auslöser auf ({names}); nur an einem davon dürfte er beginnen, und an welchem, sagt das Modell nicht.",
        "'{name}' calls a process with {found} start events without trigger ({names}); it may begin at one only, and the model does not say which.",
        "Im aufgerufenen Prozess ein einziges Startereignis ohne Auslöser zeichnen und dahinter mit einem Gateway verzweigen.",
        "Draw a single start event without trigger in the called process and branch after it by a gateway.",
        "BPMN 2.0.2 §10.5.2",
    ),
    "sub-process-starts": Text(
        _WARNING,
        "Der Teilprozess „{name}“ hat {found} Startereignisse ({names}); der Standard sieht eines vor. Hier beginnen alle zugleich.",
        "Sub-process '{name}' has {found} start events ({names}); the standard has one. Here all begin at once.",
        "Ein einziges Startereignis zeichnen; was zugleich beginnen soll, hinter einem parallelen Gateway.",
        "Draw a single start event; what is to begin at once, after a parallel gateway.",
        "BPMN 2.0.2 §13.3.4",
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
        "Die Übergabe auf dem Fluss „{name}“ verweist auf die Regel „{found}“; unter den Übergaberegeln gibt es sie nicht. {known_de}",
        "The handover on flow '{name}' refers to rule '{found}', which is not among the handover rules. {known_en}",
        "Die Regel „{found}“ in uebergaben.yaml aufnehmen und die Datei mit hochladen, oder am Fluss den Namen der Regel berichtigen (staffel:handover, Feld rule).",
        "Add rule '{found}' to uebergaben.yaml and upload the file as well, or correct the name of the rule at the flow (staffel:handover, field rule).",
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
        "Die Bahn „{name}“ ist an keine Stelle gebunden: Ihre Schritte gehören zu der Stelle, die den Vorgang beginnt, und an ihrer Grenze entsteht keine Übergabe.",
        "Lane '{name}' is bound to no Stelle: its steps belong to the Stelle that starts the case, and there is no handover at its border.",
        'Auf der Seite der Modellversion unter „Bahnen und Stellen“ die Art der Stelle wählen; oder die Bahn nach der Stelle benennen (zum Beispiel „Jobcenter“); oder in der Datei <staffel:unit kind="JC"/> in die Bahn schreiben.',
        "Choose the kind of Stelle on the page of the model version under 'Lanes and Stellen'; or call the lane like the Stelle (such as 'Jobcenter'); or write <staffel:unit kind=\"JC\"/> into the lane in the file.",
    ),
    "deadline-invalid": Text(
        _ERROR,
        "Die Frist „{found}“ an „{name}“ lässt sich nicht berechnen; erwartet wird eine Länge wie 5AT (Arbeitstage), 10T, 2W, 3M, 1J, -20AT, Bekanntgabe+1M oder P14D und eine der Arten gesetzlich, soll, vereinbart, intern, person.",
        "The deadline '{found}' at '{name}' cannot be computed: {reason}",
        'An „{name}“ Länge und Art der Frist berichtigen (staffel:deadline, Felder length und kind), zum Beispiel length="5AT" kind="vereinbart".',
        'At \'{name}\' correct length and kind of the deadline (staffel:deadline, fields length and kind), such as length="5AT" kind="vereinbart".',
    ),
    "deadline-in-vain": Text(
        _ERROR,
        "Die Frist an „{name}“ würde nie laufen: {reason_de}.",
        "The deadline at '{name}' would never run: {reason_en}.",
        "staffel:deadline hier entfernen und an den Schritt setzen, der wartet: eine Aufgabe von Menschen, eine externe Aufgabe mit topic, eine Empfangsaufgabe, einen Teilprozess, einen Aufruf oder ein Zeitereignis.",
        "Remove staffel:deadline here and put it on the step that waits: a task of people, outside work with a topic, a receive task, a sub-process, a call or a timer event.",
    ),
    "four-eyes-in-vain": Text(
        _ERROR,
        "An „{name}“ entscheidet kein Mensch; das Vier-Augen-Prinzip (staffel:fourEyes) hätte hier niemanden, der mitzeichnet.",
        "No person decides at '{name}'; four eyes (staffel:fourEyes) would have nobody to countersign.",
        'staffel:fourEyes an die Aufgabe setzen, die ein Mensch erledigt, oder die Entscheidung als Vorschlag führen (ohne bound="true").',
        'Put staffel:fourEyes on the task that a person does, or make the decision a proposal (without bound="true").',
    ),
    "deadline-suspender-unknown": Text(
        _ERROR,
        "Die Frist an „{name}“ soll gehemmt sein, solange „{found}“ läuft; diesen Schritt gibt es im Modell nicht.",
        "The deadline at '{name}' is to be suspended while '{found}' runs; the model has no such step.",
        "In suspendedBy die Kennung (id) des Schritts eintragen.",
        "Name the id of the step in suspendedBy.",
    ),
    "handover-suspender": Text(
        _ERROR,
        "Die Frist für das Ergebnis der Übergabe „{name}“ soll gehemmt sein, solange „{found}“ läuft; einen solchen Schritt von {receiver} gibt es nicht.",
        "The Frist for the result of the handover '{name}' is to be suspended while '{found}' runs; {receiver} has no such step.",
        "In hemmung_bei Kennungen (id) von Schritten der empfangenden Stelle eintragen.",
        "Name ids of the receiving Stelle's steps in hemmung_bei.",
    ),
    "not-executed": Text(
        _ERROR,
        "„{name}“: {what_de} wird nicht ausgeführt.",
        "'{name}': {what_en} is not executed.",
        "{mend_de}",
        "{mend_en}",
    ),
}


_IN_BOTH = ("name", "reason")
"""What is filled in differently in the two languages, as `name_de` and `name_en`, where it is so given."""


def listed(known: Iterable[str]) -> dict[str, str]:
    """The sentence about what there is to choose from."""
    names = sorted(set(known))
    if not names:
        return {"known_de": "Vorhanden: nichts.", "known_en": "There are: none."}
    shown = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return {"known_de": f"Vorhanden: {shown}.", "known_en": f"There are: {shown}."}


def finding(code: str, element: str, line: int, **fill: str) -> Finding:
    """The finding with its texts filled in."""
    text = TEXTS[code]
    known = {key: value if len(value) <= 300 else value[:299] + "…" for key, value in fill.items()}
    german, english = (
        known | {name: known[name + suffix] for name in _IN_BOTH if name + suffix in known}
        for suffix in ("_de", "_en")
    )
    return Finding(
        code=code,
        severity=text.severity,
        text_de=text.german.format(**german),
        text_en=text.english.format(**english),
        mend_de=text.mend_german.format(**german),
        mend_en=text.mend_english.format(**english),
        element=element,
        line=line,
        layer=LAYER,
        rule=text.rule,
    )
