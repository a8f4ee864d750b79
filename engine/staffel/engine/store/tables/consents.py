"""The consent register: what a person has consented to, for whom, until when, and whether it was revoked."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class ConsentForm(StrEnum):
    """How the person consented (§ 67b(2) SGB X: written or electronic)."""

    WRITTEN = "schriftlich"
    ELECTRONIC = "elektronisch"
    TASK = "aufgabe"
    """Noted in the form of a task."""


class ConsentEnd(StrEnum):
    """Why a consent does not count any more."""

    REVOKED = "widerrufen"
    EXPIRED = "abgelaufen"


class Consent(Row, table=True):
    """A consent of the person whom a case is about (DOMAIN §3.4). It counts until `ended_at`, at most to the end of `valid_until`.

    `scope` names what may travel: `*` everything, the id of a handover rule, or `KIND:field` a field to a kind of Stelle.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "ix_consent_running",
            "valid_until",
            sqlite_where=sql("ended_at IS NULL"),
            postgresql_where=sql("ended_at IS NULL"),
        ),
    )
    id: UUID = id_column()
    case_id: UUID = link("case.id", index=True)
    unit_id: UUID = link("unit.id")
    account_id: UUID | None = link("account.id", default=None)
    purpose: str = text()
    scope: list[Any] = json(default_factory=list)
    language: str = text(default="")
    form: str = text()
    given_on: date = Field(sa_type=Date)
    valid_until: date = Field(sa_type=Date)
    recorded_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    ended_how: str = text(default="")
    ended_by: UUID | None = link("account.id", default=None)
