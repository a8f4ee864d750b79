"""Every element of BPMN 2.0.2 in a small model, compiled and played: executed, or refused with a finding.

The rows come from the compiler's own registries (`NodeType`, `EventKind`), so that a kind cannot be forgotten. In
every model the element in question has the id `x`. It is executed when the model compiles without an error and `x`
is completed in a play that answers everything that waits; it is refused when the upload has an error. Neither is a
defect: something would be accepted and ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tests.conformance.elements.event_rows import event_rows
from tests.conformance.elements.other_rows import other_rows
from tests.conformance.elements.pieces import Row
from tests.conformance.elements.playing import HEAD

from staffel.engine.bpmn import read_bpmn
from staffel.engine.findings import Severity
from staffel.engine.kernel import DeliverSignal, Parts, SetVariables
from staffel.engine.kernel.compiler import compile_model
from staffel.engine.kernel.events import ElementCompleted
from staffel.engine.library.checks.decisions import read_decisions
from staffel.engine.library.checks.notes import Notes
from staffel.engine.play import Player

MOST_ANSWERS = 30
DMN = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="t" name="d"><decision id="d" '
    b'name="d"><variable name="d"/><literalExpression><text>1</text></literalExpression></decision></definitions>'
)
PARTS = Parts(decisions=read_decisions({"d.dmn": DMN}, Notes()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """`executed`, or the codes of the errors that refuse it; neither means it was ignored."""

    executed: bool
    refused: tuple[str, ...] = ()
    fault: str = field(default="", compare=False)


def try_out(row: Row) -> Outcome:
    """Read, compile and play the row's model."""
    text = f'{HEAD}{row.roots}<process id="P" isExecutable="true">{row.body}</process></definitions>'
    reading = read_bpmn(text.encode())
    errors = [each for each in reading.findings if each.severity is Severity.ERROR]
    if reading.definitions is not None:
        compiled = compile_model(reading.definitions, "P", parts=PARTS)
        errors += [each for each in compiled.findings if each.severity is Severity.ERROR]
    if errors or reading.definitions is None:
        return Outcome(
            executed=False, refused=tuple(dict.fromkeys(each.rule or each.code for each in errors))
        )
    player = Player(reading.definitions, parts=PARTS)
    _play(player, row)
    done = {entry.event.element for entry in player.trace if isinstance(entry.event, ElementCompleted)}
    left = ", ".join(f"{place.element} ({place.kind} {place.code})" for place in player.waiting())
    return Outcome(executed="x" in done, fault="" if "x" in done else f"'x' was not completed; waits: {left}")


def _play(player: Player, row: Row) -> None:
    """Begin, then answer everything that waits: events before the tasks they interrupt, timers last."""
    case = player.start("P", {"ok": False}, element=row.start)
    for _ in range(MOST_ANSWERS):
        places = [place for place in player.waiting() if place.kind != "incident"]
        if case.ended is not None or not places:
            return
        place = min(places, key=lambda each: (each.kind in {"task", "work"}, each.kind == "timer", each.key))
        if place.kind == "condition":
            for value in (True, False):
                if case.ended is None:
                    player.do(case, SetVariables(variables={"ok": value}))
        elif place.kind == "timer":
            player.pass_time(timedelta(days=1))
        elif place.kind == "signal":
            player.do(case, DeliverSignal(name=place.name))
        else:
            player.complete(place.element, case=place.case)
        done = {e.event.element for e in player.trace if isinstance(e.event, ElementCompleted)}
        if "x" in done:
            return


def all_rows() -> tuple[Row, ...]:
    """The whole catalogue."""
    return (*event_rows(), *other_rows())
