"""What travels with a handover: the fields of its rule, as far as the person's consent reaches (DOMAIN §3.2, §3.4)."""

from __future__ import annotations

from typing import Any

from staffel.engine.kernel.data import takes_all
from staffel.engine.kernel.events import HandoverDataChanged
from staffel.engine.kernel.handover_rule import HandoverField
from staffel.engine.kernel.incidents import Code, CommandRefused, Stuck
from staffel.engine.kernel.program import FlowPlan, HandoverPlan, Program
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import HandoverWait, Instance

CONSENT = "einwilligung"
"""The variable that tells the person's consent: true, or the list of what was consented to.

A field is named alone (to whomever it goes) or as `KIND:field` (to that kind of Stelle), a rule by its id.
"""


def data_of(run: Run, plan: HandoverPlan, scope: int, *, triggered: bool = True) -> dict[str, Any]:
    """The fields of the rule and nothing else. Refuses what the rule does not allow to be handed over.

    The rule's condition has to hold unless another rule has led here (`triggered` False).
    """
    visible = run.visible(scope)
    consent = visible.get(CONSENT)
    if plan.rule.consent and not rests_on_consent(consent, plan):
        _refuse(run, Stuck(Code.HANDOVER_CONSENT, receiver=plan.receiver, rule=plan.rule.id))
    if triggered and plan.condition is not None and run.value(plan.condition, scope) is not True:
        condition = plan.condition.text
        _refuse(
            run,
            Stuck(Code.HANDOVER_CONDITION, receiver=plan.receiver, rule=plan.rule.id, expression=condition),
        )
    if plan.fields is None:
        return visible
    allowed = [each for each in plan.fields if _allowed(consent, each, plan)]
    missing = [each.name for each in allowed if each.required and visible.get(each.name) is None]
    if missing:
        _refuse(
            run,
            Stuck(Code.HANDOVER_DATA, receiver=plan.receiver, fields=", ".join(missing), missing=missing),
            missing=missing,
        )
    return {each.name: visible[each.name] for each in allowed if each.name in visible}


def consent_copies(program: Program, state: Instance) -> list[int]:
    """Where the process's consent counts besides the process: called processes given all, and whatever has a copy."""
    places = state.places.items()
    return [
        key for key, at in places if CONSENT in state.values(key) or takes_all(program.elements[at.element])
    ]


def tell_consent(run: Run, consent: Any) -> None:
    """What the person consents to counts in the whole case: no copy outlives it, or brings it back on return."""
    for key in consent_copies(run.program, run.state):
        run.set(key, {CONSENT: consent})


def rests_on_consent(consent: Any, plan: HandoverPlan) -> bool:
    """Whether the person has consented to the whole handover: to everything, or to this rule by its id."""
    return consent is True or (isinstance(consent, list) and plan.rule.id in consent)


def without_consent(run: Run, key: int, wait: HandoverWait, flow: FlowPlan) -> None:
    """Take the fields out of an open offer that the person does not consent to any more; the others stay."""
    plan = flow.handover
    if plan is None or plan.fields is None:
        return
    visible = run.visible(wait.owner)
    lost = tuple(each.name for each in plan.fields if not _allowed(visible.get(CONSENT), each, plan))
    if lost:
        kept = {each.name: visible[each.name] for each in plan.fields if each.name in visible}
        data = {name: value for name, value in kept.items() if name not in lost}
        run.emit(HandoverDataChanged(key=key, data=data, withdrawn=lost))


def _allowed(consent: Any, field: HandoverField, plan: HandoverPlan) -> bool:
    if not field.consent or consent is True:
        return True
    return isinstance(consent, list) and (field.name in consent or f"{plan.receiver}:{field.name}" in consent)


def _refuse(run: Run, stuck: Stuck, **details: Any) -> None:
    if not run.person:
        raise stuck
    german, english = stuck.texts("")
    raise CommandRefused(english, text_de=german, **details) from stuck
