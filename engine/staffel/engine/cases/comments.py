"""Comments (Vermerke) at a case stay in the own Stelle; a note to the next Stelle travels with what is handed over to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlmodel import col, select

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.running import find_case, model_of, need_running
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.library import Deployed
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.tables import Case, Comment, Handover, HandoverStatus, Task

MAX_TEXT = 4000
SHOWN_TO_RECEIVER = frozenset({HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED, HandoverStatus.ACCEPTED})
"""After a return or withdrawal a note is the sender's alone again."""


class CommentText(Refusal):
    """Expected a text of 1 to 4000 characters."""

    status, code = 422, "comment-text"
    text_de = "Schreiben Sie einen Text von höchstens 4000 Zeichen."


class NotNext(Refusal):
    """A note goes to a Stelle to which the model lets your Stelle hand this case over; the list of comments names them."""

    status, code = 422, "not-next"
    text_de = "Wählen Sie eine Stelle, an die Ihre Stelle diesen Vorgang übergeben kann."


def write_comment(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    text: str,
    for_unit: UUID | None = None,
    unit_id: UUID | None = None,
) -> UUID:
    """Note something down for the own Stelle (`unit_id` where one works in several), and with `for_unit` for the next one.

    Raises `NotFound`, `CaseClosed`, `CommentText`, `NotNext`.
    """
    case = find_case(tx, case_id)
    unit = own_unit(own_units_at(tx, actor, case), unit_id)
    need_running(case)
    if for_unit is not None and for_unit not in next_units(model_of(tx, case), _units(case), {unit}):
        raise NotNext
    comment = Comment(
        id=new_id(now), case_id=case_id, unit_id=unit, account_id=actor.account, for_unit=for_unit,
        text=_checked(text), written_at=now,
    )  # fmt: skip
    tx.session.add(comment)
    record(tx, actor=actor, now=now, action="comment.write", subject=case_id, comment=str(comment.id))
    return comment.id


def next_units(model: Deployed, units: Mapping[str, UUID], own: set[UUID]) -> set[UUID]:
    """The Stellen to which the model lets the `own` hand over; `units` are those of the case, by kind."""
    plans = [flow.handover for flow in model.program.flows.values() if flow.handover is not None]
    found = {units.get(plan.receiver) for plan in plans if units.get(plan.sender) in own}
    return {unit for unit in found if unit is not None} - own


def notes_with(tx: Transaction, *, actor: Actor, handover: Handover) -> list[Comment]:
    """The notes that travel with a handover, the oldest first, for those who may see it."""
    if not actor.works_in(handover.sender_unit) and handover.status not in SHOWN_TO_RECEIVER:
        return []
    query = select(Comment).where(
        Comment.case_id == handover.case_id,
        Comment.unit_id == handover.sender_unit,
        Comment.for_unit == handover.receiver_unit,
    )
    if handover.closed_at is not None:
        query = query.where(col(Comment.written_at) <= handover.closed_at)
    return list(tx.session.exec(query.order_by(col(Comment.id))))


def own_units_at(tx: Transaction, actor: Actor, case: Case | CaseHead) -> set[UUID]:
    """The Stellen that the actor may write for: the own ones that have to do with the case."""
    return _involved(tx, case) & actor.units_as(*CASEWORK)


def own_unit(mine: set[UUID], unit_id: UUID | None) -> UUID:
    """The Stelle named, or the only one there is."""
    if unit_id is not None:
        mine = mine & {unit_id}
    if not mine:
        raise NotFound
    if len(mine) > 1:
        raise NotAllowed(
            f"Say for which Stelle: {len(mine)} of yours have to do with this case.",
            text_de=f"Bitte die Stelle angeben: {len(mine)} Ihrer Stellen haben mit diesem Vorgang zu tun.",
            units=[str(unit) for unit in sorted(mine)],
        )
    return next(iter(mine))


def _units(case: CaseHead) -> dict[str, UUID]:
    """The Stellen of the case by kind."""
    return msgspec.json.decode(case.units, type=dict[str, UUID])


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= MAX_TEXT:
        raise CommentText(found=len(text))
    return text


def _involved(tx: Transaction, case: Case | CaseHead) -> set[UUID]:
    """The Stellen that see the case: who began or holds it, has a task in it, or is party to a handover."""
    tasks = tx.session.exec(select(Task.unit_id).where(Task.case_id == case.id))
    sides = tx.session.exec(
        select(Handover.sender_unit, Handover.receiver_unit).where(Handover.case_id == case.id)
    )
    return {case.starter_unit, case.responsible_unit, *tasks, *(unit for pair in sides for unit in pair)}
