"""Köln and Hamm with the reference processes as their Stellen work on them, served to Chromium, with a clock that the test moves."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uvicorn
from msgspec.structs import replace
from people import use_quick_hashes
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, select

from staffel.api.cli.serve import Server
from staffel.api.settings import Settings
from staffel.engine import cases
from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.actor import Actor
from staffel.engine.documents import Folder
from staffel.engine.simulation.demo.models import REFERENCE, put_in_force, read_models
from staffel.engine.simulation.demo.organisation import DEMO_PASSWORD, SHOWN_TOWN, create_organisation
from staffel.engine.simulation.demo.signatures import sign_all
from staffel.engine.simulation.demo.towns import read_towns
from staffel.engine.store import Database
from staffel.engine.store.tables import Account, Case, Handover, Task
from staffel.engine.worker import run_due
from staffel.ui.app import create_application

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""A Monday."""
PATIENCE = 60_000
"""Milliseconds: the machine may have other work."""
PROCESSES = ("rechtskreiswechsel", "seiteneinsteiger", "seiteneinsteiger-seriell")
SERIAL_TOWN = "05915000"
"""Hamm, where a school place is looked for only after the examination (`hamm.ki`)."""


expect.set_options(timeout=PATIENCE)


@dataclass
class Town:
    """The served installation; `people` are those who have a browser open."""

    address: str
    database: Database
    browser: Browser
    now: datetime = BEGIN
    people: dict[str, Person] = field(default_factory=dict)

    def at(self, month: int, day: int, hour: int = 9) -> None:
        """Move the clock and let the worker do what has become due."""
        self.now = datetime(2026, month, day, hour, tzinfo=UTC)
        while run_due(self.database, self.now):
            pass

    def actor(self, login: str) -> Actor:
        """Somebody as the functions of the engine know them."""
        account = self.database.read(
            lambda tx: tx.session.exec(select(Account.id).where(Account.login == login)).one()
        )
        actor = self.database.read(actor_of_account, account_id=account)
        assert actor is not None
        return actor

    def begin(
        self, login: str, process: str, reference: str, element: str, values: Mapping[str, Any]
    ) -> None:
        """Start a case without a browser, as what comes before what a story is about."""
        self.database.run(
            cases.start_case, actor=self.actor(login), now=self.now, process_key=process, reference=reference,
            element=element, values=dict(values),
        )  # fmt: skip

    def step(self, login: str, reference: str, **values: Any) -> None:
        """Complete the one open task of a case without a browser."""
        actor, task = self.actor(login), self._open(Task, reference)
        self.database.run(cases.claim_task, actor=actor, now=self.now, task_id=task)
        self.database.run(cases.complete_task, actor=actor, now=self.now, task_id=task, values=values)

    def take(self, login: str, reference: str) -> None:
        """Accept the one open handover of a case without a browser."""
        handover = self._open(Handover, reference)
        self.database.run(cases.accept_handover, actor=self.actor(login), now=self.now, handover_id=handover)

    def _open(self, what: type[Task | Handover], reference: str) -> UUID:
        query = select(what.id).join(Case, col(Case.id) == col(what.case_id))
        query = query.where(Case.reference == reference, col(what.closed_at).is_(None))
        return self.database.read(lambda tx: tx.session.exec(query).one())

    def person(self, login: str) -> Person:
        """Somebody at the own browser (`koeln.jc`), without the drawings: they take two thirds of the time and are looked at elsewhere."""
        if login not in self.people:
            page = self.browser.new_context(base_url=self.address, locale="de-DE").new_page()
            chromium = page.context.new_cdp_session(page)
            chromium.send("Network.enable")
            chromium.send("Network.setBlockedURLs", {"urls": ["*/bpmn-*.js*"]})
            self.people[login] = Person(login, page)
        return self.people[login]


class Person:
    """Works by the pages alone. `troubles` collects what must never happen."""

    def __init__(self, login: str, page: Page) -> None:
        self.login, self.page = login, page
        page.set_default_timeout(PATIENCE)
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on(
            "console",
            lambda said: self.troubles.append(said.text) if "Security Policy" in said.text else None,
        )

    def open(self, path: str) -> Page:
        """Go to a page; sign in where the session is over."""
        self.page.goto(path)
        if "/anmelden" in self.page.url:
            self.page.get_by_label("Kennung").fill(self.login)
            self.page.get_by_label("Kennwort").fill(DEMO_PASSWORD)
            self.page.get_by_role("button", name="Anmelden").click()
            self.page.wait_for_url(lambda url: "/anmelden" not in url)
            self.page.goto(path)
        return self.page

    def case(self, reference: str) -> Page:
        """The page of a case."""
        self.open(f"/vorgaenge?stand=alle&az={reference}").get_by_role(
            "link", name=reference, exact=True
        ).click()
        expect(self.page.get_by_role("heading", name=reference, exact=True)).to_be_visible()
        return self.page

    def sees(self, reference: str) -> str:
        """All that the page of a case says."""
        return self.case(reference).inner_text("main")

    def start(self, process: str, reference: str, values: Mapping[str, Any], start: str = "") -> None:
        """Start a case by its form; `start` is the start event where there are several."""
        page = self.open(f"/vorgaenge/neu?prozess={process}&start={start}")
        page.get_by_label("Aktenzeichen").fill(reference)
        self._fill(page.locator("main form[method=post]"), values)
        page.get_by_role("button", name="Vorgang anlegen").click()
        expect(page.get_by_role("heading", name=reference)).to_be_visible()

    def do(self, reference: str, task: str, **values: Any) -> None:
        """Claim a task of the inbox, fill in its form and complete it."""
        page = self.task(reference, task)
        self._fill(page.locator("#formular"), values)
        self.send(task)

    def task(self, reference: str, task: str) -> Page:
        """A task of the inbox, claimed."""
        page = self.open(f"/eingang?az={reference}")
        page.get_by_role("link", name=task, exact=True).first.click()
        expect(page.get_by_role("heading", name=task, exact=True)).to_be_visible()
        claim = page.get_by_role("button", name="Übernehmen", exact=True)
        if claim.count():
            claim.click()
        return page

    def send(self, task: str) -> None:
        """Complete the task that is shown."""
        self.page.get_by_role("button", name="Erledigen").click()
        expect(self.page.locator("#meldung"), task).to_contain_text("erledigt")

    def fill_in(self, reference: str, task: str, **values: Any) -> None:
        """Fill in what a second person has to sign."""
        page = self.task(reference, task)
        self._fill(page.locator("#formular"), values)
        page.get_by_role("button", name="Zur Mitzeichnung geben").click()
        expect(page.locator("#meldung")).not_to_be_empty()

    def sign(self, reference: str, task: str) -> None:
        """Sign what a colleague has filled in."""
        page = self.open(f"/eingang?ansicht=mitzeichnung&az={reference}")
        page.get_by_role("link", name=task, exact=True).first.click()
        page.get_by_role("button", name="Mitzeichnen", exact=True).click()
        expect(page.locator("#meldung")).not_to_be_empty()

    def confirm(self, reference: str, task: str) -> None:
        """Confirm what the rules propose."""
        self.do(reference, task, _entscheidung="bestaetigen")

    def handover(self, reference: str) -> Page:
        """The one handover of a case to us."""
        page = self.open(f"/uebergaben?az={reference}")
        page.get_by_role("row", name=reference).get_by_role("link").first.click()
        expect(page.get_by_role("heading", name="Übergabe: ", level=1)).to_be_visible()
        return page

    def accept(self, reference: str) -> None:
        """Take over what is offered."""
        self.handover(reference).get_by_role("button", name="Annehmen").click()
        expect(self.page.locator("#meldung")).not_to_be_empty()

    def give_back(self, reference: str, reason: str, text: str) -> None:
        """Return what is offered."""
        page = self.handover(reference)
        page.get_by_text("Mit Grund zurückgeben").click()
        page.get_by_label(reason, exact=True).check()
        page.locator("#text").fill(text)
        page.get_by_role("button", name="Zurückgeben", exact=True).click()
        expect(page.locator("#meldung")).not_to_be_empty()

    def enter(self, reference: str, message: str, **values: Any) -> None:
        """Enter what has come for a case."""
        page = self.case(reference)
        page.get_by_role("link", name=message, exact=True).click()
        self._fill(page.locator("main form[method=post]"), values)
        page.get_by_role("button", name="Eingang eintragen").click()
        expect(page.locator("#meldung")).to_contain_text("Eingang")

    def _fill(self, form: Locator, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                self._fill_rows(form, name, value)
            else:
                self._fill_field(form, name, value)

    def _fill_rows(self, form: Locator, name: str, rows: list[Mapping[str, Any]]) -> None:
        """A repeating group: a row is added by its button when there is none yet."""
        for number, row in enumerate(rows):
            if form.locator(f"[name^='{name}.{number}.']").count() == 0:
                form.locator(f"button[name=_zeile][value='{name}']").click()
                expect(form.locator(f"[name^='{name}.{number}.']").first).to_be_attached()
            self._fill(form, {f"{name}.{number}.{key}": each for key, each in row.items()})

    def _fill_field(self, form: Locator, name: str, value: Any) -> None:
        field = form.locator(f"[name='{name}']:not([type=hidden])").first
        kind = field.evaluate("each => each.type || each.tagName")
        said = str(value).lower() if isinstance(value, bool) else str(value)
        if kind == "radio" or (kind == "checkbox" and not isinstance(value, bool)):
            for each in value if isinstance(value, list) else [said]:
                form.locator(f"[name='{name}'][value='{each}']").check()
        elif kind == "checkbox":
            field.set_checked(value)
        elif kind == "select-one":
            field.select_option(said)
        else:
            field.fill("\n".join(value) if isinstance(value, list) else said)
            field.blur()  # what depends on it is shown once it is left


@contextmanager
def served_town(folder: Path, migrated_file: Path, browser: Browser) -> Iterator[Town]:
    """Built by the same functions as the demo, without its thousands of cases, and served on a free port."""
    database = Database(f"sqlite:///{shutil.copy(migrated_file, folder / 'town.db')}")
    with pytest.MonkeyPatch.context() as patch:
        use_quick_hashes(patch)
        _set_up(database)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    town = Town(f"http://127.0.0.1:{port}", database, browser)
    application = create_application(
        Settings(port=port), database=database, documents=Folder(folder / "documents"), clock=lambda: town.now
    )
    server = Server(uvicorn.Config(application, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield town
    server.should_exit = True
    thread.join(timeout=10)
    database.close()


def _set_up(database: Database) -> None:
    towns = [each for each in read_towns(REFERENCE) if each.ags in {SHOWN_TOWN, SERIAL_TOWN}]
    organisation = database.run(create_organisation, towns=towns, now=BEGIN)
    models = [
        replace(each, municipalities=(SERIAL_TOWN,) if each.municipalities else ())
        for each in read_models(REFERENCE)
        if each.called or each.name in PROCESSES
    ]
    keys = database.run(put_in_force, models=models, designers=organisation.designers, now=BEGIN)
    database.run(sign_all, towns=towns, organisation=organisation, keys=tuple(keys.values()), now=BEGIN)
