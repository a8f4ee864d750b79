"""What people see of the consent register: entries that concern their own Stelle."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from staffel.api.cases.queries import find_case, units_by_id
from staffel.api.cases.values import field_titles
from staffel.api.consents.schemas import ChoiceOut, ConsentOut, RegisterOut
from staffel.api.references import UnitRef
from staffel.engine.actor import Actor
from staffel.engine.cases.consents import choices_of, may_see
from staffel.engine.cases.running import model_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import CaseStatus, Consent, ConsentEnd, ConsentForm


def read_register(tx: Transaction, *, actor: Actor, case_id: UUID) -> RegisterOut:
    """The register of a case. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    units = {kind: UUID(unit) for kind, unit in case.units.items()}
    query = select(Consent).where(Consent.case_id == case_id).order_by(col(Consent.id).desc())
    model = model_of(tx, case)
    choices = choices_of(model)
    responsible = case.responsible_unit
    rows = [row for row in tx.session.exec(query) if may_see(actor, row, responsible, units, choices)]
    named = units_by_id(tx, {row.unit_id for row in rows})
    titles = field_titles(model)
    return RegisterOut(
        consents=[_shown(row, named[row.unit_id]) for row in rows],
        choices=[
            ChoiceOut(**choice._asdict(), title=titles.get(choice.field, choice.field)) for choice in choices
        ],
        may_record=actor.works_in(case.responsible_unit) and case.status == CaseStatus.RUNNING,
    )


def _shown(row: Consent, unit: UnitRef) -> ConsentOut:
    return ConsentOut(
        id=row.id,
        purpose=row.purpose,
        scope=row.scope,
        language=row.language,
        form=ConsentForm(row.form),
        given_on=row.given_on,
        valid_until=row.valid_until,
        unit=unit,
        recorded_at=row.recorded_at,
        ended_at=row.ended_at,
        ended_how=ConsentEnd(row.ended_how) if row.ended_how else None,
    )
