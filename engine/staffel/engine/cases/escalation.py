"""Overdue handovers: reminded, then told to the levels of the rule. Nobody takes over another Stelle's task (DOMAIN §3.2).

The worker asks at `escalate_at` whether the watched Frist was kept, so that no command of a caseworker has to settle
it. The Fristen are watched one after the other: acknowledgement, acceptance, result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role
from staffel.engine.cases.calendars import calendar_at
from staffel.engine.cases.facts import Fact, HandoverEscalated, HandoverReminded
from staffel.engine.cases.handover_fristen import answered_at
from staffel.engine.cases.projection import Telling, notice_row
from staffel.engine.cases.running import Row, model_of, note
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.kernel.handover_rule import AGREED, DEFAULT_PATH, FRISTEN, HandoverRule
from staffel.engine.store import Transaction
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Case, CaseStatus, Handover, HandoverStatus, NoticeKind

ACKNOWLEDGE, ACCEPT, RESULT = FRISTEN
_OPEN = (HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED)


class NotOverdue(Refusal):
    """No Frist of the handover has passed, so there is nothing to remind of."""

    code = "handover-not-overdue"
    text_de = "Keine Frist dieser Übergabe ist überschritten; es gibt nichts anzumahnen."


class PathEnded(Refusal):
    """Everybody on the agreed path has been told already."""

    code = "escalation-ended"
    text_de = "Alle Stufen des vereinbarten Eskalationswegs sind unterrichtet."


def due_escalations(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Handovers whose watched Frist has to be looked at, the longest due first."""
    query = select(Handover.id).where(col(Handover.escalate_at) <= now)
    return list(tx.session.exec(query.order_by(col(Handover.escalate_at), col(Handover.id)).limit(limit)))


def forget_ended(tx: Transaction, *, now: datetime) -> None:
    """Stop watching the Fristen of cases that have ended."""
    ended = select(Case.id).where(Case.status != CaseStatus.RUNNING)
    statement = update(Handover).where(col(Handover.escalate_at) <= now, col(Handover.case_id).in_(ended))
    tx.session.execute(statement.values(escalate_at=None), execution_options={"synchronize_session": False})


def escalate_due(tx: Transaction, *, now: datetime, handover_id: UUID) -> bool:
    """Take the next step on the path, or watch the next Frist. False when it is gone or its case is busy."""
    found = _locked(tx, handover_id)
    if found is None:
        return False
    case, row = found
    if row.escalate_at is None or row.escalate_at > now:
        return False
    watched = watched_of(tx, row) if case.status == CaseStatus.RUNNING else None
    at = getattr(row, watched) if watched else None
    if watched is None or at is None:
        _watch(tx, case, row, now=now, at=None, watched=row.escalation_for)
    elif watched != row.escalation_for or at > now:
        _watch(tx, case, row, now=now, at=at, watched=watched)
    else:
        _next_step(tx, case, row, now, by="system")
    return True


def remind(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> None:
    """The coordination reminds the Stelle that is late; the path goes on as it was."""
    case, row = _for_coordination(tx, actor, handover_id)
    watched = _overdue(tx, row, now)
    rows = (_notice(case, row, now, Role.SACHBEARBEITUNG, {"deadline": watched, "to": "Team", "level": 1}),)
    fact = HandoverReminded(key=row.key, element=row.flow, deadline=watched, by="koordination")
    note(tx, case=case, facts=(fact,), rows=rows, now=now)


def escalate(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> None:
    """The coordination takes the next step of the agreed path now."""
    case, row = _for_coordination(tx, actor, handover_id)
    _overdue(tx, row, now)
    rule = _rule(tx, case, row)
    path = rule.escalation if rule is not None else DEFAULT_PATH
    if row.escalation_level > len(path):
        raise PathEnded
    _next_step(tx, case, row, now, by="koordination")


def watched_of(tx: Transaction, row: Handover) -> str | None:
    """The Frist that runs now; None when nothing is waited for any more."""
    if row.status in _OPEN:
        waits_for_receiver = row.missing is None
        if row.acknowledged_at is None and row.acknowledge_by is not None:
            return ACKNOWLEDGE
        return ACCEPT if waits_for_receiver and row.accept_by is not None else None
    if row.status == HandoverStatus.ACCEPTED and row.result_by is not None and answered_at(tx, row) is None:
        return RESULT
    return None


def _next_step(tx: Transaction, case: CaseHead, row: Handover, now: datetime, *, by: str) -> None:
    rule = _rule(tx, case, row)
    path = rule.escalation if rule is not None else DEFAULT_PATH
    watched, level = row.escalation_for, row.escalation_level
    kind = rule.kind_of(watched) if rule is not None else AGREED
    fact: Fact
    if level == 0:
        fact = HandoverReminded(key=row.key, element=row.flow, deadline=watched, by=by)
        told = _notice(case, row, now, Role.SACHBEARBEITUNG, {"deadline": watched, "to": "Team", "level": 1})
    else:
        step = path[level - 1]
        role = Role.TEAMLEITUNG if step.role == "teamleitung" else Role.KOORDINATION
        fact = HandoverEscalated(
            key=row.key, element=row.flow, deadline=watched, level=level, to=step.to, role=step.role, by=by
        )
        told = _notice(case, row, now, role, {"deadline": watched, "to": step.to, "level": level + 1})
    end = getattr(row, watched)
    following = path[level].after if level < len(path) else None
    calendar = calendar_at(tx, row.receiver_unit, kind)
    at = calendar.due(end, following, kind=kind)[0] if following and end is not None else None
    rows = (told, _watching(case, row.key, at, watched, level + 1))
    note(tx, case=case, facts=(fact,), rows=rows, now=now)


def _watch(
    tx: Transaction, case: CaseHead, row: Handover, *, now: datetime, at: datetime | None, watched: str
) -> None:
    """Watch a Frist from its end on, or none any more (`at` None)."""
    change = _watching(case, row.key, at, watched, 0)
    note(tx, case=case, facts=(), rows=(change,), now=now, ended=_ending(tx, case))


def _watching(case: CaseHead, key: int, at: datetime | None, watched: str, level: int) -> Row:
    return "handover_escalate", key, (case.id, key, at, watched, level)


def _notice(case: CaseHead, row: Handover, now: datetime, role: Role, told: Mapping[str, Any]) -> Row:
    """Told to the late Stelle's people, or to the coordination of the municipality."""
    unit = None if role is Role.KOORDINATION else row.receiver_unit
    kind = NoticeKind.REMINDER if told["level"] == 1 else NoticeKind.ESCALATION
    end: datetime | None = getattr(row, told["deadline"])
    details = {**told, "end": end.isoformat() if end else None}
    return "notice_open", 0, notice_row(case, now, row.key, Telling(unit, role, kind, details))


def _ending(tx: Transaction, case: CaseHead) -> tuple[datetime | None, str | None] | None:
    if case.status == CaseStatus.RUNNING:
        return None
    row = tx.session.get(Case, case.id)
    return (row.ended_at, row.end_element) if row is not None else None


def _rule(tx: Transaction, case: CaseHead, row: Handover) -> HandoverRule | None:
    flow = model_of(tx, case).program.flows.get(row.flow)
    return flow.handover.rule if flow is not None and flow.handover is not None else None


def _locked(tx: Transaction, handover_id: UUID) -> tuple[CaseHead, Handover] | None:
    row = tx.session.get(Handover, handover_id)
    if row is None:
        return None
    case = tx.hot.free_case(row.case_id)
    tx.forget()
    again = tx.session.get(Handover, handover_id)
    return None if case is None or again is None else (case, again)


def _for_coordination(tx: Transaction, actor: Actor, handover_id: UUID) -> tuple[CaseHead, Handover]:
    actor.need(Role.KOORDINATION)
    row = tx.session.get(Handover, handover_id)
    case = tx.hot.case(row.case_id) if row is not None else None
    if case is None or case.municipality != actor.municipality:
        raise NotFound
    tx.forget()
    again = tx.session.get(Handover, handover_id)
    if again is None:
        raise NotFound
    return case, again


def _overdue(tx: Transaction, row: Handover, now: datetime) -> str:
    watched = watched_of(tx, row)
    end = getattr(row, watched) if watched else None
    if watched is None or end is None or end >= now:
        raise NotOverdue
    return watched
