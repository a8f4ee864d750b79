"""The comparison by API: for analysts, without people, and suppressed where groups are small."""

from __future__ import annotations

import csv
import io
import re

import pytest
from models import RELAY_FILES
from operations import operations_of
from people import KOELN, RHEINE, World

API = "/api/v1/analysis"
QUERY = {"process": "relay", "municipality": [KOELN, RHEINE], "from": "2026-11-01", "until": "2026-12-31"}


@pytest.fixture
def compared(both_worlds: World) -> World:
    """Six cases in Köln, two in Rheine, one of them with a formula for an Aktenzeichen."""
    both_worlds.deploy(RELAY_FILES)
    for town, count in (("koeln", 6), ("rheine", 2)):
        abh = both_worlds.client(f"abh.{town}")
        for number in range(count):
            abh.post("/api/v1/cases", json={"process": "relay", "reference": f"=cmd|{number}"})
            both_worlds.wait(hours=1)
    return both_worlds


def test_small_groups_are_not_shown(compared: World) -> None:
    figures = compared.client("analyse.koeln").get(f"{API}/comparison", params=QUERY).json()
    shown = {each["ags"]: each["shown"] for each in figures["municipalities"]}
    assert shown == {KOELN: "interval", RHEINE: "suppressed"}
    assert figures["clock"]["id"] == "kalenderzeit"


def test_the_csv_is_a_table_without_formulas_or_people(compared: World) -> None:
    analyst = compared.client("analyse.koeln")
    for name in ("comparison.csv", "steps.csv"):
        answer = analyst.get(f"{API}/{name}", params=QUERY)
        assert answer.headers["content-disposition"].startswith("attachment")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]
        assert "abh.koeln" not in answer.text
        assert "cmd|" not in answer.text


@pytest.mark.parametrize("login", ["abh.koeln", "administration.koeln"])
def test_comparing_is_not_for_everybody(world: World, login: str) -> None:
    world.deploy(RELAY_FILES)
    for name in ("comparison", "comparison.csv", "steps.csv"):
        assert world.client(login).get(f"{API}/{name}", params=QUERY).status_code == 403


@pytest.mark.parametrize("login", ["prozessdesign.koeln", "koordination.koeln"])
def test_who_compares_on_the_pages_compares_by_api_too_but_gets_no_log_of_steps(
    world: World, login: str
) -> None:
    world.deploy(RELAY_FILES)
    statuses = [
        world.client(login).get(f"{API}/{name}", params=QUERY).status_code
        for name in ("comparison", "comparison.csv", "steps.csv")
    ]
    assert statuses == [200, 200, 403]


def test_a_program_with_the_scope_compares(world: World) -> None:
    world.deploy(RELAY_FILES)
    assert world.token("analysis").get(f"{API}/comparison", params=QUERY).status_code == 200
    assert world.token("work").get(f"{API}/comparison", params=QUERY).status_code == 403


def test_a_period_that_ends_before_it_begins_is_malformed(world: World) -> None:
    world.deploy(RELAY_FILES)
    answer = world.client("analyse.koeln").get(f"{API}/comparison", params=QUERY | {"until": "2025-01-01"})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_the_figures_are_described_completely(world: World) -> None:
    document = world.app.openapi()
    assert operations_of(document)
    named = set(re.findall(r"#/components/schemas/([A-Za-z_0-9]+)", str(document)))
    assert named <= document["components"]["schemas"].keys()
    assert "MunicipalityFigures" in named
