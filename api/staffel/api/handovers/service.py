"""A handover with its data and the reasons that its rule allows for a return."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from staffel.api.cases.values import model_of, values_of_handover
from staffel.api.handovers.queries import find_handover
from staffel.api.handovers.schemas import HandoverDetail
from staffel.engine.actor import Actor
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Handover


def read_handover(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> HandoverDetail:
    """The handover as both Stellen see it. Raises `NotFound`."""
    handover, case, summary = find_handover(tx, actor=actor, now=now, handover_id=handover_id)
    return HandoverDetail(
        **summary.model_dump(),
        data=values_of_handover(handover),
        reason=handover.reason,
        reason_text=handover.reason_text,
        returned_to=handover.returned_to,
        return_reasons=_return_reasons(tx, case, handover),
        waits=handover.waits,
    )


def _return_reasons(tx: Transaction, case: Case, handover: Handover) -> list[str]:
    flow = model_of(tx, case).program.flows.get(handover.flow)
    return list(flow.handover.rule.return_reasons) if flow and flow.handover else []
