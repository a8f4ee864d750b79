"""Decisions of a model version by API."""

from __future__ import annotations

from typing import Any

from people import World
from tests.unit.library.test_dated_decisions import AFTER, BEFORE
from tests.unit.library.test_dated_decisions import MODEL as UKRAINE
from ui_site import MODEL, files_of

from staffel.ui.app import create_application

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


def test_the_file_that_somebody_chose_is_tried_and_named(world: World) -> None:
    version = world.deploy({"p.bpmn": UKRAINE, "a.dmn": BEFORE, "b.dmn": AFTER})
    design = world.client("prozessdesign.koeln")
    address = f"/api/v1/models/{version}/decisions/rechtskreis/evaluate"
    body: dict[str, Any] = {"inputs": {"titel": "par_24"}}

    def tried(file: str | None, **more: str) -> tuple[Any, ...]:
        asked = {"file": file} if file else {}
        found = design.post(address, params=asked, json=body | more).json()
        return found["value"], found["file"], found["key_date"], found["in_force"]

    assert tried(None, key_date="2026-05-01") == ("SGB II", "a.dmn", "2026-05-01", True)
    assert tried(None, key_date="2026-08-01") == ("AsylbLG", "b.dmn", "2026-08-01", True)
    assert tried("a.dmn", key_date="2026-08-01") == ("SGB II", "a.dmn", "2026-08-01", False)
    value, file, day, in_force = tried("a.dmn")
    assert (value, file, in_force) == ("SGB II", "a.dmn", True)
    assert day <= "2026-06-30"
    assert design.post(address, params={"file": "c.dmn"}, json=body).status_code == 404


def test_inputs_are_read_as_the_type_that_is_declared(world: World) -> None:
    files = {
        "p.bpmn": UKRAINE,
        "a.dmn": BEFORE,
        "b.dmn": AFTER,
        "t.dmn": b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="urn:t" name="t">
        <inputData id="i" name="seit"><variable name="seit" typeRef="date"/></inputData>
        <decision id="tage" name="tage"><variable name="tage"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <literalExpression><text>(date("2026-03-01") - seit).days</text></literalExpression></decision></definitions>""",
    }
    design = world.client("prozessdesign.koeln")
    address = f"/api/v1/models/{world.deploy(files)}/decisions/tage/evaluate"

    assert design.post(address, json={"inputs": {"seit": "2026-02-01"}}).json()["value"] == 28
    refused = design.post(address, json={"inputs": {"seit": "1.2.2026"}}).json()
    assert refused["value"] is None
    assert refused["explanation"]["problems"][0]["code"] == "value-type"


def test_test_sets_tell_what_was_expected_and_which_rules_no_case_met(world: World) -> None:
    files = files_of(MODEL)
    files["tests/dringlichkeit.yaml"] = b"""
entscheidung: dringlichkeit
faelle:
  - {name: ohne Wohnung, eingaben: {wohnungslos: true, personen: 1}, erwartet: hoch, regeln: [1, 3]}
  - {name: allein, eingaben: {wohnungslos: false, personen: 1}, erwartet: hoch}
"""
    design = world.client("prozessdesign.koeln")
    made = design.post("/api/v1/models", files=[("files", each) for each in files.items()]).json()

    found = design.get(f"/api/v1/models/{made['version']['id']}/decisions/dringlichkeit/tests").json()

    green, red = found["cases"]
    assert (green["passed"], green["found"], green["rules"]) == (True, "hoch", [1, 3])
    assert (red["passed"], red["found"], red["expected"]) == (False, "normal", "hoch")
    assert "erwartet: „hoch“; gefunden: „normal“" in red["faults_de"][0]
    assert found["unmet"] == [2]
    assert found["of_other_versions"] == 0


def test_cases_of_another_dated_version_stand_with_that_version(world: World) -> None:
    files = {"p.bpmn": UKRAINE, "a.dmn": BEFORE, "b.dmn": AFTER}
    files["tests/t.yaml"] = b"""
entscheidung: rechtskreis
faelle:
  - {name: vorher, stichtag: 2026-05-01, eingaben: {titel: par_24}, erwartet: SGB II}
  - {name: nachher, stichtag: 2026-08-01, eingaben: {titel: par_24}, erwartet: AsylbLG}
"""
    address = f"/api/v1/models/{world.deploy(files)}/decisions/rechtskreis/tests"
    design = world.client("prozessdesign.koeln")

    for file, name in (("a.dmn", "vorher"), ("b.dmn", "nachher")):
        found = design.get(address, params={"file": file}).json()
        assert [each["name"] for each in found["cases"]] == [name]
        assert found["of_other_versions"] == 1


def test_columns_are_edited_and_wrong_ones_refused(world: World) -> None:
    files = files_of(MODEL)
    version = world.deploy(files)
    design = world.client("prozessdesign.koeln")
    base = f"/api/v1/models/{version}/decisions/dringlichkeit"
    columns = [
        {"kind": "input", "label": "wohnungslos", "text": "wohnungslos", "type": "boolean"},
        {"kind": "output", "text": "dringlichkeit", "type": "string", "default": '"normal"'},
        {"kind": "annotation", "label": "Grund"},
    ]
    edit = {"hit_policy": "UNIQUE", "columns": columns, "rules": [["rule1", "true", '"hoch"', "ohne Dach"]]}

    checked = design.post(f"{base}/rules/check", json=edit).json()
    assert checked == {"findings": []}
    made = design.post(f"{base}/rules", json=edit)
    assert made.status_code == 201, made.text
    table = design.get(f"/api/v1/models/{made.json()['version']['id']}/decisions/dringlichkeit").json()[
        "table"
    ]
    assert [each["label"] for each in table["inputs"]] == ["wohnungslos"]
    assert table["rules"][0]["annotations"] == ["ohne Dach"]
    for wrong in (columns[::-1], columns[1:], []):
        refused = design.post(f"{base}/rules/check", json=edit | {"columns": wrong})
        assert (refused.status_code, refused.json()["code"]) == (422, "sheet-not-usable")


def test_findings_name_their_rules_and_the_drawing_is_dmn(world: World) -> None:
    files = files_of(MODEL)
    path = next(each for each in files if each.endswith(TABLE))
    files[path] = files[path].replace(b'hitPolicy="FIRST"', b'hitPolicy="UNIQUE"')
    design = world.client("prozessdesign.koeln")
    made = design.post("/api/v1/models", files=[("files", each) for each in files.items()]).json()
    base = f"/api/v1/models/{made['version']['id']}/decisions/dringlichkeit"

    overlaps = [
        each["rules"] for each in design.get(base).json()["findings"] if each["code"] == "table-overlap"
    ]
    assert [1, 3] in overlaps
    drawing = design.get(f"{base}/drawing.dmn")
    assert drawing.headers["content-type"] == "application/xml"
    assert b"DMNShape" in drawing.content


def test_a_new_column_brings_its_input_and_the_check_says_so(world: World) -> None:
    version = world.deploy(files_of(MODEL))
    design = world.client("prozessdesign.koeln")
    base = f"/api/v1/models/{version}/decisions/dringlichkeit"
    columns = [
        {"kind": "input", "label": "wohnungslos", "text": "wohnungslos", "type": "boolean"},
        {"kind": "input", "label": "Einkommen", "text": "einkommen", "type": "number"},
        {"kind": "output", "text": "dringlichkeit", "type": "string", "default": '"normal"'},
    ]
    edit = {"hit_policy": "UNIQUE", "columns": columns, "rules": [["rule1", "true", "< 500", '"hoch"']]}

    (told,) = design.post(f"{base}/rules/check", json=edit).json()["findings"]
    assert (told["code"], told["severity"]) == ("input-added", "hint")
    assert "„einkommen“ (number)" in told["text_de"]
    made = design.post(f"{base}/rules", json=edit).json()
    assert [each for each in made["report"]["findings"] if each["code"] == "unknown-name"] == []
    edited = f"/api/v1/models/{made['version']['id']}/decisions/dringlichkeit"
    names = [each["name"] for each in design.get(edited).json()["inputs"]]
    assert names == ["wohnungslos", "personen", "einkommen"]
    tried = design.post(
        f"{edited}/evaluate", json={"inputs": {"wohnungslos": True, "personen": 1, "einkommen": 499}}
    )
    assert tried.json()["value"] == "hoch"
    assert b"einkommen" in design.get(f"{edited}/drawing.dmn").content

    columns[1]["text"] = "wohnungslo"
    told = design.post(f"{base}/rules/check", json=edit).json()["findings"]
    assert [each["code"] for each in told if "Meinten Sie „wohnungslos“?" in each["text_de"]] == [
        "unknown-name"
    ]


def test_who_released_a_version_of_the_rules_and_when_is_told(world: World) -> None:
    files = files_of(MODEL)
    design = world.client("prozessdesign.koeln")
    made = design.post("/api/v1/models", files=[("files", each) for each in files.items()]).json()
    model = f"/api/v1/models/{made['version']['id']}"
    for address in (model, f"{model}/decisions/dringlichkeit"):
        draft = design.get(address).json()
        assert (draft["released_at"], draft["released_by"]) == (None, None)

    assert design.post(f"{model}/release").status_code < 300
    for address in (model, f"{model}/decisions/dringlichkeit"):
        released = design.get(address).json()
        assert released["released_at"].startswith(world.now.isoformat()[:16])
        assert released["released_by"] == design.get("/api/v1/auth/me").json()["name"]


IMPORTED = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:mit" name="Mit">
  <import name="k" namespace="urn:satz" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
  <decision id="summe" name="Summe"><variable name="Summe"/>
    <informationRequirement id="q"><requiredDecision href="urn:satz#satz"/></informationRequirement>
    <literalExpression><text>k.Satz * 2</text></literalExpression></decision></definitions>"""
SOURCE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="urn:satz" name="Satz">
  <decision id="satz" name="Satz"><variable name="Satz"/>
    <literalExpression><text>21</text></literalExpression></decision></definitions>"""


def test_what_a_decision_needs_of_an_imported_file_is_named_and_linked(world: World) -> None:
    files = {**files_of(MODEL), "mit.dmn": IMPORTED, "satz.dmn": SOURCE}
    world.serve(create_application)
    design = world.client("prozessdesign.koeln")
    version = design.post("/api/v1/models", files=[("files", each) for each in files.items()]).json()[
        "version"
    ]["id"]
    detail = design.get(f"/api/v1/models/{version}/decisions/summe").json()
    own, other = detail["graph"]
    assert own["requires"] == [other["id"]] == ["urn:satz#satz"]
    assert (other["name"], other["file"], other["decision"]) == ("Satz", "satz.dmn", "satz")
    page = design.get(f"/modelle/version/{version}/entscheidungen/summe").text
    link = f'href="/modelle/version/{version}/entscheidungen/satz?datei=satz.dmn">Satz</a>'
    assert page.count(link) == 2
    assert "aus satz.dmn" in page
    assert design.get(f"/modelle/version/{version}/entscheidungen/satz?datei=satz.dmn").status_code == 200
