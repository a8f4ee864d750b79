"""A small installation for the browser tests, and somebody who visits it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from staffel.engine import cases, library
from staffel.engine.accounts import create_account, create_municipality, create_unit
from staffel.engine.actor import Actor, Role
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Handover, Task

TESTS = Path(__file__).parents[1]
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
PASSWORD = "ein sehr langer Satz"
DRAWN = "[data-diagram], [data-dmn-table], [data-dmn-graph], [data-dmn-editor]"
HOSTILE = '<img src=x onerror=alert("az")>'
MODEL = TESTS / "ui" / "model"
STORY = TESTS / "story" / "kautionsdarlehen.bpmn"
AGS, OTHER_AGS = "05566076", "05315000"
FILLED = {"personen": 2, "art": "wohnung", "einzug_ab": "2026-12-01", "wohnungslos": True}


def files_of(folder: Path) -> dict[str, bytes]:
    """A bundle's files by path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass
class Site:
    """The running installation. `paths` names an address for each kind of page."""

    address: str
    database: Database
    actors: dict[str, Actor]
    paths: dict[str, str] = field(default_factory=dict)
    signed_in: dict[str, Any] = field(default_factory=dict)

    def start(self, reference: str, *, days_ago: int = 3) -> UUID:
        """A new case of the Case Management."""
        return self.database.run(
            cases.start_case,
            actor=self.actors["cm"],
            now=NOW - timedelta(days=days_ago),
            process_key="wohnraumhilfe",
            reference=reference,
            values={"person": "Amina Muster"},
        )

    def task(self, case_id: UUID) -> UUID:
        """The open task of a case."""
        found = select(Task.id).where(Task.case_id == case_id, Task.closed_at == None)  # noqa: E711 - SQL
        return self.database.read(lambda tx: tx.session.exec(found).one())

    def add_document(self, case_id: UUID, name: str, kind: str) -> UUID:
        """A document of the Case Management, without its content."""
        document, _ = self.do(
            "cm", cases.reserve_document, case_id=case_id, name=name, content=b"Text", kind=kind
        )
        self.do("cm", cases.keep_document, document_id=document)
        return document  # type: ignore[no-any-return]

    def hand_over(self, reference: str, *, days_ago: int = 0) -> UUID:
        """A case that is offered to the housing office; the id of the handover."""
        case_id = self.start(reference, days_ago=20)
        self.add_document(case_id, "Vertrag.txt", "mietvertrag")
        then, actor, task = NOW - timedelta(days=days_ago), self.actors["cm"], self.task(case_id)
        self.database.run(cases.claim_task, actor=actor, now=then, task_id=task)
        self.database.run(cases.complete_task, actor=actor, now=then, task_id=task, values=FILLED)
        found = select(Handover.id).where(Handover.case_id == case_id)
        return self.database.read(lambda tx: tx.session.exec(found).one())

    def decision(self, reference: str) -> UUID:
        """A proposed decision that the housing office has accepted and claimed."""
        handover = self.hand_over(reference)
        self.do("woh", cases.accept_handover, handover_id=handover)
        case = self.database.read(lambda tx: tx.session.get_one(Handover, handover).case_id)
        task = self.task(case)
        self.do("woh", cases.claim_task, task_id=task)
        return task

    def upload(self, files: dict[str, bytes], now: datetime = NOW) -> UUID:
        """A new draft of the designer's."""
        actor = self.actors["design"]
        checked = self.database.read(library.check_upload, actor=actor, now=now, files=files)
        return self.database.run(library.upload, actor=actor, now=now, checked=checked)

    def do(self, who: str, change: Any, **arguments: Any) -> Any:
        """Change something as somebody."""
        return self.database.run(change, actor=self.actors[who], now=NOW, **arguments)


def add_people(tx: Transaction) -> dict[str, UUID]:
    then = NOW - timedelta(days=100)
    made = {}
    for ags, name in ((AGS, "Rheine"), (OTHER_AGS, "Köln")):
        create_municipality(tx, ags=ags, name=name, kind="kreisangehoerig")
    roles: dict[str, tuple[Role, UUID | None]] = {
        "design": (Role.PROZESSDESIGN, None),
        "analyse": (Role.ANALYSE, None),
        "admin": (Role.ADMINISTRATION, None),
        "kim": (Role.KOORDINATION, None),
    }
    for kind, name in (("CM", "Case Management"), ("WOH", "Wohnungsamt")):
        unit = create_unit(tx, now=then, municipality=AGS, kind=kind, name=f"{name} Rheine")
        roles[kind.lower()] = (Role.SACHBEARBEITUNG, unit)
        roles[f"{kind.lower()}-leitung"] = (Role.TEAMLEITUNG, unit)
    roles["lead"] = (Role.TEAMLEITUNG, roles["cm"][1])
    for login, (role, unit_id) in roles.items():
        made[login] = create_account(
            tx, now=then, municipality=AGS, login=login, name=f"{login.title()} Muster", password=PASSWORD,
            roles=[(role, unit_id)],
        )  # fmt: skip
    return made


def fill(site: Site) -> None:
    then = NOW - timedelta(days=100)
    version = site.upload(files_of(MODEL), then)
    site.database.run(library.put_in_force, actor=site.actors["design"], now=then, version_id=version)
    draft = site.upload({"kautionsdarlehen.bpmn": STORY.read_bytes()})
    mine = site.task(site.start("CM-1"))
    site.do("cm", cases.claim_task, task_id=mine)
    hostile = site.start(HOSTILE)
    site.add_document(hostile, '<img src=x onerror=alert("d")>.txt', "sonstiges")
    case_id, key = site.database.read(
        lambda tx: tx.session.exec(select(Task.case_id, Task.key).where(Task.id == mine)).one()
    )
    frist = {"case_id": case_id, "key": key, "place": 1}
    site.do("cm", cases.suspend_deadline, **frist, since=NOW.date(), reason="Unterlagen fehlen")
    site.do(
        "cm",
        cases.suspend_deadline,
        **frist | {"place": 0},
        since=NOW.date(),
        until=NOW.date(),
        reason="Rückfrage",
    )
    accepted = site.hand_over("CM-2")
    site.do("woh", cases.accept_handover, handover_id=accepted)
    decision = site.database.read(
        lambda tx: tx.session.exec(select(Task).where(Task.proposal != None)).one()  # noqa: E711 - SQL
    )
    site.do("woh", cases.claim_task, task_id=decision.id)
    checked = site.decision("CM-5")
    site.do("woh", cases.complete_task, task_id=checked)
    site.hand_over("CM-4", days_ago=10)
    site.paths = {
        "inbox": "/eingang",
        "cases": "/vorgaenge",
        "search": "/suche?q=CM",
        "new": "/vorgaenge/neu?prozess=wohnraumhilfe",
        "linked": f"/vorgaenge/neu?von={hostile}&prozess=wohnraumhilfe",
        "batches": "/sammelstart",
        "task": f"/aufgaben/{mine}",
        "frist": f"/vorgaenge/{case_id}/fristen/{key}/1",
        "fristen": f"/vorgaenge/{case_id}",
        "closing": "/schliesstage",
        "account": "/konto",
        "substitutions": "/vertretung",
        "hostile": f"/vorgaenge/{hostile}",
        "decision": f"/aufgaben/{decision.id}",
        "check": f"/aufgaben/{checked}",
        "case": f"/vorgaenge/{decision.case_id}",
        "booklet": f"/vorgaenge/{hostile}/begleitheft?sprache=ar&sprache=uk",
        "consents": f"/vorgaenge/{hostile}/einwilligungen",
        "handovers": "/uebergaben",
        "handover": f"/uebergaben/{site.hand_over('CM-3')}",
        "late": "/koordination",
        "models": "/modelle",
        "upload": "/modelle/hochladen",
        "version": f"/modelle/version/{version}",
        "table": f"/modelle/version/{version}/entscheidungen/dringlichkeit",
        "rules": f"/modelle/version/{version}/entscheidungen/dringlichkeit/bearbeiten",
        "form-editor": f"/modelle/version/{version}/formulare/bedarf/bearbeiten",
        "table-editor": f"/modelle/version/{version}/entscheidungen/dringlichkeit/tabelle",
        "draft": f"/modelle/version/{draft}",
        "agreements": "/vereinbarungen",
        "agreement": f"/vereinbarungen/{version}",
        "annex": f"/vereinbarungen/{version}/anlage",
        "comparison": f"/vergleich?prozess=wohnraumhilfe&kommune={AGS}&kommune={OTHER_AGS}",
        "repair": f"/reparatur/{hostile}",
        "incidents": "/stoerungen",
        "accounts": "/verwaltung",
        "units": "/verwaltung/stellen",
        "contact": f"/verwaltung/stellen/{next(iter(site.actors['cm'].units))}/kontakt",
        "webhooks": "/verwaltung/webhooks",
        "missing": "/gibt-es-nicht",
        "sign-in": "/anmelden",
    }


class Visitor:
    """Somebody with a browser window; `troubles` collects what must never happen."""

    def __init__(self, browser: Any, site: Site, login: str | None, **options: Any) -> None:
        self.site = site
        state = site.signed_in.get(login or "")
        self.context = browser.new_context(
            base_url=site.address, locale="de-DE", storage_state=state, **options
        )
        self.troubles: list[str] = []
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        self.page.on("console", self._console)
        if login and state is None:
            self.page.goto("/anmelden")
            self.page.fill("#kennung", login)
            self.page.fill("#kennwort", PASSWORD)
            self.page.click("main button[type=submit]")
            self.page.wait_for_url(lambda url: "/anmelden" not in url)
            site.signed_in[login] = self.context.storage_state()

    def _dialog(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        if "Content Security Policy" in message.text or message.text.startswith("diagram:"):
            self.troubles.append(message.text)

    def look(self, name: str) -> Any:
        """Open a page of the site by its name and wait for its diagrams."""
        self.page.goto(self.site.paths[name])
        for diagram in self.page.locator(DRAWN).all():
            self.page.wait_for_selector(f"#{diagram.get_attribute('id')}[data-ready]")
        return self.page

    def close(self) -> None:
        """Leave."""
        self.context.close()
