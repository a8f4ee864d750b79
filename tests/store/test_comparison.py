"""Municipalities compared on what the real engine has written, on both databases."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import psycopg
import pytest
import small_process
import small_town

from staffel.engine import analysis
from staffel.engine.analysis import (
    ClockKind,
    Comparison,
    Period,
    Shown,
    compare,
    comparison_csv,
    step_log_csv,
)
from staffel.engine.analysis.statistics import kaplan_meier
from staffel.engine.errors import NotFound
from staffel.engine.store import Database, migrate

pytestmark = pytest.mark.xdist_group(
    "comparison"
)  # the towns are built once, not by each of pytest's processes

LARGE, SLOW, LOCAL, TINY = "05315000", "05566076", "05515000", "05162004"
UNTIL = datetime(2026, 3, 20, 12, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
CASES = {LARGE: 110, SLOW: 40, LOCAL: 12, TINY: 3}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A database in which four municipalities have worked."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('town') / 'staffel.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE small_town TEMPLATE staffel_template")
        url = server.replace("/postgres?", "/small_town?")
    database = Database(url)
    migrate(database)
    small_town.build(
        database, CASES, until=UNTIL, variants={LOCAL: "Beschliessen"}, factors={(SLOW, ""): 2.5}
    )
    yield database
    database.close()


def comparison(
    town: Database, *ags: str, clock: ClockKind = ClockKind.WORKING, period: Period = YEAR
) -> Comparison:
    return town.read(
        compare,
        process_key=small_process.PROCESS,
        municipalities=ags or tuple(CASES),
        period=period,
        clock=clock,
        now=UNTIL,
    )


def test_the_slow_municipality_is_found_to_be_slower(town: Database):
    result = comparison(town, LARGE, SLOW)

    quick, slow = (each.duration.median.value for each in result.municipalities)
    assert slow > 1.5 * quick
    assert result.whole.p_value < 0.001
    (pair,) = result.pairs
    assert pair.shift.upper < 0
    assert pair.delta < 0


def test_open_cases_count(town: Database):
    def rows(tx):
        return tx.connection.exec_driver_sql(
            f"SELECT started_at, ended_at FROM \"case\" WHERE municipality = '{SLOW}'"
        ).all()

    def micros(value):
        return value if isinstance(value, int) else round(value.timestamp() * 1e6)

    cases = [(micros(start), None if end is None else micros(end)) for start, end in town.read(rows)]
    now = round(UNTIL.timestamp() * 1e6)
    curve = kaplan_meier([(((end or now) - start) / 1e6, end is not None) for start, end in cases])
    figures = comparison(town, LARGE, SLOW, clock=ClockKind.CALENDAR).municipalities[1]

    assert any(end is None for _, end in cases)
    assert figures.total == len(cases)
    assert figures.duration.median.value == pytest.approx(curve.quantile(0.5).value)


def test_a_small_municipality_shows_nothing_and_adds_to_no_total(town: Database):
    result = comparison(town)
    tiny = result.municipalities[3]

    assert tiny.shown is Shown.SUPPRESSED
    assert (tiny.total, tiny.finished, tiny.duration.median, tiny.curve) == (None, None, None, ())
    assert result.total == sum(CASES.values()) - CASES[TINY]
    assert all(TINY not in {pair.first, pair.second} for pair in result.pairs)
    for step in result.steps:
        assert step.municipalities[TINY].waiting.cases is None
    assert TINY not in result.overlay


def test_twelve_cases_show_an_interval_only(town: Database):
    figures = comparison(town).municipalities[2]

    assert figures.shown is Shown.INTERVAL
    assert figures.duration.median.value is None
    assert figures.duration.median.lower is not None
    assert all(point.value is None for point in figures.curve)


def test_every_step_has_its_times_and_the_handover_its_own(town: Database):
    result = comparison(town, LARGE, SLOW)

    steps = {step.element: step for step in result.steps}
    assert {"Aufnehmen", "Pruefen", "Entscheiden"} <= set(steps)
    times = steps["Pruefen"].municipalities[LARGE]
    assert times.waiting.median.value > 0
    assert times.processing.p90.value > times.processing.median.value
    assert times.transfer is not None
    (flow,) = result.handovers
    assert (flow.flow, flow.sender, flow.receiver) == ("F_Uebergabe", "LB", "JC")
    answered = flow.municipalities[LARGE]
    assert answered.acknowledgement.median.value < answered.transfer.median.value


def test_a_local_step_is_matched_by_its_messpunkt(town: Database):
    result = comparison(town, LARGE, LOCAL)

    decide = next(step for step in result.steps if step.element == "Entscheiden")
    assert decide.milestone == "M1"
    assert decide.municipalities[LOCAL].waiting.shown is Shown.INTERVAL
    assert result.local == ()


def test_the_overlay_colours_elements_and_flows_of_the_reference(town: Database):
    result = comparison(town, LARGE, SLOW)

    assert set(result.overlay[LARGE]) <= {step.element for step in result.steps} | {"F_Uebergabe"}
    assert all(0 <= level <= 4 for level in result.overlay[LARGE].values())
    assert result.overlay[SLOW]["Pruefen"] >= result.overlay[LARGE]["Pruefen"]


def test_figures_name_their_clock(town: Database):
    lived, worked = (comparison(town, LARGE, SLOW, clock=clock) for clock in ClockKind)

    assert (lived.clock.id, worked.clock.id) == ("kalenderzeit", "arbeitszeit:NW:40h")
    assert lived.municipalities[0].duration.median.value > worked.municipalities[0].duration.median.value


def test_cases_outside_the_period_do_not_count(town: Database):
    january = comparison(town, LARGE, SLOW, period=Period(date(2026, 1, 1), date(2026, 1, 31)))

    assert january.municipalities[0].total < CASES[LARGE]
    assert january.municipalities[0].last_month == "2026-01"
    assert comparison(town, LARGE, SLOW, period=Period(date(2020, 1, 1), date(2020, 2, 1))).total == 0


def test_a_comparison_is_json(town: Database):
    result = comparison(town)

    assert msgspec.json.decode(msgspec.json.encode(result), type=Comparison) == result


def test_what_does_not_exist_is_not_found(town: Database):
    with pytest.raises(NotFound):
        comparison(town, "99999999")
    with pytest.raises(NotFound):
        town.read(
            compare,
            process_key="keiner",
            municipalities=[LARGE],
            period=YEAR,
            clock=ClockKind.CALENDAR,
            now=UNTIL,
        )


def test_the_csv_has_a_row_per_measure_and_none_for_what_is_hidden(town: Database):
    rows = list(csv.DictReader(io.StringIO(comparison_csv(comparison(town))), delimiter=";"))

    tiny = [row for row in rows if row["ags"] == TINY]
    assert tiny
    assert all(
        not row[name] for row in tiny for name in ("faelle_gerundet", "median_s", "p90_s", "anteil_prozent")
    )
    whole = next(row for row in rows if row["ags"] == LARGE and row["messgroesse"] == "durchlaufzeit")
    assert int(whole["median_von_s"]) <= int(whole["median_s"]) <= int(whole["median_bis_s"])


def test_handovers_show_how_many_fristen_were_kept_by_pair(town: Database):
    found = comparison(town)

    whole, pair = found.kept_handovers[0], found.kept_handovers[1]
    assert (whole.sender, pair.sender, pair.receiver, pair.kind) == (None, "LB", "JC", "vereinbart")
    shares = pair.municipalities[LARGE]["accept_by"], pair.municipalities[TINY]["accept_by"]
    assert (shares[0].lower is not None, shares[1].shown) == (True, Shown.SUPPRESSED)
    rows = csv.DictReader(io.StringIO(comparison_csv(found)), delimiter=";")
    told = [row for row in rows if row["teil"] == "uebergabefrist" and row["ags"] == LARGE]
    assert {row["messgroesse"] for row in told} == {
        f"fristquote_{each}" for each in ("eingang", "annahme", "ergebnis")
    }


def test_the_step_log_tells_no_case_and_no_account(town: Database):
    text = town.read(
        step_log_csv, process_key=small_process.PROCESS, municipalities=list(CASES), period=YEAR, now=UNTIL
    )
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))

    assert {row["ags"] for row in rows} == {LARGE, SLOW, LOCAL}
    assert {row["art"] for row in rows} == {"aufgabe", "uebergabe"}
    assert "K-" not in text
    assert all(row["vorgang"].startswith("V") for row in rows)
    assert rows[0]["bereit"].endswith("+00:00")


def test_no_statement_of_the_analysis_reads_accounts():
    for path in Path(analysis.__file__).parent.rglob("*.py"):
        assert "account" not in path.read_text().replace("account column", "").lower(), path


def test_where_no_frist_was_decided_the_share_of_kept_ones_is_not_shown(town: Database) -> None:
    found = comparison(town, LARGE, TINY)

    for each in found.municipalities:
        assert {kind: share.shown for kind, share in each.kept.items()} == dict.fromkeys(
            ("gesetzlich", "soll", "vereinbart"), Shown.SUPPRESSED
        )
    rows = csv.DictReader(io.StringIO(comparison_csv(found)), delimiter=";")
    listed = [(row["ags"], row["id"]) for row in rows if row["messgroesse"] == "fristquote"]
    assert listed == [(ags, kind) for ags in (LARGE, TINY) for kind in ("gesetzlich", "soll", "vereinbart")]
