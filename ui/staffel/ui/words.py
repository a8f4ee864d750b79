"""The German words for what the store and the models name with keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from staffel.engine.agreements.wording import KINDS, REASONS, TERMS, Words
from staffel.engine.bpmn.units import UNITS_BY_KEY, UnitKind
from staffel.ui.language import Language
from staffel.ui.language import marked as _

WORDS: Mapping[str, str] = MappingProxyType(
    {
        # cases
        "case.running": _("läuft"),
        "case.completed": _("abgeschlossen"),
        "case.terminated": _("beendet"),
        "case.cancelled": _("abgebrochen"),
        # tasks
        "task.open": _("offen"),
        "task.claimed": _("übernommen"),
        "task.checking": _("zur Mitzeichnung"),
        "task.done": _("erledigt"),
        "task.cancelled": _("entfallen"),
        "task.failed": _("mit Fehler beendet"),
        # second checks (four eyes)
        "check.asked": _("Zur Mitzeichnung gegeben"),
        "check.confirmed": _("Mitgezeichnet"),
        "check.given_back": _("Nach der Zweitprüfung zurückgegeben"),
        "check.withdrawn": _("Aus der Mitzeichnung zurückgeholt"),
        # breaking points
        "trouble.missing": _("Unterlagen oder Angaben fehlen"),
        "trouble.retyped": _("Angaben werden noch einmal erfasst"),
        "trouble.paper": _("Medienbruch: Papier, Abtippen"),
        "trouble.competence": _("Zuständigkeit ist unklar"),
        "trouble.waiting": _("Antwort der anderen Stelle fehlt lange"),
        "trouble.deadline": _("Frist ist nicht zu halten"),
        "trouble.rule": _("Regel oder Tabelle passt nicht"),
        "trouble.other": _("etwas anderes"),
        # handovers
        "handover.offered": _("angeboten"),
        "handover.acknowledged": _("Eingang bestätigt"),
        "handover.accepted": _("angenommen"),
        "handover.returned": _("zurückgegeben"),
        "handover.withdrawn": _("zurückgezogen"),
        "frist.acknowledge_by": _("Eingang:"),
        "frist.accept_by": _("Annahme:"),
        "frist.result_by": _("Ergebnis:"),
        "side.absender": _("die abgebende Stelle"),
        "side.empfaenger": _("die empfangende Stelle"),
        "side.beide": _("beide Stellen"),
        "handover-deadline.acknowledge_by": _("Eingang bestätigen bis"),
        "handover-deadline.accept_by": _("Annehmen bis"),
        "handover-deadline.result_by": _("Ergebnis bis"),
        # model versions
        "version.entwurf": _("Entwurf"),
        "version.freigegeben": _("freigegeben"),
        "version.in_kraft": _("in Kraft"),
        "version.abgeloest": _("abgelöst"),
        "version.zurueckgezogen": _("zurückgezogen"),
        # findings
        "severity.error": _("Fehler"),
        "severity.warning": _("Warnung"),
        "severity.hint": _("Hinweis"),
        "layer.xml": _("Sichere XML-Datei"),
        "layer.schema": _("BPMN-Schema"),
        "layer.references": _("Verweise"),
        "layer.structure": _("Aufbau"),
        "layer.executability": _("Ausführbarkeit"),
        "layer.soundness": _("Ablauf: endet jeder Vorgang?"),
        "layer.scenarios": _("Szenarien"),
        "layer.style": _("Stil"),
        "layer.portability": _("Austausch mit SpiffWorkflow"),
        "layer.dialect": _("Erweiterungen anderer Werkzeuge"),
        "layer.decisions": _("Entscheidungstabellen"),
        "layer.handover": _("Übergaben"),
        "layer.bundle": _("Beigefügte Dateien"),
        # elements of a model
        "element.startEvent": _("Beginn"),
        "element.endEvent": _("Ende"),
        "element.intermediateCatchEvent": _("Warten auf ein Ereignis"),
        "element.intermediateThrowEvent": _("Ereignis auslösen"),
        "element.boundaryEvent": _("Ereignis am Schritt"),
        "element.task": _("Schritt"),
        "element.userTask": _("Aufgabe"),
        "element.manualTask": _("Aufgabe ohne Formular"),
        "element.serviceTask": _("Dienst"),
        "element.sendTask": _("Nachricht senden"),
        "element.receiveTask": _("Nachricht empfangen"),
        "element.scriptTask": _("Berechnung"),
        "element.businessRuleTask": _("Entscheidungstabelle"),
        "element.callActivity": _("Aufgerufener Prozess"),
        "element.subProcess": _("Teilprozess"),
        "element.transaction": _("Transaktion"),
        "element.adHocSubProcess": _("Ad-hoc-Teilprozess"),
        "element.exclusiveGateway": _("Entweder-oder"),
        "element.parallelGateway": _("Zugleich"),
        "element.inclusiveGateway": _("Eines oder mehrere"),
        "element.complexGateway": _("Komplexe Verzweigung"),
        "element.eventBasedGateway": _("Was zuerst eintritt"),
        # deadlines
        "deadline.gesetzlich": _("gesetzliche Frist"),
        "deadline.soll": _("Soll-Frist"),
        "deadline.vereinbart": _("vereinbarte Frist"),
        "deadline.intern": _("interne Frist"),
        "deadline.person": _("Frist für die Person"),
        "deadline-state.running": _("läuft"),
        "deadline-state.suspended": _("gehemmt"),
        "deadline-state.overdue": _("überschritten"),
        "deadline-state.kept": _("gewahrt"),
        "deadline-state.missed": _("abgelaufen"),
        "deadline-state.dropped": _("entfallen"),
        "deadline-change.suspended": _("gehemmt"),
        "deadline-change.resumed": _("läuft weiter"),
        "deadline-change.extended": _("verlängert"),
        "deadline-change.anchored": _("neu berechnet, weil sich ihr Beginn geändert hat"),
        "deadline-change.passed": _("abgelaufen"),
        "deadline-change.consent": _("abgelaufen ohne Antwort: Die Zustimmung gilt als erteilt"),
        # clocks
        "clock.kalenderzeit": _("Kalenderzeit: jede Stunde zählt"),
        "clock.arbeitszeit": _("Arbeitszeit: Bürostunden an Arbeitstagen"),
        # roles
        "role.sachbearbeitung": _("Sachbearbeitung"),
        "role.teamleitung": _("Teamleitung"),
        "role.koordination": _("Koordination"),
        "role.prozessdesign": _("Prozessdesign"),
        "role.analyse": _("Analyse"),
        "role.administration": _("Administration"),
        "role.revision": _("Revision"),
        # what was repaired by hand
        "repair.ActivateElement": _("Von Hand begonnen:"),
        "repair.CancelElement": _("Von Hand beendet:"),
        "repair.CancelToken": _("Von Hand beendet:"),
        "repair.SetVariables": _("Angaben von Hand berichtigt."),
        "repair.einwilligung": _("Einwilligung der Person eingetragen oder widerrufen"),
        "repair.CancelCase": _("Vorgang von Hand beendet."),
        # what a case waits for
        "wait.task": _("Aufgabe"),
        "wait.work": _("Dienst"),
        "wait.timer": _("Zeit"),
        "wait.message": _("Nachricht"),
        "wait.signal": _("Signal"),
        "wait.condition": _("Bedingung"),
        "wait.incident": _("Störung"),
        # what machines may do
        "scope.cases": _("Vorgänge"),
        "scope.messages": _("Nachrichten und Signale"),
        "scope.work": _("Dienste"),
        "scope.models": _("Modelle"),
        "scope.analysis": _("Auswertung"),
    }
)

_NAMED: Mapping[str, Mapping[str, UnitKind | Words]] = MappingProxyType(
    {"unit": UNITS_BY_KEY, "kind": KINDS, "reason": REASONS, "term": TERMS}
)
"""What the engine itself has words for in both languages."""


def word(language: Language, key: object, family: str = "") -> str:
    """The word for `key` of a family (`task`, `role`, …); a key without a word is shown as it is."""
    named = _NAMED.get(family, {}).get(str(key))
    if named is not None:
        return named.german if language is Language.DE else named.english
    text = WORDS.get(f"{family}.{key}")
    return language.text(text) if text else str(key)
