"""Whether the server lives, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field

from staffel.api.health.service import check_database
from staffel.api.schemas import Output

router = APIRouter(prefix="/health", tags=["health"])


class Health(Output):
    """The state of the server."""

    status: str = Field(examples=["ok"])


@router.get("/live", summary="Does the process answer?")
async def check_live() -> Health:
    """Answers without touching the database."""
    return Health(status="ok")


@router.get("/ready", summary="Can it work?")
def check_ready(request: Request) -> Health:
    """Asks the database; 503 while that does not answer or has not been migrated."""
    check_database(request.app.state.database)
    return Health(status="ok")
