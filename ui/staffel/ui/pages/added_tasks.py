"""Tasks that a Stelle sets itself in a case: added on the case's page, dropped on their own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.added_tasks.queries import read_added_tasks
from staffel.engine.cases import add_task, drop_task
from staffel.engine.cases.added_tasks import DueDay, TaskTitle
from staffel.ui.language import Language
from staffel.ui.pages.cases import NewTask, case_page
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visited, text

router = APIRouter(include_in_schema=False)


@router.post("/vorgaenge/{case_id}/aufgaben")
def add(case_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Add a task; when something is missing, the case's page comes back with what was typed."""
    typed = {name: text(sent, field) for name, field in FIELDS.items()}
    known = visit.ask(read_added_tasks, case_id=case_id)
    team = next((each for each in known.teams if str(each.id) == typed["team"]), None)
    unit = next(
        (each.id for each in known.units if str(each.id) == typed["unit"]), team.unit_id if team else None
    )
    try:
        visit.do(
            add_task,
            case_id=case_id,
            title=typed["title"],
            text=typed["text"],
            due=_day(typed["due"]),
            unit_id=unit,
            team_id=team.id if team else None,
        )
    except (TaskTitle, DueDay) as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        field = "title" if isinstance(refusal, TaskTitle) else "due"
        return case_page(visit, case_id, task=NewTask(**typed, fault=fault, field=field))
    return go(f"/vorgaenge/{case_id}", "task-added")


@router.post("/aufgaben/{task_id}/streichen")
def drop(task_id: UUID, visit: Visited) -> Response:
    """Drop an added task."""
    visit.do(drop_task, task_id=task_id)
    return go("/eingang", "task-dropped")


FIELDS = {"title": "titel", "text": "notiz", "due": "faellig", "unit": "stelle", "team": "team"}


def _day(typed: str) -> date | None:
    """The day; what is none is refused as one that has passed."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return date.min
