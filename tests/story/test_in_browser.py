"""The whole story in a browser, on the demo: upload a file of one's own, work a case through three Stellen, compare.

The first case is worked by hand in Chromium with three sign-ins; further ones, so that the groups are large enough to
be shown, by the same functions that the pages call.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from staffel.engine import cases
from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.actor import Actor, Role
from staffel.engine.simulation.demo import DEMO_PASSWORD, build_demo
from staffel.engine.store import Database, Transaction, migrate
from staffel.engine.store.tables import Competence, Handover, Membership, Task, TaskStatus

MODEL = Path(__file__).with_name("kautionsdarlehen.bpmn")
PROCESS, NAME = "kautionsdarlehen", "Kautionsdarlehen beim Auszug"
KOELN, RHEINE = "05315000", "05566076"
VALUES: dict[str, dict[str, Any]] = {
    "Task_Aufnehmen": {"miete": 540},
    "Task_Pruefen": {"angemessen": True},
    "Task_Belegung": {"auszug_am": "2026-12-01"},
}
expect.set_options(timeout=30_000)  # the machine may have other work

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    migrate(database)
    build_demo(database, until=datetime.now(UTC), finished=30, open_cases=10, months=3)
    yield database
    database.close()


@pytest.fixture(scope="module")
def address(demo: Database) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "STAFFEL_DATABASE_URL": demo.url.render_as_string(hide_password=False)}
    command = [Path(sys.executable).parent / "staffel", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment) as server:
        for _ in range(300):
            if _answers(f"http://127.0.0.1:{port}/api/v1/health/ready"):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _sign_in(browser: Browser, address: str, login: str) -> Page:
    page = browser.new_context(base_url=address, locale="de-DE").new_page()
    page.goto("/anmelden")
    page.get_by_label("Kennung").fill(login)
    page.get_by_label("Kennwort").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_have_count(0)
    return page


def _accept(page: Page, reference: str) -> None:
    page.goto("/uebergaben")
    page.get_by_role("row", name=reference).get_by_role("link").first.click()
    page.get_by_role("button", name="Eingang bestätigen").click()
    page.get_by_role("button", name="Annehmen").click()


def _open_task(page: Page, reference: str, name: str) -> None:
    page.goto(f"/eingang?az={reference}")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("button", name="Erledigen")).to_be_visible()


def _complete(page: Page) -> None:
    page.get_by_role("button", name="Erledigen").click()
    expect(page.get_by_role("button", name="Erledigen")).to_have_count(0)


@pytest.mark.timeout(400)
def test_a_file_of_ones_own_becomes_a_case_through_three_stellen_and_a_comparison(
    browser: Browser, address: str, demo: Database
) -> None:
    designer = _sign_in(browser, address, "koeln.prozessdesign")
    _upload_and_put_in_force(designer)

    manager = _sign_in(browser, address, "koeln.cm")
    _start(manager, "KD-2026-1")
    _open_task(manager, "KD-2026-1", "Angebot aufnehmen")
    manager.get_by_label("Bruttokaltmiete in Euro").fill("540")
    _complete(manager)

    jobcenter = _sign_in(browser, address, "koeln.jc")
    _accept(jobcenter, "KD-2026-1")
    _open_task(jobcenter, "KD-2026-1", "Angemessenheit prüfen")
    expect(jobcenter.locator(".djs-container")).to_be_visible()
    jobcenter.get_by_label("Miete ist angemessen").check()
    _complete(jobcenter)

    housing = _sign_in(browser, address, "koeln.woh")
    _accept(housing, "KD-2026-1")
    _open_task(housing, "KD-2026-1", "Auszug aus der Unterkunft planen")
    housing.get_by_label("Auszug am").fill("2026-12-01")
    _complete(housing)

    _accept(manager, "KD-2026-1")
    _open_task(manager, "KD-2026-1", "Mietvertrag begleiten")
    _complete(manager)
    assert demo.read(_status, reference="KD-2026-1") == "completed"

    _work_further_cases(demo)
    analyst = _sign_in(browser, address, "koeln.analyse")
    _compare(analyst)


def _upload_and_put_in_force(page: Page) -> None:
    page.goto("/modelle/hochladen")
    page.locator("#dateien").set_input_files(MODEL)
    page.get_by_role("button", name="Hochladen und prüfen").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.locator(".djs-container [data-element-id=Task_Pruefen]").first).to_be_visible()
    page.get_by_role("button", name="In Kraft setzen").click()
    expect(page.get_by_role("main")).to_contain_text("in Kraft")


def _start(page: Page, reference: str) -> None:
    page.goto("/vorgaenge/neu")
    page.get_by_label("Prozess").select_option(label=NAME)
    page.get_by_role("button", name="Formular zeigen").click()
    page.get_by_label("Aktenzeichen").fill(reference)
    page.get_by_role("button", name="Vorgang anlegen").click()
    expect(page.get_by_role("heading", name=reference)).to_be_visible()


def _compare(page: Page) -> None:
    page.goto("/vergleich")
    page.get_by_label("Prozess").select_option(label=NAME)
    today = datetime.now(UTC).date().isoformat()
    page.get_by_label("Beginn der Vorgänge von").fill(today)
    page.get_by_label("bis (ganze Monate)").fill(today)
    for box in page.locator("input[name=kommune]").all():
        box.uncheck()
    page.get_by_label("Köln", exact=True).check()
    page.get_by_label("Rheine", exact=True).check()
    page.get_by_role("button", name="Vergleichen").click()
    table = page.get_by_role("region", name="Kennzahlen je Kommune")
    for town in ("Köln", "Rheine"):
        row = table.get_by_role("row").filter(has_text=town)
        expect(row.get_by_role("cell").first).to_have_text("5")
    expect(page.get_by_role("heading", name=f"{NAME}: Durchlaufzeit")).to_be_visible()


def _status(tx: Transaction, *, reference: str) -> str:
    from staffel.engine.store.tables import Case  # noqa: PLC0415

    return tx.session.exec(select(Case.status).where(Case.reference == reference)).one()


def _work_further_cases(database: Database) -> None:
    now = datetime.now(UTC)
    for number in range(5):
        if number:
            _work_case(database, KOELN, f"KD-2026-{number + 1}", now)
        _work_case(database, RHEINE, f"KD-R-{number + 1}", now)


def _work_case(database: Database, ags: str, reference: str, now: datetime) -> None:
    """One case from start to end, each step by somebody of the Stelle it belongs to."""
    starter = database.read(_starter, ags=ags)
    case_id = database.run(cases.start_case, actor=starter, now=now, process_key=PROCESS, reference=reference)
    for _ in range(20):
        now += timedelta(seconds=1)
        handover, task = database.read(_waiting, case_id=case_id)
        if handover is not None:
            actor = database.read(_caseworker, unit_id=handover.receiver_unit)
            database.run(cases.accept_handover, actor=actor, now=now, handover_id=handover.id)
        elif task is not None:
            actor = database.read(_caseworker, unit_id=task.unit_id)
            database.run(cases.claim_task, actor=actor, now=now, task_id=task.id)
            values = VALUES.get(task.element, {})
            database.run(cases.complete_task, actor=actor, now=now, task_id=task.id, values=values)


def _starter(tx: Transaction, *, ags: str) -> Actor:
    """Somebody of the town itself; a Stelle that serves it from the Kreis starts cases of the Kreis."""
    unit = tx.session.exec(
        select(Competence.unit_id)
        .join(Membership, col(Membership.unit_id) == col(Competence.unit_id))
        .where(Competence.municipality == ags)
    ).all()
    actors = [_caseworker(tx, unit_id=each) for each in dict.fromkeys(unit)]
    return next(actor for actor in actors if actor.municipality == ags)


def _caseworker(tx: Transaction, *, unit_id: UUID) -> Actor:
    account = tx.session.exec(
        select(Membership.account_id).where(
            Membership.unit_id == unit_id, Membership.role == Role.SACHBEARBEITUNG.value
        )
    ).first()
    assert account is not None
    actor = actor_of_account(tx, account_id=account)
    assert actor is not None
    return actor


def _waiting(tx: Transaction, *, case_id: UUID) -> tuple[Handover | None, Task | None]:
    handover = tx.session.exec(
        select(Handover).where(Handover.case_id == case_id, col(Handover.closed_at).is_(None))
    ).first()
    task = tx.session.exec(
        select(Task).where(Task.case_id == case_id, Task.status == TaskStatus.OPEN)
    ).first()
    return handover, task
