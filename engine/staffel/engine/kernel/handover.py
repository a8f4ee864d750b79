"""Handover between Stellen: a token waits on its flow until the receiver takes over (architecture, DOMAIN §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from staffel.engine.kernel import deadlines, lifecycle, timers
from staffel.engine.kernel.commands import (
    AcceptHandover,
    AcknowledgeHandover,
    OfferHandover,
    RecordConversation,
    RequestSupplement,
    ReturnHandover,
    SupplementHandover,
    WithdrawHandover,
)
from staffel.engine.kernel.events import (
    ConversationRecorded,
    Due,
    FlowTaken,
    HandoverAccepted,
    HandoverAcknowledged,
    HandoverDataChanged,
    HandoverIncomplete,
    HandoverOffered,
    HandoverReturned,
    HandoverWithdrawn,
)
from staffel.engine.kernel.handover_data import CONSENT, data_of, rests_on_consent, without_consent
from staffel.engine.kernel.handover_rule import AGREED, FRISTEN
from staffel.engine.kernel.incidents import CommandRefused
from staffel.engine.kernel.program import FlowPlan, HandoverPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import HandoverWait

ACKNOWLEDGE, ACCEPT, RESULT = FRISTEN
INFORMATION = "information"
STAYS_RESPONSIBLE = frozenset({"beteiligung", INFORMATION})
"""Kinds of handover that ask or tell, and leave the case with its Stelle."""
CONSENT_WITHDRAWN = "einwilligung_widerrufen"
"""The reason of a withdrawal because the person's consent is gone."""


def check(run: Run, flows: Iterable[FlowPlan], scope: int) -> None:
    """Refuse to go on to a handover whose required data are missing."""
    for flow in flows:
        if flow.handover is not None:
            data_of(run, flow.handover, scope)


def offer(
    run: Run, flow: FlowPlan, scope: int, predecessor: int | None = None, *, agreed: bool = False
) -> None:
    """Offer the token on `flow` to the receiver; an information is passed on at once.

    `agreed`: another rule has led here (what follows too many returns), so this rule's own trigger is not asked.
    """
    plan = flow.handover
    if plan is None:
        return
    before = next((each for each in run.state.returns if each.scope == scope and each.flow == flow.id), None)
    if before is not None and predecessor is None and before.last in run.state.waits:
        before = None  # that token still waits to be offered again; this is another one
    key, rule = run.state.next_key, plan.rule
    run.emit(
        HandoverOffered(
            key=key,
            owner=scope,
            flow=flow.id,
            element=flow.target.id,
            sender=plan.sender,
            receiver=plan.receiver,
            kind=rule.kind,
            rule=rule.id if plan.ruled else None,
            data=data_of(run, plan, scope, triggered=not agreed),
            attempt=before.times + 1 if before is not None else 1,
            predecessor=predecessor
            if predecessor is not None
            else before.last
            if before is not None
            else None,
            acknowledge_by=_due(run, plan, ACKNOWLEDGE),
            accept_by=_due(run, plan, ACCEPT),
            result_by=_due(run, plan, RESULT) or _named_day(run, plan, scope),
            inform=bool(rule.information),
        )
    )
    if rule.kind == INFORMATION:
        _pass_on(run, key, flow, scope)


def _due(run: Run, plan: HandoverPlan, name: str) -> Due | None:
    """When one of its Fristen ends that begins now; closing days of the receiver count where the kind has them."""
    length, terms = plan.rule.within(name), ", ".join(plan.rule.legal_bases)
    if not length:
        return None
    return deadlines.length(run, length, run.now, plan.rule.kind_of(name), terms, unit=plan.receiver)


def _named_day(run: Run, plan: HandoverPlan, scope: int) -> Due | None:
    if plan.result_until is None:
        return None
    terms = ", ".join(plan.rule.legal_bases)
    return deadlines.until(run, scope, plan.result_until, plan.rule.kind_of(RESULT), terms)


def _pass_on(run: Run, key: int, flow: FlowPlan, scope: int) -> None:
    rule = _plan(flow).rule
    awaits = rule.result_within is not None or rule.result_until is not None
    run.emit(HandoverAccepted(key=key, responsible=_now_responsible(run, flow), awaits_result=awaits))
    run.emit(FlowTaken(flow=flow.id, scope=scope))
    run.later(lifecycle.arrive, flow, scope)


def _now_responsible(run: Run, flow: FlowPlan) -> str | None:
    """Whom responsibility for the case goes to, if it moves: only the Stelle that has it can hand it over (ADR-0014)."""
    plan = _plan(flow)
    if plan.rule.kind in STAYS_RESPONSIBLE or run.state.responsible not in {None, plan.sender}:
        return None
    return plan.receiver


def acknowledge(run: Run, command: AcknowledgeHandover) -> None:
    """The receiver confirms the arrival, once."""
    wait, _ = _place(run, command.key, returned=False)
    if wait.acknowledged:
        raise CommandRefused(
            "The handover has been acknowledged already.", text_de="Der Eingang ist bereits bestätigt."
        )
    run.emit(HandoverAcknowledged(key=command.key))


def accept(run: Run, command: AcceptHandover) -> None:
    """The receiver takes over; the token goes on."""
    wait, flow = _place(run, command.key, returned=False)
    if wait.incomplete:
        raise CommandRefused(
            "The sender was asked for what is missing; the handover can be accepted when it is there.",
            text_de="Die abgebende Stelle ergänzt noch, was fehlt; danach kann die Übergabe angenommen werden.",
        )
    if _plan(flow).rule.warm == "ja" and not wait.talked:
        raise CommandRefused(
            "The rule requires a joint talk with the person (warme Übergabe); record its date and who took part first.",
            text_de="Die Regel verlangt ein gemeinsames Gespräch mit der Person (warme Übergabe). "
            "Bitte zuerst Tag und Teilnehmende eintragen.",
        )
    if not wait.acknowledged:
        run.emit(HandoverAcknowledged(key=command.key))
    if command.variables:
        run.write(wait.owner, command.variables)
    _pass_on(run, command.key, flow, wait.owner)


def record_conversation(run: Run, command: RecordConversation) -> None:
    """Note the joint talk with the person; either Stelle may, before acceptance."""
    _place(run, command.key, returned=False)
    today = run.now.astimezone(timers.LOCAL).date()
    who = tuple(each.strip() for each in command.participants if each.strip())
    if len(who) < 2 or command.on > today:
        raise CommandRefused(
            f"Expected a day up to today ({today}) and at least two participants, found {command.on} and {len(who)}.",
            text_de=f"Erwartet werden ein Tag bis heute ({today:%d.%m.%Y}) und mindestens zwei Teilnehmende; "
            f"gefunden: {command.on:%d.%m.%Y} und {len(who)}.",
        )
    run.emit(ConversationRecorded(key=command.key, on=command.on, participants=who))


def request_supplement(run: Run, command: RequestSupplement) -> None:
    """The receiver asks the sender for what is missing; the offer stays."""
    _place(run, command.key, returned=False)
    missing = tuple(each.strip() for each in command.missing if each.strip())
    if not missing:
        raise CommandRefused(
            "Say what is missing; found nothing.", text_de="Bitte angeben, was fehlt; gefunden: nichts."
        )
    run.emit(HandoverIncomplete(key=command.key, missing=missing, text=command.text))


def supplement(run: Run, command: SupplementHandover) -> None:
    """The sender has added what was missing: today's values travel, and the check for completeness begins anew."""
    wait, flow = _place(run, command.key, returned=False)
    if not wait.incomplete:
        raise CommandRefused(
            "Nobody has asked for more.", text_de="Die empfangende Stelle hat nichts nachgefordert."
        )
    plan = _plan(flow)
    fields = [each.name for each in plan.fields or ()]
    others = [name for name in command.variables if name not in fields]
    if others:
        raise CommandRefused(
            f"Expected fields of the rule ({', '.join(fields)}), found: {', '.join(others)}.",
            text_de=f"Ergänzt werden Angaben der Regel ({', '.join(fields)}); gefunden: {', '.join(others)}.",
        )
    _set(run, wait.owner, command.variables)
    run.person = True
    data = data_of(run, plan, wait.owner)
    run.emit(HandoverDataChanged(key=command.key, data=data, accept_by=_due(run, plan, ACCEPT)))


def consent_changed(run: Run) -> None:
    """The person's consent has changed: open offers that rest on it stop, and only these; fields are taken out."""
    for key, wait in list(run.state.waits.items()):
        if type(wait) is not HandoverWait or wait.returned:
            continue
        flow = run.program.flows[wait.element]
        plan = _plan(flow)
        if plan.rule.consent and not rests_on_consent(run.visible(wait.owner).get(CONSENT), plan):
            _take_back(run, key, wait, plan, CONSENT_WITHDRAWN)
        else:
            without_consent(run, key, wait, flow)


def send_back(run: Run, command: ReturnHandover) -> None:
    """The receiver returns it with a reason; after the agreed number of returns the rule's follow-up begins."""
    wait, flow = _place(run, command.key, returned=False)
    plan = _plan(flow)
    reasons = plan.rule.return_reasons
    if not command.reason or (reasons and command.reason not in reasons):
        expected = ", ".join(reasons) or "any text"
        raise CommandRefused(
            f"A return needs a reason: expected {expected}, found '{command.reason}'.",
            text_de=f"Eine Rückgabe braucht einen Grund: erwartet {expected}, gefunden „{command.reason}“.",
            reasons=list(reasons),
        )
    to, by = plan.return_to, None
    if wait.attempt > plan.rule.max_returns:
        if plan.follow_up is None:
            raise CommandRefused(
                f"The handover came back {plan.rule.max_returns} times already; settle it in a case conference.",
                text_de=f"Die Übergabe wurde schon {plan.rule.max_returns}-mal zurückgegeben; bitte in einer Fallkonferenz klären.",
            )
        to, by = plan.follow_up, plan.follow_up_by
    target = to.id if to is not None else None
    delete_at = _delete_at(run, plan)
    run.emit(
        HandoverReturned(
            key=command.key, reason=command.reason, text=command.text, to=target, delete_at=delete_at
        )
    )
    if by is not None:
        run.person = True
        offer(run, by, wait.owner, agreed=True)
    elif to is not None:
        lifecycle.activate(run, to, wait.owner)


def withdraw(run: Run, command: WithdrawHandover) -> None:
    """The sender takes the offer back before it is accepted."""
    wait, flow = _place(run, command.key, returned=False)
    _take_back(run, command.key, wait, _plan(flow), command.reason)


def _take_back(run: Run, key: int, wait: HandoverWait, plan: HandoverPlan, reason: str) -> None:
    to = plan.return_to
    target = to.id if to is not None else None
    delete_at = _delete_at(run, plan)
    run.emit(HandoverWithdrawn(key=key, reason=reason, to=target, stays=to is None, delete_at=delete_at))
    if to is not None:
        lifecycle.activate(run, to, wait.owner)


def _delete_at(run: Run, plan: HandoverPlan) -> datetime | None:
    """When the receiver has to have deleted a rejected data set."""
    due = deadlines.length(run, plan.rule.delete_after, run.now, AGREED, None, unit=plan.receiver)
    return None if due is None else due.at


def offer_again(run: Run, command: OfferHandover) -> None:
    """The sender offers a returned handover again."""
    wait, flow = _place(run, command.key, returned=True)
    _set(run, wait.owner, command.variables)
    offer(run, flow, wait.owner, command.key)


def _set(run: Run, scope: int, variables: Mapping[str, Any]) -> None:
    if variables:
        run.write(scope, variables)


def _plan(flow: FlowPlan) -> HandoverPlan:
    if flow.handover is None:
        raise CommandRefused(f"There is no handover on flow '{flow.id}'.")
    return flow.handover


def _place(run: Run, key: int, *, returned: bool) -> tuple[HandoverWait, FlowPlan]:
    wait = run.state.waits.get(key)
    if type(wait) is not HandoverWait or wait.returned is not returned:
        expected = "a returned handover" if returned else "an offered handover"
        found = "nothing that waits" if wait is None else type(wait).__name__
        raise CommandRefused(
            f"Expected {expected} under key {key}, found {found}.",
            text_de="Diese Übergabe ist nicht (mehr) offen.",
        )
    return wait, run.program.flows[wait.element]
