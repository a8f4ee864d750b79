"""What the hot statements read and write, for both databases.

A command reads its case, and with it the task, handover, work item or incident it is about, in one statement that
locks the case; it writes everything at once in `save`. The statements themselves stand in `sqlite` and `postgresql`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from staffel.engine.errors import Refusal
from staffel.engine.store.tables import METADATA

if TYPE_CHECKING:
    from staffel.engine.store.database import Transaction


class VersionConflict(Refusal):
    """Somebody else has changed the case in the meantime; load it again."""

    status, code = 409, "version-conflict"
    text_de = "Der Vorgang wurde inzwischen von anderer Seite geändert. Bitte neu laden."


class CaseHead(NamedTuple):
    """A case as a command needs it. `units` and `calls` are JSON text."""

    id: UUID
    reference: str
    municipality: str
    process_id: UUID
    version_id: UUID
    status: str
    starter_unit: UUID
    responsible_unit: UUID
    row_version: int
    seq: int
    state: bytes
    units: str
    calls: str


class TaskHead(NamedTuple):
    """A task as a command needs it."""

    id: UUID
    key: int
    element: str
    name: str
    form: str | None
    unit_id: UUID
    status: str
    account_id: UUID | None
    begun_at: datetime | None
    idempotency_key: str | None


class HandoverHead(NamedTuple):
    """A handover as a command needs it."""

    id: UUID
    key: int
    flow: str
    element: str
    sender_unit: UUID
    receiver_unit: UUID
    kind: str
    status: str
    waits: bool


class WorkHead(NamedTuple):
    """A work item as a command needs it."""

    id: UUID
    key: int
    element: str
    municipality: str
    topic: str
    retries: int
    worker: str | None
    lease_until: datetime | None
    closed_at: datetime | None


class IncidentHead(NamedTuple):
    """An incident as a command needs it."""

    id: UUID
    key: int
    element: str
    code: str
    closed_at: datetime | None


Head = TypeVar("Head", TaskHead, HandoverHead, WorkHead, IncidentHead)


class Found(NamedTuple, Generic[Head]):
    """A waiting place with its locked case."""

    case: CaseHead
    row: Head


class EventRecord(NamedTuple):
    """One row of `event`, without the case's id."""

    seq: int
    at: datetime
    type: str
    element: str | None
    key: int | None
    data: bytes


class Write(NamedTuple):
    """A statement that writes one kind of change to one table. Parameters come in the order of `keys` and `sets`.

    `insert`: a row with the columns `sets`. `update`: `sets` of the rows found by `keys` (which are still in
    `status` when given). `delete`: the rows found by `keys`.
    """

    verb: str
    table: str
    sets: tuple[str, ...]
    keys: tuple[str, ...] = ()


def _insert(table: str, *left_out: str) -> Write:
    columns = tuple(c.name for c in METADATA.tables[table].columns if c.name not in left_out)
    return Write("insert", table, columns)


_BY_KEY = ("case_id", "key")

WRITES: dict[str, Write] = {
    "case_open": _insert("case"),
    "task_open": _insert(
        "task", "claimed_at", "begun_at", "completed_at", "closed_at", "account_id", "idempotency_key"
    ),
    "task_due": Write("update", "task", ("due_at", "due", "sort_at"), _BY_KEY),
    "task_close": Write("update", "task", ("status", "completed_at", "closed_at"), _BY_KEY),
    "task_claim": Write("update", "task", ("status", "account_id", "claimed_at"), ("id",)),
    "task_release": Write("update", "task", ("status", "account_id", "claimed_at", "begun_at"), ("id",)),
    "task_stand": Write("update", "task", ("status",), ("id",)),
    "task_begin": Write("update", "task", ("begun_at",), ("id",)),
    "task_key": Write("update", "task", ("idempotency_key",), ("id",)),
    "draft_forget": Write("delete", "draft", (), ("task_id",)),
    "handover_open": _insert(
        "handover",
        "acknowledged_at",
        "accepted_at",
        "closed_at",
        "returned_to",
        "missing",
        "conversation",
        "person_informed_at",
        "receiver_reference",
        "delete_data_at",
    ),
    "handover_look": Write("update", "handover", ("escalate_at",), _BY_KEY),
    "handover_escalate": Write(
        "update", "handover", ("escalate_at", "escalation_for", "escalation_level"), _BY_KEY
    ),
    "handover_lack": Write("update", "handover", ("status", "acknowledged_at", "missing"), _BY_KEY),
    "handover_change": Write("update", "handover", ("data", "data_hash"), _BY_KEY),
    "handover_supply": Write(
        "update",
        "handover",
        ("missing", "accept_by", "escalate_at", "escalation_for", "escalation_level"),
        _BY_KEY,
    ),
    "handover_talk": Write("update", "handover", ("conversation",), _BY_KEY),
    "handover_inform": Write("update", "handover", ("person_informed_at",), _BY_KEY),
    "handover_refer": Write("update", "handover", ("receiver_reference",), _BY_KEY),
    "handover_forget": Write("update", "handover", ("data", "delete_data_at"), _BY_KEY),
    "notice_open": _insert("notice", "done_at"),
    "notice_close": Write("update", "notice", ("done_at",), ("case_id", "handover_key", "kind")),
    "handover_acknowledge": Write("update", "handover", ("status", "acknowledged_at"), _BY_KEY),
    "handover_accept": Write("update", "handover", ("status", "accepted_at", "closed_at", "moved"), _BY_KEY),
    "handover_close": Write(
        "update",
        "handover",
        (
            "status",
            "closed_at",
            "reason",
            "reason_text",
            "returned_to",
            "waits",
            "delete_data_at",
            "escalate_at",
        ),
        _BY_KEY,
    ),
    "handover_settle": Write("update", "handover", ("waits",), _BY_KEY),
    "deadline_open": _insert("step_deadline", "closed_at", "closing"),
    "deadline_due": Write("update", "step_deadline", ("due", "sort_at"), _BY_KEY),
    "deadline_close": Write("update", "step_deadline", ("closed_at", "closing"), _BY_KEY),
    "timer_open": _insert("timer", "version_id", "municipality"),
    "timer_due": Write("update", "timer", ("due", "deadline"), _BY_KEY),
    "timer_close": Write("delete", "timer", (), _BY_KEY),
    "subscription_open": _insert("subscription", "version_id"),
    "subscription_close": Write("delete", "subscription", (), _BY_KEY),
    "message_send": _insert("message", "received_at", "case_id", "key"),
    "work_open": _insert("work", "worker", "lease_until", "closed_at", "closing"),
    "work_retry": Write(
        "update", "work", ("retries", "message", "available_at", "worker", "lease_until"), _BY_KEY
    ),
    "work_close": Write("update", "work", ("closed_at", "closing", "worker", "lease_until"), _BY_KEY),
    "incident_open": _insert("incident", "closed_at", "closing"),
    "incident_close": Write("update", "incident", ("closed_at", "closing"), _BY_KEY),
}
"""Every statement of `save` besides those for `case` and `event`, which each command writes."""


class CaseChange(msgspec.Struct):
    """Everything one command changes. Each of `waves` maps names of `WRITES` to parameters, a tuple per row.

    The waves are written one after the other; within one, no row is changed twice. `stays`: the case is held by the
    same Stelle as before and still runs.
    """

    case_id: UUID
    row_version: int
    status: str
    responsible_unit: UUID
    ended_at: datetime | None
    end_element: str | None
    seq: int
    state: bytes
    events: list[EventRecord]
    waves: list[dict[str, list[tuple[Any, ...]]]]
    opened: tuple[Any, ...] | None = None
    stays: bool = False


class Hot(ABC):
    """The hand-written statements of one transaction."""

    __slots__ = ("driver", "tx")

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.driver = tx.driver

    @abstractmethod
    def case(self, case_id: UUID) -> CaseHead | None:
        """The case, locked until the end of the transaction."""

    @abstractmethod
    def found(self, head: type[Head], row_id: UUID) -> Found[Head] | None:
        """The waiting place with this id and its case, both locked."""

    @abstractmethod
    def place(self, table: Literal["timer", "subscription"], row_id: UUID) -> tuple[UUID | None, int] | None:
        """Case and key of a timer or subscription; without a case it belongs to the start of a version. Nothing is locked."""

    @abstractmethod
    def due_timers(self, now: datetime, limit: int) -> list[UUID]:
        """Timers that are due at `now`, the longest due first."""

    @abstractmethod
    def closing_days(self, unit_id: UUID) -> frozenset[date]:
        """The days on which a Stelle is closed."""

    @abstractmethod
    def save(self, change: CaseChange) -> None:
        """Write everything a command changed. Raises `VersionConflict` when the case is not at `row_version` any more."""

    @abstractmethod
    def free_case(self, case_id: UUID) -> CaseHead | None:
        """The case, locked; None as well when somebody else holds it at the moment."""

    @abstractmethod
    def waiting_messages(self, limit: int, message_id: UUID | None = None) -> list[tuple[UUID, UUID]]:
        """(message, subscription of a case) for messages that somebody waits for, the oldest first."""

    @abstractmethod
    def lease_work(
        self, *, topics: list[str], municipality: str, worker: str, now: datetime, until: datetime, limit: int
    ) -> list[UUID]:
        """Lease available work items to `worker` until `until`; their ids, the longest waiting first."""
