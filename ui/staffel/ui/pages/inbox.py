"""The inbox: what is to be done in one's Stellen, by due date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.changes.marks import mark_of
from staffel.api.corrections.queries import open_corrections
from staffel.api.deadlines.waiting import count_waiting, list_waiting
from staffel.api.handovers.queries import count_incoming, count_outgoing
from staffel.api.tasks.choices import municipalities_with_tasks, processes_with_tasks
from staffel.api.tasks.counts import count_tasks
from staffel.api.tasks.filters import DEADLINES
from staffel.api.tasks.queries import inbox, tasks_by_id
from staffel.api.tasks.schemas import BulkAction, BulkResult, TaskSummary
from staffel.api.tasks.service import do_to_many, list_filters
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases import (
    claim_task,
    delete_filter,
    postpone_task,
    release_task,
    save_filter,
    take_over_task,
)
from staffel.engine.cases.added_tasks import teams_of
from staffel.engine.cases.colleagues import colleagues
from staffel.engine.store import Transaction
from staffel.ui.formats import ZONE, local
from staffel.ui.pages.cases import own_units
from staffel.ui.pages.inbox_search import ORDERS, VIEWS, Search, search_of, search_of_kept
from staffel.ui.pages.session import local_path
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text
from staffel.ui.words import word

router = APIRouter(include_in_schema=False)
PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much stands in each view, and how many handovers wait."""

    tasks: Mapping[str, int]
    incoming: int
    outgoing: int


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
    return go(search.address(), "filter-saved")


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
    counts = visit.ask(count, now=visit.now, search=search)
    since = {"seit": visit.now.isoformat(), "uebergaben": counts.incoming}
    here = search.address()
    return visit.page(
        "inbox.html",
        mark=mark,
        look=f"/eingang/stand?{urlencode(search.query | since)}",
        status=422 if fault else 200,
        search=search,
        views=VIEWS,
        choices=_choices(visit, search),
        tasks=tasks,
        counts=counts,
        corrections=visit.ask(open_corrections),
        waiting=visit.ask(list_waiting, now=visit.now, limit=PAGE).items,
        waiting_count=visit.ask(count_waiting, now=visit.now),
        filters=[(each, search_of_kept(each.query).address()) for each in visit.ask(list_filters)],
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


def count(tx: Transaction, *, actor: Actor, now: datetime, search: Search) -> Counts:
    """How many tasks of the filter each view has, and the handovers."""
    tasks = count_tasks(tx, actor=actor, now=now, wanted=search.filter(now)).model_dump()
    return Counts(
        tasks=dict(zip(VIEWS, tasks.values(), strict=True)),
        incoming=count_incoming(tx, actor=actor, now=now)["incoming"],
        outgoing=count_outgoing(tx, actor=actor),
    )


def _choices(visit: Visit, search: Search) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from in the filters; one Stelle or one municipality is no choice."""
    say, units = visit.language.text, visit.ask(own_units)
    people = visit.ask(_colleagues)
    towns = visit.ask(municipalities_with_tasks)
    return {
        "orders": [(order.value, say(title)) for order, title in ORDERS.items()],
        "deadlines": [(kind, word(visit.language, kind, "deadline")) for kind in DEADLINES],
        "processes": visit.ask(processes_with_tasks),
        "units": [(str(unit.id), unit.name) for unit in units],
        "people": people,
        "teams": visit.ask(_teams),
        "municipalities": towns if len(towns) > 1 or search.municipality else [],
    }


def _colleagues(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    found = colleagues(tx, units=actor.units_as(*CASEWORK))
    return list({str(each.account_id): each.name for each in found}.items())


def _teams(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    return [(str(team.id), team.name) for team in teams_of(tx, units=set(actor.units_as(*CASEWORK)))]
