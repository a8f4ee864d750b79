"""What people see of comments: those of their own Stellen, and notes on handovers to them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import col, select

from staffel.api.cases.queries import find_case, units_by_id
from staffel.api.comments.schemas import CommentOut, CommentsOut, NoteOut
from staffel.api.references import UnitRef
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.comments import next_units, notes_with, own_units_at
from staffel.engine.cases.running import model_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, CaseStatus, Comment, Handover


def read_comments(tx: Transaction, *, actor: Actor, case_id: UUID) -> CommentsOut:
    """The comments of the actor's Stellen at a case. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    own = set(actor.units_as(*CASEWORK))
    query = (
        select(Comment, Account.name)
        .outerjoin(Account, col(Account.id) == col(Comment.account_id))
        .where(Comment.case_id == case_id, col(Comment.unit_id).in_(own))
    )
    rows = tx.session.exec(query.order_by(col(Comment.id))).all()
    receivers = next_units(model_of(tx, case), {kind: UUID(unit) for kind, unit in case.units.items()}, own)
    writing = own_units_at(tx, actor, case)
    shown = receivers | writing | {unit for row, _ in rows for unit in (row.unit_id, row.for_unit) if unit}
    named = units_by_id(tx, shown)
    return CommentsOut(
        comments=[
            CommentOut(
                id=row.id,
                text=row.text,
                unit=named[row.unit_id],
                author=author,
                for_unit=named[row.for_unit] if row.for_unit else None,
                written_at=row.written_at,
            )
            for row, author in rows
        ],
        units=_by_name(named[unit] for unit in writing),
        receivers=_by_name(named[unit] for unit in receivers),
        may_write=case.status == CaseStatus.RUNNING,
    )


def _by_name(units: Iterable[UnitRef]) -> list[UnitRef]:
    return sorted(units, key=lambda unit: unit.name)


def notes_of_handover(tx: Transaction, *, actor: Actor, handover: Handover) -> list[NoteOut]:
    """What travels with the handover for its receiver."""
    return [NoteOut.model_validate(row) for row in notes_with(tx, actor=actor, handover=handover)]
