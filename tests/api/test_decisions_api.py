"""Decisions of a model version by API."""

from __future__ import annotations

from people import World
from ui_site import MODEL, files_of

TABLE = "dringlichkeit.dmn"


def test_a_decision_is_read_tried_and_compared(world: World) -> None:
    files = files_of(MODEL)
    path = next(each for each in files if each.endswith(TABLE))
    world.deploy(files)
    designer = world.client("prozessdesign.koeln")
    files[path] = files[path].replace(b"&gt;= 5", b"&gt;= 4")
    made = designer.post("/api/v1/models", files=[("files", each) for each in files.items()])
    base = f"/api/v1/models/{made.json()['version']['id']}/decisions"
    assert [each["id"] for each in designer.get(base).json()] == ["dringlichkeit"]
    detail = designer.get(f"{base}/dringlichkeit").json()
    assert {each["name"]: each["type"] for each in detail["inputs"]} == {
        "wohnungslos": "boolean",
        "personen": "number",
    }
    assert detail["table"]["rules"][1]["tests"] == ["-", ">= 4"]
    tried = designer.post(
        f"{base}/dringlichkeit/evaluate", json={"inputs": {"wohnungslos": False, "personen": 4}}
    ).json()
    table = tried["explanation"]["decisions"][-1]["tables"][0]
    assert (tried["value"], table["rules"][0]["refused_by"], table["rules"][1]["matched"]) == (
        "hoch",
        1,
        True,
    )
    changes = designer.get(f"{base}/dringlichkeit/changes").json()
    assert (changes["against"], changes["changed"], changes["added"], changes["removed"]) == (1, 1, 0, 0)
    assert changes["rules"][0]["cells"] == [{"label": "Personen", "before": ">= 5", "after": ">= 4"}]
    assert designer.get(f"{base}/keine").status_code == 404
