"""Accounts, what they may do, and how they sign in."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class Account(Row, table=True):
    """A person who signs in. `login` is kept in lower case; `ended_at` closes the account."""

    __tablename__ = "account"
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags", index=True)
    login: str = text(unique=True)
    name: str = text()
    password_hash: str = text()
    language: str = text(default="de")
    created_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class Membership(Row, table=True):
    """A role of an account in a Stelle, or (`unit_id` empty) for its whole municipality."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "unit_id", "role"),)
    id: UUID = id_column()
    account_id: UUID = link("account.id")
    unit_id: UUID | None = link("unit.id", default=None, index=True)
    team_id: UUID | None = link("team.id", default=None)
    role: str = text()


class SignIn(Row, table=True):
    """A session. Only the hash of its secret is kept."""

    __tablename__ = "session"
    secret_hash: str = text(primary_key=True)
    account_id: UUID = link("account.id", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()


class Token(Row, table=True):
    """A machine's access. It acts with its scopes in its municipality, and with `role` in `unit_id` when both are set."""

    __tablename__ = "token"
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags", index=True)
    name: str = text()
    secret_hash: str = text(unique=True)
    scopes: list[str] = json(default_factory=list)
    unit_id: UUID | None = link("unit.id", default=None)
    role: str | None = text(default=None)
    created_at: datetime = moment()
    expires_at: datetime | None = moment(default=None)
    ended_at: datetime | None = moment(default=None)


class Webhook(Row, table=True):
    """A system that sends signed messages; it may send those named in `messages`. Its secret is derived, not kept."""

    __tablename__ = "webhook"
    id: UUID = id_column()
    municipality: str = text(foreign_key="municipality.ags", index=True)
    name: str = text()
    messages: list[str] = json(default_factory=list)
    created_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class SignInFailure(Row, table=True):
    """Wrong passwords for an account name or from an address (`subject`), to slow down guessing."""

    __tablename__ = "sign_in_failure"
    subject: str = text(primary_key=True)
    count: int
    last_at: datetime = moment()


class Audit(Row, table=True):
    """Who did what that others must be able to check later. Only ever appended."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "municipality", "at"),)
    id: UUID = id_column()
    at: datetime = moment()
    municipality: str = text()
    account_id: UUID | None = link("account.id", default=None)
    token_id: UUID | None = link("token.id", default=None)
    action: str = text()
    subject: str = text(default="")
    details: dict[str, Any] = json(default_factory=dict)
