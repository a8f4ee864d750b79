"""The page of a model version: what it says of the checks is what was checked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from models import RELAY_FILES
from people import World, quick_hashes, world
from tests.support.nets import definitions, net

from staffel.engine.library.checks import sound
from staffel.engine.soundness import Limits, explore
from staffel.ui.app import create_application

__all__ = ["quick_hashes", "world"]
SOUND = definitions(net("s:start a:user e:end", "s a|a e"))
GREEN = "name: geht durch\nschritte:\n  - erledigen: a\nerwartet:\n  beendet: true\n"


@pytest.fixture
def designer(world: World) -> Any:
    world.serve(create_application)
    return world.client("prozessdesign.koeln")


def shown(designer: Any, **scenarios: str) -> str:
    """The words of the page of the sound model with these scenarios."""
    files = {"m.bpmn": SOUND} | {f"scenarios/{name}.yaml": text.encode() for name, text in scenarios.items()}
    sent = [("files", each) for each in files.items()]
    made = designer.post("/api/v1/models", files=sent).json()
    page = designer.get(f"/modelle/version/{made['version']['id']}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_says_how_far_the_flow_was_looked_at(designer: Any) -> None:
    words = shown(designer)
    assert re.search(r"endet jeder Vorgang\?: in Ordnung +\d+ Zustände in [\d,]+ s durchsucht", words)


def test_all_checks_passed_is_not_said_where_the_flow_is_not_decided(
    designer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "explore", lambda program, **_: explore(program, limits=Limits(states=1)))
    words = shown(designer)
    assert "Alle Prüfungen bestanden" not in words
    assert "Ob jeder Vorgang zu Ende kommt, ist nicht entschieden." in words


def test_scenarios_are_a_check_of_their_own(designer: Any) -> None:
    assert re.search(r"Szenarien +keine gespielt", shown(designer))
    assert re.search(r"Szenarien: in Ordnung", shown(designer, eins=GREEN))
    words = shown(designer, eins=GREEN.replace("true", "false"))
    assert re.search(r"Szenarien: +1 Fehler", words)
    assert re.search(r"endet jeder Vorgang\?: in Ordnung", words)


def test_reference_model_passes_with_its_figures_by_interface_too(designer: Any) -> None:
    made = designer.post("/api/v1/models", files=[("files", each) for each in RELAY_FILES.items()]).json()
    explored = made["report"]["explored"]
    assert explored["states"] > 3
    assert explored["steps"] >= explored["states"] - 1
    version = made["version"]["id"]
    assert designer.get(f"/api/v1/models/{version}/findings").json()["explored"] == explored


FOREIGN = SOUND.replace(
    b'<userTask id="a"',
    b'<userTask id="a" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:dueDate="${frist}" camunda:assignee="ich"',
)


def test_what_an_import_made_of_a_model_is_shown_and_told_by_interface(designer: Any) -> None:
    made = designer.post("/api/v1/models", files=[("files", ("m.bpmn", FOREIGN))]).json()
    told = made["report"]["imported"]
    assert [(each["was"], each["became"]) for each in told["translated"]] == [("${frist}", "frist")]
    assert [each["was"] for each in told["left"]] == ["camunda:assignee"]
    page = designer.get(f"/modelle/version/{made['version']['id']}").text
    assert page.count("${frist}") >= 1
    assert 'id="import"' in page
    assert "<code>expression-translated</code>" not in page, (
        "it is told in the list, not among the hints as well"
    )
