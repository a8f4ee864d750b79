"""Running Fristen are suspended, resumed, extended once and anchored anew, and each end says how it came about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.unit.kernel.conftest import definitions

from staffel.engine.calendar import NEVER, ZONE, Calendar
from staffel.engine.kernel import (
    CommandRefused,
    CompleteTask,
    ExtendDeadline,
    FireTimer,
    Instance,
    Parts,
    Program,
    ResumeDeadline,
    RetryIncident,
    SetVariables,
    Start,
    SuspendDeadline,
    advance,
    compile_model,
    decode_state,
    encode_state,
    fold,
)
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.state import IncidentWait, TaskWait, TimerWait

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIST = "<extensionElements>{}</extensionElements>"
TASK = '<startEvent id="s"/><userTask id="a">' + FRIST + '</userTask><endEvent id="e"/>\ns -> a\na -> e'
MONTH = '<staffel:deadline kind="gesetzlich" length="1M" extend="1M" name="Entscheidung" suspensionBasis="§ 6 Abs. 4 BQFG"/>'
OFFICE = '<staffel:deadline kind="intern" length="5AT"/>'
TIMER = (
    '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/><endEvent id="silent"/>'
    '<boundaryEvent id="t" attachedToRef="a">' + FRIST + "<timerEventDefinition/></boundaryEvent>"
    "\ns -> a\na -> e\nt -> silent"
)
FICTION = '<staffel:deadline kind="gesetzlich" length="2W" extend="2W" atEnd="consent" legalBasis="§ 36 Abs. 2 BeschV"/>'


class Case:
    """A case of a small model, with its events."""

    def __init__(self, body: str, calendars: Any = None, roots: str = "", **variables: Any) -> None:
        compiled = compile_model(definitions(body, roots), "P", parts=Parts(calendar=Calendar()))
        assert not compiled.findings, compiled.findings
        self.program: Program = compiled.program
        self.calendars = calendars
        self.now = MONDAY
        self.state: Instance | None = None
        self.events: list[ev.Event] = []
        self.do(Start(variables=variables))

    def do(self, command: Any) -> tuple[ev.Event, ...]:
        step = advance(self.program, self.state, command, self.now, self.calendars)
        self.state = step.state
        self.events += step.events
        assert encode_state(fold(self.program, self.events)) == encode_state(step.state)
        return step.events

    def key(self, kind: type, element: str | None = None) -> int:
        assert self.state is not None
        return next(
            key
            for key, wait in self.state.waits.items()
            if isinstance(wait, kind) and element in {None, wait.element}
        )

    def suspend(self, since: date, until: date | None = None, **more: Any) -> None:
        key = self.key(TaskWait) if "key" not in more else more.pop("key")
        self.do(SuspendDeadline(key=key, since=since, until=until, reason="Unterlagen fehlen", **more))

    def dues(self) -> tuple[ev.Due, ...]:
        """The Fristen by the last event that tells them."""
        for event in reversed(self.events):
            if isinstance(event, (ev.DeadlineChanged, ev.DeadlineBegun)):
                return event.dues
            if isinstance(event, ev.TaskOffered) and event.due is not None:
                return (event.due, *event.further)
            if isinstance(event, ev.TimerArmed) and event.deadline is not None:
                return (event.deadline,)
        raise AssertionError("no Frist")

    def end(self, place: int = 0) -> date | None:
        at = next(due.at for due in self.dues() if due.place == place)
        return None if at == NEVER else at.astimezone(ZONE).date()


def test_each_frist_of_a_task_has_its_own_place_and_the_first_end_comes_first() -> None:
    case = Case(TASK.format(MONTH + OFFICE))

    assert [(due.place, due.kind, due.name) for due in case.dues()] == [
        (1, "intern", ""),
        (0, "gesetzlich", "Entscheidung"),
    ]
    assert (case.end(0), case.end(1)) == (date(2026, 4, 2), date(2026, 3, 9))


def test_suspended_days_follow_at_the_end_by_209_bgb_and_the_steps_say_so() -> None:
    case = Case(TASK.format(MONTH))
    case.now += timedelta(days=20)

    case.suspend(date(2026, 3, 10), date(2026, 3, 19))

    # 02.04. + 10 days = 12.04., a Sunday: Monday 13.04. (§ 193 BGB, § 31(3) VwVfG)
    assert case.end() == date(2026, 4, 13)
    steps = " ".join(case.dues()[0].steps)
    assert "Gehemmt vom 10.03.2026 bis 19.03.2026, 10 Tage: Unterlagen fehlen (§ 6 Abs. 4 BQFG)" in steps


def test_a_frist_suspended_until_further_notice_has_no_end_until_it_runs_on() -> None:
    case = Case(TASK.format(MONTH + OFFICE))
    case.suspend(date(2026, 3, 2), place=0)
    assert (case.end(0), case.end(1)) == (None, date(2026, 3, 9))

    case.now += timedelta(days=9)
    case.do(ResumeDeadline(key=case.key(TaskWait), until=date(2026, 3, 11)))

    # § 187(1) BGB: 03.03. is the first day that counts, so 9 days are suspended; 02.04. + 9 = 11.04., Saturday; Monday
    assert case.end(0) == date(2026, 4, 13)


def test_working_days_that_are_suspended_are_made_up_for_in_working_days() -> None:
    case = Case(TASK.format(OFFICE))
    case.now += timedelta(days=9)

    with pytest.raises(CommandRefused):
        case.suspend(date(2026, 3, 10))  # the Frist ended on 09.03.
    case.suspend(date(2026, 3, 5), date(2026, 3, 9))

    assert case.end() == date(2026, 3, 12)


def test_the_timer_on_the_border_goes_with_the_same_frist_of_its_step() -> None:
    days = '<staffel:deadline kind="person" length="14T" {}/>'
    at_step, at_timer = (
        FRIST.format(days.format('extend="14T"')),
        FRIST.format(days.format('atEnd="interrupt"')),
    )
    with_step = TIMER.replace('<userTask id="a"/>', f'<userTask id="a">{at_step}</userTask>', 1)
    case = Case(with_step.replace(FRIST, at_timer))
    assert case.state is not None
    timer = case.key(TimerWait)
    case.do(ExtendDeadline(key=case.key(TaskWait), reason="Vermieter antwortet nicht"))

    assert case.end() == date(2026, 3, 30)
    wait = case.state.waits[timer]
    assert isinstance(wait, TimerWait)
    assert wait.due.astimezone(ZONE).date() == date(2026, 3, 30)


def test_it_is_extended_once_from_its_end_by_190_bgb() -> None:
    case = Case(TASK.format(MONTH))
    case.do(ExtendDeadline(key=case.key(TaskWait), reason="schwierig", by="2W"))

    assert case.end() == date(2026, 4, 16)
    with pytest.raises(CommandRefused, match="once"):
        case.do(ExtendDeadline(key=case.key(TaskWait), reason="noch einmal"))


@pytest.mark.parametrize(
    ("by", "fault"),
    [("2M", "at most"), ("2026-05-05", "at most"), ("2026-04-01", "later day"), ("bald", "later day")],
)
def test_it_is_extended_by_no_more_than_the_model_allows(by: str, fault: str) -> None:
    case = Case(TASK.format(MONTH))

    with pytest.raises(CommandRefused, match=fault):
        case.do(ExtendDeadline(key=case.key(TaskWait), reason="schwierig", by=by))


def test_after_its_end_only_a_frist_for_the_person_is_extended() -> None:
    late = timedelta(days=60)
    official, personal = Case(TASK.format(MONTH)), Case(TASK.format(MONTH.replace("gesetzlich", "person")))
    official.now += late
    personal.now += late

    with pytest.raises(CommandRefused, match="afterwards"):
        official.do(ExtendDeadline(key=official.key(TaskWait), reason="zu spät"))
    personal.do(ExtendDeadline(key=personal.key(TaskWait), reason="unbillig"))

    assert personal.end() == date(2026, 5, 4)


@pytest.mark.parametrize(
    "deadline",
    [
        '<staffel:deadline kind="vereinbart" length="-20AT" start="ende"/>',
        '<staffel:deadline kind="gesetzlich" length="0T" start="ende" shift="false"/>',
        '<staffel:deadline kind="intern" length="PT4H"/>',
        '<staffel:due expression="ende"/>',
    ],
    ids=["before an anchor", "a named day", "hours", "an expression"],
)
def test_a_frist_that_ends_on_a_certain_day_is_neither_suspended_nor_extended(deadline: str) -> None:
    case = Case(TASK.format(deadline), ende=date(2026, 9, 30))

    with pytest.raises(CommandRefused, match="certain day"):
        case.suspend(date(2026, 3, 2), legal_basis="§ 1")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"since": date(2026, 3, 3)}, "up to today"),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 1)}, "not before"),
        ({"since": date(2026, 2, 1), "until": date(2026, 2, 20)}, "day after"),
        ({"since": date(2026, 3, 2), "reason": " "}, "reason"),
        ({"since": date(2026, 3, 2), "place": 7}, "no running Frist"),
    ],
)
def test_a_suspension_that_makes_no_sense_is_refused(more: dict[str, Any], fault: str) -> None:
    case = Case(TASK.format(MONTH))

    with pytest.raises(CommandRefused, match=fault):
        case.do(SuspendDeadline(**{"key": case.key(TaskWait), "reason": "Grund", **more}))


def test_a_legal_frist_is_suspended_by_law_only() -> None:
    case = Case(TASK.format(MONTH.replace(' suspensionBasis="§ 6 Abs. 4 BQFG"', "")))

    with pytest.raises(CommandRefused, match="legal basis"):
        case.suspend(date(2026, 3, 2))
    case.suspend(date(2026, 3, 2), legal_basis="§ 6 Abs. 4 BQFG")

    assert case.end() is None


def test_a_timer_stands_still_with_its_frist_and_fires_at_the_new_end() -> None:
    case = Case(TIMER.format(FICTION))
    key = case.key(TimerWait)
    case.suspend(date(2026, 3, 2), key=key, legal_basis="§ 34 Abs. 2 BeschV")
    with pytest.raises(CommandRefused, match="suspended"):
        case.do(FireTimer(key=key))

    case.now += timedelta(days=3)
    case.do(ResumeDeadline(key=key, until=date(2026, 3, 5)))

    assert case.end() == date(2026, 3, 19)
    assert case.state is not None
    assert case.state.waits[key] == TimerWait(case.state.waits[key].owner, "t", case.dues()[0].at)


def test_silence_is_consent_when_the_frist_of_the_fiction_has_passed() -> None:
    case = Case(TIMER.format(FICTION))
    key = case.key(TimerWait)
    case.do(ExtendDeadline(key=key, reason="schwieriger Fall", legal_basis="§ 42a Abs. 2 VwVfG"))
    assert case.end() == date(2026, 3, 30)
    case.now = datetime(2026, 3, 31, tzinfo=UTC)

    events = case.do(FireTimer(key=key))

    passed = next(each for each in events if isinstance(each, ev.DeadlinePassed))
    assert (passed.consent, passed.due.legal_basis) == (True, "§ 36 Abs. 2 BeschV")
    assert case.state is not None
    assert case.state.ended is not None
    assert "silent" in {each.element for each in events if isinstance(each, ev.ElementActivated)}


@pytest.mark.parametrize(
    "deadline",
    [FICTION.replace(' legalBasis="§ 36 Abs. 2 BeschV"', ""), FICTION.replace("2W", "-2W")],
    ids=["no law", "backwards"],
)
def test_a_fiction_needs_a_law_and_a_frist_that_runs(deadline: str) -> None:
    compiled = compile_model(definitions(TIMER.format(deadline)), "P", parts=Parts(calendar=Calendar()))

    assert {found.code for found in compiled.findings} & {"not-executed", "deadline-invalid"}


def test_a_fiction_that_does_not_interrupt_is_refused() -> None:
    body = TIMER.replace('attachedToRef="a"', 'attachedToRef="a" cancelActivity="false"').format(FICTION)

    assert [found.code for found in compile_model(definitions(body), "P").findings] == ["not-executed"]


ANCHORED = (
    '<startEvent id="s"/><userTask id="a">'
    + FRIST.format('<staffel:deadline kind="vereinbart" length="-20AT" start="ende"/>' + MONTH)
    + '</userTask><endEvent id="e"/><endEvent id="late"/><boundaryEvent id="t" attachedToRef="a">'
    + FRIST.format('<staffel:deadline kind="gesetzlich" length="1M" start="ende"/>')
    + "<timerEventDefinition/></boundaryEvent>\ns -> a\na -> e\nt -> late"
)


def test_fristen_and_timers_move_with_the_date_they_begin_at() -> None:
    case = Case(ANCHORED, ende=date(2026, 6, 30))
    case.do(SuspendDeadline(key=case.key(TaskWait), place=1, since=date(2026, 3, 2), reason="x"))

    events = case.do(SetVariables(variables={"ende": date(2026, 7, 31)}))

    moved = {each.element: each for each in events if isinstance(each, ev.DeadlineChanged)}
    assert {element: each.change for element, each in moved.items()} == {"a": "anchored", "t": "anchored"}
    ends = {due.place: due.at for due in moved["a"].dues}
    assert ends[0].astimezone(ZONE).date() == date(2026, 7, 3)  # 20 working days before 31.07.2026
    assert ends[1] == NEVER, "the other Frist of the task goes on as it went"
    timer = case.key(TimerWait)
    assert case.state is not None
    # § 188(3) BGB: one month from 31.07. is 31.08.2026, a Monday
    assert case.state.waits[timer].due.astimezone(ZONE).date() == date(2026, 8, 31)  # type: ignore[union-attr]


def test_other_variables_move_nothing() -> None:
    case = Case(ANCHORED, ende=date(2026, 6, 30))

    assert [type(each) for each in case.do(SetVariables(variables={"anderes": 1}))] == [ev.VariablesSet]


def test_a_date_that_is_none_stops_the_frist_with_an_incident_that_can_be_mended() -> None:
    case = Case(ANCHORED, ende=date(2026, 6, 30))
    case.do(SetVariables(variables={"ende": "demnächst"}))
    case.do(SetVariables(variables={"ende": "irgendwann"}))
    assert case.state is not None
    assert sum(isinstance(wait, IncidentWait) for wait in case.state.waits.values()) == 1

    case.do(RetryIncident(key=case.key(IncidentWait), variables={"ende": date(2026, 7, 31)}))

    assert not [wait for wait in case.state.waits.values() if isinstance(wait, IncidentWait)]
    timer = case.state.waits[case.key(TimerWait)]
    assert timer.due.astimezone(ZONE).date() == date(2026, 8, 31)  # type: ignore[union-attr]


MODELLED = (
    '<startEvent id="s"/><parallelGateway id="f"/><userTask id="a">'
    + FRIST.format(
        '<staffel:deadline kind="gesetzlich" length="1M" suspendedBy="b c" suspensionBasis="§ 6 Abs. 4 BQFG"/>'
    )
    + '</userTask><userTask id="b" name="Unterlagen abwarten"/><userTask id="c"/><endEvent id="e"/>'
    "\ns -> f\nf -> a\nf -> b\nb -> c\nc -> e\na -> e"
)


def test_the_model_suspends_a_frist_while_the_steps_it_names_run() -> None:
    case = Case(MODELLED)
    assert case.end() is None
    case.now += timedelta(days=4)
    events = case.do(CompleteTask(key=case.key(TaskWait, "b")))
    assert not any(isinstance(event, ev.DeadlineChanged) for event in events)
    with pytest.raises(CommandRefused, match="as long as"):
        case.do(ResumeDeadline(key=case.key(TaskWait, "a"), until=date(2026, 3, 6)))

    case.now += timedelta(days=4)
    case.do(CompleteTask(key=case.key(TaskWait, "c")))

    # from 02.03. to 10.03.; 03.03. is the first day that counts: 8 days after 02.04. is 10.04.2026
    assert case.end() == date(2026, 4, 10)
    assert "Unterlagen abwarten (§ 6 Abs. 4 BQFG)" in " ".join(case.dues()[0].steps)


def test_a_step_that_is_not_in_the_model_suspends_nothing_and_is_an_error() -> None:
    body = MODELLED.replace('suspendedBy="b c"', 'suspendedBy="b weg"')

    (found,) = compile_model(definitions(body), "P").findings
    assert (found.code, found.severity.value) == ("deadline-suspender-unknown", "error")


def test_closing_days_of_the_stelle_count_for_its_own_fristen_only() -> None:
    rosenmontag: Callable[[str | None], Calendar] = lambda _unit: Calendar(frozenset({date(2026, 3, 5)}))  # noqa: E731
    case = Case(TASK.format(OFFICE + MONTH.replace("1M", "3T")), calendars=rosenmontag)

    assert (case.end(0), case.end(1)) == (date(2026, 3, 10), date(2026, 3, 5))
    assert "Schließtag 05.03." in case.dues()[0].steps[0] + case.dues()[1].steps[0]


def test_a_suspension_until_the_end_of_time_is_refused() -> None:
    case = Case(TASK.format(MONTH))

    with pytest.raises(CommandRefused, match="beyond the calendar"):
        case.suspend(date(2026, 3, 2), date.max)


def test_a_new_last_day_that_a_suspension_has_passed_takes_nothing_away() -> None:
    case = Case(TASK.format(MONTH))
    case.do(ExtendDeadline(key=case.key(TaskWait), reason="schwierig", by="2026-04-08"))
    case.now += timedelta(days=40)

    case.suspend(date(2026, 3, 10), date(2026, 3, 19))

    assert case.end() == date(2026, 4, 13)


def test_a_state_stored_before_fristen_had_courses_goes_on() -> None:
    case = Case(TASK.format(MONTH))
    assert case.state is not None
    *older, fristen = msgspec.msgpack.decode(encode_state(case.state), strict=False)
    assert fristen
    read = decode_state(msgspec.msgpack.encode(older))

    assert read.fristen == {}
    step = advance(case.program, read, CompleteTask(key=case.key(TaskWait)), MONDAY)
    assert step.state.ended is ev.Ending.COMPLETED
