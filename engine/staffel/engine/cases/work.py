"""Service tasks for outside programs, by lease: fetch, extend, complete, fail (ADR-0006)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor
from staffel.engine.bpmn.model import ENDPOINT_TOPICS
from staffel.engine.cases import policy
from staffel.engine.cases.running import carry_out, find, model_of
from staffel.engine.errors import Refusal
from staffel.engine.feel import to_json
from staffel.engine.feel.codec import decode_values
from staffel.engine.kernel import CompleteWork, FailWork, ThrowError
from staffel.engine.library.forms import read_free_values
from staffel.engine.store import Transaction
from staffel.engine.store.hot import Found, WorkHead
from staffel.engine.store.tables import Case, Work

LONGEST_LEASE = timedelta(hours=24)
MOST_AT_ONCE = 100
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


class LeaseLost(Refusal):
    """The work item is not leased to this worker (any more); fetch again."""

    code = "lease-lost"
    text_de = "Der Arbeitsauftrag ist diesem Programm nicht (mehr) zugeteilt; bitte neu abholen."


class EndpointWork(Refusal):
    """Expected topics that do not begin with 'endpoint:': this work is done by the installation's worker alone, which calls the named endpoint. Ask for other topics, or give the step one of its own in the model."""

    status, code = 403, "endpoint-work"
    text_de = (
        "Themen, die mit „endpoint:“ beginnen, erledigt nur der Worker der Installation, der den benannten Endpunkt aufruft. "
        "Fragen Sie andere Themen ab, oder geben Sie dem Schritt im Modell ein eigenes Thema."
    )


class WorkItem(msgspec.Struct, frozen=True, kw_only=True):
    """A leased work item. `payload` is JSON."""

    id: UUID
    case_id: UUID
    reference: str
    element: str
    topic: str
    payload: Mapping[str, Any]
    retries: int
    lease_until: datetime


def fetch_work(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    topics: Sequence[str],
    worker: str,
    lease: timedelta = timedelta(minutes=5),
    limit: int = 10,
) -> list[WorkItem]:
    """Lease up to `limit` work items of the topics to `worker`; whoever else asks meanwhile gets others."""
    policy.do_work(actor)
    _need_outside(actor, *topics)
    if not topics:
        return []
    ids = tx.hot.lease_work(
        topics=list(topics),
        municipality=actor.municipality,
        worker=worker,
        now=now,
        until=now + _bounded(lease),
        limit=min(limit, MOST_AT_ONCE),
    )
    query = (
        select(Work, Case.reference)
        .join(Case, col(Case.id) == col(Work.case_id))
        .where(col(Work.id).in_(ids))
    )
    return [
        _item(work, reference) for work, reference in tx.session.exec(query.order_by(col(Work.available_at)))
    ]


def extend_work(
    tx: Transaction, *, actor: Actor, now: datetime, work_id: UUID, worker: str, lease: timedelta
) -> datetime:
    """Keep the lease until `now + lease`; returns when it ends."""
    _leased(tx, actor, now, work_id, worker)
    work = tx.session.get_one(Work, work_id)
    work.lease_until = now + _bounded(lease)
    tx.session.add(work)
    return work.lease_until


def complete_work(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    work_id: UUID,
    worker: str,
    values: Mapping[str, Any] | None = None,
) -> None:
    """The work is done; `values` (JSON) are its results."""
    found = _leased(tx, actor, now, work_id, worker)
    command = CompleteWork(key=found.row.key, variables=read_free_values(values or {}))
    carry_out(tx, case=found.case, command=command, now=now)


def fail_work(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    work_id: UUID,
    worker: str,
    message: str,
    retries: int | None = None,
    retry_in: timedelta | None = None,
) -> None:
    """The work failed. It is offered again later, until no retries are left: then an incident stands.

    `retries` (default: one less than before) are those left, `retry_in` (default: longer each time) the pause.
    """
    found = _leased(tx, actor, now, work_id, worker)
    left = max(found.row.retries - 1, 0) if retries is None else max(retries, 0)
    pause = _pause(tx, found) if retry_in is None else retry_in
    command = FailWork(
        key=found.row.key, message=message, retries=left, retry_at=now + pause if left else None
    )
    carry_out(tx, case=found.case, command=command, now=now)


def throw_work_error(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    work_id: UUID,
    worker: str,
    code: str,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Report a BPMN error (§10.5.6) instead of a result."""
    found = _leased(tx, actor, now, work_id, worker)
    command = ThrowError(key=found.row.key, code=code, variables=read_free_values(values or {}))
    carry_out(tx, case=found.case, command=command, now=now)


def _leased(tx: Transaction, actor: Actor, now: datetime, work_id: UUID, worker: str) -> Found[WorkHead]:
    policy.do_work(actor)
    found = find(tx, WorkHead, work_id)
    work = found.row
    policy.do_work(actor, work)
    if actor.token is not None:
        _need_outside(actor, tx.session.get_one(Work, work_id).topic)
    lost = work.closed_at is not None or work.worker != worker
    if lost or work.lease_until is None or work.lease_until < now:
        raise LeaseLost(worker=worker)
    return found


def _need_outside(actor: Actor, *topics: str) -> None:
    """Outside programs have no part in calls of endpoints."""
    if actor.token is not None and any(topic.startswith(ENDPOINT_TOPICS) for topic in topics):
        raise EndpointWork


def _pause(tx: Transaction, found: Found[WorkHead]) -> timedelta:
    """Ten seconds, twice as long after each failure, at most an hour."""
    element = tx.session.get_one(Work, found.row.id).element
    failures = max(model_of(tx, found.case).program.elements[element].retries - found.row.retries, 0)
    return min(FIRST_PAUSE * (1 << min(failures, 20)), LONGEST_PAUSE)


def _bounded(lease: timedelta) -> timedelta:
    return min(max(lease, timedelta(seconds=1)), LONGEST_LEASE)


def _item(work: Work, reference: str) -> WorkItem:
    payload = {name: to_json(value) for name, value in decode_values(work.payload).items()}
    return WorkItem(
        id=work.id,
        case_id=work.case_id,
        reference=reference,
        element=work.element,
        topic=work.topic,
        payload=payload,
        retries=work.retries,
        lease_until=work.lease_until or work.available_at,
    )
