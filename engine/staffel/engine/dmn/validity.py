"""When a decision holds: rules are dated by the day of the fact that they judge (Stichtag), not by today's date only.

Several files may hold the same decision, each for its time. The attributes stand on the `decision`, or on `definitions`
for all decisions of a file; editors keep them as attributes of a foreign namespace (`urn:staffel:dmn:1`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from lxml import etree

from staffel.engine.dmn.source import Source
from staffel.engine.feel.dates import parse_date

NAMESPACE: Final = "urn:staffel:dmn:1"
_KNOWN: Final = ("validFrom", "validTo", "legalState", "legalBasis")


@dataclass(frozen=True, slots=True)
class Validity:
    """From the first to the last day (None: open), as of which state of the law, on which legal bases."""

    first: date | None = None
    last: date | None = None
    legal_state: str = ""
    legal_bases: tuple[str, ...] = ()

    def covers(self, day: date) -> bool:
        """Whether the rules hold for a fact of the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def overlaps(self, other: Validity) -> bool:
        """Whether there is a day that both cover."""
        return (self.first is None or other.last is None or self.first <= other.last) and (
            other.first is None or self.last is None or other.first <= self.last
        )

    def follows(self, other: Validity) -> bool:
        """Whether it begins on the day after the other has ended."""
        return other.last is not None and self.first == other.last + timedelta(days=1)

    @property
    def order(self) -> date:
        """What sorts versions in time."""
        return self.first or date.min

    @property
    def text_de(self) -> str:
        """`gilt ab 01.06.2026 bis 31.12.2026`."""
        parts = [f"ab {self.first:%d.%m.%Y}"] if self.first else []
        parts += [f"bis {self.last:%d.%m.%Y}"] if self.last else []
        return f"gilt {' '.join(parts)}" if parts else "gilt ohne zeitliche Grenze"

    @property
    def text_en(self) -> str:
        """`holds from 2026-06-01 to 2026-12-31`."""
        parts = [f"from {self.first}"] if self.first else []
        parts += [f"to {self.last}"] if self.last else []
        return f"holds {' '.join(parts)}" if parts else "holds without limit of time"


ALWAYS: Final = Validity()


def read_validity(element: etree._Element, source: Source) -> Validity:
    """What the decision says, or else its file. What cannot be read becomes a problem."""
    _unknown(element, source)
    given = {name: _attribute(element, source, name) for name in _KNOWN}
    first = _day(element, source, "validFrom", given["validFrom"])
    last = _day(element, source, "validTo", given["validTo"])
    if first and last and last < first:
        source.report(
            "validity-order",
            element,
            f"validTo ({last:%d.%m.%Y}) liegt vor validFrom ({first:%d.%m.%Y}); die Entscheidung gilt an keinem Tag.",
            f"validTo ({last}) comes before validFrom ({first}); the decision holds on no day.",
        )
    bases = tuple(part.strip() for part in given["legalBasis"].split(";") if part.strip())
    return Validity(first, last, given["legalState"], bases)


def _attribute(element: etree._Element, source: Source, name: str) -> str:
    qualified = f"{{{NAMESPACE}}}{name}"
    return (element.get(qualified) or source.root.get(qualified) or "").strip()


def _day(element: etree._Element, source: Source, name: str, text: str) -> date | None:
    if not text:
        return None
    found: Any = parse_date(text)
    if found is None:
        source.report(
            "validity-malformed",
            element,
            f"{name} erwartet einen Tag wie 2026-06-01, gefunden: {text[:80]}.",
            f"{name} expects a day such as 2026-06-01, found: {text[:80]}.",
        )
    return found if isinstance(found, date) else None


def _unknown(element: etree._Element, source: Source) -> None:
    for name in element.attrib:
        space, _, local = str(name).removeprefix("{").partition("}")
        if space == NAMESPACE and local not in _KNOWN:
            source.report(
                "validity-unknown",
                element,
                f"staffel:{local} gibt es an einer Entscheidung nicht; bekannt sind {', '.join(_KNOWN)}.",
                f"There is no staffel:{local} at a decision; known are {', '.join(_KNOWN)}.",
            )
