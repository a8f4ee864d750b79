"""Runs in a process of its own: SpiffWorkflow goes the given ways. `python -I -m staffel.engine.portability.sandbox`.

Its script engine refuses: no expression and no script is ever evaluated, conditions are answered from the way. The
process gets no environment, limits itself before it loads anything, and is stopped from outside when it takes too long.
It reads one `Order` from its standard input and writes one line of JSON per way (`Walked`), the first for loading.
"""

from __future__ import annotations

import logging
import resource
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from lxml import etree

from staffel.engine.portability.messages import Order, Seen, Walked
from staffel.engine.portability.ways import Act

MOST_TEXT: Final = 400


def main() -> None:
    """Read the order, limit the process, go the ways."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    _limit(order.megabytes, order.seconds)
    logging.disable(logging.CRITICAL)
    for walked in _walk(order):
        sys.stdout.buffer.write(msgspec.json.encode(walked) + b"\n")
        sys.stdout.buffer.flush()


def _limit(megabytes: int, seconds: int) -> None:
    """Memory and computing time of this process; no file can be written and no process begun."""
    for what, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))
    sys.setrecursionlimit(5_000)


def _walk(order: Order) -> Iterator[Walked]:
    from staffel.engine.portability.peer import Peer  # noqa: PLC0415 - nothing foreign before the limits stand

    root = etree.fromstring(order.xml.encode())
    try:
        peer = Peer(root, order.process)
    except Exception as fault:  # whatever the foreign engine raises is its answer
        yield Walked(fault=_text(fault), element=getattr(fault, "id", None) or "")
        return
    yield Walked()
    for way in order.ways:
        yield go(peer, way)


def go(peer: Any, way: tuple[Act, ...]) -> Walked:
    """One way from its beginning, as far as it goes."""
    seen: list[Seen] = []
    try:
        peer.begin()
        for act in way:
            peer.engine.answers = {name: deque(given) for name, given in act.answers.items()}
            if not peer.act(act):
                return Walked(seen=tuple(seen), missing=True)
            seen.append(peer.seen())
    except Exception as fault:
        return Walked(seen=tuple(seen), fault=_text(fault))
    return Walked(seen=tuple(seen))


def _text(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:MOST_TEXT]


if __name__ == "__main__":
    main()
