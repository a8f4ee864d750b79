"""Searching."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from staffel.api.dependencies import Asked
from staffel.api.search import queries
from staffel.api.search.schemas import Found

router = APIRouter(tags=["cases"])


@router.get("/search", summary="Find cases, tasks and processes")
def search(
    asked: Asked,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Part of an Aktenzeichen, of a step's or a process's name; two characters at least",
            examples=["AZ"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50, description="How many of each kind at most")] = 8,
) -> Found:
    """What I may see and nothing else. The lists of each kind give the rest, page by page."""
    return asked.database.read(queries.search, actor=asked.actor, now=asked.now, text=q, limit=limit)
