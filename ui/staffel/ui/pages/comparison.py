"""The comparison of municipalities on one process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import col, select
from starlette.responses import Response

from staffel.api.analysis.service import READERS
from staffel.api.breaking_points.service import read_breaking_points
from staffel.engine.accounts.administration import municipalities
from staffel.engine.actor import Actor
from staffel.engine.analysis import BreakingPoints, ClockKind, Comparison, Period, compare, comparison_csv
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Process
from staffel.ui import formats
from staffel.ui.pages import comparison_charts as charts
from staffel.ui.visit import Visit, Visited

router = APIRouter(include_in_schema=False)
LOOK_BACK = timedelta(days=548)
FEWEST, MOST = 2, 6


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the form asks for."""

    process: str
    municipalities: tuple[str, ...]
    period: Period
    clock: ClockKind

    @property
    def is_complete(self) -> bool:
        """Whether there is enough to compare."""
        return bool(self.process) and FEWEST <= len(self.municipalities) <= MOST

    @property
    def query(self) -> list[tuple[str, str]]:
        """The address's query."""
        return [
            ("prozess", self.process),
            *(("kommune", ags) for ags in self.municipalities),
            ("von", self.period.first.isoformat()),
            ("bis", self.period.last.isoformat()),
            ("uhr", self.clock.value),
        ]


@router.get("/vergleich")
def show_comparison(
    *,
    visit: Visited,
    prozess: str = "",
    kommune: Annotated[Sequence[str], Query()] = (),
    von: str = "",
    bis: str = "",
    uhr: str = "",
) -> Response:
    """The form, and below it the comparison when it is complete."""
    visit.actor.need(*READERS)
    choice, fault = _choice(visit, process=prozess, chosen=kommune, first=von, last=bis, clock=uhr)
    processes = visit.ask(_processes)
    found, broken = None, list[BreakingPoints]()
    if choice.is_complete and not fault:
        found = visit.ask(_compare, choice=choice, now=visit.now)
        broken = visit.ask(
            read_breaking_points,
            process=choice.process,
            municipalities=choice.municipalities,
            period=choice.period,
        )
    return visit.page(
        "comparison.html",
        status=422 if fault else 200,
        choice=choice,
        fault=fault,
        asked=bool(prozess),
        processes=processes,
        towns=visit.inquiry.database.read(municipalities),
        clocks=list(ClockKind),
        most=MOST,
        broken=broken,
        **(_shown(visit, found) if found else {"found": None}),
    )


@router.get("/vergleich.csv")
def download_comparison(
    *,
    visit: Visited,
    prozess: str,
    kommune: Annotated[Sequence[str], Query()],
    von: str = "",
    bis: str = "",
    uhr: str = "",
) -> Response:
    """The figures of the comparison as a table for a spreadsheet."""
    visit.actor.need(*READERS)
    choice, _ = _choice(visit, process=prozess, chosen=kommune, first=von, last=bis, clock=uhr)
    content = comparison_csv(visit.ask(_compare, choice=choice, now=visit.now))
    headers = {"content-disposition": 'attachment; filename="staffel-vergleich.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _choice(
    visit: Visit, *, process: str, chosen: Sequence[str], first: str, last: str, clock: str
) -> tuple[Choice, str]:
    """What was chosen, with a message when it cannot be compared."""
    today = formats.local(visit.now).date()
    fault = ""
    begin, end = today - LOOK_BACK, today
    try:
        begin = date.fromisoformat(first) if first else begin
        end = date.fromisoformat(last) if last else end
        period = Period(begin, end)
    except ValueError:
        period = Period(today - LOOK_BACK, today)
        fault = visit.language.text(
            "Der Zeitraum ist kein gültiges Paar von Tagen; der erste muss vor dem letzten liegen."
        )
    towns = tuple(dict.fromkeys(chosen))
    if process and not FEWEST <= len(towns) <= MOST:
        fault = visit.language.text(
            "Wählen Sie mindestens zwei und höchstens sechs Kommunen; gewählt sind %(number)s.",
            number=len(towns),
        )
    kind = ClockKind(clock) if clock in set(ClockKind) else ClockKind.CALENDAR
    return Choice(process=process, municipalities=towns, period=period, clock=kind), fault


def _processes(tx: Transaction, *, actor: Actor) -> list[tuple[str, str]]:
    actor.need(*READERS)
    rows = tx.session.exec(select(Process.key, Process.name).order_by(col(Process.name)))
    return [(key, name) for key, name in rows]


def _compare(tx: Transaction, *, actor: Actor, choice: Choice, now: Any) -> Comparison:
    actor.need(*READERS)
    return compare(
        tx,
        process_key=choice.process,
        municipalities=choice.municipalities,
        period=choice.period,
        clock=choice.clock,
        now=now,
    )


def _shown(visit: Visit, found: Comparison) -> Mapping[str, Any]:
    """The comparison with its drawings."""
    names = {town.ags: town.name for town in found.municipalities}
    return {
        "found": found,
        "day_length": found.clock.day,
        "names": names,
        "survival": charts.survival_chart(found, visit.language),
        "spread": charts.spread_chart(found, visit.language),
        "lines": [(charts.line_swatch(index), town.name) for index, town in enumerate(found.municipalities)],
        "open_shares": charts.open_shares(found),
        "waits": {ags: charts.waits(found, ags, visit.language) for ags in names},
        "bounds": charts.classes(found, visit.language),
    }
