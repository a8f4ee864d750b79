"""`staffel play`: run a model in memory with a clock that you advance yourself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml

from staffel.api.cli.bundles import one_bundle
from staffel.api.cli.output import Exit, UsageError, console, print_json, say_error
from staffel.api.cli.scenarios import play_all
from staffel.api.cli.steps import Step, StepRefused, carry_out, read_line, read_steps
from staffel.engine.feel import FeelError, to_json
from staffel.engine.findings import Severity
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.shipped import shipped_calls
from staffel.engine.play import Player

AUTO_LIMIT = 1_000
HELP = """  list                        what waits
  start [WHERE] [VALUES]      start a case, of a process       start {antrag: vollständig}
                              or at a start event of it
  complete WHERE [VALUES]     do, fire, accept, deliver        complete Task_1 {bewilligt: true}
  fail WHERE CODE             throw a BPMN error               fail Task_1 unterlagen-fehlen
  send NAME [VALUES]          send a message                   send Antwort
  signal NAME [VALUES]        broadcast a signal
  wait LENGTH                 let time pass                    wait P3D
  vars                        the variables of every case
  trace                       what has happened
  quit"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="a BPMN file, a folder or a zip archive")
    parser.add_argument("--process", metavar="KEY", help="the process to start, of a file with several")
    parser.add_argument("--at", metavar="ELEMENT", help="the start event, of a process with several")
    parser.add_argument(
        "--values", metavar="YAML", default="{}", help="variables to start with, as JSON or YAML"
    )
    parser.add_argument(
        "--steps", metavar="FILE", type=Path, help="carry out the steps of a YAML or JSON file"
    )
    parser.add_argument(
        "--auto", action="store_true", help="answer everything that waits, without values, to the end"
    )
    parser.add_argument(
        "--scenarios", action="store_true", help="play the scenarios beside the model (scenarios/*.yaml)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the trace, or the scenarios' outcome, as JSON at the end"
    )
    parser.epilog = (
        "examples:\n"
        "  staffel play model.bpmn                      ask what to do next\n"
        "  staffel play model.bpmn --auto               straight to the end\n"
        "  staffel play model.bpmn --steps path.yaml --json > trace.json\n"
        "  staffel play processes/p1/ --scenarios       green or red, with the step that failed\n"
        "  printf 'complete Task_1 {ok: true}\\nwait P3D\\nlist\\n' | staffel play model.bpmn\n\n"
        f"commands (from the terminal or from standard input):\n{HELP}\n\n"
        "a steps file is a list of the same:\n"
        "  - start: {values: {antrag: vollständig}}\n"
        "  - complete: {where: Task_1, values: {bewilligt: true}}\n"
        "  - wait: P3D\n"
        "  - send: {name: Antwort, values: {ok: true}}\n\n"
        "A case is started at the beginning unless the first step starts one. Service tasks wait to be completed.\n"
        "The exit code is 1 when a step cannot be done, an incident stands at the end, or a scenario is red."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Play."""
    if arguments.scenarios:
        return play_all(one_bundle(arguments.model), as_json=arguments.json)
    player = _player(arguments.model)
    values = _values(arguments.values)
    steps = read_steps(arguments.steps.read_text("utf-8")) if arguments.steps else []
    if not (steps and steps[0].verb == "start"):
        carry_out(player, Step("start", arguments.process or "", values, at=arguments.at))
    done = _play(player, arguments, steps)
    if arguments.json:
        print_json(trace_of(player))
    elif arguments.auto or arguments.steps:
        _show_trace(player)
        _show_waiting(player)
    stuck = [place for place in player.waiting() if place.kind == "incident"]
    return Exit.DONE if done and not stuck else Exit.NO


def _player(path: Path) -> Player:
    files = one_bundle(path).files
    bundle = check_bundle(files, calls=shipped_calls(files), play=False)
    errors = [finding for finding in bundle.findings if finding.severity is Severity.ERROR]
    for finding in errors[:5]:
        say_error(f"line {finding.line} [{finding.code}] {finding.element} {finding.text_en}")
    if errors:
        say_error(f"the model has {len(errors)} error(s); what they touch may stop with an incident")
    if bundle.definitions is None or not bundle.programs:
        raise UsageError(f"there is no process to play in {path}; see: staffel check {path}")
    return Player(bundle.definitions, parts=next(iter(bundle.programs.values())).parts)


def _play(player: Player, arguments: argparse.Namespace, steps: list[Step]) -> bool:
    """Whether every step could be done."""
    done = all(_done(player, step) for step in steps)
    if not done:
        return False
    if arguments.auto:
        return _answer_everything(player)
    if arguments.steps is None:
        return _converse(player, quiet=arguments.json)
    return True


def _answer_everything(player: Player) -> bool:
    for _ in range(AUTO_LIMIT):
        waiting = [place for place in player.waiting() if place.kind not in {"incident", "condition"}]
        if not waiting:
            return True
        place = min(waiting, key=lambda each: (each.kind == "timer", each.case, each.key))
        if place.kind == "timer" and place.due is not None:
            player.pass_time(max(place.due - player.now, timedelta()))
        elif not _done(player, Step("complete", place.element, {})):
            return False
    say_error(f"stopped after {AUTO_LIMIT} answers: the model may not come to an end by itself")
    return False


def _converse(player: Player, *, quiet: bool) -> bool:
    """Commands from the terminal, or line by line from standard input."""
    asks = sys.stdin.isatty()
    done = True
    if not quiet:
        _show_waiting(player)
    while True:
        if asks:
            sys.stderr.write("play> ")
            sys.stderr.flush()
        line = sys.stdin.readline()
        if not line or line.strip() in {"quit", "exit"}:
            return done
        done = (_obey(player, line.strip(), quiet=quiet) or asks) and done


def _obey(player: Player, line: str, *, quiet: bool) -> bool:
    match line.split(" ", 1)[0]:
        case "" | "#":
            return True
        case "help" | "?":
            say_error("\n" + HELP)
        case "list":
            _show_waiting(player)
        case "vars":
            print_json({case.number: plain(case.variables) for case in player.cases.values()})
        case "trace":
            _show_trace(player)
        case _:
            try:
                step = read_line(line)
            except StepRefused as err:
                say_error(str(err))
                return False
            done = _done(player, step)
            if done and not quiet:
                _show_waiting(player)
            return done
    return True


def _done(player: Player, step: Step) -> bool:
    try:
        carry_out(player, step)
    except StepRefused as err:
        say_error(str(err))
        return False
    return True


def _show_trace(player: Player) -> None:
    for entry in trace_of(player):
        print(_told(entry))


def _show_waiting(player: Player) -> None:
    out = console()
    for case in player.cases.values():
        state = f"ended: {case.ended}" if case.ended else "running"
        out.print(f"case {case.number} ({case.program.name or case.program.process}): {state}", style="bold")
        for place in player.waiting(case=case.number):
            due = place.due.isoformat() if place.due else ""
            details = " ".join(each for each in (place.name, place.code, due) if each)
            out.print(f"  {place.kind:9} {place.element}  {details}".rstrip(), markup=False)


def trace_of(player: Player) -> list[dict[str, Any]]:
    """What happened: an object per event with case, sequence number, time, type and its own fields."""
    return [
        {
            "case": entry.case,
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "event": type(entry.event).__name__,
            **plain({name: getattr(entry.event, name) for name in entry.event.__struct_fields__}),
        }
        for entry in player.trace
    ]


def _told(entry: Mapping[str, Any]) -> str:
    rest = {
        name: value
        for name, value in entry.items()
        if name not in {"case", "seq", "at", "event", "key", "owner", "scope"}
        and value not in (None, "", [], {})
    }
    return f"{entry['at']} {entry['case']}/{entry['seq']:<4} {entry['event']:20} " + " ".join(
        f"{name}={value}" for name, value in rest.items()
    )


def plain(value: Any) -> Any:
    """FEEL values and events' fields as JSON."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    try:
        return to_json(value)
    except FeelError:
        return str(value)


def _values(text: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(text)
    except yaml.YAMLError as err:
        raise UsageError(f"--values: expected JSON or YAML, found {text[:60]!r}: {err}") from err
    if not isinstance(values, dict):
        raise UsageError(f"--values: expected names and values, found {text[:60]!r}")
    return values
