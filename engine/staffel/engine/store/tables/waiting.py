"""What waits for the clock, for messages and for outside programs."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql

from staffel.engine.store.tables.base import (
    UUID,
    Any,
    Row,
    data,
    datetime,
    id_column,
    json,
    link,
    moment,
    text,
)


class Timer(Row, table=True):
    """A running timer of a case, or (with `version_id` instead) a timer that starts cases of a model version.

    The row is deleted when the timer has fired; a repeating one gets a new row. `deadline` is the Frist that a
    timer of a case stands for, if it does (see `Task.due`).
    """

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("case_id", "key"),)
    id: UUID = id_column()
    case_id: UUID | None = link("case.id", default=None)
    key: int = 0
    version_id: UUID | None = link("model_version.id", default=None, index=True)
    municipality: str | None = text(default=None)
    element: str = text()
    due: datetime = moment(index=True)
    remaining: int | None = None
    interval: str | None = text(default=None)
    deadline: dict[str, Any] | None = json(default=None)


class StepDeadline(Row, table=True):
    """The Fristen of an activity that waits without a task of people (outside work, a message, a sub-process, a call).

    `due` and `sort_at` are as those of `Task`; the row stays when the step has ended (`closing`).
    """

    __tablename__ = "step_deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_step_deadline_open", "unit_id", "sort_at", "id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    key: int
    element: str = text()
    name: str = text(default="")
    unit_id: UUID = link("unit.id")
    due: dict[str, Any] = json(default_factory=dict)
    sort_at: datetime = moment()
    begun_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    closing: str | None = text(default=None)


class SubscriptionKind(StrEnum):
    """What is waited for."""

    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITION = "condition"


class Subscription(Row, table=True):
    """A case, or (with `version_id` instead) a model version, waits for a message, a signal or a condition."""

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("case_id", "key"), Index(None, "kind", "name", "correlation"))
    id: UUID = id_column()
    case_id: UUID | None = link("case.id", default=None)
    key: int = 0
    version_id: UUID | None = link("model_version.id", default=None, index=True)
    municipality: str | None = text(default=None)
    kind: str = text()
    element: str = text()
    name: str = text(default="")
    correlation: str = text(default="")
    trigger: int = 0


class Message(Row, table=True):
    """A message or signal, kept until received or expired. `key` (given by the sender) is taken once only."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "name", "correlation"),
        Index("uq_message_key", "municipality", "key", unique=True),
    )
    id: UUID = id_column()
    municipality: str = text()
    kind: str = text(default=SubscriptionKind.MESSAGE)
    name: str = text()
    correlation: str = text(default="")
    payload: bytes = data()
    sent_at: datetime = moment()
    expires_at: datetime | None = moment(default=None, index=True)
    received_at: datetime | None = moment(default=None)
    case_id: UUID | None = link("case.id", default=None)
    source_case: UUID | None = link("case.id", default=None)
    key: str | None = text(default=None)


class Work(Row, table=True):
    """A service task offered to outside programs by lease."""

    __tablename__ = "work"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_work_fetch", "topic", "available_at", "id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    key: int
    municipality: str = text()
    element: str = text()
    topic: str = text()
    payload: bytes = data()
    retries: int
    message: str = text(default="")
    offered_at: datetime = moment()
    available_at: datetime = moment()
    worker: str | None = text(default=None)
    lease_until: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)
    closing: str | None = text(default=None)


class Incident(Row, table=True):
    """A place where a case stands still until somebody helps."""

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("case_id", "key"), Index(None, "closed_at", "raised_at"))
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    key: int
    element: str = text()
    code: str = text()
    text_de: str = text()
    text_en: str = text()
    details: dict[str, Any] = json(default_factory=dict)
    raised_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    closing: str | None = text(default=None)
