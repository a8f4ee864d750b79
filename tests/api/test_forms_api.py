"""Forms of a model, read, checked and edited by API."""

from __future__ import annotations

from models import RELAY_FILES
from people import World

API = "/api/v1"


def test_an_edited_form_is_a_new_draft_and_a_faulty_one_is_told(world: World) -> None:
    world.deploy(RELAY_FILES)
    design = world.client("prozessdesign.koeln")
    version = design.get(f"{API}/models").json()[0]["id"]
    here = f"{API}/models/{version}/forms"
    assert {each["name"]: each["fields"] for each in design.get(here).json()} == {"bescheid": 2, "pruefen": 3}
    form = design.get(f"{here}/pruefen").json()

    faulty = {**form, "ui": [{"field": "name", "showIf": "fremd > 1"}]}
    told = design.post(f"{here}/pruefen/check", json=faulty).json()["findings"]
    assert [each["code"] for each in told] == ["form-formula"]

    form["schema"]["required"].append("ab")
    made = design.post(f"{here}/pruefen", json=form)
    assert made.status_code == 201, made.text
    draft = made.json()["version"]
    assert (draft["state"], draft["errors"]) == ("entwurf", 0)
    assert design.get(f"{API}/models/{draft['id']}/forms/pruefen").json()["schema"]["required"] == [
        "name",
        "ab",
    ]
    assert design.get(f"{here}/pruefen").json()["schema"]["required"] == ["name"]
    assert world.client("abh.koeln").post(f"{here}/pruefen", json=form).status_code == 403
    assert design.get(f"{here}/keine").status_code == 404
