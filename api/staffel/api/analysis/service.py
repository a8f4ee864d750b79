"""Who may compare, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from staffel.api.problems import Malformed
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.analysis import ClockKind, Comparison, Period, compare, comparison_csv, step_log_csv
from staffel.engine.store import Transaction

READERS = (Role.ANALYSE, Role.KOORDINATION, Role.PROZESSDESIGN)
"""Who compares municipalities, on the pages and by API; the log of steps is for analysts alone."""


def may_analyse(actor: Actor, *roles: Role) -> None:
    """These roles, and programs with the scope `analysis`; nobody sees single cases. Raises `NotAllowed`."""
    if Scope.ANALYSIS not in actor.scopes:
        actor.need(*roles)


def read_comparison(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    process: str,
    municipalities: Sequence[str],
    first: date,
    last: date,
    clock: ClockKind,
) -> Comparison:
    """The comparison. Raises `NotAllowed`, `NotFound`, `Malformed`."""
    may_analyse(actor, *READERS)
    return compare(
        tx,
        process_key=process,
        municipalities=municipalities,
        period=period_of(first, last),
        clock=clock,
        now=now,
    )


def read_comparison_csv(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    process: str,
    municipalities: Sequence[str],
    first: date,
    last: date,
    clock: ClockKind,
) -> str:
    """The comparison as a table."""
    return comparison_csv(
        read_comparison(
            tx,
            actor=actor,
            now=now,
            process=process,
            municipalities=municipalities,
            first=first,
            last=last,
            clock=clock,
        )
    )


def read_step_log(
    tx: Transaction, *, actor: Actor, now: datetime, process: str, first: date, last: date
) -> str:
    """The steps of the own municipality under numbers drawn for this file. Raises `NotAllowed`, `NotFound`, `Malformed`."""
    may_analyse(actor, Role.ANALYSE)
    return step_log_csv(
        tx,
        process_key=process,
        municipalities=[actor.municipality],
        period=period_of(first, last),
        now=now,
    )


def period_of(first: date, last: date) -> Period:
    """The months of two days. Raises `Malformed`."""
    try:
        return Period(first, last)
    except ValueError as err:
        raise Malformed(str(err)) from err
