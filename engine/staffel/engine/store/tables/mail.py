"""Notices by mail: who wants them, and what was sent to whom."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy import text as sql
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Row, datetime, link, moment, text


class MailChoice(StrEnum):
    """How often a person wants mail: never, soon after something happens, once a day."""

    NONE = "none"
    EACH = "each"
    DAILY = "daily"


class MailSetting(Row, table=True):
    """What a person has chosen. Nothing from before `since` is told; at `next_at` the worker looks again."""

    __tablename__ = "mail_setting"
    __table_args__ = (
        Index("ix_mail_setting_next_at", "next_at", sqlite_where=sql("next_at IS NOT NULL"),
              postgresql_where=sql("next_at IS NOT NULL")),
    )  # fmt: skip
    account_id: UUID = link("account.id", primary_key=True)
    address: str = text()
    choice: str = text()
    since: datetime = moment()
    next_at: datetime | None = moment(default=None)
    failures: int = 0


class Mailed(Row, table=True):
    """A notice, handover or task (`subject_id`) that an account was told of by mail; it is not told again."""

    __tablename__ = "mailed"
    account_id: UUID = link("account.id", primary_key=True)
    subject_id: UUID = Field(primary_key=True)
    sent_at: datetime = moment(index=True)
