"""What the pauses of a Frist say about today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from staffel.api.deadlines.schemas import PauseOut
from staffel.engine.calendar import ZONE


def can_be_resumed(pauses: Sequence[PauseOut], now: datetime) -> bool:
    """Whether people have said that the Frist stands still, today or later."""
    today = now.astimezone(ZONE).date()
    return any(not each.automatic and (each.until is None or each.until > today) for each in pauses)


def is_covered(pauses: Sequence[PauseOut], now: datetime) -> bool:
    """Whether it stands still today."""
    today = now.astimezone(ZONE).date()
    return any(each.since <= today and (each.until is None or today <= each.until) for each in pauses)
