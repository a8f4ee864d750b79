"""Starting a case from another: a Fallkonferenz, a child's school place. Each is a case of its own with its own data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.care import need_reason
from staffel.engine.cases.running import KeyUsed, find_case, need_running
from staffel.engine.cases.starting import start_case
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import CaseLink


def start_linked_case(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    process_key: str,
    reference: str,
    reason: str,
    values: Mapping[str, Any] | None = None,
    element: str | None = None,
    confirmed: bool = False,
    idempotency_key: str | None = None,
) -> UUID:
    """Start a case of another process from the case `case_id`, by and for the Stelle that holds it; return the new id.

    Nothing travels but `values`, the filled-in start form of the new process. Raises `NotFound`, `CaseClosed`,
    `ReasonMissing` and what `start_case` raises.
    """
    parent = find_case(tx, case_id)
    policy.lead_case(actor, parent)
    need_running(parent)
    need_reason(reason)
    linked = start_case(
        tx,
        actor=actor,
        now=now,
        process_key=process_key,
        reference=reference,
        values=values,
        unit_id=parent.responsible_unit,
        element=element,
        confirmed=confirmed,
        idempotency_key=idempotency_key,
        municipality=parent.municipality,
    )
    earlier = tx.session.get(CaseLink, linked)
    if earlier is None:
        tx.session.add(CaseLink(case_id=linked, parent_id=case_id, reason=reason.strip(), linked_at=now))
        record(tx, actor=actor, now=now, action="case.link", subject=linked, parent=str(case_id))
    elif earlier.parent_id != case_id:
        raise KeyUsed(key=idempotency_key)
    return linked
