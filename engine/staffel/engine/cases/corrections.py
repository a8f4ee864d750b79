"""A corrected value is told to every Stelle that received it by a handover (Art. 19 DSGVO, DOMAIN §1.4), which confirms it.

Told are the corrected fields that the handover carried, and nothing else: a correction opens no further data.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, or_, select

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases import policy
from staffel.engine.cases.comments import SHOWN_TO_RECEIVER
from staffel.engine.errors import NotFound
from staffel.engine.feel.codec import decode_values, encode_values
from staffel.engine.kernel import Step
from staffel.engine.kernel.events import VariablesSet
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Correction, Handover


def tell_receivers(tx: Transaction, *, now: datetime, case: CaseHead, step: Step) -> None:
    """Tell what the step corrected to those who received it otherwise; the Stelle that corrects knows it already."""
    values: dict[str, Any] = {}
    for event in step.events:
        if isinstance(event, VariablesSet):
            values |= event.values
    received = or_(col(Handover.status).in_(SHOWN_TO_RECEIVER), col(Handover.delete_data_at).is_not(None))
    query = select(Handover).where(
        Handover.case_id == case.id, Handover.receiver_unit != case.responsible_unit, received
    )
    for handover in tx.session.exec(query.order_by(col(Handover.offered_at), col(Handover.id))).all():
        known = decode_values(handover.data) | _told(tx, handover)
        changed = {name: values[name] for name in known if name in values and known[name] != values[name]}
        if changed:
            tx.session.add(
                Correction(
                    id=new_id(now), case_id=case.id, handover_id=handover.id, unit_id=handover.receiver_unit,
                    from_unit=case.responsible_unit, data=encode_values(changed), corrected_at=now,
                )
            )  # fmt: skip


def acknowledge_correction(tx: Transaction, *, actor: Actor, now: datetime, correction_id: UUID) -> UUID:
    """The Stelle that was told confirms that it has corrected its own data; gives the case's id. Raises `NotFound`.

    Confirming again is no fault and changes nothing.
    """
    found = tx.session.get(Correction, correction_id)
    if found is None:
        raise NotFound
    policy.work_for(actor, found.unit_id)
    if found.acknowledged_at is None:
        found.acknowledged_at, found.acknowledged_by = now, actor.account
        tx.session.add(found)
        record(tx, actor=actor, now=now, action="correction.acknowledge", subject=correction_id)
    return found.case_id


def corrections_at(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[Correction]:
    """Those told to Stellen of the actor, and those that such a Stelle has told others; the oldest first."""
    units = actor.units_as(*CASEWORK)
    query = select(Correction).where(
        Correction.case_id == case_id,
        or_(col(Correction.unit_id).in_(units), col(Correction.from_unit).in_(units)),
    )
    return list(tx.session.exec(query.order_by(col(Correction.corrected_at), col(Correction.id))))


def forget_corrections(tx: Transaction, handover_id: UUID) -> None:
    """What was told about a rejected data set goes with it."""
    tx.session.execute(delete(Correction).where(col(Correction.handover_id) == handover_id))


def _told(tx: Transaction, handover: Handover) -> dict[str, Any]:
    """What the receiver was told before."""
    query = select(Correction.data).where(Correction.handover_id == handover.id)
    found: dict[str, Any] = {}
    for data in tx.session.exec(query.order_by(col(Correction.corrected_at), col(Correction.id))):
        found |= decode_values(data)
    return found
