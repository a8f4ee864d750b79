"""The demo, small: built by the real engine, the same for the same seed, with work in every inbox it shows."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from staffel.engine.accounts import sign_in
from staffel.engine.analysis import ClockKind, Period, compare
from staffel.engine.simulation.demo import DEMO_PASSWORD, REFERENCE, DemoReport, build_demo, parts
from staffel.engine.store import Database, migrate

pytestmark = pytest.mark.xdist_group("demo")  # built once, not by each of pytest's processes

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
SMALL = {"finished": 60, "open_cases": 6}


def built(path: Path, **options) -> tuple[Database, DemoReport, list[tuple[int, int, str]]]:
    database = Database(f"sqlite:///{path}")
    migrate(database)
    told: list[tuple[int, int, str]] = []
    report = build_demo(
        database, until=UNTIL, progress=lambda *step: told.append(step), **{**SMALL, **options}
    )
    return database, report, told


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    database, report, told = built(tmp_path_factory.mktemp("demo") / "staffel.db")
    yield database, report, told
    database.close()


def rows(database: Database, sql: str) -> list[tuple]:
    return database.read(lambda tx: [tuple(row) for row in tx.driver.execute(sql).fetchall()])


def test_cases_are_finished_and_open_and_nothing_stands_still(demo):
    database, report, _ = demo

    assert report.finished + report.open == 66
    assert report.open >= 2
    assert report.finished > 40
    assert rows(database, "SELECT code, element, text_en FROM incident") == []
    assert report.refused <= report.acts / 100


def test_nothing_happens_after_the_end(demo):
    database, _, _ = demo
    end = round(UNTIL.timestamp() * 1e6)

    assert rows(database, "SELECT max(at) FROM event")[0][0] < end
    assert rows(database, f"SELECT count(*) FROM timer WHERE due < {end}") == [(0,)]


def test_progress_reaches_its_end(demo):
    _, _, told = demo

    assert told[0][:2] == (0, 66)
    assert told[-1][:2] == (66, 66)


def test_every_printed_account_can_sign_in(demo):
    database, report, _ = demo

    roles = {hint.role for hint in report.sign_ins}
    assert len(roles) == 7
    for hint in report.sign_ins[:2]:
        result = sign_in(database, now=UNTIL, login=hint.login, password=DEMO_PASSWORD)
        assert result.secret, hint.login
    logins = {login for (login,) in rows(database, "SELECT login FROM account")}
    assert {hint.login for hint in report.sign_ins} <= logins


def test_chains_of_a_town_lead_to_its_kreis(demo):
    database, _, _ = demo
    rheine = rows(
        database,
        "SELECT u.municipality FROM competence c JOIN unit u ON u.id = c.unit_id "
        "WHERE c.municipality = '05566076' AND c.kind = 'JC'",
    )

    assert rheine == [("05566",)]


def test_local_variants_are_in_use_and_comparable(demo):
    database, _, _ = demo
    processes = rows(
        database, 'SELECT DISTINCT p.key FROM process p JOIN "case" c ON c.process_id = p.id ORDER BY 1'
    )

    assert len(processes) == 2
    for (key,) in processes:
        result = database.read(
            compare,
            process_key=key,
            municipalities=["05315000", "05515000"],
            period=Period(UNTIL.date().replace(year=2025), UNTIL.date()),
            clock=ClockKind.WORKING,
            now=UNTIL,
        )
        assert result.steps


def test_every_stelle_has_signed_what_it_works_by(demo):
    database, _, _ = demo

    assert rows(
        database, "SELECT count(*) FROM signature WHERE withdrawn_at IS NOT NULL OR signatory = ''"
    ) == [(0,)]
    assert rows(database, "SELECT count(DISTINCT municipality) FROM signature") == [(12,)]


def small_reference(folder: Path) -> Path:
    """One process of two towns and a Kreis."""
    said = yaml.safe_load((REFERENCE / "kommunen.yaml").read_bytes())
    towns = [each for each in said["kommunen"] if each["name"] in {"Köln", "Rheine"}]
    carriers = [each for each in said["weitere_traeger"] if each["ags"] == "05566"]
    folder.mkdir()
    (folder / "kommunen.yaml").write_text(yaml.safe_dump({"kommunen": towns, "weitere_traeger": carriers}))
    blocks = ("einwilligung_einholen", "wiedervorlage", "fallabschluss")
    for name in ("seiteneinsteiger", *(f"bausteine/{block}" for block in blocks)):
        shutil.copytree(REFERENCE / name, folder / name)
    return folder


def test_equal_seeds_give_equal_courses_in_one_process_and_in_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    few = {"folder": small_reference(tmp_path / "reference"), "finished": 40, "open_cases": 4}
    courses = 'SELECT c.reference, e.seq, e.at, e.type, e.element FROM event e JOIN "case" c ON c.id = e.case_id ORDER BY 1, c.municipality, 2'
    one, _, _ = built(tmp_path / "one.db", **few)
    other, _, _ = built(tmp_path / "other.db", seed=7, **few)
    monkeypatch.setattr(parts, "WORTH_A_PROCESS", 40)
    two, _, _ = built(tmp_path / "two.db", **few)

    assert list(tmp_path.glob("staffel-*")) == []
    assert len(rows(one, courses)) > 400
    assert rows(two, courses) == rows(one, courses)
    assert rows(other, courses) != rows(one, courses)
    for each in (one, other, two):
        each.close()
