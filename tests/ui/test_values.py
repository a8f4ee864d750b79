"""Values of a case as people read them: by the names and words of the forms, rows as a table."""

from __future__ import annotations

from typing import Any

import pytest

from staffel.engine.library.schemas import fields_of
from staffel.ui.forms.fields import lay_out
from staffel.ui.language import Language
from staffel.ui.rendering import environment
from staffel.ui.words import word

SCHEMA = {
    "properties": {
        "mitglieder": {
            "title": "Mitglieder",
            "type": "array",
            "items": {
                "properties": {"art": {"title": "Art", "enum": ["k", "e"]}, "alter": {"type": "integer"}}
            },
        },
        "wohnung": {"title": "Wohnung", "type": "object", "properties": {"ort": {"title": "Ort"}}},
    }
}
TITLES = {path: field["title"] for path, field in fields_of(SCHEMA) if "title" in field}


def _shown(given: dict[str, Any], options: dict[str, dict[str, str]] | None = None) -> str:
    parts: Any = environment(Language.DE).get_template("parts/case.html").module
    return str(getattr(parts, "values")(given, TITLES, options or {}))  # noqa: B009 - `values` is a macro's name


def test_fields_of_groups_and_rows_stand_behind_their_names() -> None:
    paths = [path for path, _ in fields_of(SCHEMA)]
    assert paths == ["mitglieder", "mitglieder.art", "mitglieder.alter", "wohnung", "wohnung.ort"]


def test_rows_are_a_table_with_the_words_of_the_form() -> None:
    text = _shown({"mitglieder": [{"art": "k", "alter": 7}, {"art": "e"}]}, {"mitglieder.art": {"k": "Kind"}})
    assert '<th scope="col">Art</th><th scope="col">alter</th>' in text
    assert '<td data-label="Art">Kind</td><td data-label="alter">7</td>' in text
    assert '<td data-label="Art">e</td><td data-label="alter">–</td>' in text


def test_group_is_shown_by_the_names_of_its_fields_and_escaped() -> None:
    assert "<dt>Ort</dt><dd>&lt;b&gt;</dd>" in _shown({"wohnung": {"ort": "<b>"}})


def test_list_of_plain_values_stays_a_line() -> None:
    assert "<dd>JC; SOZ</dd>" in _shown({"traeger": ["JC", "SOZ"]})


def test_a_document_that_is_only_shown_leads_to_its_file() -> None:
    field = {"type": "string", "format": "document", "title": "Nachweis", "readOnly": True}
    (part,) = lay_out(
        {"properties": {"nachweis": field}},
        [],
        language=Language.DE,
        values={"nachweis": "7"},
        documents={"7": "<Klage>.pdf"},
    )
    form: Any = environment(Language.DE).get_template("parts/form.html").module
    assert '/api/v1/documents/7/content" download>&lt;Klage&gt;.pdf</a>' in str(form.field_part(part))


@pytest.mark.parametrize(
    ("language", "key", "said"),
    [
        (Language.DE, "unzustaendig_oertlich", "örtlich nicht zuständig"),
        (Language.EN, "unzustaendig_oertlich", "not competent for the place"),
        (Language.DE, "eigener_grund", "eigener_grund"),
    ],
)
def test_reasons_to_return_are_told_in_words(language: Language, key: str, said: str) -> None:
    assert word(language, key, "reason") == said


def test_what_was_asked_in_a_later_row_only_is_a_column_too() -> None:
    shown = _shown({"mitglieder": [{"alter": 7}, {"alter": 34, "art": "e"}]})
    assert shown.count('<th scope="col">') == 2
    assert 'data-label="Art">–' in shown
    assert 'data-label="Art">e' in shown
