"""The search: a page of its own, and the same as a list for the palette that opens with Ctrl+K."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from staffel.api.search.queries import SHORTEST, search
from staffel.ui.navigation import pages_for
from staffel.ui.visit import Visit, Visited
from staffel.ui.words import word

router = APIRouter(include_in_schema=False)
ON_PAGE, IN_PALETTE = 25, 6


@dataclass(frozen=True)
class Hit:
    """Something to go to."""

    text: str
    detail: str
    href: str


@dataclass(frozen=True)
class Group:
    """Hits of one kind under their title."""

    title: str
    hits: list[Hit]


@router.get("/suche")
def show_search(visit: Visited, q: str = "") -> Response:
    """The search with what was found."""
    sought = q.strip()[:200]
    return visit.page("search.html", sought=sought, groups=_groups(visit, sought, ON_PAGE), shortest=SHORTEST)


@router.get("/suche/treffer")
def find(visit: Visited, q: str = "") -> Response:
    """What was found, for the palette."""
    groups = _groups(visit, q.strip()[:200], IN_PALETTE)
    return JSONResponse([{"title": each.title, "hits": [vars(hit) for hit in each.hits]} for each in groups])


def _groups(visit: Visit, sought: str, limit: int) -> list[Group]:
    found = visit.ask(search, now=visit.now, text=sought, limit=limit)
    say, language = visit.language.text, visit.language
    groups = (
        Group(say("Seiten"), list(_pages(visit, sought))),
        Group(
            say("Vorgänge"),
            [
                Hit(
                    case.reference,
                    f"{case.process_name}, {word(language, case.status, 'case')}, {case.responsible.name}",
                    f"/vorgaenge/{case.id}",
                )
                for case in found.cases
            ],
        ),
        Group(
            say("Aufgaben"),
            [
                Hit(
                    f"{task.name or task.element}, {task.case.reference}",
                    task.case.process_name,
                    f"/aufgaben/{task.id}",
                )
                for task in found.tasks
            ],
        ),
        Group(
            say("Modelle"),
            [
                Hit(
                    model.process_name,
                    say("Version %(number)s", number=model.number),
                    f"/modelle/version/{model.id}",
                )
                for model in found.models
            ],
        ),
    )
    return [group for group in groups if group.hits]


def _pages(visit: Visit, sought: str) -> Iterator[Hit]:
    """The pages that the person may see and whose title has every word of `sought`."""
    for path, title in pages_for(visit.actor):
        shown = visit.language.text(title)
        if all(part in shown.casefold() for part in sought.casefold().split()):
            yield Hit(shown, "", path)
