"""Ids: UUID version 7 (RFC 9562 §5.7), which sort by the time they were made."""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from uuid import UUID

_VERSION = 0x7 << 76
_VARIANT = 0x2 << 62
_COUNTER_BITS = 74
_STEP_BITS = 32

_lock = threading.Lock()
_last_millisecond = 0
_last_random = 0


def new_id(now: datetime | None = None) -> UUID:
    """A new id. `now` puts it at another time (a virtual clock); within a process ids of one clock only grow.

    A millisecond's ids count up from a random start by random steps, so that they can neither collide nor be guessed.
    """
    global _last_millisecond, _last_random  # noqa: PLW0603 - monotonic within the process
    millisecond = int(now.timestamp() * 1000) if now else time.time_ns() // 1_000_000
    with _lock:
        if millisecond == _last_millisecond:
            _last_random += 1 + int.from_bytes(os.urandom(_STEP_BITS // 8))
        else:
            _last_millisecond = millisecond
            _last_random = int.from_bytes(os.urandom(9))
        tail = _last_random & ((1 << _COUNTER_BITS) - 1)
    high, low = divmod(tail, 1 << 62)
    return UUID(int=(millisecond << 80) | _VERSION | (high << 64) | _VARIANT | low)
