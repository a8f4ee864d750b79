"""Service tasks that call an endpoint of the installation: the same work items, taken by Staffel's own worker (ADR-0006)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import Actor, Scope
from staffel.engine.bpmn.model import ENDPOINT_TOPICS
from staffel.engine.cases.running import model_of
from staffel.engine.cases.work import WorkItem, fetch_work
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Work


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A leased work item that an endpoint is called for, who reports its result, and the model's BPMN errors by HTTP status."""

    work: WorkItem
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
    program = model_of(tx, tx.session.get_one(Case, found[0].case_id)).program
    extension = program.elements[found[0].element].node.extension.endpoint
    return Call(work=found[0], actor=actor, errors=extension.errors if extension else {})
