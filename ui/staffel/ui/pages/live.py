"""What pages listen to, and what the inbox asks when it hears that something has changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import AwareDatetime
from sqlalchemy import func, select
from sqlmodel import col
from starlette.responses import JSONResponse, Response, StreamingResponse

from staffel.api.changes.streams import Streams
from staffel.api.dependencies import Onlooking, actor_of_request
from staffel.api.tasks.filters import OPEN, InboxFilter
from staffel.api.tasks.queries import matching, tasks_by_id
from staffel.api.tasks.schemas import TaskSummary
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Task, TaskStatus
from staffel.ui.language import Language, language_of
from staffel.ui.pages.inbox import count
from staffel.ui.pages.inbox_search import VIEWS, search_of

router = APIRouter(include_in_schema=False)
MOST_ROWS = 200


@router.get("/aenderungen")
def listen(
    request: Request,
    asked: Onlooking,
    vorgang: UUID | None = None,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Server-sent events: `change` with the new mark of the inbox or of the case, `ended` when the session has."""
    streams: Streams = request.app.state.streams

    def who() -> Actor | None:
        return actor_of_request(request, request.app.state.clock(), attends=False)

    events = streams.open(who, asked.actor, case_id=vorgang, last=last_event_id[:100])
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no", "cache-control": "no-store"},
    )


@router.get("/eingang/stand")
def inbox_now(
    request: Request,
    asked: Onlooking,
    seit: AwareDatetime,
    uebergaben: int = 0,
    zeile: Annotated[list[UUID] | None, Query(max_length=MOST_ROWS)] = None,
) -> Response:
    """What has changed since `seit` for somebody who looks at the view of the address with the rows `zeile`: in words."""
    search, language = search_of(request.query_params), language_of(request)
    database, actor, now = asked.database, asked.actor, asked.now
    rows = zeile or []
    wanted = search.filter(now)
    counts = database.read(count, actor=actor, now=now, search=search)
    fresh = database.read(count_new, actor=actor, now=now, wanted=wanted, since=seit, known=rows)
    return JSONResponse(
        {
            "counts": {view: counts.tasks[view] for view in VIEWS},
            "said": _said_of_handovers(language, counts.incoming, counts.outgoing),
            "fresh": _said(language, fresh, counts.incoming - uebergaben),
            "number": fresh,
            "rows": database.read(
                what_became_of,
                actor=actor,
                now=now,
                wanted=wanted,
                since=seit,
                rows=rows,
                language=language,
            ),
        },
        headers={"content-language": language.value},
    )


def _said_of_handovers(language: Language, incoming: int, outgoing: int) -> dict[str, str]:
    """How many handovers wait for the own Stelle and for others, as the heading says it."""
    return {
        "incoming": language.plural("%(num)s Übergabe an uns", "%(num)s Übergaben an uns", incoming),
        "outgoing": language.plural("%(num)s wartet auf andere", "%(num)s warten auf andere", outgoing),
    }


def _said(language: Language, tasks: int, handovers: int) -> str:
    """`3 neue Aufgaben, 1 neue Übergabe an uns – anzeigen`; empty when there is nothing new."""
    parts = []
    if tasks > 0:
        parts.append(language.plural("%(num)s neue Aufgabe", "%(num)s neue Aufgaben", tasks))
    if handovers > 0:
        parts.append(
            language.plural("%(num)s neue Übergabe an uns", "%(num)s neue Übergaben an uns", handovers)
        )
    return language.text("%(what)s – anzeigen", what=", ".join(parts)) if parts else ""


def count_new(
    tx: Transaction, *, actor: Actor, now: datetime, wanted: InboxFilter, since: datetime, known: list[UUID]
) -> int:
    """How many tasks of the list came since then, but for those that are shown already."""
    fresh = matching(actor, wanted, now).where(col(Task.available_at) >= since, col(Task.id).not_in(known))
    statement = select(func.count()).select_from(fresh.subquery())
    return int(tx.session.execute(statement).scalar_one())


def what_became_of(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    wanted: InboxFilter,
    since: datetime,
    rows: list[UUID],
    language: Language,
) -> dict[str, str]:
    """For the rows with which there is nothing to be done any more as they are shown: why, in words."""
    listed = matching(actor, wanted, now).where(col(Task.id).in_(rows))
    present = set(tx.session.execute(listed).scalars())
    tasks = {task.id: task for task in tasks_by_id(tx, actor=actor, ids=rows)}
    told = ((row, _what_became_of(tasks.get(row), row in present, since, language)) for row in rows)
    return {str(row): text for row, text in told if text}


def _what_became_of(task: TaskSummary | None, is_listed: bool, since: datetime, language: Language) -> str:
    claimed = task is not None and task.status == TaskStatus.CLAIMED and not task.is_mine
    if claimed and task and task.claimed_at and task.claimed_at >= since:
        return language.text("inzwischen übernommen von %(name)s", name=task.claimed_by or "")
    if is_listed:
        return ""
    is_open = task is None or task.status in OPEN
    return language.text("nicht mehr in dieser Ansicht") if is_open else language.text("inzwischen erledigt")
