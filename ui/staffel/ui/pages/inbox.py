"""The inbox: what is to be done in one's Stellen, by due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func, not_, select
from sqlmodel import col
from starlette.responses import Response

from staffel.api.changes.marks import mark_of
from staffel.api.corrections.queries import open_corrections
from staffel.api.deadlines.waiting import count_waiting, list_waiting
from staffel.api.handovers.queries import HandoverFilter, count_incoming, list_handovers
from staffel.api.handovers.schemas import Direction
from staffel.api.tasks.queries import (
    InboxFilter,
    Order,
    inbox,
    is_mine,
    is_postponed,
    tasks_by_id,
    visible_to,
)
from staffel.api.tasks.schemas import BulkAction, BulkResult, InboxQuery, TaskSummary
from staffel.api.tasks.service import do_to_many, list_filters
from staffel.engine.actor import Actor
from staffel.engine.cases import (
    claim_task,
    delete_filter,
    postpone_task,
    release_task,
    save_filter,
    take_over_task,
)
from staffel.engine.cases.substitution import is_to_take_over
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Process, Task, TaskStatus
from staffel.ui.formats import ZONE, local
from staffel.ui.language import marked as _
from staffel.ui.pages.cases import own_units
from staffel.ui.pages.session import local_path
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text
from staffel.ui.words import word

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
        "mitzeichnung": _("Zur Mitzeichnung"),
        "wiedervorlage": _("Wiedervorlage"),
        "vertretung": _("In Vertretung"),
    }
)
KINDS: Mapping[str, bool] = MappingProxyType({"zusatz": True, "verfahren": False})
DEADLINES = ("gesetzlich", "soll", "vereinbart", "intern", "person")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much stands in each view, and how many handovers wait."""

    tasks: Mapping[str, int]
    incoming: int
    outgoing: int


@dataclass(frozen=True, kw_only=True)
class Search:
    """What the address of the inbox says: the view, the filter, the order."""

    view: str = "offen"
    reference: str = ""
    process: str = ""
    name: str = ""
    deadline: str = ""
    claimed: str = ""
    kind: str = ""
    order: str = "due"

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the view and the order is asked for."""
        return any((self.reference, self.process, self.name, self.deadline, self.claimed, self.kind))

    @property
    def query(self) -> dict[str, str]:
        """The names and values of the address."""
        found = {
            "ansicht": self.view,
            "az": self.reference,
            "prozess": self.process,
            "schritt": self.name,
            "frist": self.deadline,
            "uebernommen": self.claimed,
            "art": self.kind,
            "sortierung": self.order if self.order != "due" else "",
        }
        return {name: value for name, value in found.items() if value}

    def filter(self, now: datetime) -> InboxFilter:
        """The same for the list."""
        before = {"faellig": now + SOON, "ueberfaellig": now}
        return InboxFilter(
            reference=self.reference or None,
            process=self.process or None,
            name=self.name or None,
            deadline=self.deadline or None,
            claimed={"ja": True, "nein": False}.get(self.claimed),
            added=KINDS.get(self.kind),
            status={"neu": TaskStatus.OPEN, "mitzeichnung": TaskStatus.CHECKING}.get(self.view),
            mine=self.view == "meine",
            due_before=before.get(self.view),
            postponed=self.view == "wiedervorlage",
            to_take_over=self.view == "vertretung",
            order=Order(self.order),
        )

    def kept(self) -> InboxQuery:
        """The same as a filter to be kept."""
        return InboxQuery(
            view=self.view,
            order=self.order,
            reference=self.reference or None,
            process=self.process or None,
            name=self.name or None,
            deadline=self.deadline or None,
            claimed={"ja": True, "nein": False}.get(self.claimed),
            added=KINDS.get(self.kind),
        )


def search_of(given: Mapping[str, Any]) -> Search:
    """What an address or a sent form says; what is unknown is left out."""
    found = {name: str(value).strip()[:200] for name, value in given.items() if isinstance(value, str)}
    view, order = found.get("ansicht", ""), found.get("sortierung", "")
    deadline, claimed = found.get("frist", ""), found.get("uebernommen", "")
    return Search(
        view=view if view in VIEWS else "offen",
        reference=found.get("az", ""),
        process=found.get("prozess", ""),
        name=found.get("schritt", ""),
        deadline=deadline if deadline in DEADLINES else "",
        claimed=claimed if claimed in {"ja", "nein"} else "",
        kind=found.get("art", "") if found.get("art") in KINDS else "",
        order=order if order in set(Order) else "due",
    )


def address_of(query: InboxQuery) -> str:
    """The address of a kept filter."""
    claimed = {True: "ja", False: "nein"}.get(query.claimed) if query.claimed is not None else ""
    kept = Search(
        view=query.view,
        order=query.order,
        reference=query.reference or "",
        process=query.process or "",
        name=query.name or "",
        deadline=query.deadline or "",
        claimed=claimed or "",
        kind=next((kind for kind, added in KINDS.items() if added is query.added), ""),
    )
    return f"/eingang?{urlencode(kept.query)}"


@router.get("/eingang")
def show_inbox(visit: Visited, weiter: str | None = None) -> Response:
    """The tasks of a view, a page of them."""
    return _inbox_page(visit, search_of(visit.request.query_params), cursor=weiter)


@router.post("/eingang/sammel")
def do_to_chosen(visit: Visited, sent: Sent) -> Response:
    """The same to every chosen task; what could not be done is said, task by task."""
    search = search_of(sent)
    chosen = [UUID(each) for each in sent.getlist("aufgabe") if isinstance(each, str)]
    if not chosen:
        return _inbox_page(visit, search, fault=visit.language.text("Bitte zuerst Aufgaben auswählen."))
    action = BulkAction(text(sent, "tun"))
    until = _day(visit, text(sent, "bis")) if action is BulkAction.POSTPONE else None
    if action is BulkAction.POSTPONE and until is None and search.view != "wiedervorlage":
        return _inbox_page(
            visit, search, fault=visit.language.text("Bitte den Tag der Wiedervorlage angeben.")
        )
    before = {task.id: task for task in visit.ask(tasks_by_id, ids=chosen)}
    results = do_to_many(
        visit.inquiry.database, actor=visit.actor, now=visit.now, action=action, tasks=chosen, until=until
    )
    return _inbox_page(visit, search, results=[(before.get(each.id), each) for each in results])


@router.post("/eingang/filter")
def keep_filter(visit: Visited, sent: Sent) -> Response:
    """Keep the filter under a name, for oneself or for the Stelle."""
    search, name, unit = search_of(sent), text(sent, "name")[:100], text(sent, "stelle")
    if not name:
        return _inbox_page(visit, search, fault=visit.language.text("Der Filter braucht einen Namen."))
    units = {str(each.id): each.id for each in visit.ask(own_units)}
    visit.do(
        save_filter, name=name, query=search.kept().model_dump(exclude_none=True), unit_id=units.get(unit)
    )
    return go(f"/eingang?{urlencode(search.query)}", "filter-saved")


@router.post("/eingang/filter/{filter_id}/loeschen")
def drop_filter(filter_id: UUID, visit: Visited) -> Response:
    """Delete an own filter."""
    visit.do(delete_filter, filter_id=filter_id)
    return go("/eingang", "filter-deleted")


@router.post("/aufgaben/{task_id}/wiedervorlage")
def postpone(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Put the task off until a day; without one it is shown again."""
    visit.do(postpone_task, task_id=task_id, until=_day(visit, text(sent, "bis")))
    return go(local_path(text(sent, "zurueck") or f"/aufgaben/{task_id}"), "task-postponed")


def _day(visit: Visit, day: str) -> datetime | None:
    """The beginning of a local day; None for none. What is no day is refused as one that has passed."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZONE)
    except ValueError:
        return visit.now


def _inbox_page(
    visit: Visit,
    search: Search,
    *,
    cursor: str | None = None,
    fault: str = "",
    results: Sequence[tuple[TaskSummary | None, BulkResult]] = (),
) -> Response:
    mark = visit.ask(mark_of)  # before the list: what changes meanwhile is told, if anything twice
    tasks = visit.ask(inbox, now=visit.now, wanted=search.filter(visit.now), cursor=cursor, limit=PAGE)
    counts = visit.ask(count, now=visit.now)
    since = {"seit": visit.now.isoformat(), "uebergaben": counts.incoming}
    here = f"/eingang?{urlencode(search.query)}"
    return visit.page(
        "inbox.html",
        mark=mark,
        look=f"/eingang/stand?{urlencode(search.query | since)}",
        status=422 if fault else 200,
        search=search,
        views=VIEWS,
        deadline_words=[(kind, word(visit.language, kind, "deadline")) for kind in DEADLINES],
        shared_units=[(str(unit.id), unit.name) for unit in visit.ask(own_units)],
        tasks=tasks,
        counts=counts,
        corrections=visit.ask(open_corrections),
        waiting=visit.ask(list_waiting, now=visit.now, limit=PAGE).items,
        waiting_count=visit.ask(count_waiting, now=visit.now),
        processes=visit.ask(processes_with_tasks),
        filters=[(each, address_of(each.query)) for each in visit.ask(list_filters)],
        fault=fault,
        results=results,
        here=here,
        tomorrow=local(visit.now).date() + timedelta(days=1),
        more=f"{here}&{urlencode({'weiter': tasks.next})}" if tasks.next else "",
        is_continued=bool(cursor),
    )


@router.post("/aufgaben/{task_id}/uebernehmen")
def claim(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Claim the task and go on with it, or stay in the list."""
    visit.do(claim_task, task_id=task_id)
    return go(local_path(text(sent, "zurueck") or f"/aufgaben/{task_id}"), "task-claimed")


@router.post("/aufgaben/{task_id}/vertreten")
def take_over(task_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Go on with what somebody absent has claimed."""
    visit.do(take_over_task, task_id=task_id, text=text(sent, "text"))
    return go(local_path(text(sent, "zurueck") or f"/aufgaben/{task_id}"), "task-taken-over")


@router.post("/aufgaben/{task_id}/zurueckgeben")
def release(task_id: UUID, visit: Visited) -> Response:
    """Give the task back to the Stelle."""
    visit.do(release_task, task_id=task_id)
    return go("/eingang", "task-released")


def count(tx: Transaction, *, actor: Actor, now: datetime) -> Counts:
    """How many tasks each view has, in one statement, and the handovers."""
    shown = not_(is_postponed(now))
    statement = select(
        func.count().filter(shown),
        func.count().filter(shown, col(Task.sort_at) < now + SOON),
        func.count().filter(shown, col(Task.sort_at) < now),
        func.count().filter(shown, col(Task.status) == TaskStatus.OPEN),
        func.count().filter(shown, is_mine(actor)),
        func.count().filter(col(Task.status) == TaskStatus.CHECKING),
        func.count().filter(is_postponed(now)),
        func.count().filter(shown, is_to_take_over(actor, now)),
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
