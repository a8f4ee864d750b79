"""What steering groups see of reported breaking points."""

from __future__ import annotations

from collections.abc import Sequence

from staffel.api.analysis.service import READERS, may_analyse
from staffel.engine.actor import Actor
from staffel.engine.analysis import BreakingPoints, Period, breaking_points
from staffel.engine.store import Transaction


def read_breaking_points(
    tx: Transaction, *, actor: Actor, process: str, municipalities: Sequence[str], period: Period
) -> list[BreakingPoints]:
    """For those who compare municipalities. Raises `NotAllowed`, `NotFound`."""
    may_analyse(actor, *READERS)
    return breaking_points(tx, process_key=process, municipalities=municipalities, period=period)
