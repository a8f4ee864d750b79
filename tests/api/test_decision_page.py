"""The page of a decision: examples of findings to try, and which rule of a FIRST table decided."""

from __future__ import annotations

import re

from people import Client, World
from ui_site import MODEL, files_of

from staffel.ui.app import create_application


def _page(world: World, **changes: bytes) -> tuple[Client, str]:
    """A designer's browser and the address of a table with a gap for four persons, and with `changes`."""
    files = files_of(MODEL)
    path = next(each for each in files if each.endswith("dringlichkeit.dmn"))
    last = b'c31"><text>-</text></inputEntry><inputEntry id="c32"><text>'
    assert last + b"-" in files[path]
    world.deploy(files)
    files[path] = files[path].replace(last + b"-", last + changes.get("last", b"&lt; 4"))
    world.serve(create_application)
    client = world.client("prozessdesign.koeln")
    made = client.post("/api/v1/models", files=[("files", each) for each in files.items()])
    return client, f"/modelle/version/{made.json()['version']['id']}/entscheidungen/dringlichkeit"


def test_the_example_of_a_gap_fills_the_trial_and_shows_the_gap(world: World) -> None:
    client, address = _page(world)
    detail = client.get(
        f"/api/v1{address.replace('/modelle/version', '/models').replace('entscheidungen', 'decisions')}"
    )
    (gap,) = [each for each in detail.json()["findings"] if each["code"] == "table-gap"]
    assert gap["example"]["wohnungslos"] is False
    assert 4 <= gap["example"]["personen"] < 5

    shown = client.get(address).text
    link = re.search(r'href="(\?[^"]*beispiel=\d+)#probe"', shown)
    assert link
    filled = client.get(address + link[1].replace("&amp;", "&")).text
    assert f'value="{gap["example"]["personen"]}"' in filled
    assert '<option value="false" selected>' in filled
    assert 'value="4"' not in client.get(f"{address}?beispiel=99").text

    typed = {"feld:wohnungslos": "false", "feld:personen": str(gap["example"]["personen"]), "stichtag": ""}
    tried = client.post(address, data=typed)
    assert tried.status_code == 200
    assert "trifft zu<" not in tried.text.replace("✓</span> ", "")
    assert "entscheidet" not in tried.text


def test_of_a_first_table_one_rule_decides_and_later_ones_would_apply_too(world: World) -> None:
    client, address = _page(world, last=b"&gt; 0")
    tried = client.post(
        address, data={"feld:wohnungslos": "false", "feld:personen": "6", "stichtag": ""}
    ).text
    rows = re.findall(r'<tr[^>]*><th scope="row">(\d+)(.*?)</th>', tried, re.DOTALL)
    assert ["entscheidet" in badge for _, badge in rows] == [False, True, False]
    assert ["träfe auch zu" in badge for _, badge in rows] == [False, False, True]
    assert tried.count("data-selected") == 1


def test_headings_of_the_engine_are_translated_in_changes(world: World) -> None:
    client, address = _page(world)
    files = files_of(MODEL)
    path = next(each for each in files if each.endswith("dringlichkeit.dmn"))
    files[path] = files[path].replace(b'hitPolicy="FIRST"', b'hitPolicy="RULE ORDER"')
    made = client.post("/api/v1/models", files=[("files", each) for each in files.items()])
    address = f"/modelle/version/{made.json()['version']['id']}/entscheidungen/dringlichkeit"
    assert "<dt>Trefferregel</dt>" in client.get(address).text
    client.post("/sprache", data={"sprache": "en", "csrf_token": client.headers["x-csrf-token"]})
    english = client.get(address).text
    assert "<dt>Hit policy</dt>" in english
    assert "<dt>Trefferregel</dt>" not in english
