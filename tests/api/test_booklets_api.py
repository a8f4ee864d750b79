"""The Begleitheft by API: where the case stands, out of what one Stelle may see."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from models import RELAY_FILES
from people import World
from pypdf import PdfReader

WORDS = """
worum: {de: Sie ziehen um., ar: أنت تنتقل.}
schritte:
  A: {name: {de: Antrag wird geprüft, ar: يُدرس الطلب}, mitbringen: [Pass]}
  B: {name: {de: Bescheid kommt}, text: {de: Mit der Post.}}
rechte: [{de: Sie dürfen fragen.}]
""".encode()


def sections(answer: Any) -> dict[str, list[dict[str, Any]]]:
    return {each["key"]: each["items"] for each in answer.json()["sections"]}


def test_the_person_is_told_what_the_stelle_knows_and_nothing_of_the_values(world: World) -> None:
    world.deploy(RELAY_FILES | {"begleitheft.yaml": WORDS})
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).json()["id"]
    path = f"/api/v1/cases/{case}/booklet"
    assert jc.get(path).status_code == 404

    before = sections(abh.get(path, params={"language": ["ar", "tr"]}))
    assert before["now"][0]["text"] == {"de": "Antrag wird geprüft", "ar": "يُدرس الطلب"}
    assert before["now"][0]["day"] is not None
    assert before["next"][0]["text"] == {"de": "Bescheid kommt"}
    assert before["bring"][0]["text"] == {"de": "Pass"}
    assert before["holder"][0]["label"].keys() == {"de", "ar", "tr"}

    (task,) = abh.get("/api/v1/tasks").json()["items"]
    abh.post(f"/api/v1/tasks/{task['id']}/claim")
    abh.post(
        f"/api/v1/tasks/{task['id']}/complete",
        json={"variables": {"name": "Amal Muster", "geheim": "intern"}},
    )
    handing = abh.get(path)
    assert any("übergeben" in (each["detail"] or {}).get("de", "") for each in sections(handing)["holder"])
    assert "Amal" not in handing.text
    assert "intern" not in handing.text

    (handover,) = jc.get("/api/v1/handovers").json()["items"]
    jc.post(f"/api/v1/handovers/{handover['id']}/accept")
    theirs = sections(jc.get(path))
    assert theirs["now"][0]["detail"] == {"de": "Mit der Post."}
    told = [each["text"] for each in theirs["done"]]
    assert {"de": "Antrag wird geprüft"} not in told, "a step of another Stelle"
    assert {"de": "Antrag wird geprüft"} in [each["text"] for each in sections(abh.get(path))["done"]]
    assert theirs["done"][1]["value"] == handover["receiver"]["name"]


def test_the_paper_holds_the_same_in_both_languages(world: World) -> None:
    world.deploy(RELAY_FILES | {"begleitheft.yaml": WORDS})
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-3"}).json()["id"]
    path = f"/api/v1/cases/{case}/booklet.pdf"
    assert jc.get(path).status_code == 404
    answer = abh.get(path, params={"language": ["ar", "tr"]})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages]
    assert len(pages) >= 2, "a sheet for each language"
    assert "Antrag wird geprüft" in pages[0]
    assert any("\u0600" <= letter <= "\u06ff" for letter in pages[0])
    assert "Başvuru" not in pages[0]
    assert any("yalnızca Almanca" in page for page in pages[1:])


def test_a_model_without_words_still_says_who_has_the_case_and_which_rights_there_are(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh = world.client("abh.koeln")
    case = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-2"}).json()["id"]
    found = sections(abh.get(f"/api/v1/cases/{case}/booklet"))
    assert "bearbeitet" in found["now"][0]["detail"]["de"]
    assert "next" not in found
    assert len(found["rights"]) == 5
    assert abh.get(f"/api/v1/cases/{case}/booklet?language=xx").status_code == 422
