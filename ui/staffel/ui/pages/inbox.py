"""The inbox: what is to be done in one's Stellen, by due date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlmodel import col
from starlette.responses import Response

from staffel.api.handovers.queries import HandoverFilter, count_incoming, list_handovers
from staffel.api.handovers.schemas import Direction
from staffel.api.tasks.queries import InboxFilter, inbox, visible_to
from staffel.engine.actor import Actor
from staffel.engine.cases import claim_task, release_task
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Process, Task, TaskStatus
from staffel.ui.language import marked as _
from staffel.ui.pages.session import local_path
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visited, text

router = APIRouter(include_in_schema=False)
SOON = timedelta(days=7)
PAGE = 25

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "offen": _("Alle offenen"),
        "faellig": _("Fällig in 7 Tagen"),
        "ueberfaellig": _("Überfällig"),
        "neu": _("Neu"),
        "meine": _("Von mir übernommen"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much stands in each view, and how many handovers wait."""

    tasks: Mapping[str, int]
    incoming: int
    outgoing: int


@router.get("/eingang")
def show_inbox(
    *, visit: Visited, ansicht: str = "offen", az: str = "", prozess: str = "", weiter: str | None = None
) -> Response:
    """The tasks of a view, a page of them."""
    view = ansicht if ansicht in VIEWS else "offen"
    wanted = _filter(view, visit.now, reference=az.strip(), process=prozess)
    tasks = visit.ask(inbox, wanted=wanted, cursor=weiter, limit=PAGE)
    query = {"ansicht": view, "az": az.strip(), "prozess": prozess}
    return visit.page(
        "inbox.html",
        view=view,
        views=VIEWS,
        tasks=tasks,
        counts=visit.ask(count, now=visit.now),
        processes=visit.ask(processes_with_tasks),
        reference=az,
        process=prozess,
        here=f"/eingang?{_query(query)}",
        more=f"/eingang?{_query(query | {'weiter': tasks.next})}" if tasks.next else "",
        is_continued=bool(weiter),
    )


@router.post("/aufgaben/{task_id}/uebernehmen")
def claim(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Claim the task and go on with it, or stay in the list."""
    visit.do(claim_task, task_id=task_id)
    return go(local_path(text(sent, "zurueck") or f"/aufgaben/{task_id}"), "task-claimed")


@router.post("/aufgaben/{task_id}/zurueckgeben")
def release(task_id: UUID, visit: Visited) -> Response:
    """Give the task back to the Stelle."""
    visit.do(release_task, task_id=task_id)
    return go("/eingang", "task-released")


def _filter(view: str, now: datetime, *, reference: str, process: str) -> InboxFilter:
    before = {"faellig": now + SOON, "ueberfaellig": now}
    return InboxFilter(
        reference=reference or None,
        process=process or None,
        status=TaskStatus.OPEN if view == "neu" else None,
        mine=view == "meine",
        due_before=before.get(view),
    )


def _query(values: Mapping[str, str | None]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def count(tx: Transaction, *, actor: Actor, now: datetime) -> Counts:
    """How many tasks each view has, in one statement, and the handovers."""
    statement = select(
        func.count(),
        func.count().filter(col(Task.sort_at) < now + SOON),
        func.count().filter(col(Task.sort_at) < now),
        func.count().filter(col(Task.status) == TaskStatus.OPEN),
        func.count().filter(col(Task.account_id) == actor.account),
    ).where(visible_to(actor), col(Task.closed_at).is_(None))
    row = tx.session.execute(statement).one()
    sent = list_handovers(
        tx, actor=actor, now=now, wanted=HandoverFilter(direction=Direction.OUTGOING), limit=200
    )
    return Counts(
        tasks=dict(zip(VIEWS, row, strict=True)),
        incoming=count_incoming(tx, actor=actor, now=now)["incoming"],
        outgoing=len(sent.items),
    )


def processes_with_tasks(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    """The processes of which one's Stellen have open tasks."""
    rows = tx.session.execute(
        select(col(Process.key), col(Process.name))
        .join(Case, col(Case.process_id) == col(Process.id))
        .join(Task, col(Task.case_id) == col(Case.id))
        .where(visible_to(actor), col(Task.closed_at).is_(None))
        .distinct()
        .order_by(col(Process.name))
    )
    return [(key, name) for key, name in rows]
