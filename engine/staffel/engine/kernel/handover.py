"""Handover between Stellen: a token waits on its flow until the receiver takes over (architecture, DOMAIN §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from staffel.engine.kernel import deadlines, lifecycle
from staffel.engine.kernel.commands import (
    AcceptHandover,
    AcknowledgeHandover,
    OfferHandover,
    ReturnHandover,
    WithdrawHandover,
)
from staffel.engine.kernel.events import (
    FlowTaken,
    HandoverAccepted,
    HandoverAcknowledged,
    HandoverOffered,
    HandoverReturned,
    HandoverWithdrawn,
)
from staffel.engine.kernel.incidents import Code, CommandRefused, Stuck
from staffel.engine.kernel.program import FlowPlan, HandoverField, HandoverPlan
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import HandoverWait

INFORMATION = "information"
CONSENT = "einwilligung"
"""The variable that tells the person's consent: true, or the list of the fields consented to."""


def check(run: Run, flows: Iterable[FlowPlan], scope: int) -> None:
    """Refuse to go on to a handover whose required data are missing."""
    for flow in flows:
        if flow.handover is not None:
            _data(run, flow.handover, scope)


def offer(run: Run, flow: FlowPlan, scope: int, predecessor: int | None = None) -> None:
    """Offer the token on `flow` to the receiver; an information is passed on at once."""
    plan = flow.handover
    if plan is None:
        return
    before = next((each for each in run.state.returns if each.scope == scope and each.flow == flow.id), None)
    if before is not None and predecessor is None and before.last in run.state.waits:
        before = None  # that token still waits to be offered again; this is another one
    key, rule = run.state.next_key, plan.rule
    terms = ", ".join(rule.legal_bases)
    result = rule.result_within
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
            data=_data(run, plan, scope),
            attempt=before.times + 1 if before is not None else 1,
            predecessor=predecessor
            if predecessor is not None
            else before.last
            if before is not None
            else None,
            acknowledge_by=deadlines.length(run, rule.acknowledge_within, run.now, rule.deadline_kind, terms),
            accept_by=deadlines.length(run, rule.complete_within, run.now, rule.deadline_kind, terms),
            result_by=deadlines.length(run, result, run.now, rule.deadline_kind, terms) if result else None,
        )
    )
    if rule.kind == INFORMATION:
        _pass_on(run, key, flow, scope)


def _data(run: Run, plan: HandoverPlan, scope: int) -> dict[str, Any]:
    """The fields of the rule and nothing else."""
    visible = run.visible(scope)
    if plan.fields is None:
        return visible
    consent = visible.get(CONSENT)
    allowed = [each for each in plan.fields if not each.consent or _consented(consent, each)]
    missing = [each.name for each in allowed if each.required and visible.get(each.name) is None]
    if missing:
        stuck = Stuck(Code.HANDOVER_DATA, receiver=plan.receiver, fields=", ".join(missing), missing=missing)
        if run.person:
            german, english = stuck.texts("")
            raise CommandRefused(english, text_de=german, missing=missing) from stuck
        raise stuck
    return {each.name: visible[each.name] for each in allowed if each.name in visible}


def _consented(consent: Any, field: HandoverField) -> bool:
    return consent is True or (isinstance(consent, list) and field.name in consent)


def _pass_on(run: Run, key: int, flow: FlowPlan, scope: int) -> None:
    run.emit(HandoverAccepted(key=key))
    run.emit(FlowTaken(flow=flow.id, scope=scope))
    run.later(lifecycle.arrive, flow, scope)


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
    if not wait.acknowledged:
        run.emit(HandoverAcknowledged(key=command.key))
    if command.variables:
        run.write(wait.owner, command.variables)
    _pass_on(run, command.key, flow, wait.owner)


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
    run.emit(HandoverReturned(key=command.key, reason=command.reason, text=command.text, to=target))
    if by is not None:
        run.person = True
        offer(run, by, wait.owner)
    elif to is not None:
        lifecycle.activate(run, to, wait.owner)


def withdraw(run: Run, command: WithdrawHandover) -> None:
    """The sender takes the offer back before it is accepted."""
    wait, flow = _place(run, command.key, returned=False)
    to = _plan(flow).return_to
    target = to.id if to is not None else None
    run.emit(HandoverWithdrawn(key=command.key, reason=command.reason, to=target, stays=to is None))
    if to is not None:
        lifecycle.activate(run, to, wait.owner)


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
