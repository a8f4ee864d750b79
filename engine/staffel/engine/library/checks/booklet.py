"""The text blocks of the Begleitheft beside the model (`begleitheft.yaml`): read, and checked against the steps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from staffel.engine.findings import Severity
from staffel.engine.library.booklet import GERMAN, LANGUAGES, Booklet, StepWords, Words
from staffel.engine.library.checks.documents import read_yaml
from staffel.engine.library.checks.notes import Notes

BOOKLET: Final = "begleitheft.yaml"
MAX_TEXT, MAX_LIST = 600, 20
_PARTS: Final = frozenset({"worum", "schritte", "rechte"})
_STEP: Final = frozenset({"name", "text", "mitbringen"})


@dataclass(slots=True)
class _Reader:
    """Reads texts and gathers what is wrong with them, each with its place (`schritte.Aufgabe_1.text`)."""

    notes: Notes
    file: str

    def words(self, value: Any, place: str, *, needed: bool = False) -> Words | None:
        """A text by language; None with a finding when it is none."""
        if value is None and not needed:
            return None
        found = {GERMAN: value} if isinstance(value, str) else value
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            self.wrong(place, "Text oder {de: …, en: …}", "text or {de: …, en: …}", value)
            return None
        words = {str(language): " ".join(text.split()) for language, text in found.items() if text.strip()}
        if strange := sorted(words.keys() - LANGUAGES):
            self.wrong(
                place,
                f"Sprachen {', '.join(LANGUAGES)}",
                f"languages {', '.join(LANGUAGES)}",
                ", ".join(strange),
            )
        if (longest := max(map(len, words.values()), default=0)) > MAX_TEXT:
            self.wrong(place, f"höchstens {MAX_TEXT} Zeichen", f"at most {MAX_TEXT} characters", longest)
        if GERMAN not in words:
            self._without_german(place)
            return None
        return words

    def list(self, value: Any, place: str) -> tuple[Words, ...]:
        """Texts in order."""
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > MAX_LIST:
            self.wrong(
                place,
                f"eine Liste von höchstens {MAX_LIST} Texten",
                f"a list of at most {MAX_LIST} texts",
                value,
            )
            return ()
        found = (self.words(each, f"{place}[{number}]", needed=True) for number, each in enumerate(value, 1))
        return tuple(each for each in found if each)

    def map(self, value: Any, place: str, allowed: Collection[str] | None = None) -> dict[str, Any]:
        """Entries by name."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(place, "Einträge NAME: …", "entries NAME: …", value)
            return {}
        if allowed is not None and (strange := sorted(map(str, value.keys() - allowed))):
            names = ", ".join(sorted(allowed))
            self.wrong(place, f"nur {names}", f"only {names}", ", ".join(strange))
        return {str(name): each for name, each in value.items()}

    def wrong(self, place: str, expected: str, expected_en: str, found: Any) -> None:
        """Say what was expected where."""
        shown = repr(found)[:120]
        self.notes.error(
            "booklet-invalid",
            self.file,
            (
                f"{place or self.file}: Erwartet wird {expected}, gefunden: {shown}.",
                f"{place or self.file}: expected {expected_en}, found: {shown}.",
            ),
            ("Die Stelle in der Datei berichtigen.", "Correct the place in the file."),
        )

    def _without_german(self, place: str) -> None:
        self.notes.error(
            "booklet-german-missing",
            self.file,
            (
                f"{place}: Der deutsche Text (de) fehlt; er wird gezeigt, wo eine Sprache fehlt.",
                f"{place}: the German text (de) is missing; it is shown where a language is missing.",
            ),
            ("Den Text auf Deutsch ergänzen.", "Add the text in German."),
        )


def read_booklet(content: bytes, file: str, notes: Notes) -> Booklet:
    """The text blocks; what is wrong with them is a finding."""
    reader = _Reader(notes, file)
    document = reader.map(read_yaml(content, file, notes), "", _PARTS)
    steps = {
        element: step
        for element, entry in reader.map(document.get("schritte"), "schritte").items()
        if (step := _step(reader, entry, f"schritte.{element}"))
    }
    booklet = Booklet(
        reader.words(document.get("worum"), "worum"), steps, reader.list(document.get("rechte"), "rechte")
    )
    _hint_untranslated(booklet, file, notes)
    return booklet


def check_booklet(booklet: Booklet, elements: Collection[str], notes: Notes) -> None:
    """Each step must be one of the model."""
    for element in sorted(booklet.steps.keys() - set(elements)):
        near = ", ".join(get_close_matches(element, sorted(elements), 3)) or ", ".join(sorted(elements)[:5])
        notes.error(
            "booklet-step-unknown",
            BOOKLET,
            (
                f"schritte nennt „{element}“; einen solchen Schritt hat das Modell nicht. Es gibt etwa: {near}.",
                f'schritte names "{element}"; the model has no such step. There are, for example: {near}.',
            ),
            ("Die Kennung des Schritts berichtigen.", "Correct the id of the step."),
        )


def _step(reader: _Reader, entry: Any, place: str) -> StepWords | None:
    given = reader.map(entry, place, _STEP)
    name = reader.words(given.get("name"), f"{place}.name", needed=True)
    text = reader.words(given.get("text"), f"{place}.text")
    bring = reader.list(given.get("mitbringen"), f"{place}.mitbringen")
    return StepWords(name, text, bring) if name else None


def _all_words(booklet: Booklet) -> Iterator[Words]:
    yield from (each for each in (booklet.about, *booklet.rights) if each)
    for step in booklet.steps.values():
        yield from (each for each in (step.name, step.text, *step.bring) if each)


def _hint_untranslated(booklet: Booklet, file: str, notes: Notes) -> None:
    texts = list(_all_words(booklet))
    missing: Mapping[str, int] = {
        language: sum(language not in words for words in texts) for language in LANGUAGES
    }
    told = ", ".join(f"{language} {count}" for language, count in missing.items() if count)
    if told:
        notes.add(
            "booklet-untranslated",
            Severity.HINT,
            file,
            (
                f"Texte ohne Übersetzung, von {len(texts)}: {told}. Das Begleitheft zeigt sie auf Deutsch.",
                f"Texts without translation, of {len(texts)}: {told}. The Begleitheft shows them in German.",
            ),
            (
                "Übersetzungen ergänzen und von jemandem prüfen lassen, dessen Muttersprache es ist.",
                "Add translations and have them checked by a native speaker.",
            ),
        )
