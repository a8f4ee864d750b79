"""What is said to the fenced process, and what it answers."""

from __future__ import annotations

import msgspec

from staffel.engine.portability.ways import Act


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A prepared file, the process in it, the ways to go; limits in MiB and seconds of computing."""

    xml: str
    process: str
    ways: tuple[tuple[Act, ...], ...]
    megabytes: int
    seconds: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What SpiffWorkflow says after an act; the same three things as in `Act`."""

    open: tuple[str, ...]
    completed: tuple[str, ...]
    ended: bool


class Walked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a way went: what was `seen` after each act; `fault` what it raised at the next one.

    `element` is where it says that the file cannot be loaded; `missing`: the next act could not happen, nothing waits for it there.
    """

    seen: tuple[Seen, ...] = ()
    fault: str = ""
    element: str = ""
    missing: bool = False
