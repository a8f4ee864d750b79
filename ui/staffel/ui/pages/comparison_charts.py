"""The drawings of a comparison, and what its diagrams mark."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from staffel.engine.analysis import Comparison, Estimate, Quantiles, Shown
from staffel.engine.analysis.figures import MunicipalityFigures
from staffel.ui import formats
from staffel.ui.charts import Interval, Line, spread, survival
from staffel.ui.charts.svg import line_swatch
from staffel.ui.language import Language

__all__ = ["classes", "line_swatch", "open_shares", "spread_chart", "survival_chart", "waits"]
QUARTERS = 8
"""At how many points the table under the curves reads them."""


def survival_chart(found: Comparison, language: Language) -> Markup:
    """The Kaplan-Meier curves of all municipalities that show one."""
    lines = [_line(town, found.clock.day) for town in found.municipalities]
    shown = ", ".join(_told(town, found, language) for town in found.municipalities)
    return survival(
        lines,
        title=language.text("Anteil der noch offenen Vorgänge nach Tagen"),
        description=language.text(
            "Je Kommune eine fallende Treppe mit Vertrauensband. Mediane: %(shown)s.", shown=shown
        ),
        axis=language.text("Tage seit Beginn"),
    )


def _line(town: MunicipalityFigures, day: int) -> Line:
    points = town.curve
    has_values = bool(points) and all(point.value is not None for point in points)
    return Line(
        name=town.name,
        days=[point.time / day for point in points],
        share=[point.value or 0.0 for point in points] if has_values else None,
        lower=[point.lower for point in points],
        upper=[point.upper for point in points],
        last=points[-1].time / day if points else 0.0,
    )


def spread_chart(found: Comparison, language: Language) -> Markup:
    """Median and spread of the Durchlaufzeit."""
    rows = [
        Interval(
            name=town.name,
            p25=_days(town.duration.p25, found.clock.day),
            median=_days(town.duration.median, found.clock.day),
            p75=_days(town.duration.p75, found.clock.day),
            p90=_days(town.duration.p90, found.clock.day),
            note=_told(town, found, language),
        )
        for town in found.municipalities
    ]
    return spread(
        rows,
        title=language.text("Durchlaufzeit: Median und Streuung"),
        description="; ".join(f"{row.name}: {row.note}" for row in rows),
        axis=language.text("Tage"),
    )


def _told(town: MunicipalityFigures, found: Comparison, language: Language) -> str:
    """The median in words, or why there is none."""
    match town.duration.shown, town.duration.median:
        case Shown.SUPPRESSED, _:
            return language.text("zu wenige Vorgänge, nicht gezeigt")
        case Shown.INTERVAL, Estimate(lower=lower, upper=upper):
            return language.text(
                "Median zwischen %(lower)s und %(upper)s Tagen (wenige Vorgänge)",
                lower=_number(lower, found.clock.day, language),
                upper=_number(upper, found.clock.day, language),
            )
        case _, Estimate(value=float() as value):
            return language.text("Median %(days)s Tage", days=_number(value, found.clock.day, language))
        case _:
            return language.text("Median nicht erreicht: zu viele Vorgänge sind noch offen")


def open_shares(found: Comparison) -> tuple[list[float], Mapping[str, list[float | None]]]:
    """The table under the curves: days, and per municipality the share still open then."""
    last = max((town.curve[-1].time for town in found.municipalities if town.curve), default=0)
    step = max(7, round(last / found.clock.day / QUARTERS / 7) * 7)
    days = [float(step * index) for index in range(1, QUARTERS + 1) if step * index * found.clock.day <= last]
    shares = {
        town.ags: [_share_at(town, day * found.clock.day) for day in days] for town in found.municipalities
    }
    return days, shares


def _share_at(town: MunicipalityFigures, time: float) -> float | None:
    """The share still open after a time; None beyond the last observation."""
    if not town.curve or time > town.curve[-1].time:
        return None
    reached = [point for point in town.curve if point.time <= time]
    return reached[-1].value if reached else 1.0


def waits(found: Comparison, ags: str, language: Language) -> Mapping[str, Any]:
    """What the diagram of a municipality marks: the class of waiting and the days at each step and handover."""
    levels = found.overlay.get(ags, {})
    marks = []
    for element, name, waiting in _waiting(found, ags):
        if element in levels:
            days = _days(waiting.median, found.clock.day)
            text = formats.number(days, language=language) if days is not None else "…"
            label = language.text("%(name)s: %(days)s Tage Wartezeit", name=name, days=text)
            marks.append({"element": element, "level": levels[element], "text": text, "label": label})
    return {"waits": marks}


def _waiting(found: Comparison, ags: str) -> list[tuple[str, str, Quantiles]]:
    steps = [
        (s.element, s.name, s.municipalities[ags].waiting) for s in found.steps if ags in s.municipalities
    ]
    handovers = [
        (h.flow, f"{h.sender} → {h.receiver}", h.municipalities[ags].transfer)
        for h in found.handovers
        if ags in h.municipalities
    ]
    return steps + handovers


def classes(found: Comparison, language: Language) -> list[str]:
    """The legend of the classes of waiting, from 0."""
    bounds = found.bounds
    first = language.plural("unter %(num)s Tag", "unter %(num)s Tagen", bounds[0])
    between = [
        language.text("%(first)s bis unter %(last)s Tage", first=low, last=high)
        for low, high in pairwise(bounds)
    ]
    return [first, *between, language.text("ab %(days)s Tagen", days=bounds[-1])]


def _days(estimate: Estimate | None, day: int) -> float | None:
    return None if estimate is None or estimate.value is None else estimate.value / day


def _number(seconds: float | None, day: int, language: Language) -> str:
    return "?" if seconds is None else formats.number(seconds / day, language=language)
