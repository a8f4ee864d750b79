"""What holds for all templates and texts without looking at a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ui_catalogue import ROOT, messages

from staffel.ui.language import Language, translations

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_every_text_has_an_english_translation() -> None:
    english = translations(Language.EN)
    missing = [
        text
        for text in messages()
        if (text if isinstance(text, str) else text[0]) not in getattr(english, "_catalog", {})
        and (text[0] if isinstance(text, tuple) else text, 0) not in getattr(english, "_catalog", {})
    ]
    assert missing == []


def test_no_translation_is_left_over() -> None:
    used = {text if isinstance(text, str) else text[0] for text in messages()}
    known = {
        key[0] if isinstance(key, tuple) else key
        for key in getattr(translations(Language.EN), "_catalog", {})
    }
    assert known - used - {""} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on|<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_template_escapes_everything(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "|safe" not in text
    assert "autoescape" not in text


def test_every_form_that_posts_carries_the_token() -> None:
    for path in TEMPLATES:
        for form in re.findall(r'<form method="post".*?</form>', path.read_text("utf-8"), re.DOTALL):
            assert "ui.csrf()" in form or "csrf()" in form, f"{path.name}: {form[:80]}"
