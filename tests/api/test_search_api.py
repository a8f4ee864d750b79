"""The search."""

from __future__ import annotations

from models import RELAY_FILES
from people import World


def test_one_finds_what_one_may_see_and_nothing_else(world: World) -> None:
    world.deploy(RELAY_FILES)
    abh, jc = world.client("abh.koeln"), world.client("jc.koeln")
    for number in range(3):
        abh.post("/api/v1/cases", json={"process": "relay", "reference": f"AZ-{number}/26"})

    def find(client: object, text: str, **limit: int) -> dict[str, list[dict[str, object]]]:
        return client.get("/api/v1/search", params={"q": text} | limit).json()  # type: ignore[no-any-return, attr-defined]

    found = find(abh, "az-1")
    assert [case["reference"] for case in found["cases"]] == ["AZ-1/26"]
    assert [task["case"]["reference"] for task in found["tasks"]] == ["AZ-1/26"]  # type: ignore[index]
    assert len(find(abh, "az", limit=2)["cases"]) == 2
    assert [model["process"] for model in find(jc, "RELAY")["models"]] == ["relay"]
    assert find(jc, "az") | {"models": []} == {"cases": [], "tasks": [], "models": []}
    assert find(abh, "a") == find(abh, "%1") == {"cases": [], "tasks": [], "models": []}
