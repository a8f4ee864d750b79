"""Cases and what waits for people: tasks, handovers, drafts."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

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


class CaseStatus(StrEnum):
    """Whether a case runs, or how it ended."""

    RUNNING = "running"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


class TaskStatus(StrEnum):
    """Where a task stands. The first three are in the inbox; `checking` waits for a second person (four eyes)."""

    OPEN = "open"
    CLAIMED = "claimed"
    CHECKING = "checking"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class HandoverStatus(StrEnum):
    """Where a handover stands."""

    OFFERED = "offered"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Case(Row, table=True):
    """A Vorgang. `state` is the kernel's, `seq` its last event, `row_version` grows with every change.

    `units` fixes at the start which Stelle works for each kind (kind -> unit id), `calls` which version each called
    process runs on. `responsible_unit` is the one Stelle that holds the case now.
    """

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("municipality", "process_id", "reference"),
        Index("uq_case_idempotency", "municipality", "idempotency_key", unique=True),
        Index(None, "responsible_unit", "status", "started_at"),
        Index(None, "starter_unit"),
        Index(None, "process_id", "started_at"),
    )
    id: UUID = id_column()
    reference: str = text()
    municipality: str = text(foreign_key="municipality.ags")
    process_id: UUID = link("process.id")
    version_id: UUID = link("model_version.id", index=True)
    status: str = text(default=CaseStatus.RUNNING)
    started_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    starter_unit: UUID = link("unit.id")
    responsible_unit: UUID = link("unit.id")
    row_version: int = 1
    seq: int
    state: bytes = data()
    units: dict[str, str] = json(default_factory=dict)
    calls: dict[str, str] = json(default_factory=dict)
    end_element: str | None = text(default=None)
    idempotency_key: str | None = text(default=None)


class Event(Row, table=True):
    """A fact of a case, in order. `data` is the whole event, written by `cases.record`."""

    __tablename__ = "event"
    case_id: UUID = link("case.id", primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = moment()
    type: str = text()
    element: str | None = text(default=None)
    key: int | None = None
    data: bytes = data()


class Task(Row, table=True):
    """A person's task. A negative `key` marks one that somebody added for the own Stelle (`AddedTask`). `sort_at` orders the inbox: the due date, or the far end of time without one.

    `due` tells kind, legal basis and computation of the Frist, and in `fristen` all of the task's (see
    `cases.projection`); `due_at` is the first end, None while they are suspended. Before `follow_up_at` (Wiedervorlage)
    the task is not to be shown as open.

    `completed_at` is set when it was done, `closed_at` when it left the inbox, however that came about.
    `account_id` is who claimed it; it stays for accountability and is never read for statistics.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_task_inbox", "unit_id", "sort_at", "id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
        Index("ix_task_newest", "unit_id", "available_at", "id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
        Index("ix_task_account", "account_id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    key: int
    element: str = text()
    name: str = text()
    lane: str | None = text(default=None)
    unit_id: UUID = link("unit.id")
    form: str | None = text(default=None)
    priority: int | None = None
    due_at: datetime | None = moment(default=None)
    due: dict[str, Any] | None = json(default=None)
    follow_up_at: datetime | None = moment(default=None)
    sort_at: datetime = moment()
    proposal: bytes | None = data(default=None)
    status: str = text(default=TaskStatus.OPEN)
    available_at: datetime = moment()
    claimed_at: datetime | None = moment(default=None)
    begun_at: datetime | None = moment(default=None)
    completed_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)
    account_id: UUID | None = link("account.id", default=None)
    idempotency_key: str | None = text(default=None)


class Handover(Row, table=True):
    """One offer of a handover. `data` holds the fields of its rule, nothing else; `closed_at` ends it.

    `due` tells kind, legal basis and computation of `acknowledge_by`, `accept_by` and `result_by` (by these names).

    `waits` marks a returned or withdrawn one that stays on its flow until the sender offers it again.

    At `escalate_at` the worker looks whether `escalation_for` (`acknowledge_by`, `accept_by` or `result_by`) has been
    kept; `escalation_level` counts what has been sent about it: 1 a reminder, then the levels of the rule.
    `data_hash` is the SHA-256 of the data set, which the receiver of a rejected one keeps until `delete_data_at`.
    `moved` tells that the case went over to the
    receiver with it. `missing` is what the receiver asked the sender for, `conversation` the joint talk, `medium` how it travelled.
    """

    __tablename__ = "handover"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_handover_receiver", "receiver_unit", "offered_at", "id", sqlite_where=sql("closed_at IS NULL"),
              postgresql_where=sql("closed_at IS NULL")),
        Index("ix_handover_sender", "sender_unit", "offered_at", "id"),
        Index("ix_handover_escalate_at", "escalate_at", sqlite_where=sql("escalate_at IS NOT NULL"),
              postgresql_where=sql("escalate_at IS NOT NULL")),
        Index("ix_handover_delete_data_at", "delete_data_at", sqlite_where=sql("delete_data_at IS NOT NULL"),
              postgresql_where=sql("delete_data_at IS NOT NULL")),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    key: int
    flow: str = text()
    element: str = text()
    sender_unit: UUID = link("unit.id")
    receiver_unit: UUID = link("unit.id")
    kind: str = text()
    rule: str | None = text(default=None)
    data: bytes = data()
    attempt: int = 1
    predecessor: int | None = None
    status: str = text(default=HandoverStatus.OFFERED)
    offered_at: datetime = moment()
    acknowledge_by: datetime | None = moment(default=None)
    accept_by: datetime | None = moment(default=None)
    result_by: datetime | None = moment(default=None)
    due: dict[str, Any] | None = json(default=None)
    acknowledged_at: datetime | None = moment(default=None)
    accepted_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)
    reason: str = text(default="")
    reason_text: str = text(default="")
    returned_to: str | None = text(default=None)
    waits: bool = False
    moved: bool = False
    data_hash: str = text(default="")
    escalate_at: datetime | None = moment(default=None)
    escalation_for: str = text(default="acknowledge_by")
    escalation_level: int = 0
    missing: dict[str, Any] | None = json(default=None)
    conversation: dict[str, Any] | None = json(default=None)
    person_informed_at: datetime | None = moment(default=None)
    receiver_reference: str | None = text(default=None)
    delete_data_at: datetime | None = moment(default=None)


class NoticeKind(StrEnum):
    """What a notice is about."""

    REMINDER = "reminder"
    ESCALATION = "escalation"
    INFORM_PERSON = "inform-person"


class Notice(Row, table=True):
    """Something that a Stelle (`unit_id`) or a role of the municipality is told about a handover; no personal data.

    `details` has what the text says: the Frist, its end, the level, to whom. `done_at` ends it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_open", "municipality", "role", "created_at", sqlite_where=sql("done_at IS NULL"),
              postgresql_where=sql("done_at IS NULL")),
        Index("ix_notice_handover", "case_id", "handover_key"),
    )  # fmt: skip
    id: UUID = id_column()
    case_id: UUID = link("case.id")
    handover_key: int
    municipality: str = text()
    unit_id: UUID | None = link("unit.id", default=None)
    role: str = text()
    kind: str = text()
    details: dict[str, Any] = json(default_factory=dict)
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class Draft(Row, table=True):
    """What a person has typed into a task's form and not sent yet."""

    __tablename__ = "draft"
    task_id: UUID = link("task.id", primary_key=True)
    account_id: UUID = link("account.id", primary_key=True)
    saved_at: datetime = moment()
    values: dict[str, Any] = json(default_factory=dict)


class CheckOutcome(StrEnum):
    """How a second check ended."""

    CONFIRMED = "confirmed"
    GIVEN_BACK = "given_back"
    WITHDRAWN = "withdrawn"


class TaskCheck(Row, table=True):
    """A second check (Vier-Augen-Prinzip): what one person filled in, and what another of the Stelle said to it.

    `values` are the filled-in ones and stand here only while the check is open. `first_id` is None when a machine filled
    in. Who did what stays for accountability and is never read for statistics.
    """

    __tablename__ = "task_check"
    id: UUID = id_column()
    task_id: UUID = link("task.id", index=True)
    first_id: UUID | None = link("account.id", default=None)
    asked_at: datetime = moment()
    values: bytes | None = data(default=None)
    decided_at: datetime | None = moment(default=None)
    second_id: UUID | None = link("account.id", default=None)
    outcome: str | None = text(default=None)
    reason: str = text(default="")
    idempotency_key: str | None = text(default=None)
