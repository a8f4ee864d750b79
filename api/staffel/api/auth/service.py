"""Signing in and out; the pages use the same functions."""

from __future__ import annotations

import math
from datetime import datetime

from fastapi import Request
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from staffel.api.auth.schemas import Me, UnitRoles
from staffel.api.references import UnitRef
from staffel.api.sessions import clear_session_cookie, session_secret, set_session_cookie
from staffel.engine.accounts import set_password, sign_in, sign_out
from staffel.engine.actor import Actor
from staffel.engine.errors import NotAllowed, Refusal
from staffel.engine.store import Database, Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Account, Municipality, Unit


class WrongPassword(Refusal):
    """Name or password is wrong."""

    status, code = 401, "wrong-password"
    text_de = "Anmeldename oder Kennwort ist falsch."


class TooManyTries(Refusal):
    """Too many wrong passwords; wait before you try again."""

    status, code = 429, "too-many-tries"
    text_de = "Zu viele falsche Kennwörter. Bitte warten Sie, bevor Sie es noch einmal versuchen."


def begin_session(request: Request, response: Response, *, login: str, password: str) -> str:
    """Sign in: a new session in the database and in the response's cookie; its secret, for the tokens of the next page.

    Raises `WrongPassword`, `TooManyTries`.
    """
    database: Database = request.app.state.database
    now: datetime = request.app.state.clock()
    address = request.client.host if request.client else ""
    secret = _checked(database, now=now, login=login, password=password, address=address)
    if before := session_secret(request):
        database.run(sign_out, secret=before)
    set_session_cookie(response, secret, request.app.state.settings)
    return secret


def end_session(request: Request, response: Response) -> None:
    """Sign out: the session ends at once."""
    if secret := session_secret(request):
        request.app.state.database.run(sign_out, secret=secret)
    clear_session_cookie(response, request.app.state.settings)


def change_password(database: Database, *, actor: Actor, now: datetime, old: str, new: str) -> None:
    """Change one's own password; all one's sessions end. Wrong tries count as in signing in.

    Raises `WrongPassword`, `TooManyTries`, `PasswordTooWeak`, `NotAllowed` (programs have none).
    """
    login = database.read(_login_of, actor=actor)
    _checked(database, now=now, login=login, password=old, address="")
    database.run(_set_own_password, actor=actor, now=now, password=new)


def _checked(database: Database, *, now: datetime, login: str, password: str, address: str) -> str:
    """The secret of a new session. A failure is counted before this raises."""
    result = sign_in(database, now=now, login=login, password=password, address=address)
    if result.secret is not None:
        return result.secret
    if result.retry_after:
        raise TooManyTries(retry_after=math.ceil(result.retry_after.total_seconds()))
    raise WrongPassword


def _login_of(tx: Transaction, *, actor: Actor) -> str:
    account = tx.session.get(Account, actor.account) if actor.account else None
    if account is None:
        raise NotAllowed
    return account.login


def _set_own_password(tx: Transaction, *, actor: Actor, now: datetime, password: str) -> None:
    if actor.account is None:
        raise NotAllowed
    set_password(tx, account_id=actor.account, password=password)
    record(tx, actor=actor, now=now, action="account.password", subject=actor.account)


def describe_actor(tx: Transaction, *, actor: Actor, csrf_token: str = "") -> Me:
    """Who asks, with the names of the Stellen."""
    units = tx.session.execute(
        select(Unit).where(col(Unit.id).in_(actor.units)).order_by(col(Unit.name))
    ).scalars()
    municipality = tx.session.get(Municipality, actor.municipality)
    return Me(
        name=actor.name,
        account=actor.account,
        municipality=actor.municipality,
        municipality_name=municipality.name if municipality else "",
        roles=sorted(actor.roles),
        units=[
            UnitRoles(unit=UnitRef.model_validate(unit), roles=sorted(actor.units[unit.id])) for unit in units
        ],
        scopes=sorted(actor.scopes),
        csrf_token=csrf_token,
    )
