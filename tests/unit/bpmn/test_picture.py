"""The diagram drawn on the server: whole, in parts, and with names that are nothing but names."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from tests.unit.bpmn.models import chain, model

from staffel.engine.bpmn.picture import pictures
from staffel.engine.bpmn.picture.symbols import broken

PROCESSES = Path(__file__).parents[3] / "processes" / "staffel" / "processes"


def texts(svg: str) -> str:
    return " ".join(str(each.text) for each in etree.fromstring(svg.encode()).iter("{*}tspan"))


def test_a_wide_diagram_is_drawn_whole_and_in_parts_that_name_their_lanes() -> None:
    whole, *parts = pictures((PROCESSES / "rechtskreiswechsel" / "rechtskreiswechsel.bpmn").read_bytes())
    assert "Einwilligung einholen" in texts(whole.svg)
    assert not whole.tall
    assert len(parts) == 5
    assert all("Jobcenter" in texts(part.svg) for part in parts)
    assert all(part.tall for part in parts)
    assert "Aufenthaltsstatus feststellen" in texts(parts[0].svg)


def test_a_model_without_a_drawing_is_laid_out() -> None:
    (only,) = pictures(model(chain('manualTask id="A" name="Lesen"', 'manualTask id="B"')))
    root = etree.fromstring(only.svg.encode())
    assert len(root.findall("{*}circle")) == 2
    assert len(root.findall("{*}rect")) == 2


def test_a_hostile_name_stays_text() -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    (only,) = pictures(model(chain(f'userTask id="A" name="{hostile}"')))
    root = etree.fromstring(only.svg.encode())
    assert not root.findall(".//{*}script")
    assert "<script>alert(" in texts(only.svg)
    assert "href" not in only.svg


def test_what_is_no_model_has_no_picture() -> None:
    assert pictures(b"<nothing/>") == []
    assert pictures(b"no xml") == []


def test_names_are_broken_at_blanks_and_long_words_anywhere() -> None:
    assert list(broken("Antrag prüfen und bescheiden", 90)) == ["Antrag prüfen", "und bescheiden"]
    assert list(broken("x" * 20, 62)) == ["x" * 10, "x" * 10]
