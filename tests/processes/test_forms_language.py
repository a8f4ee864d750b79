"""Forms of the reference processes speak the language of the page, columns of records included."""

from __future__ import annotations

import pytest
from reference_walk import bundle

from staffel.ui.forms.fields import Field, Part, Rows, lay_out
from staffel.ui.language import Language


def parts(name: str, language: Language) -> dict[str, Part]:
    form = bundle("rechtskreiswechsel").forms[name]
    made = lay_out(form["schema"], form["ui"], language=language)
    return {part.name: part for part in made if isinstance(part, (Field, Rows))}


@pytest.mark.parametrize(
    ("language", "label", "option"),
    [(Language.DE, "Entscheidung", "ablehnen"), (Language.EN, "Decision", "refuse")],
)
def test_labels_and_options_are_in_the_language_of_the_page(
    language: Language, label: str, option: str
) -> None:
    field = parts("anspruch", language)["entscheidung"]
    assert isinstance(field, Field)
    assert field.label == label
    assert ("ablehnen", option) in field.options


@pytest.mark.parametrize(("language", "first"), [(Language.DE, "Vorname"), (Language.EN, "Given name")])
def test_columns_of_records_are_in_the_language_of_the_page(language: Language, first: str) -> None:
    rows = parts("haushalt", language)["haushaltsmitglieder"]
    assert isinstance(rows, Rows)
    assert next(part.label for part in rows.rows[0] if isinstance(part, Field)) == first
