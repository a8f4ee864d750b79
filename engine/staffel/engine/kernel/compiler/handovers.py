"""Waiting places on flows between Stellen: which flows, and which rule holds there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from staffel.engine.bpmn.model import Flow, HandoverExtension, NodeType
from staffel.engine.calendar.lengths import ANNOUNCEMENT
from staffel.engine.kernel.compiler.findings import listed
from staffel.engine.kernel.compiler.workshop import Source, Workshop
from staffel.engine.kernel.formulas import Formula
from staffel.engine.kernel.handover_rule import AGREED, FRISTEN, HandoverField, HandoverRule
from staffel.engine.kernel.program import Element, FlowPlan, HandoverPlan

REQUIRED = frozenset(("", "true", "ja", "yes", "1"))


def handover_on(shop: Workshop, source: Source, flow: Flow, plan: FlowPlan) -> HandoverPlan | None:
    """The waiting place of a flow whose ends belong to two Stellen; None for other flows."""
    extension = flow.extension.handover
    sender, receiver = plan.source.unit, plan.target.unit
    if sender is None or receiver is None or sender == receiver:
        if extension is not None:
            shop.note(
                "handover-without-change", flow.id, extension.line or flow.line, name=flow.name or flow.id
            )
        return None
    if plan.source.type is NodeType.EVENT_BASED_GATEWAY:
        shop.refuse(
            plan.source.node,
            "eine Übergabe zwischen einem ereignisbasierten Gateway und seinem Ereignis",
            "a handover between an event-based gateway and its event",
            "Das Ereignis in die Bahn des Gateways setzen; übergeben wird danach.",
            "Put the event into the gateway's lane; the handover follows after it.",
        )
        return None
    rule = _rule(shop, source, flow, extension)
    scope = plan.source.plan.elements
    effective = rule or HandoverRule(id=flow.id)
    _check_lengths(shop, source, flow, effective)
    follow_up = _named(shop, flow, effective.follow_up, scope)
    if effective.consent or any(each.consent for each in effective.fields or ()):
        shop.conditional = True
    return HandoverPlan(
        rule=effective,
        ruled=rule is not None,
        sender=sender,
        receiver=receiver,
        fields=_fields(source, rule, plan.target),
        return_to=_return_to(shop, flow, rule, plan.source, scope),
        follow_up=follow_up,
        follow_up_by=_way_to(shop, flow, follow_up, (sender, receiver)),
        condition=_parsed(shop, source, flow, effective.condition),
        result_until=_parsed(shop, source, flow, effective.result_until),
        result_paused_by=frozenset(source.prefix + name for name in effective.result_paused_by),
    )


def _check_lengths(shop: Workshop, source: Source, flow: Flow, rule: HandoverRule) -> None:
    """Every length of the rule can be computed, and counts from the offer, a Frist's end or the rejection on."""
    within = [(length, rule.kind_of(name)) for name in FRISTEN if (length := rule.within(name))]
    after = [(length, AGREED) for length in (rule.delete_after, *(each.after for each in rule.escalation))]
    for length, kind in within + after:
        shop.check_length(source, length, kind, element=flow.id, line=flow.line)
        if length.strip().startswith(("-", ANNOUNCEMENT)):
            found, reason = f"{length} ({kind})", "it has to run from an event on, such as 2AT"
            shop.note("deadline-invalid", flow.id, flow.line, found=found, reason=reason)


def _parsed(shop: Workshop, source: Source, flow: Flow, text: str | None) -> Formula | None:
    return shop.parsed(source, text, flow.id, flow.line) if text else None


def keep_dates(flow: FlowPlan) -> None:
    """Mark what a return of this handover leads through again: legal Fristen there do not begin anew."""
    plan = flow.handover
    if plan is None or plan.return_to is None:
        return
    before = _reached([flow.source], lambda each: [way.source for way in each.incoming])
    after = _reached([plan.return_to], lambda each: [way.target for way in each.outgoing])
    for element in before & after | {plan.return_to}:
        for each in (element, *element.boundaries):
            each.kept_by |= {flow.id}


def _reached(found: list[Element], following: Callable[[Element], list[Element]]) -> set[Element]:
    seen = set(found)
    while found:
        for element in following(found.pop()):
            around = [element] if element.attached_to is None else [element, element.attached_to]
            found.extend(each for each in around if each not in seen)
            seen.update(around)
    return seen


def check_ways(shop: Workshop, target: Element) -> None:
    """Note where a case would come from another Stelle's lane unnoticed, over elements that stand in no bound lane."""
    if target.unit is None:
        return
    sources = [flow.source for flow in target.incoming]
    seen: set[Element] = set()
    ways: list[tuple[Element, Element]] = []
    for before in _before(target):
        if before.unit is None:
            ways.append((before, before))
        elif before not in sources:
            around = before.plan.owner if before.plan.owner in sources else target.plan.owner
            ways.append((around or target, before))
    while ways:
        between, element = ways.pop()
        if element.unit not in {None, target.unit}:
            shop.note(
                "handover-passed-by",
                between.node.id,
                between.node.line,
                name=between.name or between.node.id,
                sender=element.unit or "",
                receiver=target.unit,
            )
        elif element.unit is None and element not in seen:
            seen.add(element)
            ways.extend((between, before) for before in _before(element))


def _before(element: Element) -> list[Element]:
    """The elements that a token comes from: over a flow, from the activity around or attached to, or inside of."""
    found = [flow.source for flow in element.incoming]
    owner = element.plan.owner
    if element.attached_to is not None:
        found.append(element.attached_to)
    elif not found and owner is not None and not owner.node.triggered_by_event:
        found.extend(_before(owner) if owner.unit is None else [owner])
    ends = [
        each
        for source in found
        if source.unit is None and source.body is not None
        for each in source.body.elements.values()
        if not each.outgoing
    ]
    return found + ends


def _rule(
    shop: Workshop, source: Source, flow: Flow, extension: HandoverExtension | None
) -> HandoverRule | None:
    rules = source.parts.handover_rules
    name = extension.rule if extension is not None else None
    if name is not None:
        if name not in rules:
            known = listed(rule.id for rule in rules.values())
            shop.note("handover-rule-unknown", flow.id, flow.line, found=name, **known)
        return rules.get(name)
    if extension is None:
        return rules.get(flow.id)
    given = {
        "kind": extension.kind,
        "fields": tuple(_field(each) for each in extension.fields) or None,
        "legal_bases": extension.legal_bases or None,
        "acknowledge_within": extension.acknowledge_within,
        "complete_within": extension.complete_within,
        "result_within": extension.result_within,
        "return_to": extension.return_to,
        "max_returns": extension.max_returns,
        "return_reasons": extension.return_reasons or None,
    }
    return HandoverRule(id=flow.id, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # the types are those of the extension's fields


def _field(given: Mapping[str, str]) -> HandoverField:
    return HandoverField(
        name=given.get("name", ""),
        required=given.get("required", "").lower() in REQUIRED,
        consent=given.get("consent", "false").lower() in REQUIRED - {""},
    )


def _fields(source: Source, rule: HandoverRule | None, target: Element) -> tuple[HandoverField, ...] | None:
    """The rule's fields; without a rule what the receiver's forms show, where the forms are known, else everything."""
    if rule is not None and rule.fields is not None:
        return rule.fields
    forms = source.parts.forms
    if not isinstance(forms, Mapping):
        return None
    names: dict[str, None] = {}
    for element in target.plan.elements.values():
        if element.unit == target.unit:
            names.update(dict.fromkeys(forms.get(element.form or "", ())))
            for flow in element.outgoing:
                if flow.condition is not None:
                    names.update(dict.fromkeys(flow.condition.reads))
    return tuple(HandoverField(name=name, required=False) for name in names)


def _return_to(
    shop: Workshop, flow: Flow, rule: HandoverRule | None, sender: Element, scope: Mapping[str, Element]
) -> Element | None:
    """Where a return leads: back to the sender, for a third Stelle would have the task without a handover."""
    if rule is None or rule.return_to is None:
        return sender if sender.type.is_activity else None
    place = _named(shop, flow, rule.return_to, scope)
    if place is not None and place.unit not in {None, sender.unit}:
        shop.note(
            "handover-return-unit",
            flow.id,
            flow.line,
            name=flow.name or flow.id,
            found=place.name or place.id,
            sender=sender.unit or "",
        )
    return place


def _way_to(shop: Workshop, flow: Flow, follow_up: Element | None, units: tuple[str, str]) -> FlowPlan | None:
    """The flow by which a third Stelle gets what follows too many returns: it must not have it without a handover."""
    if follow_up is None or follow_up.unit in {None, *units}:
        return None
    ways = [way for unit in units for way in follow_up.incoming if way.source.unit == unit]
    if ways:
        return ways[0]
    shop.note(
        "handover-follow-up-unit",
        flow.id,
        flow.line,
        name=flow.name or flow.id,
        found=follow_up.name or follow_up.id,
        sender=units[0],
        receiver=units[1],
    )
    return None


def _named(shop: Workshop, flow: Flow, name: str | None, scope: Mapping[str, Element]) -> Element | None:
    """The element of that name, if a token can be put there."""
    found = scope.get(name) if name is not None else None
    apart = found is not None and (
        found.type is NodeType.BOUNDARY_EVENT or found.node.triggered_by_event or found.node.for_compensation
    )
    if name is not None and (found is None or apart):
        shop.note("handover-return", flow.id, flow.line, found=name)
    return found
