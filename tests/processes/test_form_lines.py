"""The form editor's lines say every form of the reference processes, and give it back unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import staffel.processes
from staffel.ui.forms.lines import Line, document_of, draft_of

FORMS = sorted(Path(next(iter(staffel.processes.__path__))).rglob("forms/*.json"))


def test_a_form_that_is_not_changed_comes_back_as_it_was() -> None:
    assert len(FORMS) > 60
    for path in FORMS:
        document = json.loads(path.read_text("utf-8"))
        assert document_of(draft_of(document)) == document, path


def test_a_line_becomes_a_field_in_its_group_and_a_column_of_its_list() -> None:
    document = {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}, "ui": [{"field": "a"}]}
    draft = draft_of(document)
    draft.lines[0].group = "Person"
    draft.lines += [
        Line(
            name="miete", kind="amount", label="Miete", condition="a != null", group="Person", required=True
        ),
        Line(name="kinder", kind="rows"),
        Line(name="art", kind="choice", options="x = Ix\ny", group="kinder"),
    ]

    made = document_of(draft)

    assert made["ui"] == [
        {
            "group": "Person",
            "items": [{"field": "a"}, {"field": "miete", "widget": "amount", "showIf": "a != null"}],
        },
        {"field": "kinder", "items": [{"field": "art", "options": {"x": "Ix"}}]},
    ]
    assert made["schema"]["required"] == ["miete"]
    assert made["schema"]["properties"]["miete"]["title"] == "Miete"
    assert made["schema"]["properties"]["kinder"]["items"] == {
        "type": "object",
        "properties": {"art": {"type": "string", "enum": ["x", "y"]}},
    }
