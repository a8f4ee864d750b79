"""What people see of substitutions: their own; team leads those of their teams."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from staffel.api.cases.queries import units_by_id
from staffel.api.substitutions.schemas import ColleagueOut, PersonRef, SubstitutionOut, SubstitutionsOut
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.calendar import ZONE
from staffel.engine.cases.colleagues import colleagues
from staffel.engine.cases.policy import led_by
from staffel.engine.cases.substitution import may_arrange_for, substitutions_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account


def read_substitutions(tx: Transaction, *, actor: Actor, now: datetime) -> SubstitutionsOut:
    """Running and coming ones, and the people of the actor's Stellen. Raises `NotAllowed`."""
    actor.need(*CASEWORK)
    found = substitutions_of(tx, actor=actor, now=now)
    mine = actor.units_as(*CASEWORK)
    units = units_by_id(tx, set(mine))
    people = {each for row in found for each in (row.absent_id, row.substitute_id)}
    query = select(Account.id, Account.name).where(col(Account.id).in_(people))
    names = {account: PersonRef(id=account, name=name) for account, name in tx.session.exec(query)}
    today = now.astimezone(ZONE).date()
    return SubstitutionsOut(
        substitutions=[
            SubstitutionOut(
                id=row.id,
                unit=units[row.unit_id],
                absent=names[row.absent_id],
                substitute=names[row.substitute_id],
                first=row.first,
                last=row.last,
                runs=row.first <= today,
                may_end=row.absent_id == actor.account or row.unit_id in led_by(actor),
            )
            for row in found
        ],
        colleagues=[
            ColleagueOut(
                unit=units[each.unit_id],
                person=PersonRef(id=each.account_id, name=each.name),
                may_arrange=may_arrange_for(actor, each),
            )
            for each in colleagues(tx, units=mine)
        ],
    )
