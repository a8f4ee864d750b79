"""The heart of the engine: a compiled model, a small state, and `advance`, a function of its input and nothing else.

>>> from datetime import UTC, datetime
>>> from staffel.engine.bpmn import read_bpmn
>>> from staffel.engine.kernel import Start, advance, compile_model
>>> model = read_bpmn(b'''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">
... <process id="P" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>
... <sequenceFlow id="f" sourceRef="s" targetRef="e"/></process></definitions>''').definitions
>>> program = compile_model(model, "P").program
>>> advance(program, None, Start(), datetime(2026, 1, 1, tzinfo=UTC)).state.ended
<Ending.COMPLETED: 'completed'>
"""

from __future__ import annotations

from staffel.engine.kernel.advance import Step, advance, fold
from staffel.engine.kernel.apply import apply
from staffel.engine.kernel.commands import (
    AcceptHandover,
    AcknowledgeHandover,
    ActivateElement,
    CancelCase,
    CancelElement,
    CancelToken,
    Command,
    CompleteTask,
    CompleteWork,
    DeliverMessage,
    DeliverSignal,
    ExtendDeadline,
    FailWork,
    FireTimer,
    MoveToken,
    OfferHandover,
    RecordConversation,
    RequestSupplement,
    ResumeDeadline,
    RetryIncident,
    ReturnHandover,
    SetVariables,
    Start,
    SupplementHandover,
    SuspendDeadline,
    ThrowError,
    ThrowEscalation,
    WithdrawHandover,
)
from staffel.engine.kernel.compiler import compile_model
from staffel.engine.kernel.events import Event
from staffel.engine.kernel.handover_rule import EscalationLevel, HandoverField, HandoverRule
from staffel.engine.kernel.incidents import Code, CommandRefused
from staffel.engine.kernel.positions import Position, positions, variables, visible_at
from staffel.engine.kernel.program import Compiled, ElementInfo, Parts, Program, StartPlan
from staffel.engine.kernel.state import Instance, StateFormatError, decode_state, encode_state
from staffel.engine.kernel.talks import talk_first

__all__ = [
    "AcceptHandover",
    "AcknowledgeHandover",
    "ActivateElement",
    "CancelCase",
    "CancelElement",
    "CancelToken",
    "Code",
    "Command",
    "CommandRefused",
    "Compiled",
    "CompleteTask",
    "CompleteWork",
    "DeliverMessage",
    "DeliverSignal",
    "ElementInfo",
    "EscalationLevel",
    "Event",
    "ExtendDeadline",
    "FailWork",
    "FireTimer",
    "HandoverField",
    "HandoverRule",
    "Instance",
    "MoveToken",
    "OfferHandover",
    "Parts",
    "Position",
    "Program",
    "RecordConversation",
    "RequestSupplement",
    "ResumeDeadline",
    "RetryIncident",
    "ReturnHandover",
    "SetVariables",
    "Start",
    "StartPlan",
    "StateFormatError",
    "Step",
    "SupplementHandover",
    "SuspendDeadline",
    "ThrowError",
    "ThrowEscalation",
    "WithdrawHandover",
    "advance",
    "apply",
    "compile_model",
    "decode_state",
    "encode_state",
    "fold",
    "positions",
    "talk_first",
    "variables",
    "visible_at",
]
