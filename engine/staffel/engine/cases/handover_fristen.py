"""The courses of a handover's Fristen as its row keeps them: acknowledgement, acceptance, result (DOMAIN §2.0.2, §3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlmodel import col, select

from staffel.engine.bpmn.model import DeadlineExtension
from staffel.engine.calendar import NEVER, Calendar, Pause
from staffel.engine.cases.calendars import calendar_at
from staffel.engine.cases.facts import HandoverDeadlineChanged
from staffel.engine.kernel import Program, Step
from staffel.engine.kernel.courses import ANCHORED, RESUMED, SUSPENDED, day_of
from staffel.engine.kernel.deadlines import NAMED_DAY, course, on_named_day
from staffel.engine.kernel.events import Due, HandoverOffered, VariablesSet
from staffel.engine.kernel.handover_rule import FRISTEN, HandoverRule
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.positions import visible_from
from staffel.engine.kernel.program import FlowPlan
from staffel.engine.kernel.state import Frist
from staffel.engine.kernel.timers import checked_moment
from staffel.engine.store import Transaction
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Event, Handover, HandoverStatus

ACKNOWLEDGE, ACCEPT, RESULT = FRISTEN
OPEN = (HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED)


def frist_of(row: Handover, name: str) -> Frist:
    """The course of a Frist so far: where it began, when it stood still, whether it was extended."""
    kept = (row.due or {}).get(name, {})
    begin, names = kept.get("begin"), Pause.__struct_fields__
    pauses = [[each[name] for name in names] for each in kept.get("pauses", ())]
    return Frist(
        FRISTEN.index(name),
        datetime.fromisoformat(begin) if begin else row.offered_at,
        msgspec.convert(pauses, tuple[Pause, ...]),
        kept.get("extension", ""),
    )


def terms_of(rule: HandoverRule, name: str) -> DeadlineExtension:
    """What the rule says of a Frist; the day of a result that it names does not run in days."""
    return DeadlineExtension(
        kind=rule.kind_of(name),
        length=rule.within(name) or NAMED_DAY,
        legal_basis=", ".join(rule.legal_bases),
        extend=rule.extend.get(name),
        suspension_basis=rule.suspension_basis or None,
    )


def runs(row: Handover, name: str, *, answered: bool) -> bool:
    """Whether what the Frist is for is still to be done. `answered`: the result has come."""
    is_open = row.status in OPEN
    if name == ACKNOWLEDGE:
        return is_open and row.acknowledged_at is None
    if name == ACCEPT:
        return is_open and row.missing is None
    return (is_open or row.status == HandoverStatus.ACCEPTED) and not answered


def keep(row: Handover, name: str, due: Due) -> None:
    """Write the new end of a Frist and how it came about into the row."""
    setattr(row, name, None if due.at == NEVER else due.at)
    row.due = {**(row.due or {}), name: _kept(due)}


def computed(calendar: Calendar, terms: DeadlineExtension, frist: Frist) -> Due:
    """The Frist by its course. Raises `Stuck`."""
    begin = frist.begin or NEVER
    at, steps = course(calendar, terms, begin, frist)
    return Due(
        at=at, kind=terms.kind, legal_basis=terms.legal_basis or "", steps=steps, begin=begin,
        pauses=frist.pauses, extension=frist.extension,
    )  # fmt: skip


def _kept(due: Due) -> dict[str, Any]:
    kept = {
        "kind": due.kind, "legal_basis": due.legal_basis, "steps": list(due.steps),
        "pauses": [msgspec.to_builtins(msgspec.structs.asdict(each)) for each in due.pauses],
        "extension": due.extension,
    }  # fmt: skip
    return kept if due.begin is None else kept | {"begin": due.begin.isoformat()}


def follow_case(
    tx: Transaction, case: CaseHead, program: Program, step: Step, now: datetime
) -> list[HandoverDeadlineChanged]:
    """What a step of the case does to the Fristen of results; the worker watches the new ends."""
    named = _follow_named_days(tx, case, program, step, now) if program.result_anchors else []
    paused = _follow_pausing_steps(tx, case, program, step, now) if program.result_pausing else []
    return [*named, *paused]


def _follow_named_days(
    tx: Transaction, case: CaseHead, program: Program, step: Step, now: datetime
) -> list[HandoverDeadlineChanged]:
    """Name the days of results anew whose variables this step has set."""
    moved = {name for event in step.events if type(event) is VariablesSet for name in event.values}
    if program.result_anchors.isdisjoint(moved):
        return []
    facts = []
    for row, flow in _promised(tx, case, program, moved):
        due = _named_day(tx, row, flow, step, now)
        if due is None or due.at == row.result_by:
            continue
        keep(row, RESULT, due)
        if row.status == HandoverStatus.ACCEPTED:
            row.escalate_at, row.escalation_for, row.escalation_level = due.at, RESULT, 0
        tx.session.add(row)
        facts.append(
            HandoverDeadlineChanged(
                key=row.key, element=row.flow, deadline=RESULT, change=ANCHORED, end=due.at
            )
        )
    tx.flush()
    return facts


def _promised(
    tx: Transaction, case: CaseHead, program: Program, moved: set[str]
) -> Iterator[tuple[Handover, FlowPlan]]:
    """The handovers whose result is awaited on a day that one of the variables names."""
    flows = {}
    for flow in program.flows.values():
        until = flow.handover.result_until if flow.handover is not None else None
        if until is not None and not moved.isdisjoint(until.reads):
            flows[flow.id] = flow
    query = select(Handover).where(
        Handover.case_id == case.id,
        col(Handover.flow).in_(flows),
        col(Handover.status).in_((*OPEN, HandoverStatus.ACCEPTED)),
    )
    for row in tx.session.exec(query.order_by(col(Handover.key))).all():
        yield row, flows[row.flow]


def _follow_pausing_steps(
    tx: Transaction, case: CaseHead, program: Program, step: Step, now: datetime
) -> list[HandoverDeadlineChanged]:
    """Suspend the Fristen of results while steps run that their rules name, and let them run on afterwards."""
    if not any(getattr(event, "element", None) in program.result_pausing for event in step.events):
        return []
    flows = {flow.id: flow.handover for flow in program.flows.values() if flow.handover is not None}
    pausing = {name: plan for name, plan in flows.items() if plan.result_paused_by}
    running = {place.element for place in step.state.places.values()}
    query = select(Handover).where(
        Handover.case_id == case.id,
        col(Handover.flow).in_(pausing),
        Handover.status == HandoverStatus.ACCEPTED,
    )
    found = []
    for row in tx.session.exec(query.order_by(col(Handover.key))).all():
        plan = pausing[row.flow]
        names = sorted(program.elements[name].name for name in plan.result_paused_by & running)
        fact = None if answered_at(tx, row) else _paused(tx, row, plan.rule, names, now)
        if fact is not None:
            row.escalate_at, row.escalation_for, row.escalation_level = row.result_by, RESULT, 0
            tx.session.add(row)
            found.append(fact)
    tx.flush()
    return found


def _paused(
    tx: Transaction, row: Handover, rule: HandoverRule, names: Sequence[str], now: datetime
) -> HandoverDeadlineChanged | None:
    """The row's Frist as it goes on now that the steps of these names run; None where nothing changes."""
    frist, terms, today = frist_of(row, RESULT), terms_of(rule, RESULT), day_of(now)
    still = any(each.automatic and each.until is None for each in frist.pauses)
    if bool(names) is still:
        return None
    basis = rule.suspension_basis
    pauses = (*frist.pauses, Pause(today, None, ", ".join(names), basis, automatic=True))
    if still:
        pauses = tuple(
            replace(each, until=today) if each.automatic and each.until is None else each
            for each in frist.pauses
        )
    due = computed(
        calendar_at(tx, row.receiver_unit, rule.kind_of(RESULT)), terms, replace(frist, pauses=pauses)
    )
    if due.at == row.result_by:
        return None
    keep(row, RESULT, due)
    return HandoverDeadlineChanged(
        key=row.key, element=row.flow, deadline=RESULT, change=RESUMED if still else SUSPENDED,
        end=None if due.at == NEVER else due.at, reason="" if still else ", ".join(names),
        legal_basis="" if still else basis,
    )  # fmt: skip


def answered_at(tx: Transaction, row: Handover) -> datetime | None:
    """When the result came: the receiver has handed over to the sender since the acceptance. None: it has not."""
    if row.accepted_at is None:
        return None
    query = select(Handover.offered_at).where(
        Handover.case_id == row.case_id,
        Handover.sender_unit == row.receiver_unit,
        Handover.receiver_unit == row.sender_unit,
        col(Handover.offered_at) >= row.accepted_at,
    )
    return tx.session.exec(query.order_by(col(Handover.offered_at)).limit(1)).first()


def _named_day(tx: Transaction, row: Handover, flow: FlowPlan, step: Step, now: datetime) -> Due | None:
    """The day as it is named now; None where none is, or where the part of the case it was named in has ended."""
    plan, owner = flow.handover, _owner(tx, row)
    if plan is None or plan.result_until is None or not step.state.alive(owner):
        return None
    until = plan.result_until
    try:
        day = checked_moment(until.value(visible_from(step.state, owner, flow.id), now), now, until.text)
    except Stuck:
        return None
    terms = plan.rule.kind_of(RESULT), ", ".join(plan.rule.legal_bases)
    return on_named_day(Calendar(), day, until, terms)


def _owner(tx: Transaction, row: Handover) -> int:
    query = select(Event.data).where(
        Event.case_id == row.case_id, Event.key == row.key, Event.type == HandoverOffered.__name__
    )
    return int(msgspec.msgpack.decode(tx.session.exec(query).one())["owner"])
