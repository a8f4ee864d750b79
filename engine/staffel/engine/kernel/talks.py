"""The joint talk that comes before an acceptance, for those who play a case without people: plays and simulations."""

from __future__ import annotations

from datetime import datetime

from staffel.engine.kernel import timers
from staffel.engine.kernel.commands import AcceptHandover, Command, RecordConversation
from staffel.engine.kernel.program import Program
from staffel.engine.kernel.state import HandoverWait, Instance


def talk_first(program: Program, state: Instance, command: Command, now: datetime) -> Command | None:
    """The joint talk that the rule requires before the handover is accepted, where it has not been recorded yet."""
    if not isinstance(command, AcceptHandover):
        return None
    wait = state.waits.get(command.key)
    if not isinstance(wait, HandoverWait) or wait.talked:
        return None
    plan = program.flows[wait.element].handover
    if plan is None or plan.rule.warm != "ja":
        return None
    return RecordConversation(
        key=command.key,
        on=now.astimezone(timers.LOCAL).date(),
        participants=(plan.sender, plan.receiver, "Person"),
    )
