"""Hemmung and the one Verlängerung of a handover's Fristen, by the Stelle that its rule names; both Stellen see why.

The kernel does not watch these Fristen, so what happens to them is a fact beside its events (ADR-0019); the worker's
watch (`escalation`) follows.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlmodel import select

from staffel.engine.actor import Actor
from staffel.engine.calendar import NEVER
from staffel.engine.cases import policy
from staffel.engine.cases.calendars import calendar_at
from staffel.engine.cases.escalation import watched_of
from staffel.engine.cases.facts import HandoverDeadlineChanged
from staffel.engine.cases.handover_fristen import answered_at, computed, frist_of, keep, runs, terms_of
from staffel.engine.cases.running import Row, model_of, need_running, note
from staffel.engine.errors import NotFound
from staffel.engine.kernel import ExtendDeadline, ResumeDeadline, SuspendDeadline, deadline_rules
from staffel.engine.kernel.courses import EXTENDED, RESUMED, SUSPENDED
from staffel.engine.kernel.deadline_rules import Changed, Standing
from staffel.engine.kernel.handover_rule import FRISTEN, HandoverRule
from staffel.engine.kernel.incidents import CommandRefused
from staffel.engine.kernel.state import Frist
from staffel.engine.store import Transaction
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Handover, NoticeKind

Change: TypeAlias = SuspendDeadline | ResumeDeadline | ExtendDeadline
SENDER, RECEIVER = "absender", "empfaenger"


def handover_at(tx: Transaction, case_id: UUID, key: int) -> Handover | None:
    """The handover that has this key in the case."""
    return tx.session.exec(select(Handover).where(Handover.case_id == case_id, Handover.key == key)).first()


def rule_at(tx: Transaction, case: CaseHead, row: Handover) -> HandoverRule:
    """The rule of the handover's flow; the general one where the case's model has the flow no more."""
    flow = model_of(tx, case).program.flows.get(row.flow)
    return flow.handover.rule if flow is not None and flow.handover is not None else HandoverRule(id=row.flow)


def may_change(actor: Actor, row: Handover, who: str) -> bool:
    """Whether the actor works in the Stelle (`absender`, `empfaenger`, `beide`) that the rule gives this to."""
    sides = {SENDER: (row.sender_unit,), RECEIVER: (row.receiver_unit,)}
    return any(actor.works_in(unit) for unit in sides.get(who, (row.sender_unit, row.receiver_unit)))


def change_handover_deadline(
    tx: Transaction, *, actor: Actor, now: datetime, case: CaseHead, row: Handover, command: Change
) -> None:
    """Suspend, resume or extend one. Raises `NotFound`, `NotAllowed`, `CaseClosed`, `CommandRefused`."""
    rule = rule_at(tx, case, row)
    name = FRISTEN[command.place] if command.place < len(FRISTEN) else ""
    who = rule.extending(name) if isinstance(command, ExtendDeadline) else rule.suspended_by
    if not may_change(actor, row, who):
        sides = (
            (row.receiver_unit, row.sender_unit) if who == RECEIVER else (row.sender_unit, row.receiver_unit)
        )
        policy.one_side(actor, sides[0], other=sides[1])
    need_running(case)
    if not name:
        raise NotFound
    if not (row.due or {}).get(name) or not runs(row, name, answered=answered_at(tx, row) is not None):
        raise CommandRefused(
            f"There is no running Frist {command.key}/{command.place} in this case.",
            text_de="Die Frist läuft nicht (mehr).",
        )
    terms, calendar = terms_of(rule, name), calendar_at(tx, row.receiver_unit, rule.kind_of(name))

    def end(frist: Frist) -> datetime:
        return computed(calendar, terms, frist).at

    how, changed = _changed(Standing(frist_of(row, name), terms, end, now), command)
    due = computed(calendar, terms, changed.frist)
    keep(row, name, due)
    told = _watch_anew(tx, row, name, now)
    tx.session.add(row)
    tx.flush()
    reason, basis = changed.why
    fact = HandoverDeadlineChanged(
        key=row.key, element=row.flow, deadline=name, change=how, end=None if due.at == NEVER else due.at,
        reason=reason, legal_basis=basis,
    )  # fmt: skip
    note(tx, case=case, facts=(fact,), rows=_settled(case, row, now) if told else (), now=now)


def _changed(here: Standing, command: Change) -> tuple[str, Changed]:
    if isinstance(command, SuspendDeadline):
        return SUSPENDED, deadline_rules.suspended(here, command)
    if isinstance(command, ResumeDeadline):
        return RESUMED, deadline_rules.resumed(here, command)
    return EXTENDED, deadline_rules.extended(here, command)


def _watch_anew(tx: Transaction, row: Handover, name: str, now: datetime) -> bool:
    """Let the worker look at the new end; whether what was told about the old one is settled."""
    watched = watched_of(tx, row)
    end: datetime | None = getattr(row, watched) if watched is not None else None
    settled = row.escalation_for == name and row.escalation_level > 0 and (end is None or end > now)
    if watched != row.escalation_for or watched == name:
        row.escalate_at, row.escalation_level = end, 0
        row.escalation_for = watched or row.escalation_for
    return settled


def _settled(case: CaseHead, row: Handover, now: datetime) -> tuple[Row, ...]:
    kinds = NoticeKind.REMINDER, NoticeKind.ESCALATION
    return tuple(("notice_close", 0, (case.id, row.key, kind.value, now)) for kind in kinds)
