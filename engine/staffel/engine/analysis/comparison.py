"""Compares municipalities that work on the same service: how long, where it waits, how sure that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from staffel.engine.analysis.clocks import ClockKind, clock_for
from staffel.engine.analysis.cohort import cases_of, models_of
from staffel.engine.analysis.details import Details
from staffel.engine.analysis.disclosure import (
    NOT_SHOWN,
    RANKING_FROM,
    Quantiles,
    Share,
    Shown,
    hide_parts,
    quantiles,
    share,
    shown,
)
from staffel.engine.analysis.durations import Durations, Stopwatch, case_durations
from staffel.engine.analysis.figures import (
    ClockInfo,
    Comparison,
    CurvePoint,
    MunicipalityFigures,
    PairDifference,
    WholeTest,
)
from staffel.engine.analysis.handover_promptness import kept_handovers
from staffel.engine.analysis.net import net_figures, read_still, still_offers, still_steps
from staffel.engine.analysis.overlay import BOUNDS, overlay
from staffel.engine.analysis.periods import Period, month_name, month_of
from staffel.engine.analysis.promptness import kept_shares
from staffel.engine.analysis.reading import (
    CaseRow,
    find_process,
    read_added_to,
    read_fristen,
    read_handovers,
    read_offers,
    read_tasks,
)
from staffel.engine.analysis.statistics import (
    Curve,
    Estimate,
    common_horizon,
    holm,
    log_rank,
    mean_difference,
    shift,
)
from staffel.engine.analysis.steps import StepMap
from staffel.engine.errors import NotFound
from staffel.engine.store.database import Transaction
from staffel.engine.store.tables import CaseStatus, Municipality
from staffel.engine.store.types import to_microseconds

HORIZON_DAYS = 365
_WORKING_SHARE = 250 / 365
_CURVE_POINTS = 120
_FIRST_YEAR = 2000


def compare(
    tx: Transaction,
    *,
    process_key: str,
    municipalities: Sequence[str],
    period: Period,
    clock: ClockKind,
    now: datetime,
) -> Comparison:
    """Compare municipalities (AGS, in the order given) on the cases that started in the period, as they stand at `now`.

    Whoever calls checks that the reader may see each of them. Raises `NotFound` for an unknown process or AGS.
    """
    process, name = find_process(tx, process_key)
    order = list(dict.fromkeys(municipalities))
    names = _names(tx, order)
    groups = cases_of(tx, process, order, period, now)
    watch = Stopwatch(clock_for(clock, _FIRST_YEAR, now.year + 1), to_microseconds(now))
    steps = _step_map(tx, groups)
    details = _details(tx, process, order, groups, watch)
    offers = list(read_offers(tx, process, order))
    fristen = list(read_fristen(tx, process, order))
    stills = [
        *still_steps(fristen),
        *still_offers(offers),
        *read_still(tx, process, order, steps.timed if steps else ()),
    ]
    whole = _Whole(groups, watch, clock, net_figures(groups, stills, watch))
    added = read_added_to(tx, process, order)
    kept = kept_shares(groups, fristen, to_microseconds(now))
    step_figures = details.steps(steps) if steps else ()
    handover_figures = details.handovers(steps) if steps else ()
    return Comparison(
        process_key=process_key,
        process_name=name,
        reference=steps.reference.version if steps else None,
        period=period,
        now=now,
        clock=ClockInfo(watch.clock.id, watch.clock.day),
        horizon=whole.horizon,
        total=sum(len(groups[ags]) for ags in whole.curves),
        rankable=all(len(groups[ags]) >= RANKING_FROM for ags in order),
        municipalities=tuple(whole.figures(ags, names[ags], details, kept[ags], added) for ags in order),
        whole=whole.test(),
        pairs=whole.pairs(),
        steps=step_figures,
        handovers=handover_figures,
        kept_handovers=kept_handovers(groups, steps, offers, to_microseconds(now)) if steps else (),
        local=details.local(steps) if steps else (),
        overlay=overlay(step_figures, handover_figures, watch.clock.day),
        bounds=BOUNDS,
    )


def _details(
    tx: Transaction,
    process: UUID,
    order: Sequence[str],
    groups: Mapping[str, Sequence[CaseRow]],
    watch: Stopwatch,
) -> Details:
    details = Details(groups, watch)
    details.add_tasks(read_tasks(tx, process, order))
    details.add_handovers(read_handovers(tx, process, order))
    return details


class _Whole:
    """The whole process, start to end, in each municipality that is large enough to be shown."""

    def __init__(
        self,
        groups: Mapping[str, Sequence[CaseRow]],
        watch: Stopwatch,
        clock: ClockKind,
        net: Mapping[str, Quantiles],
    ) -> None:
        self.groups = groups
        self.net = net
        self.durations: dict[str, Durations] = {
            ags: case_durations(rows, watch)
            for ags, rows in groups.items()
            if shown(len(rows)) is not Shown.SUPPRESSED
        }
        self.curves = {ags: durations.curve() for ags, durations in self.durations.items()}
        days = HORIZON_DAYS if clock is ClockKind.CALENDAR else round(HORIZON_DAYS * _WORKING_SHARE)
        self.horizon = common_horizon(list(self.curves.values()), days * watch.clock.day)
        self.week = watch.clock.day * (7 if clock is ClockKind.CALENDAR else 5)

    def figures(
        self, ags: str, name: str, details: Details, kept: Mapping[str, Share], added: Collection[str]
    ) -> MunicipalityFigures:
        """What the municipality shows; `kept` is its Fristquote by kind, `added` the cases with a task beside the model."""
        rows, curve, returned = self.groups[ags], self.curves.get(ags), details.returned(ags)
        level = shown(len(rows))
        extra = sum(row.case in added for row in rows)
        with_added = share(extra, len(rows), extra, len(rows))
        if curve is None:
            return MunicipalityFigures(
                ags=ags,
                name=name,
                shown=level,
                duration=NOT_SHOWN,
                returned=returned,
                added=with_added,
                kept=kept,
            )
        finished, still_open, cancelled = _parts(rows)
        months = [month_of(row.started) for row in rows]
        return MunicipalityFigures(
            ags=ags,
            name=name,
            shown=level,
            total=len(rows),
            finished=finished,
            open=still_open,
            cancelled=cancelled,
            first_month=month_name(min(months)),
            last_month=month_name(max(months)),
            duration=quantiles(curve, len(rows)),
            net=self.net[ags],
            mean=_mean(curve, self.horizon, level),
            curve=self._points(curve, level),
            returned=returned,
            added=with_added,
            kept=kept,
        )

    def test(self) -> WholeTest | None:
        """Whether the municipalities differ at all; None when fewer than two are shown."""
        if len(self.durations) < 2:
            return None
        result = log_rank([durations.observations for durations in self.durations.values()])
        return WholeTest(result.statistic, result.degrees, result.p_value)

    def pairs(self) -> tuple[PairDifference, ...]:
        """Every pair, with p-values corrected for their number."""
        couples = list(combinations(self.durations, 2))
        shifts = [
            shift(
                self.durations[one].observations,
                self.durations[one].with_same_clock(self.durations[two]).observations,
            )
            for one, two in couples
        ]
        adjusted = holm([each.p_value for each in shifts])
        return tuple(
            PairDifference(
                first=one,
                second=two,
                shift=each.shift,
                mean=mean_difference(self.curves[one], self.curves[two], self.horizon)[0],
                delta=each.delta,
                p_value=each.p_value,
                p_adjusted=corrected,
            )
            for (one, two), each, corrected in zip(couples, shifts, adjusted, strict=True)
        )

    def _points(self, curve: Curve, level: Shown) -> tuple[CurvePoint, ...]:
        """The curve at whole weeks, not at the durations of single cases."""
        weeks = int(curve.last // self.week) + 1
        stride = 1 + weeks // _CURVE_POINTS
        points = []
        for week in range(0, weeks + 1, stride):
            at = curve.at(week * self.week)
            if at.value is None or at.lower is None or at.upper is None:
                break
            value = None if level is Shown.INTERVAL else at.value
            points.append(CurvePoint(week * self.week, value, at.lower, at.upper))
        return tuple(points)


def _mean(curve: Curve, horizon: float, level: Shown) -> Estimate:
    estimate = curve.mean_until(horizon)
    return Estimate(None, estimate.lower, estimate.upper) if level is Shown.INTERVAL else estimate


def _parts(rows: Sequence[CaseRow]) -> tuple[int | None, ...]:
    """How many cases are finished, open and cancelled, where that may be shown."""
    count = Counter(_standing(row) for row in rows)
    return hide_parts([count[part] for part in ("finished", "open", "cancelled")])


def _standing(row: CaseRow) -> str:
    if row.status == CaseStatus.CANCELLED:
        return "cancelled"
    return "open" if row.ended is None else "finished"


def _names(tx: Transaction, order: Sequence[str]) -> dict[str, str]:
    rows = tx.connection.execute(
        select(col(Municipality.ags), col(Municipality.name)).where(col(Municipality.ags).in_(order))
    )
    names = {row[0]: row[1] for row in rows}
    missing = [ags for ags in order if ags not in names]
    if missing:
        raise NotFound(f"There is no municipality {', '.join(missing)}.")
    return names


def _step_map(tx: Transaction, groups: Mapping[str, Sequence[CaseRow]]) -> StepMap | None:
    """The model of the version with most cases is the reference."""
    used = Counter(row.version for rows in groups.values() for row in rows)
    if not used:
        return None
    models = models_of(tx, used)
    reference = max(sorted(used), key=lambda version: used[version])
    return StepMap(models.pop(reference), models.values())
