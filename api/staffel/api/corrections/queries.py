"""What people see of corrections: those told to their Stellen, and those that these have told others."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from staffel.api.cases.queries import find_case, units_by_id
from staffel.api.cases.values import values_told
from staffel.api.corrections.schemas import CorrectionOut
from staffel.api.references import CaseRef
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.corrections import corrections_at
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Correction, Process


def read_corrections(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[CorrectionOut]:
    """The corrections of a case that concern the actor's Stellen. Raises `NotFound`."""
    find_case(tx, actor=actor, case_id=case_id)
    return _shown(tx, actor, corrections_at(tx, actor=actor, case_id=case_id))


def open_corrections(tx: Transaction, *, actor: Actor, limit: int = 50) -> list[CorrectionOut]:
    """Those that Stellen of the actor have yet to acknowledge, the oldest first."""
    query = select(Correction).where(
        col(Correction.unit_id).in_(actor.units_as(*CASEWORK)), col(Correction.acknowledged_at).is_(None)
    )
    rows = tx.session.exec(query.order_by(col(Correction.corrected_at), col(Correction.id)).limit(limit))
    return _shown(tx, actor, rows.all())


def _shown(tx: Transaction, actor: Actor, rows: Sequence[Correction]) -> list[CorrectionOut]:
    units = units_by_id(tx, {unit for row in rows for unit in (row.unit_id, row.from_unit)})
    query = (
        select(Case.id, Case.reference, Process.key, Process.name)
        .join(Process, col(Process.id) == col(Case.process_id))
        .where(col(Case.id).in_({row.case_id for row in rows}))
    )
    cases = {
        case: CaseRef(id=case, reference=reference, process=key, process_name=name)
        for case, reference, key, name in tx.session.exec(query)
    }
    return [
        CorrectionOut(
            id=row.id,
            case=cases[row.case_id],
            handover_id=row.handover_id,
            to=units[row.unit_id],
            by=units[row.from_unit],
            data=values_told(row),
            corrected_at=row.corrected_at,
            acknowledged_at=row.acknowledged_at,
            to_us=actor.works_in(row.unit_id),
        )
        for row in rows
    ]
