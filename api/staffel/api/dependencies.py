"""What routes need: who asks, when, and the way into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from staffel.api.sessions import Attendance, session_secret
from staffel.api.settings import Settings
from staffel.engine.accounts import actor_of_session, actor_of_token
from staffel.engine.actor import Actor
from staffel.engine.errors import Refusal
from staffel.engine.store import Database, Transaction


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session has ended."""

    status, code = 401, "not-signed-in"
    text_de = "Sie sind nicht angemeldet, oder die Sitzung ist beendet."


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One request: who asks, when, and of which database."""

    database: Database
    actor: Actor
    now: datetime


def actor_of_request(request: Request, now: datetime, *, attends: bool = True) -> Actor | None:
    """Who asks, with the rights of this moment: the bearer of the token, or else the session's account.

    With `attends` off the session is not in use by it: what a page asks by itself must not keep a session alive.
    """
    database: Database = request.app.state.database
    if (header := request.headers.get("authorization")) is not None:
        scheme, _, secret = header.partition(" ")
        return (
            database.read(actor_of_token, now=now, secret=secret.strip())
            if scheme.lower() == "bearer"
            else None
        )
    secret = session_secret(request) or ""
    if not secret:
        return None
    settings: Settings = request.app.state.settings
    attendance: Attendance = request.app.state.attendance
    look = database.run if attends and attendance.is_due(secret, now) else database.read
    return look(_signed_in, now=now, secret=secret, settings=settings)


def _signed_in(tx: Transaction, *, now: datetime, secret: str, settings: Settings) -> Actor | None:
    """The session's actor. In a reading transaction what is to be written about the session is left for later."""
    with tx.session.no_autoflush:
        return actor_of_session(tx, now=now, secret=secret, idle=settings.idle, absolute=settings.absolute)


def inquiry(request: Request) -> Inquiry:
    """Dependency of every route that is not public. Raises `NotSignedIn`."""
    now: datetime = request.app.state.clock()
    actor = actor_of_request(request, now)
    if actor is None:
        raise NotSignedIn
    return Inquiry(request.app.state.database, actor, now)


def onlooking(request: Request) -> Inquiry:
    """As `inquiry`, but the request does not count as use of the session. Raises `NotSignedIn`."""
    now: datetime = request.app.state.clock()
    actor = actor_of_request(request, now, attends=False)
    if actor is None:
        raise NotSignedIn
    return Inquiry(request.app.state.database, actor, now)


Asked = Annotated[Inquiry, Depends(inquiry)]
Onlooking = Annotated[Inquiry, Depends(onlooking)]
