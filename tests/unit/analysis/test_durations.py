"""From times to durations: what has not ended is censored, not missing."""

from __future__ import annotations

from uuid import UUID

from staffel.engine.analysis.clocks import CalendarClock
from staffel.engine.analysis.durations import Stopwatch
from staffel.engine.analysis.reading import CaseRow, HandoverRow, TaskRow

HOUR = 3_600_000_000
WATCH = Stopwatch(CalendarClock(), 100 * HOUR)


def task(**times: int) -> TaskRow:
    hours = {name: value * HOUR for name, value in times.items()}
    unset = {"claimed": None, "begun": None, "completed": None, "closed": None}
    return TaskRow(**{"case": "c", "element": "T", **unset, **hours})  # type: ignore[arg-type]


def handover(**times: int) -> HandoverRow:
    hours = {name: value * HOUR for name, value in times.items()}
    unset = {"acknowledged": None, "accepted": None, "closed": None}
    return HandoverRow(**{"case": "c", "flow": "F", "element": "T", "status": "", **unset, **hours})  # type: ignore[arg-type]


def case(status: str, ended: int | None) -> CaseRow:
    return CaseRow("c", "05315000", UUID(int=1), status, 10 * HOUR, ended)


def test_a_finished_task_has_waited_and_been_worked_on():
    done = task(available=10, claimed=14, begun=15, completed=18, closed=18)

    assert WATCH.waiting(done) == (4 * 3600, True)
    assert WATCH.processing(done) == (3 * 3600, True)


def test_an_unclaimed_task_has_waited_until_now():
    assert WATCH.waiting(task(available=90)) == (10 * 3600, False)
    assert WATCH.processing(task(available=90)) is None


def test_a_cancelled_task_waited_until_it_was_cancelled():
    assert WATCH.waiting(task(available=90, closed=95)) == (5 * 3600, False)


def test_processing_begins_with_the_claim_when_no_begin_is_known():
    assert WATCH.processing(task(available=90, claimed=95)) == (5 * 3600, False)


def test_a_returned_handover_was_never_accepted():
    returned = handover(offered=20, acknowledged=22, closed=30)

    assert WATCH.acknowledging(returned) == (2 * 3600, True)
    assert WATCH.handing_over(returned) == (10 * 3600, False)


def test_acceptance_acknowledges_too():
    assert WATCH.acknowledging(handover(offered=20, accepted=25, closed=25)) == (5 * 3600, True)


def test_a_running_case_lasts_until_now_and_a_cancelled_one_is_censored():
    assert WATCH.case(case("running", None)) == (90 * 3600, False)
    assert WATCH.case(case("completed", 40 * HOUR)) == (30 * 3600, True)
    assert WATCH.case(case("cancelled", 40 * HOUR)) == (30 * 3600, False)
