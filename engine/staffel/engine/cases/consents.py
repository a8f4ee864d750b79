"""The consent register of a case (§ 67b(2) SGB X, Art. 7 DSGVO; DOMAIN §3.4).

What counts in it is what the kernel reads as the variable `einwilligung`; a case without entries keeps the variable that
its forms gave it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from staffel.engine.actor import Actor
from staffel.engine.calendar import ZONE
from staffel.engine.calendar.fristen import add_months
from staffel.engine.cases import policy
from staffel.engine.cases.running import carry_out, find_case, model_of, need_running
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.kernel import SetVariables, decode_state
from staffel.engine.kernel.handover_data import CONSENT, consent_copies
from staffel.engine.kernel.state import ROOT
from staffel.engine.library import Deployed
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import CaseStatus, Consent, ConsentEnd, ConsentForm

EVERYTHING = "*"
VALID_MONTHS = 12
MAX_TEXT = 500
LANGUAGE = "einwilligung_sprache"
"""The field of a task's form that says in which language the person was told."""


class ConsentIncomplete(Refusal):
    """Expected a purpose of at most 500 characters, at least one thing of this model that may travel, a day not in the future and an end that is not over."""

    status, code = 422, "consent-incomplete"
    text_de = (
        "Nennen Sie den Zweck (höchstens 500 Zeichen) und mindestens eine Angabe dieses Modells, die weitergegeben werden darf; "
        "der Tag liegt nicht in der Zukunft, das Ende nicht in der Vergangenheit."
    )


class ConsentEnded(Refusal):
    """This consent does not count any more."""

    code = "consent-ended"
    text_de = "Diese Einwilligung gilt schon nicht mehr."


class Choice(NamedTuple):
    """What a person may consent to: a whole rule (`field` empty), or a field for a kind of Stelle."""

    scope: str
    receiver: str
    field: str = ""


def choices_of(model: Deployed) -> list[Choice]:
    """What the handover rules of a model let travel with the person's consent only."""
    found: dict[str, Choice] = {}
    for flow in model.program.flows.values():
        plan = flow.handover
        if plan is None:
            continue
        if plan.rule.consent:
            found[plan.rule.id] = Choice(plan.rule.id, plan.receiver)
        for field in plan.fields or ():
            if field.consent:
                scope = f"{plan.receiver}:{field.name}"
                found[scope] = Choice(scope, plan.receiver, field.name)
    return list(found.values())


def record_consent(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    purpose: str,
    scope: Sequence[str],
    form: ConsentForm,
    given_on: date,
    valid_until: date | None = None,
    language: str = "",
) -> UUID:
    """Enter a consent, by the responsible Stelle; without `valid_until` for 12 months. Raises `NotFound`, `ConsentIncomplete`."""
    case = find_case(tx, case_id)
    policy.lead_case(actor, case)
    need_running(case)
    purpose, until = purpose.strip(), valid_until or add_months(given_on, VALID_MONTHS)
    known = {choice.scope for choice in choices_of(model_of(tx, case))} | {EVERYTHING}
    fits = scope and known.issuperset(scope) and len(language) <= MAX_TEXT
    if not (fits and 0 < len(purpose) <= MAX_TEXT and given_on <= _today(now) <= until):
        raise ConsentIncomplete(known=sorted(known))
    consent = Consent(
        id=new_id(now), case_id=case_id, unit_id=case.responsible_unit, account_id=actor.account, purpose=purpose,
        scope=list(scope), language=language, form=form, given_on=given_on, valid_until=until, recorded_at=now,
    )  # fmt: skip
    tx.session.add(consent)
    record(tx, actor=actor, now=now, action="consent.record", subject=case_id, consent=str(consent.id))
    tx.flush()
    _tell(tx, case, now)
    return consent.id


def revoke_consent(tx: Transaction, *, actor: Actor, now: datetime, consent_id: UUID) -> UUID:
    """The person has revoked a consent, at a Stelle that may see it; the case's id. Only what rests on it stops.

    Raises `NotFound`, `ConsentEnded`.
    """
    consent = tx.session.get(Consent, consent_id)
    if consent is None:
        raise NotFound
    case = find_case(tx, consent.case_id)
    units = msgspec.json.decode(case.units, type=dict[str, UUID])
    if not may_see(actor, consent, case.responsible_unit, units, choices_of(model_of(tx, case))):
        raise NotFound
    tx.session.refresh(consent)
    if consent.ended_at is not None:
        raise ConsentEnded
    _end(tx, consent, now, ConsentEnd.REVOKED, actor.account)
    record(tx, actor=actor, now=now, action="consent.revoke", subject=case.id, consent=str(consent_id))
    tx.flush()
    _tell(tx, case, now)
    return case.id


def may_see(
    actor: Actor, consent: Consent, responsible: UUID, units: Mapping[str, UUID], choices: Sequence[Choice]
) -> bool:
    """The Stelle that holds the case, the one that entered it, and those (`units` by kind) that get data by it.

    Who processes data by consent must be able to prove it (Art. 7(1) DSGVO), whether it names a field, a rule or all.
    """
    if actor.works_in(responsible) or actor.works_in(consent.unit_id):
        return True
    whole = EVERYTHING in consent.scope
    receivers = {units.get(each.receiver) for each in choices if whole or each.scope in consent.scope}
    return any(unit is not None and actor.works_in(unit) for unit in receivers)


def note_consent(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    unit_id: UUID,
    purpose: str,
    given: Any,
    language: str,
) -> None:
    """Enter what a task's form says about the person's consent; who declines revokes what was given before.

    The kernel has it from the form, but for the rest of the case where the form stands in a called process.
    """
    scope = [EVERYTHING] if given is True else list(given) if isinstance(given, list) else []
    if scope:
        today = _today(now)
        tx.session.add(
            Consent(
                id=new_id(now), case_id=case_id, unit_id=unit_id, account_id=actor.account, purpose=purpose,
                scope=scope, language=language, form=ConsentForm.TASK, given_on=today,
                valid_until=add_months(today, VALID_MONTHS), recorded_at=now,
            )
        )  # fmt: skip
    else:
        for consent in tx.session.exec(_counting(case_id)):
            _end(tx, consent, now, ConsentEnd.REVOKED, actor.account)
    tx.flush()
    _tell(tx, find_case(tx, case_id), now, unknown_only=True)


def without_revoked(
    tx: Transaction, *, case_id: UUID, variables: Mapping[str, Any], since: datetime
) -> Mapping[str, Any]:
    """What was filled in at `since`, without its consent where the person has revoked one after that: the later word counts."""
    revoked = select(Consent.id).where(
        Consent.case_id == case_id,
        col(Consent.ended_how) == ConsentEnd.REVOKED,
        col(Consent.ended_at) >= since,
    )
    if not variables.get(CONSENT) or tx.session.exec(revoked).first() is None:
        return variables
    return {name: value for name, value in variables.items() if name != CONSENT}


def due_consents(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Consents whose last day is over, the longest due first."""
    query = select(Consent.id).where(col(Consent.ended_at).is_(None), col(Consent.valid_until) < _today(now))
    return list(tx.session.exec(query.order_by(col(Consent.valid_until), col(Consent.id)).limit(limit)))


def expire_consent(tx: Transaction, *, now: datetime, consent_id: UUID) -> bool:
    """Let a consent end by itself; what rests on it stops. False when somebody else has ended it."""
    consent = tx.session.get(Consent, consent_id)
    if consent is None:
        return False
    case = find_case(tx, consent.case_id)
    tx.session.refresh(consent)
    if consent.ended_at is not None:
        return False
    _end(tx, consent, now, ConsentEnd.EXPIRED, None)
    tx.flush()
    _tell(tx, case, now)
    return True


def _end(tx: Transaction, consent: Consent, now: datetime, how: ConsentEnd, by: UUID | None) -> None:
    consent.ended_at, consent.ended_how, consent.ended_by = now, how, by
    tx.session.add(consent)


def _tell(tx: Transaction, case: CaseHead, now: datetime, *, unknown_only: bool = False) -> None:
    """Let the kernel know what the person consents to now; an ended case needs no telling.

    `unknown_only`: not on record as an intervention, and only where a part of the case knows it otherwise.
    """
    if case.status != CaseStatus.RUNNING:
        return
    scope = sorted({each for consent in tx.session.exec(_counting(case.id)) for each in consent.scope})
    value: Any = True if EVERYTHING in scope else scope or False
    if unknown_only:
        state = decode_state(case.state)
        known = (ROOT, *consent_copies(model_of(tx, case).program, state))
        if all(state.values(key).get(CONSENT) == value for key in known):
            return
    command = SetVariables(variables={CONSENT: value}, reason="" if unknown_only else CONSENT)
    carry_out(tx, case=case, command=command, now=now)


def _counting(case_id: UUID) -> SelectOfScalar[Consent]:
    return select(Consent).where(Consent.case_id == case_id, col(Consent.ended_at).is_(None))


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()
