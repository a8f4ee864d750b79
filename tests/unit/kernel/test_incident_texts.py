"""The messages of incidents, and what of them everybody may read."""

from __future__ import annotations

import pytest

from staffel.engine.kernel.incidents import TEXTS, Code, Stuck, texts_without_values

DETAILS = {
    "found": "Amal",
    "reason_de": "Amal",
    "reason_en": "Amal",
    "message": "Amal",
    "values": {"name": "Amal"},
}


@pytest.mark.parametrize("code", [code for code in TEXTS if code is not Code.NOT_EXECUTABLE])
def test_no_value_of_the_case_stands_in_the_messages_for_everybody(code: Code) -> None:
    for text in texts_without_values(code, DETAILS, "Schritt"):
        assert "Amal" not in text


def test_what_comes_from_the_model_is_told_to_everybody() -> None:
    stuck = Stuck(Code.NOT_BOOLEAN, expression="ja", found="Amal")

    _, english = texts_without_values(stuck.code, stuck.details, "Weiche")

    assert english == "The condition 'ja' must give true or false, but gave …."
