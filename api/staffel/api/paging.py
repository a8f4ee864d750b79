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


def encode_cursor(key: Key) -> str:
    """The key as text for a URL."""
    moment, number = key
    return (
        base64.urlsafe_b64encode(json.dumps([moment.isoformat(), str(number)]).encode()).decode().rstrip("=")
    )


def decode_cursor(text: str) -> Key:
    """The key that `encode_cursor` wrote. Raises `Malformed`."""
    try:
        moment, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = datetime.fromisoformat(moment), UUID(number)
    except (ValueError, TypeError, AttributeError) as err:
        raise Malformed("Expected the `next` of an earlier page as cursor.") from err
    if key[0].tzinfo is None:
        raise Malformed("Expected the `next` of an earlier page as cursor.")
    return key


def behind(cursor: str, moment: Any, number: Any, *, descending: bool = False) -> ColumnElement[bool]:
    """The condition for what comes after the cursor in the order of `moment`, `number`."""
    at, after = decode_cursor(cursor)
    here, there = tuple_(moment, number), tuple_(literal(at, UtcTime), literal(after, Uuid))
    return here < there if descending else here > there


def cut(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The rows of a page out of `limit + 1` that were asked for, and whether more follow."""
    return rows[:limit], len(rows) > limit
