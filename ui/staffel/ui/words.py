"""The German words for what the store and the models name with keys."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

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
        "task.done": _("erledigt"),
        "task.cancelled": _("entfallen"),
        "task.failed": _("mit Fehler beendet"),
        # handovers
        "handover.offered": _("angeboten"),
        "handover.acknowledged": _("Eingang bestätigt"),
        "handover.accepted": _("angenommen"),
        "handover.returned": _("zurückgegeben"),
        "handover.withdrawn": _("zurückgezogen"),
        "kind.falluebergabe": _("Fallübergabe"),
        "kind.information": _("Information"),
        "kind.auftrag": _("Auftrag"),
        "kind.antragsweiterleitung": _("Antragsweiterleitung"),
        "kind.kenntnisgabe": _("Kenntnisgabe"),
        "kind.rueckfrage": _("Rückfrage"),
        "kind.mitwirkung": _("Mitwirkung"),
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
        "layer.forms": _("Formulare"),
        "layer.decisions": _("Entscheidungstabellen"),
        "layer.handovers": _("Übergaberegeln"),
        # deadlines
        "deadline.gesetzlich": _("gesetzliche Frist"),
        "deadline.soll": _("Soll-Frist"),
        "deadline.vereinbart": _("vereinbarte Frist"),
        "deadline.intern": _("interne Frist"),
        "deadline.faellig_person": _("Frist für die Person"),
        "deadline.person": _("Frist für die Person"),
        # roles
        "role.sachbearbeitung": _("Sachbearbeitung"),
        "role.teamleitung": _("Teamleitung"),
        "role.koordination": _("Koordination"),
        "role.prozessdesign": _("Prozessdesign"),
        "role.analyse": _("Analyse"),
        "role.administration": _("Administration"),
        "role.revision": _("Revision"),
        # kinds of Stellen
        "unit.ABH": _("Ausländerbehörde"),
        "unit.LB": _("Leistungsbehörde AsylbLG"),
        "unit.JC": _("Jobcenter"),
        "unit.SOZ": _("Sozialamt"),
        "unit.BA": _("Agentur für Arbeit"),
        "unit.KK": _("Krankenkasse"),
        "unit.KI": _("Kommunales Integrationszentrum"),
        "unit.CM": _("Case Management"),
        "unit.SCHA": _("Schulamt"),
        "unit.SCH": _("Schule"),
        "unit.GA": _("Gesundheitsamt"),
        "unit.JA": _("Jugendamt"),
        "unit.WOH": _("Amt für Wohnungswesen"),
        "unit.EBH": _("Einbürgerungsbehörde"),
        "unit.MELDE": _("Meldebehörde"),
        "unit.PERS": _("Person"),
    }
)


def word(language: Language, key: object, family: str = "") -> str:
    """The word for `key` of a family (`task`, `role`, …); a key without a word is shown as it is."""
    text = WORDS.get(f"{family}.{key}")
    return language.text(text) if text else str(key)
