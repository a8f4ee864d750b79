"""Decisions of a model version by API."""

from __future__ import annotations

from people import World
from tests.unit.library.test_dated_decisions import AFTER, BEFORE
from tests.unit.library.test_dated_decisions import MODEL as UKRAINE
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


def test_a_table_goes_out_as_a_spreadsheet_and_comes_back_as_a_new_draft(world: World) -> None:
    version = world.deploy({"p.bpmn": UKRAINE, "a.dmn": BEFORE, "b.dmn": AFTER})
    design = world.client("prozessdesign.koeln")
    base = f"/api/v1/models/{version}/decisions/rechtskreis"

    sheet = design.get(f"{base}/table.xlsx", params={"file": "b.dmn"}).content
    made = design.post(f"{base}/table", params={"file": "b.dmn"}, files={"files": ("t.xlsx", sheet)})

    assert made.status_code == 201, made.text
    assert made.json()["report"]["errors"] == 0
    new = made.json()["version"]["id"]
    assert new != version
    tried = design.post(
        f"/api/v1/models/{new}/decisions/rechtskreis/evaluate",
        json={"inputs": {"titel": "par_24"}, "key_date": "2026-08-01"},
    )
    assert tried.json()["value"] == "AsylbLG"
    earlier = {"inputs": {"titel": "par_24"}, "key_date": "2026-05-01"}
    assert design.post(f"{base}/evaluate", json=earlier).json()["value"] == "SGB II"


def test_a_spreadsheet_of_another_decision_or_by_somebody_else_changes_nothing(world: World) -> None:
    version = world.deploy({"p.bpmn": UKRAINE, "a.dmn": BEFORE, "b.dmn": AFTER})
    design, abh = world.client("prozessdesign.koeln"), world.client("abh.koeln")
    base = f"/api/v1/models/{version}/decisions/rechtskreis"
    sheet = design.get(f"{base}/table.xlsx").content

    assert abh.post(f"{base}/table", files={"files": ("t.xlsx", sheet)}).status_code == 403
    refused = design.post(f"{base}/table", files={"files": ("t.xlsx", b"PK")})
    assert (refused.status_code, refused.json()["code"]) == (422, "sheet-not-usable")
    assert len(design.get("/api/v1/models").json()) == 1


def test_rules_are_checked_and_saved_as_a_new_draft(world: World) -> None:
    version = world.deploy({"p.bpmn": UKRAINE, "a.dmn": BEFORE, "b.dmn": AFTER})
    design, abh = world.client("prozessdesign.koeln"), world.client("abh.koeln")
    base = f"/api/v1/models/{version}/decisions/rechtskreis/rules"
    edit = {
        "hit_policy": "UNIQUE",
        "valid_from": "2026-07-01",
        "rules": [["r1", '"par_24"', '"AsylbLG"'], ["", '"par_25"', '"SGB II"']],
    }

    checked = design.post(f"{base}/check", params={"file": "b.dmn"}, json=edit).json()
    made = design.post(base, params={"file": "b.dmn"}, json=edit)

    assert all(each["severity"] != "error" for each in checked["findings"])
    assert made.status_code == 201, made.text
    tried = design.post(
        f"/api/v1/models/{made.json()['version']['id']}/decisions/rechtskreis/evaluate",
        json={"inputs": {"titel": "par_25"}, "key_date": "2026-08-01"},
    )
    assert tried.json()["value"] == "SGB II"
    assert abh.post(base, json=edit).status_code == 403
    short = design.post(base, json={**edit, "rules": [["r1"]]})
    assert (short.status_code, short.json()["code"]) == (422, "sheet-not-usable")
    broken = {**edit, "rules": [["r1", "== 1", "1"]]}
    assert design.post(f"{base}/check", json=broken).json()["findings"][0]["severity"] == "error"
