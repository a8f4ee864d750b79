"""Whatever is suspended, resumed, extended or moved, in any order: the events lead to the state, and nobody loses a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from staffel.engine.bpmn import read_bpmn
from staffel.engine.calendar import NEVER, ZONE, Calendar, Pause
from staffel.engine.kernel import (
    CommandRefused,
    Instance,
    Parts,
    Program,
    Start,
    advance,
    compile_model,
    decode_state,
    encode_state,
    fold,
)
from staffel.engine.kernel import commands as cmd
from staffel.engine.kernel import events as ev
from staffel.engine.kernel.state import TaskWait, TimerWait

BODY = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1"
 targetNamespace="t"><process id="P" isExecutable="true"><startEvent id="s"/><parallelGateway id="f"/>
<userTask id="a"><extensionElements>
 <staffel:deadline kind="gesetzlich" length="1M" extend="1M" suspendedBy="b" suspensionBasis="§ 6 Abs. 4 BQFG"/>
 <staffel:deadline kind="vereinbart" length="10AT" start="ab" extend="5AT"/>
 <staffel:deadline kind="vereinbart" length="-5AT" start="ab"/></extensionElements></userTask>
<boundaryEvent id="t" attachedToRef="a"><extensionElements>
 <staffel:deadline kind="gesetzlich" length="3W" start="ab" extend="3W" atEnd="consent" legalBasis="§ 42a VwVfG"/>
</extensionElements><timerEventDefinition/></boundaryEvent>
<userTask id="b"/><endEvent id="e"/>
<sequenceFlow id="1" sourceRef="s" targetRef="f"/><sequenceFlow id="2" sourceRef="f" targetRef="a"/>
<sequenceFlow id="3" sourceRef="f" targetRef="b"/><sequenceFlow id="4" sourceRef="b" targetRef="b2"/>
<userTask id="b2"/><sequenceFlow id="5" sourceRef="b2" targetRef="b"/>
<sequenceFlow id="6" sourceRef="a" targetRef="e"/><sequenceFlow id="7" sourceRef="t" targetRef="e"/>
</process></definitions>"""


def _program() -> Program:
    reading = read_bpmn(BODY.encode())
    assert reading.definitions is not None, reading.findings
    compiled = compile_model(reading.definitions, "P", parts=Parts(calendar=Calendar()))
    assert not compiled.findings, compiled.findings
    return compiled.program


PROGRAM = _program()
FIRST = datetime(2026, 1, 31, 9, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
KINDS = st.sampled_from(("gesetzlich", "soll", "vereinbart", "intern", "person"))
LENGTHS = st.sampled_from(("1M", "3M", "10T", "2W", "1J", "5AT", "20AT", "Bekanntgabe+1M", "P1M3D"))
PAUSES = st.lists(st.tuples(DAYS, st.integers(0, 60)), max_size=5)
CLOSED = Calendar(frozenset({date(2026, 2, 16), date(2026, 6, 5)}))


@given(
    start=DAYS, length=LENGTHS, kind=KINDS, pauses=PAUSES, extension=st.sampled_from(("", "1W", "1M", "5AT"))
)
@settings(max_examples=250, deadline=None)
def test_no_course_ends_before_the_frist_would_have_and_never_on_a_day_off(
    start: date, length: str, kind: str, pauses: list[tuple[date, int]], extension: str
) -> None:
    spans = [Pause(first, first + timedelta(days=days), "x") for first, days in pauses]
    plain, _ = CLOSED.due(start, length, kind=kind)

    end, steps = CLOSED.course(start, length, kind=kind, pauses=spans, extension=extension)
    suspended, _ = CLOSED.course(start, length, kind=kind, pauses=spans)

    assert plain <= suspended <= end
    assert not any(span.covers(suspended.astimezone(ZONE).date()) for span in spans)
    assert CLOSED.is_working_day(end.astimezone(ZONE).date(), local=kind in {"vereinbart", "intern"})
    assert (end == plain) or any("Gehemmt" in step or "Verlängert" in step for step in steps)
    assert end > suspended if extension else end == suspended


@given(start=DAYS, length=LENGTHS, kind=KINDS, first=st.integers(1, 400), days=st.integers(0, 60))
@settings(max_examples=250, deadline=None)
def test_as_many_days_follow_as_the_frist_stood_still(
    start: date, length: str, kind: str, first: int, days: int
) -> None:
    since = start + timedelta(days=first)
    until = since + timedelta(days=days)
    plain = CLOSED.due(start, length, kind=kind, shift=False)[0].astimezone(ZONE).date()

    ends = CLOSED.course(start, length, kind=kind, shift=False, pauses=(Pause(since, until, "x"),))
    end = ends[0].astimezone(ZONE).date()

    begin = start + timedelta(days=4 if length.startswith("Bekanntgabe") else 0)
    inside = (
        max(since, begin + timedelta(days=1)) <= min(until, date.max) and since <= plain and until > begin
    )
    since = max(since, begin + timedelta(days=1))
    if not inside:
        assert end == plain
    elif length.endswith("AT"):
        local = kind in {"vereinbart", "intern"}
        left_out = CLOSED.working_days_between(since - timedelta(days=1), until, local=local)
        assert CLOSED.working_days_between(plain, end, local=local) == left_out
    else:
        assert (end - plain).days == (until - since).days + 1


class Courses(RuleBasedStateMachine):
    """People and the model change the course of four Fristen of one task, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = FIRST
        self.state: Instance | None = None
        self.history: list[ev.Event] = []
        self.extended: dict[tuple[int, int], int] = {}
        self._do(Start(variables={"ab": date(2026, 1, 31)}))

    def _do(self, command: cmd.Command) -> None:
        try:
            step = advance(PROGRAM, self.state, command, self.now)
        except CommandRefused:
            return
        self.state = step.state
        self.history += step.events
        for event in step.events:
            if isinstance(event, ev.DeadlineChanged):
                self._check(event)

    def _check(self, event: ev.DeadlineChanged) -> None:
        changed = next(due for due in event.dues if due.place == event.place)
        assert changed.steps
        if event.change == "extended":
            place = (event.key, event.place)
            self.extended[place] = self.extended.get(place, 0) + 1
            assert self.extended[place] == 1
            assert event.reason
        if event.change == "suspended":
            assert any(pause.reason == event.reason for pause in changed.pauses)
        assert [due.at for due in event.dues] == sorted(due.at for due in event.dues)

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule(
        data=st.data(),
        place=st.integers(0, 3),
        back=st.integers(-1, 20),
        days=st.none() | st.integers(-1, 30),
    )
    def suspend(self, data: st.DataObject, place: int, back: int, days: int | None) -> None:
        since = (self.now - timedelta(days=back)).astimezone(ZONE).date()
        until = None if days is None else since + timedelta(days=days)
        key = self._some(data)
        self._do(
            cmd.SuspendDeadline(key=key, place=place, since=since, until=until, reason="x", legal_basis="§ 1")
        )

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule(data=st.data(), place=st.integers(0, 3), back=st.integers(-1, 10))
    def resume(self, data: st.DataObject, place: int, back: int) -> None:
        until = (self.now - timedelta(days=back)).astimezone(ZONE).date()
        self._do(cmd.ResumeDeadline(key=self._some(data), place=place, until=until))

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule(
        data=st.data(),
        place=st.integers(0, 3),
        by=st.sampled_from(("", "1W", "2AT", "2026-03-30", "9M", "x")),
    )
    def extend(self, data: st.DataObject, place: int, by: str) -> None:
        self._do(cmd.ExtendDeadline(key=self._some(data), place=place, by=by, reason="y"))

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule(day=DAYS | st.just("irgendwann"))
    def move_anchor(self, day: Any) -> None:
        self._do(cmd.SetVariables(variables={"ab": day}))

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule()
    def work_on_the_step_that_suspends(self) -> None:
        assert self.state is not None
        for key, wait in list(self.state.waits.items()):
            if isinstance(wait, TaskWait) and wait.element in {"b", "b2"}:
                self._do(cmd.CompleteTask(key=key))
                return

    @precondition(lambda self: bool(self.state and self.state.fristen))
    @rule(data=st.data())
    def silence(self, data: st.DataObject) -> None:
        assert self.state is not None
        key = self._some(data)
        wait = self.state.waits[key]
        if isinstance(wait, TimerWait) and wait.due <= self.now:
            self._do(cmd.FireTimer(key=key))
            assert any(isinstance(each, ev.DeadlinePassed) and each.consent for each in self.history)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _some(self, data: st.DataObject) -> int:
        assert self.state is not None
        return data.draw(st.sampled_from(sorted(self.state.fristen)))

    @invariant()
    def the_events_lead_to_the_state(self) -> None:
        assert self.state is not None
        assert encode_state(fold(PROGRAM, self.history)) == encode_state(self.state)
        assert decode_state(encode_state(self.state)) == self.state

    @invariant()
    def the_legal_frist_stands_still_exactly_while_the_step_runs(self) -> None:
        assert self.state is not None
        running = {wait.element: key for key, wait in self.state.waits.items() if isinstance(wait, TaskWait)}
        if "a" in running:
            legal = next(each for each in self.state.fristen[running["a"]] if each.place == 0)
            automatic = [pause for pause in legal.pauses if pause.automatic and pause.until is None]
            assert bool(automatic) is ("b" in running)

    @invariant()
    def a_timer_is_due_when_its_frist_ends(self) -> None:
        assert self.state is not None
        for key, wait in self.state.waits.items():
            if isinstance(wait, TimerWait):
                frist = self.state.fristen[key][0]
                course = {"pauses": frist.pauses, "extension": frist.extension}
                assert wait.due == Calendar().course(frist.begin, "3W", kind="gesetzlich", **course)[0]  # type: ignore[arg-type]
                assert wait.due != NEVER or any(pause.until is None for pause in frist.pauses)


TestCourses = Courses.TestCase
TestCourses.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
