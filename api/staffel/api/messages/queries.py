"""What a case waits for, as the Stelle that holds it sees it."""

from __future__ import annotations

from uuid import UUID

from staffel.api.cases.queries import find_case
from staffel.api.messages.schemas import AwaitedOut
from staffel.api.tasks.schemas import Form
from staffel.engine.actor import Actor
from staffel.engine.cases import awaited_by
from staffel.engine.cases.running import model_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import CaseStatus


def read_awaited(tx: Transaction, *, actor: Actor, case_id: UUID) -> list[AwaitedOut]:
    """The messages that the case waits for, with their forms; none for a Stelle that does not hold it. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    if not actor.works_in(case.responsible_unit) or case.status != CaseStatus.RUNNING:
        return []
    model, found = model_of(tx, case), []
    for place in awaited_by(tx, case_id):
        form = model.form(model.program.elements[place.element].form, place.element)
        shown = Form(schema=dict(form.schema), ui=form.ui, rules=form.rules) if form else None
        found.append(AwaitedOut(name=place.name, element=place.element, form=shown))
    return found
