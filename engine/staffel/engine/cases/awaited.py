"""What comes for a case by letter or visit: the Stelle that holds the case enters the message that the case waits for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.running import carry_out, find_case, model_of, need_running
from staffel.engine.errors import NotFound
from staffel.engine.kernel import DeliverMessage
from staffel.engine.library.forms import read_free_values
from staffel.engine.store import Transaction
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Subscription, SubscriptionKind


def awaited_by(tx: Transaction, case_id: UUID) -> list[Subscription]:
    """The messages that a case waits for, each name once: at the place that has waited the longest, in the order of names."""
    query = select(Subscription).where(
        Subscription.case_id == case_id, Subscription.kind == SubscriptionKind.MESSAGE
    )
    waiting = tx.session.exec(query.order_by(col(Subscription.name), col(Subscription.key).desc()))
    return list({each.name: each for each in waiting}.values())


def enter_message(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    name: str,
    values: Mapping[str, Any] | None = None,
    confirmed: bool = False,
) -> None:
    """What the case waits for has come; `values` (JSON) by the form of the event, where it has one.

    Raises `NotFound`, also for what the case does not wait for, `CaseClosed`, `ValuesRefused`, `ValuesDoubtful`.
    """
    case = find_case(tx, case_id)
    policy.lead_case(actor, case)
    need_running(case)
    place = next((each for each in awaited_by(tx, case_id) if each.name == name), None)
    if place is None:
        raise NotFound(
            f"The case does not wait for the message '{name}' (any more).",
            text_de=f"Der Vorgang wartet nicht (mehr) auf „{name}“.",
        )
    model = model_of(tx, case)
    form = model.form(model.program.elements[place.element].form, place.element)
    payload = (
        form.read(values or {}, now=now, confirmed=confirmed) if form else read_free_values(values or {})
    )
    record(tx, actor=actor, now=now, action="message.enter", subject=case_id, name=name)
    tx.flush()
    carry_out(tx, case=case, command=DeliverMessage(key=place.key, payload=payload), now=now)
