"""Keyset paging: a page ends with the key of its last item, and the next one begins behind it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, literal, tuple_

from staffel.api.problems import Malformed
from staffel.engine.store.types import UtcTime

Row = TypeVar("Row")
Key = tuple[datetime, UUID]


def encode_cursor(key: Key, *, under: str = "") -> str:
    """The key as text for a URL; `under`, what the list is ordered by before the key."""
    moment, number = key
    parts = [moment.isoformat(), str(number), *([under] if under else [])]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[Key, str]:
    """The key and the text before it that `encode_cursor` wrote. Raises `Malformed`."""
    try:
        moment, number, *under = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = datetime.fromisoformat(moment), UUID(number)
    except (ValueError, TypeError, AttributeError) as err:
        raise Malformed("Expected the `next` of an earlier page as cursor.") from err
    if key[0].tzinfo is None or len(under) > 1 or not all(isinstance(each, str) for each in under):
        raise Malformed("Expected the `next` of an earlier page as cursor.")
    return key, under[0] if under else ""


def behind(
    cursor: str, moment: Any, number: Any, *, descending: bool = False, under: Any = None
) -> ColumnElement[bool]:
    """The condition for what comes after the cursor in the order of `under` (a text, if given), `moment`, `number`."""
    (at, after), text = decode_cursor(cursor)
    here, there = [moment, number], [literal(at, UtcTime), literal(after, Uuid)]
    if under is not None:
        here, there = [under, *here], [literal(text), *there]
    return tuple_(*here) < tuple_(*there) if descending else tuple_(*here) > tuple_(*there)


def cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The rows of a page out of `limit + 1` that were asked for, and whether more follow."""
    return rows[:limit], len(rows) > limit
