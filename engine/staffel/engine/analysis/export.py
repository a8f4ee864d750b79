"""Tables for spreadsheets: a comparison, and the log of steps under pseudonymous case numbers.

UTF-8, semicolons, CRLF: what a German spreadsheet opens as a table. Whole numbers only, so that no decimal comma is
guessed. Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from random import SystemRandom

from staffel.engine.analysis.cohort import cases_of, models_of
from staffel.engine.analysis.disclosure import MINIMUM, Quantiles, Share
from staffel.engine.analysis.figures import Comparison
from staffel.engine.analysis.periods import Period
from staffel.engine.analysis.reading import (
    CaseRow,
    Micros,
    find_process,
    read_handovers,
    read_tasks,
)
from staffel.engine.analysis.statistics import Estimate
from staffel.engine.kernel.handover_rule import FRISTEN
from staffel.engine.library.sheets import Cell, write_sheet
from staffel.engine.store.database import Transaction
from staffel.engine.store.types import from_microseconds

_UNKNOWN = Estimate(None, None, None)

_FIGURES = (
    "kommune", "ags", "teil", "id", "name", "messgroesse", "uhr", "anzeige", "faelle_gerundet", "median_s",
    "median_von_s", "median_bis_s", "p25_s", "p75_s", "p90_s", "anteil_prozent",
)  # fmt: skip
_LOG = (
    "vorgang", "ags", "prozess", "modellversion", "art", "id", "name", "stelle", "bereit", "uebernommen",
    "begonnen", "beendet",
)  # fmt: skip


_ENDS = dict(zip(FRISTEN, ("eingang", "annahme", "ergebnis"), strict=True))


def comparison_csv(comparison: Comparison) -> str:
    """A row per municipality, part and measure; what is not shown is empty. Times in seconds of the named clock."""
    return write_sheet(_FIGURES, _figure_rows(comparison))


def step_log_csv(
    tx: Transaction, *, process_key: str, municipalities: Sequence[str], period: Period, now: datetime
) -> str:
    """A row per task and handover of the cases of the period, in UTC to the minute.

    Cases bear numbers drawn for this file, which tell nothing outside it; municipalities with fewer than 5 cases are
    left out. Whoever calls checks that the reader may see the municipalities.
    """
    process, _ = find_process(tx, process_key)
    order = list(dict.fromkeys(municipalities))
    groups = cases_of(tx, process, order, period, now)
    cases = [row for rows in groups.values() if len(rows) >= MINIMUM for row in rows]
    log = _Log(tx, process_key, cases)
    rows = [
        *(log.row("aufgabe", task.case, task.element,
                  (task.available, task.claimed, task.begun, task.completed or task.closed))
          for task in read_tasks(tx, process, order) if task.case in log.numbers),
        *(log.row("uebergabe", each.case, each.flow,
                  (each.offered, each.acknowledged, None, each.accepted or each.closed))
          for each in read_handovers(tx, process, order) if each.case in log.numbers),
    ]  # fmt: skip
    return write_sheet(_LOG, sorted(rows, key=lambda row: (str(row[0]), str(row[8]))))


class _Log:
    def __init__(self, tx: Transaction, process_key: str, cases: Sequence[CaseRow]) -> None:
        self._process_key = process_key
        self._cases = {row.case: row for row in cases}
        self._models = models_of(tx, {row.version for row in cases})
        numbers = list(range(1, len(cases) + 1))
        SystemRandom().shuffle(numbers)
        self.numbers = {row.case: f"V{number:06}" for row, number in zip(cases, numbers, strict=True)}

    def row(self, kind: str, case: str, place: str, times: Iterable[Micros]) -> list[Cell]:
        """One line."""
        row = self._cases[case]
        model = self._models[row.version]
        flow = model.flows.get(place)
        info = model.elements.get(flow.target if flow else place)
        unit = flow.receiver if flow else info.unit if info else None
        return [
            self.numbers[case], row.municipality, self._process_key, str(row.version), kind, place,
            info.name if info else "", unit, *(_minute(time) for time in times),
        ]  # fmt: skip


def _figure_rows(comparison: Comparison) -> Iterator[list[Cell]]:
    clock = comparison.clock.id
    names = {each.ags: each.name for each in comparison.municipalities}
    for each in comparison.municipalities:
        head = [each.name, each.ags, "gesamt", "", ""]
        yield [*head, "durchlaufzeit", clock, *_quantile_cells(each.duration), None]
        yield [*head, "durchlaufzeit_netto", clock, *_quantile_cells(each.net), None]
        yield [*head, "ruecklaeuferquote", clock, *_share_cells(each.returned)]
        yield [*head, "zusatzaufgabenquote", clock, *_share_cells(each.added)]
        for kind, kept in each.kept.items():
            yield [each.name, each.ags, "frist", kind, "", "fristquote", clock, *_share_cells(kept)]
    for step in comparison.steps:
        for ags, times in step.municipalities.items():
            head = [names[ags], ags, "schritt", step.element, step.name]
            yield [*head, "liegezeit", clock, *_quantile_cells(times.waiting), None]
            yield [*head, "bearbeitungszeit_naeherung", clock, *_quantile_cells(times.processing), None]
    for flow in comparison.handovers:
        for ags, flow_times in flow.municipalities.items():
            head = [names[ags], ags, "uebergabe", flow.flow, f"{flow.before} → {flow.after}"]
            yield [*head, "bestaetigungszeit", clock, *_quantile_cells(flow_times.acknowledgement), None]
            yield [*head, "uebergabezeit", clock, *_quantile_cells(flow_times.transfer), None]
            yield [*head, "ruecklaeuferquote", clock, *_share_cells(flow_times.returned)]
    for pair in comparison.kept_handovers:
        sides = f"{pair.sender}-{pair.receiver}" if pair.sender else "alle"
        for ags, shares in pair.municipalities.items():
            for name, kept in shares.items():
                head = [names[ags], ags, "uebergabefrist", sides, pair.kind]
                yield [*head, f"fristquote_{_ENDS[name]}", clock, *_share_cells(kept)]


def _quantile_cells(figures: Quantiles) -> list[Cell]:
    median = figures.median or _UNKNOWN
    quartiles = (each or _UNKNOWN for each in (figures.p25, figures.p75, figures.p90))
    values = [median.value, median.lower, median.upper, *(each.value for each in quartiles)]
    return [
        figures.shown.value,
        figures.cases,
        *(None if value is None else round(value) for value in values),
    ]


def _share_cells(share: Share) -> list[Cell]:
    percent = None if share.value is None else round(100 * share.value)
    return [share.shown.value, *[None] * 7, percent]


def _minute(moment: Micros) -> str | None:
    if moment is None:
        return None
    return from_microseconds(moment).astimezone(UTC).replace(second=0, microsecond=0).isoformat()
