"""What the printed annex says in German and in English. Signed is the German text; the English one is for information."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from staffel.engine.agreements.wording import Words, kind_of, reason_of, term_of
from staffel.engine.bpmn.units import UNITS_BY_KEY
from staffel.engine.calendar.lengths import parse_length


class AnnexLanguage(StrEnum):
    """The language of the annex; words of the model stay as they are."""

    DE = "de"
    EN = "en"


_WORDS: Final[Mapping[str, Words]] = {
    "heading": Words("Anlage zur Kooperationsvereinbarung", "Annex to the cooperation agreement"),
    "translation": Words(
        "",
        "Translation for information. What is signed is the German text; the words of the model are German.",
    ),
    "item": Words("Angabe", "Item"),
    "content": Words("Inhalt", "Content"),
    "version": Words("Version", "Version"),
    "digest": Words("Prüfsumme (SHA-256)", "Hash (SHA-256)"),
    "legal_bases": Words("Rechtsgrundlagen", "Legal bases"),
    "legal_state": Words("Rechtsstand", "State of the law"),
    "diagram": Words("Diagramm", "Diagram"),
    "no_diagram": Words("Das Modell enthält kein Diagramm.", "The model has no diagram."),
    "diagram_whole": Words(
        "Das Diagramm steht auf der folgenden Seite. Die Übergaben stehen unter 2. als Tabelle.",
        "The diagram stands on the next page. The handovers are a table under 2.",
    ),
    "diagram_parts": Words(
        "Das Diagramm steht auf den folgenden Seiten, zuerst im Ganzen, danach in {parts} Teilen von links nach rechts. Die Übergaben stehen unter 2. als Tabelle.",
        "The diagram stands on the next pages, first as a whole, then in {parts} parts from left to right. The handovers are a table under 2.",
    ),
    "part": Words("Diagramm, Teil {number} von {parts}", "Diagram, part {number} of {parts}"),
    "alt": Words(
        "Diagramm des Modells {name}; die Übergaben stehen in der Tabelle der Regeln.",
        "Diagram of the model {name}; the handovers stand in the table of the rules.",
    ),
    "rules": Words("Übergaberegeln", "Handover rules"),
    "no_rules": Words("Das Modell enthält keine Übergaben.", "The model has no handovers."),
    "handover": Words("Übergabe", "Handover"),
    "sides": Words("Von – an", "From – to"),
    "data": Words("Datensatz", "Data set"),
    "legal_basis": Words("Rechtsgrundlage", "Legal basis"),
    "terms": Words("Fristen", "Deadlines"),
    "ways": Words("Rückgabe, Eskalation, Weiteres", "Return, escalation, further terms"),
    "standing": Words("Stand", "Standing"),
    "decisions": Words("Entscheidungstabellen", "Decision tables"),
    "no_decisions": Words("Das Modell enthält keine Entscheidungen.", "The model has no decisions."),
    "rule": Words("Regel", "Rule"),
    "note": Words("Anmerkung", "Note"),
    "hits": Words("Trefferregel", "Hit policy"),
    "since": Words("ab {day}", "from {day}"),
    "signing": Words("Zeichnung", "Signatures"),
    "unit": Words("Stelle", "Stelle"),
    "office": Words("Name und Funktion", "Name and office"),
    "date": Words("Datum", "Date"),
    "signature": Words("Unterschrift", "Signature"),
    "signed": Words("in Staffel gezeichnet", "signed in Staffel"),
    "consent": Words("nur mit Einwilligung", "with consent only"),
    "documents": Words("Unterlagen", "Documents"),
    "acknowledge_by": Words("Eingang", "Receipt"),
    "accept_by": Words("Annahme", "Acceptance"),
    "result_by": Words("Ergebnis", "Result"),
    "gesetzlich": Words("gesetzlich", "statutory"),
    "soll": Words("soll", "target"),
    "vereinbart": Words("vereinbart", "agreed"),
    "intern": Words("intern", "internal"),
    "person": Words("für die Person", "for the person"),
    "extend": Words(
        "{what} einmal verlängerbar um {length}: {who}", "{what} extendable once by {length}: {who}"
    ),
    "suspend": Words("Hemmung: {who}", "Suspension: {who}"),
    "paused": Words("Ergebnis gehemmt, solange läuft: {steps}", "Result suspended while this runs: {steps}"),
    "general": Words("allgemeine Fristen, nichts vereinbart", "general deadlines, nothing agreed"),
    "any_reason": Words("jeder Grund", "any reason"),
    "returns": Words("höchstens {number} Rückgaben", "at most {number} returns"),
    "level": Words("{length} nach Fristende: {who}", "{length} after the deadline: {who}"),
    "active": Words("gilt", "in force"),
    "inactive": Words("gilt noch nicht", "not in force yet"),
    "absender": Words("abgebende Stelle", "sending Stelle"),
    "empfaenger": Words("empfangende Stelle", "receiving Stelle"),
    "beide": Words("beide Stellen", "both Stellen"),
}
_UNITS: Final = {"AT": "working day", "T": "day", "W": "week", "M": "month", "J": "year"}


class Say:
    """The words of one language."""

    def __init__(self, language: AnnexLanguage) -> None:
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """The text, with values filled in."""
        return self.of(_WORDS[key]).format(**values)

    def of(self, words: Words) -> str:
        """The one of both."""
        return words.english if self.language is AnnexLanguage.EN else words.german

    def kind(self, key: str) -> str:
        """A kind of handover."""
        return self.of(kind_of(key))

    def term(self, key: str) -> str:
        """A further term of a rule."""
        return self.of(term_of(key))

    def reason(self, key: str) -> str:
        """A reason to return."""
        return self.of(reason_of(key))

    def unit(self, key: str) -> str:
        """A kind of Stelle."""
        found = UNITS_BY_KEY.get(key)
        return self.of(Words(found.german, found.english)) if found else key

    def length(self, text: str) -> str:
        """A length such as `2AT`, as people say it."""
        length = parse_length(text)
        if self.language is AnnexLanguage.DE or length.exact:
            return str(length)
        return " ".join(f"{count} {_UNITS[unit]}{'s' * (count != 1)}" for count, unit in length.parts)
