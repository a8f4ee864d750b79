"""Service tasks that call an endpoint of the installation: the same work items, taken by Staffel's own worker (ADR-0006)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid5

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor, Scope
from staffel.engine.bpmn.model import ENDPOINT_TOPICS
from staffel.engine.cases.running import model_of
from staffel.engine.cases.work import WorkItem, fetch_work
from staffel.engine.kernel import decode_state
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Work


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A leased work item that an endpoint is called for, who reports its result, and the model's BPMN errors by HTTP status.

    `key` is the same for every call of one step with the same inputs, also when an incident was retried in between:
    the other system may have done already what it did not answer to.
    """

    work: WorkItem
    key: str
    actor: Actor
    errors: Mapping[int, str]


def waiting_calls(tx: Transaction, *, now: datetime, endpoint: str) -> list[str]:
    """The municipalities for which the endpoint is to be called now."""
    open_now = (
        col(Work.closed_at).is_(None),
        col(Work.topic) == ENDPOINT_TOPICS + endpoint,
        col(Work.available_at) <= now,
        col(Work.lease_until).is_(None) | (col(Work.lease_until) < now),
    )
    return sorted(tx.session.exec(select(Work.municipality).where(*open_now).distinct()))


def endpoints_waited_for(tx: Transaction) -> list[str]:
    """The endpoints that open work is for, whether they are configured or not."""
    query = select(Work.topic).where(
        col(Work.closed_at).is_(None), col(Work.topic).startswith(ENDPOINT_TOPICS, autoescape=True)
    )
    return sorted(topic.removeprefix(ENDPOINT_TOPICS) for topic in tx.session.exec(query.distinct()))


def take_call(
    tx: Transaction, *, now: datetime, endpoint: str, municipality: str, worker: str, lease: timedelta
) -> Call | None:
    """Lease the call that has waited longest; None when another worker was quicker."""
    actor = Actor(name=f"endpoint {endpoint}", municipality=municipality, scopes=frozenset({Scope.WORK}))
    topics = [ENDPOINT_TOPICS + endpoint]
    found = fetch_work(tx, actor=actor, now=now, topics=topics, worker=worker, lease=lease, limit=1)
    if not found:
        return None
    work = found[0]
    case = tx.session.get_one(Case, work.case_id)
    extension = model_of(tx, case).program.elements[work.element].node.extension.endpoint
    errors = extension.errors if extension else {}
    return Call(work=work, key=_key(tx, case, work), actor=actor, errors=errors)


def _key(tx: Transaction, case: Case, work: WorkItem) -> str:
    step = decode_state(case.state).waits[tx.session.get_one(Work, work.id).key].owner
    return str(uuid5(case.id, f"{step} {json.dumps(work.payload, sort_keys=True)}"))
