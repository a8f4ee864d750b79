"""What a comparison says: plain values, JSON through msgspec. All times are seconds of the comparison's clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from staffel.engine.analysis.disclosure import NOT_SHOWN, Quantiles, Share, Shown
from staffel.engine.analysis.periods import Period
from staffel.engine.analysis.statistics import Estimate


class ClockInfo(msgspec.Struct, frozen=True):
    """The clock of all figures; `day` is how many of its seconds make a day (of work). Only equal ids compare."""

    id: str
    day: int


class CurvePoint(msgspec.Struct, frozen=True):
    """The share still open `time` after the start, with its band; `value` None in groups that show intervals only."""

    time: float
    value: float | None
    lower: float
    upper: float


class MunicipalityFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The whole process in one municipality.

    `duration` is gross, `net` without the days on which a Frist of the case stood still (`analysis.net`).

    A count is None when hidden. `mean` is the restricted mean up to the comparison's horizon. Cases were counted that
    started in `first_month` to `last_month`, which may be less than the period (`periods`). `kept` is the Fristquote by
    kind of Frist (`promptness`), `added` the share of cases to which a Stelle added a task beside the model.
    """

    ags: str
    name: str
    shown: Shown
    total: int | None = None
    finished: int | None = None
    open: int | None = None
    cancelled: int | None = None
    first_month: str | None = None
    last_month: str | None = None
    duration: Quantiles
    net: Quantiles = NOT_SHOWN
    mean: Estimate | None = None
    curve: tuple[CurvePoint, ...] = ()
    returned: Share
    added: Share
    kept: Mapping[str, Share] = {}


class WholeTest(msgspec.Struct, frozen=True):
    """Log-rank test of all shown municipalities: do they differ at all."""

    statistic: float
    degrees: int
    p_value: float


class PairDifference(msgspec.Struct, frozen=True, kw_only=True):
    """By how much the first municipality takes longer than the second; open cases count.

    `delta` is Cliff's: the share of pairs of cases in which the first takes longer minus the share in which the
    second does. `p_adjusted` is Holm's over all pairs.
    """

    first: str
    second: str
    shift: Estimate
    mean: Estimate
    delta: float
    p_value: float
    p_adjusted: float


class StepTimes(msgspec.Struct, frozen=True, kw_only=True):
    """One step in one municipality. `processing` is a proxy. `transfer` is that of the handover into the step."""

    waiting: Quantiles
    processing: Quantiles
    transfer: Quantiles | None = None


class StepFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the reference model by municipality (AGS)."""

    element: str
    name: str
    unit: str | None
    milestone: str | None
    municipalities: dict[str, StepTimes]


class HandoverTimes(msgspec.Struct, frozen=True, kw_only=True):
    """One handover flow in one municipality."""

    acknowledgement: Quantiles
    transfer: Quantiles
    returned: Share


class HandoverFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One handover flow of the reference model by municipality; `before` and `after` are the names at its ends."""

    flow: str
    sender: str
    receiver: str
    before: str
    after: str
    municipalities: dict[str, HandoverTimes]


class KeptHandovers(msgspec.Struct, frozen=True, kw_only=True):
    """Fristquote of the handovers from one kind of Stelle to another, for one kind of Frist, by municipality (AGS).

    The shares are by the names of the Fristen: `acknowledge_by`, `accept_by`, `result_by`. `sender` and `receiver` None:
    all pairs that a municipality shows, or all there are where it shows none.
    """

    sender: str | None
    receiver: str | None
    kind: str
    municipalities: dict[str, dict[str, Share]]


class LocalStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step or handover of a local variant without counterpart in the reference model."""

    municipality: str
    element: str
    name: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two or more municipalities on one process.

    `reference` is the model version whose element ids the steps, handovers and `overlay` bear. `total` adds up the
    shown municipalities. `overlay` has a class of waiting, 0 to 4, per municipality and element or flow; `bounds` are
    the days at which the classes begin. `rankable` is False when a group is too small for an order.
    """

    process_key: str
    process_name: str
    reference: UUID | None
    period: Period
    now: datetime
    clock: ClockInfo
    horizon: float
    total: int
    rankable: bool
    municipalities: tuple[MunicipalityFigures, ...]
    whole: WholeTest | None
    pairs: tuple[PairDifference, ...]
    steps: tuple[StepFigures, ...]
    handovers: tuple[HandoverFigures, ...]
    kept_handovers: tuple[KeptHandovers, ...]
    local: tuple[LocalStep, ...]
    overlay: dict[str, dict[str, int]]
    bounds: tuple[int, ...]
