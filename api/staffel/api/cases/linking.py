"""A case started from another: only fields that its start form asks for can come along."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from staffel.api.cases.schemas import CaseDetail
from staffel.api.cases.service import read_case
from staffel.engine.actor import Actor
from staffel.engine.cases import start_linked_case
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.library import deployed, version_for
from staffel.engine.store import Transaction


class NotTaken(Refusal):
    """Only fields of the start form that your Stelle has in this case can be taken over."""

    status, code = 422, "not-taken"
    text_de = (
        "Übernommen werden nur Felder des Startformulars, zu denen Ihre Stelle in diesem Vorgang Angaben hat."
    )


def origin(tx: Transaction, *, actor: Actor, case_id: UUID) -> CaseDetail:
    """The case that another is started from: one that the actor's Stelle holds. Raises `NotFound`."""
    case = read_case(tx, actor=actor, case_id=case_id)
    if not actor.works_in(case.responsible.id):
        raise NotFound
    return case


def takeable(
    tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, process: str, element: str | None = None
) -> dict[str, Any]:
    """What the actor's Stelle has in the case of what the start form of the process asks for. Raises `NotFound`."""
    case = origin(tx, actor=actor, case_id=case_id)
    version = version_for(tx, process_key=process, municipality=case.municipality, key_date=now)
    model = deployed(tx, version)
    form = model.form(model.program.start_form(element))
    return {name: case.variables[name] for name in form.names if name in case.variables} if form else {}


def begin_linked(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    process: str,
    reference: str,
    reason: str,
    element: str | None,
    take: Collection[str],
    variables: Mapping[str, Any],
    confirmed: bool,
    idempotency_key: str | None,
) -> UUID:
    """Start the case with the `variables` and what is taken over. Raises `NotTaken` and what `start_linked_case` raises."""
    known = takeable(tx, actor=actor, now=now, case_id=case_id, process=process, element=element)
    if unknown := sorted(set(take) - known.keys()):
        raise NotTaken(found=unknown, expected=sorted(known))
    values = {name: known[name] for name in take} | dict(variables)
    return start_linked_case(
        tx,
        actor=actor,
        now=now,
        case_id=case_id,
        process_key=process,
        reference=reference,
        reason=reason,
        element=element,
        values=values,
        confirmed=confirmed,
        idempotency_key=idempotency_key,
    )
