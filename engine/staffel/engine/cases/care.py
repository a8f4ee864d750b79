"""Looking after cases: set variables, retry incidents, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.cases import policy
from staffel.engine.cases.corrections import tell_receivers
from staffel.engine.cases.running import carry_out, find, find_case, model_of
from staffel.engine.errors import NotAllowed, Refusal
from staffel.engine.kernel import CancelCase, RetryIncident, SetVariables
from staffel.engine.library.forms import read_corrections
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.hot import IncidentHead
from staffel.engine.store.tables import Task


class ReasonMissing(Refusal):
    """This needs a reason, which is kept with the case."""

    status, code = 422, "reason-missing"
    text_de = "Dafür braucht es eine Begründung; sie bleibt beim Vorgang."


class OthersAtWork(Refusal):
    """Other Stellen have open tasks in this case; ask them to finish first."""

    code = "others-at-work"
    text_de = "Andere Stellen haben in diesem Vorgang noch offene Aufgaben; bitte zuerst mit ihnen klären."


def set_variables(
    tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, values: Mapping[str, Any], reason: str
) -> None:
    """Correct values of a case, by the responsible Stelle's team lead and with a reason.

    The Stellen that received them by a handover are told.
    """
    case = find_case(tx, case_id)
    policy.lead_case(actor, case)
    actor.need(Role.TEAMLEITUNG)
    need_reason(reason)
    variables = read_corrections(model_of(tx, case).forms.values(), values)
    step = carry_out(tx, case=case, command=SetVariables(variables=variables, reason=reason), now=now)
    tell_receivers(tx, now=now, case=case, step=step)
    record(
        tx,
        actor=actor,
        now=now,
        action="case.variables",
        subject=case_id,
        names=sorted(values),
        reason=reason,
    )


def retry_incident(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    incident_id: UUID,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Try again what stands still. Values may be set by the responsible Stelle only, and with a `reason`, kept in the audit log."""
    case, incident = find(tx, IncidentHead, incident_id)
    policy.help_case(actor, case)
    if values and not actor.works_in(case.responsible_unit):
        raise NotAllowed(
            "Only the responsible Stelle may change values of the case.",
            text_de="Werte des Vorgangs darf nur die zuständige Stelle ändern.",
        )
    if values:
        need_reason(reason)
    variables = read_corrections(model_of(tx, case).forms.values(), values or {})
    carry_out(tx, case=case, command=RetryIncident(key=incident.key, variables=variables), now=now)
    record(
        tx,
        actor=actor,
        now=now,
        action="incident.retry",
        subject=incident_id,
        code=incident.code,
        names=sorted(variables),
        reason=reason,
    )


def cancel_case(tx: Transaction, *, actor: Actor, now: datetime, case_id: UUID, reason: str) -> None:
    """End the case at once, by the responsible Stelle and with a reason. Refused while other Stellen work on it."""
    case = find_case(tx, case_id)
    policy.lead_case(actor, case)
    need_reason(reason)
    others = tx.session.exec(
        select(Task.name).where(
            Task.case_id == case_id,
            Task.key > 0,  # what a Stelle set itself ends with the case, and nobody else's business
            col(Task.closed_at).is_(None),
            Task.unit_id != case.responsible_unit,
        )
    ).all()
    if others:
        raise OthersAtWork(tasks=list(others))
    carry_out(tx, case=case, command=CancelCase(reason=reason), now=now)
    record(tx, actor=actor, now=now, action="case.cancel", subject=case_id, reason=reason)


def need_reason(reason: str) -> None:
    """Raise `ReasonMissing` for a reason without letters."""
    if not reason.strip():
        raise ReasonMissing
