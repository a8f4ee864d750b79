"""The steps of a play, from a line or a file, and how they are carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from staffel.api.cli.output import UsageError
from staffel.engine.feel import FeelError, from_json
from staffel.engine.kernel import CommandRefused
from staffel.engine.kernel.timers import parse_length
from staffel.engine.play import Player


class StepRefused(UsageError):  # noqa: N818 - the domain's word
    """A step that cannot be done; the message says why and what could be."""


@dataclass(frozen=True, slots=True)
class Step:
    """`verb` and what it is about: `where` is an element, process, name or length; `at` a start event; `code` an error's."""

    verb: str
    where: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    case: int | None = None
    at: str | None = None


def read_line(line: str) -> Step:
    """`VERB [WHERE] [VALUES]`; values are YAML or JSON in braces. Raises `StepRefused`."""
    head, brace, tail = line.partition("{")
    words = head.split()
    values = _mapping(brace + tail) if brace else {}
    verb, where, code = (*words, "", "", "")[:3]
    if verb not in VERBS:
        raise StepRefused(
            f"expected one of {', '.join(VERBS)}, list, vars, trace, help, quit; found {verb!r}"
        )
    if len(words) > (3 if verb == "fail" else 2):
        where, code = " ".join(words[1:]), ""
    return Step(verb, where, values, code)


def read_steps(text: str) -> list[Step]:
    """The steps of a YAML or JSON file. Raises `StepRefused`."""
    try:
        listed = yaml.safe_load(text)
    except yaml.YAMLError as err:
        raise StepRefused(f"the steps are not YAML: {err}") from err
    if not isinstance(listed, list):
        raise StepRefused("expected a list of steps")
    return [_step(number, each) for number, each in enumerate(listed, 1)]


def _step(number: int, given: object) -> Step:
    if not isinstance(given, dict) or len(given) != 1 or next(iter(given)) not in VERBS:
        raise StepRefused(f"step {number}: expected one of {', '.join(VERBS)}, found {given!r}")
    verb, what = next(iter(given.items()))
    if isinstance(what, str) or what is None:
        return Step(verb, what or "")
    unknown = (
        what.keys() - {"where", "process", "name", "at", "values", "code", "case"}
        if isinstance(what, dict)
        else {what}
    )
    if unknown:
        raise StepRefused(
            f"step {number}: expected where, process, name, at, values, code, case; found {unknown}"
        )
    where = what.get("where") or what.get("process") or what.get("name") or ""
    values, code = what.get("values") or {}, str(what.get("code", ""))
    return Step(verb, str(where), values, code, what.get("case"), what.get("at"))


def _mapping(text: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as err:
        raise StepRefused(f"the values are not YAML: {err}") from err
    if not isinstance(values, dict):
        raise StepRefused(f"expected names and values, found {text!r}")
    return values


def carry_out(player: Player, step: Step) -> None:
    """Do one step. Raises `StepRefused`."""
    try:
        values = {str(name): from_json(_dated(value)) for name, value in step.values.items()}
        VERBS[step.verb](player, step, values)
    except (CommandRefused, LookupError, ValueError, FeelError) as err:
        raise StepRefused(str(err).strip('"')) from err


def _dated(value: Any) -> Any:
    """YAML reads dates as such; a form would give their text."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _start(player: Player, step: Step, values: dict[str, Any]) -> None:
    starts = {each.element for program in player.programs.values() for each in program.starts}
    process, at = step.where, step.at
    if at is None and process in starts - player.programs.keys():
        process, at = "", process
    if process and process not in player.programs:
        raise StepRefused(f"there is no process {process!r}; there are {', '.join(player.programs)}")
    if at is not None and at not in starts:
        raise StepRefused(f"there is no start event {at!r}; there are {', '.join(sorted(starts))}")
    player.start(process or None, values, element=at)


def _complete(player: Player, step: Step, values: dict[str, Any]) -> None:
    player.complete(step.where, values, case=step.case)


def _fail(player: Player, step: Step, values: dict[str, Any]) -> None:
    player.fail(step.where, step.code, case=step.case, **values)


def _send(player: Player, step: Step, values: dict[str, Any]) -> None:
    if not player.send(step.where, values):
        raise StepRefused(f"nobody waits for the message {step.where!r}")


def _signal(player: Player, step: Step, values: dict[str, Any]) -> None:
    player.signal(step.where, values)


def _wait(player: Player, step: Step, values: dict[str, Any]) -> None:
    length = parse_length(step.where)
    if length is None or values:
        raise StepRefused(f"expected an ISO 8601 length such as P3D or PT2H, found {step.where!r}")
    player.pass_time(length.after(player.now) - player.now)


VERBS: Mapping[str, Callable[[Player, Step, dict[str, Any]], None]] = {
    "start": _start,
    "complete": _complete,
    "fail": _fail,
    "send": _send,
    "signal": _signal,
    "wait": _wait,
}
