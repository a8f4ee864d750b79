"""Whether the server lives, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from staffel.api.schemas import Output
from staffel.engine.errors import Refusal
from staffel.engine.store import Database, Transaction

router = APIRouter(prefix="/health", tags=["health"])


class NotReady(Refusal):
    """The database cannot be reached, or it has not been migrated (`staffel migrate`)."""

    status, code = 503, "not-ready"
    text_de = "Die Datenbank ist nicht erreichbar oder nicht eingerichtet (`staffel migrate`)."


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
    database: Database = request.app.state.database
    try:
        database.read(_ask)
    except SQLAlchemyError as err:
        raise NotReady from err
    return Health(status="ok")


def _ask(tx: Transaction) -> None:
    tx.session.execute(text("SELECT count(*) FROM alembic_version"))
