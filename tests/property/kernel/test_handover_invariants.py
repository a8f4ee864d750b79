"""Whatever the Stellen do, in parallel branches too: one answers for the case, and only it gives the case away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from staffel.engine.bpmn import read_bpmn
from staffel.engine.calendar import Calendar
from staffel.engine.kernel import (
    CommandRefused,
    HandoverField,
    HandoverRule,
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
from staffel.engine.kernel.state import HandoverWait, TaskWait

LANES = {"LB": "s f a c h", "JC": "b", "SOZ": "d"}
FLOWS = "s f|f a|f c|a b|c d|b h|h c"
NODES = (
    '<startEvent id="s"/><parallelGateway id="f"/>'
    + '<userTask id="a"><extensionElements><staffel:deadline kind="gesetzlich" length="1M"/></extensionElements></userTask>'
    + "".join(f'<userTask id="{name}"/>' for name in "bcdh")
)
REASONS = ("unvollstaendig", "kapazitaet")
RULES = {
    "a_b": HandoverRule(id="a_b", warm="ja", return_reasons=REASONS, max_returns=2, follow_up="h"),
    "c_d": HandoverRule(id="c_d", kind="weiterleitung", consent=True),
    "b_h": HandoverRule(id="b_h", fields=(HandoverField(name="x", required=False, consent=True),)),
}


def _program() -> Program:
    flows = "".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>'
        for a, b in (pair.split() for pair in FLOWS.split("|"))
    )
    lanes = "".join(
        f'<lane id="{name}">{"".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes.split())}</lane>'
        for name, nodes in LANES.items()
    )
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
        f'targetNamespace="t"><process id="P" isExecutable="true"><laneSet id="l">{lanes}</laneSet>{NODES}{flows}'
        "</process></definitions>"
    )
    reading = read_bpmn(text.encode())
    assert reading.definitions is not None, reading.findings
    parts = Parts(lanes={name: name for name in LANES}, handover_rules=RULES, calendar=Calendar())
    return compile_model(reading.definitions, "P", parts=parts).program


PROGRAM = _program()


class Handovers(RuleBasedStateMachine):
    """Stellen that work, hand over, return and change their minds in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 1, 31, 9, tzinfo=UTC)
        step = advance(PROGRAM, None, Start(variables={"einwilligung": True, "x": 1}), self.now)
        self.state: Instance = step.state
        self.history: list[ev.Event] = list(step.events)
        self.offers: dict[int, ev.HandoverOffered] = {}
        self.legal: dict[str, datetime] = {}
        self._learn(step.events, before=None)
        for key, each in list(self.state.waits.items()):
            if isinstance(each, TaskWait):
                self._do(cmd.CompleteTask(key=key))
        assert sum(isinstance(each, HandoverWait) for each in self.state.waits.values()) == 2

    def _do(self, command: cmd.Command) -> None:
        before = self.state.responsible
        try:
            step = advance(PROGRAM, self.state, command, self.now)
        except CommandRefused:
            return
        self.state = step.state
        self.history += step.events
        self._learn(step.events, before=before)

    def _learn(self, events: tuple[ev.Event, ...], before: str | None) -> None:
        for event in events:
            match event:
                case ev.HandoverOffered():
                    self.offers[event.key] = event
                case ev.HandoverAccepted(responsible=str(to)):
                    assert before in {None, self.offers[event.key].sender}
                    assert to == self.offers[event.key].receiver
                    before = to
                case ev.HandoverReturned():
                    assert event.reason
                    assert event.delete_at is not None
                    assert event.delete_at > self.now
                case ev.TaskOffered(element="a", due=ev.Due(at=at)):
                    assert self.legal.setdefault("a", at) == at
                case _:
                    pass
        assert self.state.responsible == before

    def _some(self, data: st.DataObject, kind: type) -> int | None:
        keys = [key for key, wait in self.state.waits.items() if isinstance(wait, kind)]
        return data.draw(st.sampled_from(keys)) if keys else None

    @precondition(lambda self: self.state.ended is None)
    @rule(
        data=st.data(),
        act=st.sampled_from((5, 1, 2, 2, 1, 3, 4, 0, 6, 7)),
        reason=st.sampled_from((*REASONS, "", "anderes")),
    )
    def handle(self, data: st.DataObject, act: int, reason: str) -> None:
        key = self._some(data, HandoverWait)
        if key is None:
            return
        commands: list[Any] = [
            cmd.AcknowledgeHandover(key=key),
            cmd.AcceptHandover(key=key),
            cmd.ReturnHandover(key=key, reason=reason),
            cmd.WithdrawHandover(key=key, reason=reason),
            cmd.OfferHandover(key=key),
            cmd.RecordConversation(key=key, on=date(2026, 1, 31), participants=("LB", "Person")),
            cmd.RequestSupplement(key=key, missing=("x",)),
            cmd.SupplementHandover(key=key),
        ]
        self._do(commands[act])

    @precondition(lambda self: self.state.ended is None)
    @rule(data=st.data())
    def work(self, data: st.DataObject) -> None:
        key = self._some(data, TaskWait)
        if key is not None:
            self._do(cmd.CompleteTask(key=key))

    @precondition(lambda self: self.state.ended is None)
    @rule(consent=st.sampled_from([True, False, ["c_d"], ["x"]]))
    def consent(self, consent: Any) -> None:
        self._do(cmd.SetVariables(variables={"einwilligung": consent}))
        if consent is not True and consent != ["c_d"]:
            waiting = [w for w in self.state.waits.values() if isinstance(w, HandoverWait) and not w.returned]
            assert all(wait.element != "c_d" for wait in waiting)

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def the_events_lead_to_the_state(self) -> None:
        assert encode_state(fold(PROGRAM, self.history)) == encode_state(self.state)
        assert decode_state(encode_state(self.state)) == self.state


TestHandovers = Handovers.TestCase
TestHandovers.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
