"""The text blocks of the Begleitheft: checked at upload, complete where they are shipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from staffel.engine.findings import Finding
from staffel.engine.library.booklet import LANGUAGES, Booklet, day_in, general_words
from staffel.engine.library.checks.booklet import BOOKLET, check_booklet, read_booklet
from staffel.engine.library.checks.notes import Notes

PROCESSES = Path(__file__).parents[3] / "processes" / "staffel" / "processes"


def read(text: str) -> tuple[Booklet, list[Finding]]:
    notes = Notes()
    return read_booklet(text.encode(), BOOKLET, notes), notes.findings


def test_a_step_has_a_name_a_text_and_what_to_bring() -> None:
    booklet, _ = read(
        "schritte: {A: {name: {de: Antrag, tr: Başvuru}, text: Kommt bald, mitbringen: [Pass]}}"
    )
    step = booklet.step("A")
    assert step is not None
    assert step.name == {"de": "Antrag", "tr": "Başvuru"}
    assert step.text == {"de": "Kommt bald"}
    assert step.bring == ({"de": "Pass"},)
    assert booklet.step("A/inner") is step
    assert booklet.step("B") is None


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("worum: {en: Change}", "booklet-german-missing", "worum"),
        ("rechte: [{de: Ja}, {tr: Evet}]", "booklet-german-missing", "rechte[2]"),
        ("schritte: {A: {text: Nur Text}}", "booklet-invalid", "schritte.A.name"),
        ("schritte: {A: {name: Antrag, wann: heute}}", "booklet-invalid", "schritte.A"),
        ("worum: {de: Ja, xx: Nein}", "booklet-invalid", "worum"),
        (f"worum: {'x' * 601}", "booklet-invalid", "worum"),
        ("schritte: [A]", "booklet-invalid", "schritte"),
        ("rechte: Ja", "booklet-invalid", "rechte"),
        ("titel: Heft", "booklet-invalid", "begleitheft.yaml"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, code: str, place: str) -> None:
    _, findings = read(text)
    assert [each.code for each in findings if each.text_de.startswith(f"{place}:")] == [code]


def test_a_step_that_the_model_has_not_is_refused_with_those_like_it() -> None:
    booklet, _ = read("schritte: {Aufgabe_Antrg: {name: Antrag}}")
    notes = Notes()
    check_booklet(booklet, {"Aufgabe_Antrag", "Start"}, notes)
    (finding,) = notes.findings
    assert finding.code == "booklet-step-unknown"
    assert "Aufgabe_Antrag" in finding.text_de


def test_missing_translations_are_counted_in_a_hint() -> None:
    _, findings = read("worum: {de: Ja, en: Sure, ar: نعم, uk: Так, fa: بله}")
    assert [each.code for each in findings] == ["booklet-untranslated"]
    assert "tr 1" in findings[0].text_de


@pytest.mark.parametrize("process", ["rechtskreiswechsel", "seiteneinsteiger"])
def test_shipped_booklets_are_complete_in_every_language(process: str) -> None:
    _, findings = read((PROCESSES / process / BOOKLET).read_text("utf-8"))
    assert findings == []


def test_general_words_are_complete_in_every_language() -> None:
    found = list(leaves(general_words()))
    assert len(found) > 30
    assert [words for words in found if words.keys() != LANGUAGES.keys()] == []


def leaves(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, Mapping) and "de" in value:
        yield value
        return
    for each in value.values() if isinstance(value, Mapping) else value:
        yield from leaves(each)


@pytest.mark.parametrize(
    ("language", "shown"), [("de", "3. Dezember 2026"), ("en", "3 December 2026"), ("ar", "3 ديسمبر 2026")]
)
def test_days_are_written_in_words_with_european_digits(language: str, shown: str) -> None:
    assert day_in(date(2026, 12, 3), language) == shown
