"""What begins cases by itself: message and signal subscriptions and timers of a version in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete

from staffel.engine.bpmn.model import EventKind
from staffel.engine.errors import Refusal
from staffel.engine.kernel import StartPlan
from staffel.engine.kernel.asked import Calendar
from staffel.engine.kernel.incidents import Stuck
from staffel.engine.kernel.timers import cycle_of, fits, following, moment_of
from staffel.engine.library.deployed import Deployed
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Subscription, SubscriptionKind, Timer

_KINDS: Mapping[EventKind, SubscriptionKind] = {
    EventKind.MESSAGE: SubscriptionKind.MESSAGE,
    EventKind.SIGNAL: SubscriptionKind.SIGNAL,
}


class StartNotPossible(Refusal):
    """A start event cannot work by itself here."""

    code = "start-not-possible"
    text_de = "Ein Startereignis kann hier nicht von selbst wirken."


def arm_starts(tx: Transaction, model: Deployed, municipality: str, now: datetime) -> None:
    """Subscribe the version's message and signal starts and set its start timers.

    They count as long as the version is the one that `versions.version_for` gives. A case that begins by itself
    belongs to the Stelle of the start event's lane.
    """
    for start in model.program.starts:
        if start.kind is None:
            continue
        _need_lane(model, start)
        if start.kind is EventKind.TIMER:
            due, remaining = first_due(start, now, model.program.calendar)
            _set_timer(tx, model.version_id, municipality, start, due=due, remaining=remaining)
        elif start.kind in _KINDS:
            tx.session.add(
                Subscription(
                    id=new_id(now),
                    version_id=model.version_id,
                    municipality=municipality,
                    kind=_KINDS[start.kind].value,
                    element=start.element,
                    name=start.name,
                    trigger=start.trigger,
                )
            )
        else:
            raise StartNotPossible(
                f"The start event {start.element} of kind {start.kind} has nothing that could make it true.",
                text_de=f"Das Startereignis {start.element} ({start.kind}) kann außerhalb eines Vorgangs nicht eintreten.",
                element=start.element,
            )
    tx.flush()


def _need_lane(model: Deployed, start: StartPlan) -> None:
    if model.program.elements[start.element].unit is None:
        raise StartNotPossible(
            f"The start event {start.element} begins cases by itself, but its lane is bound to no Stelle. Bind the lane.",
            text_de=f"Das Startereignis {start.element} beginnt Vorgänge von selbst, aber seine Bahn gehört zu keiner "
            "Stelle. Bitte die Bahn einer Stellenart zuordnen.",
            element=start.element,
        )


def disarm_starts(tx: Transaction, version_id: UUID) -> None:
    """The version begins no more cases by itself."""
    tx.session.execute(delete(Subscription).where(col(Subscription.version_id) == version_id))
    tx.session.execute(delete(Timer).where(col(Timer.version_id) == version_id))


def first_due(start: StartPlan, now: datetime, calendar: Calendar | None) -> tuple[datetime, int | None]:
    """When a start timer is due for the first time, and how often it repeats after that (None: not)."""
    deadline = start.timer.deadline if start.timer else None
    if deadline is not None and calendar is not None:
        at, _ = calendar.due(now, deadline.length, kind=deadline.kind, shift=deadline.shift)
        return at, None
    value = _timer_value(start, now)
    kind = start.timer.kind if start.timer else None
    due = moment_of(value, now) if kind is not None and fits(kind, value) else None
    if due is None:
        raise StartNotPossible(
            f"The timer of {start.element} means no moment: {value!r}.",
            text_de=f"Der Zeitgeber von {start.element} ergibt keinen Zeitpunkt: {value!r}.",
            element=start.element,
        )
    cycle = cycle_of(value)
    return due, cycle.times if cycle else None


def rearm(tx: Transaction, timer: Timer, start: StartPlan) -> None:
    """Set the next repetition of a start timer that has fired."""
    cycle = cycle_of(_timer_value(start, timer.due))
    due = following(cycle, timer.due) if cycle else None
    if due is None or not timer.remaining or timer.version_id is None:
        return
    remaining = timer.remaining - 1 if timer.remaining > 0 else timer.remaining
    _set_timer(tx, timer.version_id, timer.municipality or "", start, due=due, remaining=remaining)


def _timer_value(start: StartPlan, now: datetime) -> object:
    formula = start.timer.formula if start.timer else None
    try:
        value: object = formula.value({}, now) if formula else None
    except Stuck as stuck:
        german, english = stuck.texts(start.element)
        raise StartNotPossible(english, text_de=german, element=start.element) from stuck
    return value


def _set_timer(
    tx: Transaction,
    version_id: UUID,
    municipality: str,
    start: StartPlan,
    *,
    due: datetime,
    remaining: int | None,
) -> None:
    tx.session.add(
        Timer(
            id=new_id(due),
            version_id=version_id,
            municipality=municipality,
            element=start.element,
            due=due,
            remaining=remaining,
        )
    )
