"""The command line `staffel`. Each command is a module here with `configure(parser)` and `run(arguments) -> int`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from staffel.api import __version__
from staffel.api.cli.output import Exit, UsageError, say_error, tell_refusal
from staffel.api.settings import SettingsError
from staffel.engine.errors import Refusal


class Command(NamedTuple):
    """A command: its module is imported only when it is asked for, so that `staffel check` starts at once."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("demo", "demo", "a lifelike demonstration on this machine; the second start keeps its data"),
    Command("init", "init", "prepare an empty installation: database and first administrator"),
    Command("serve", "serve", "run the web server"),
    Command("worker", "worker", "run timers and messages beside the web servers"),
    Command("migrate", "migrate", "bring the database to this release's shape"),
    Command("check", "check", "check BPMN models and list every finding with its line"),
    Command("play", "play", "run a model in memory with a clock that you advance yourself"),
    Command("import", "importing", "put a model (file, folder or zip) into the database"),
    Command("export", "exporting", "get a model version, or the event log without personal data"),
    Command("unit", "unit", "list and add Stellen"),
    Command("user", "user", "add, list, change and disable accounts"),
    Command("endpoints", "endpoints", "list what service tasks may call over HTTP, and which models do"),
    Command("feel", "feel", "evaluate a FEEL expression"),
    Command("table", "table", "decision tables to spreadsheets and back"),
    Command("decide", "decide", "evaluate a decision of a DMN file, with its reasons"),
)
DESCRIPTION = "Staffel runs the service processes that several agencies carry out together for one person."
EPILOG = """first steps:
  staffel demo                        look around with lifelike data
  staffel check model.bpmn            what is wrong with my model, and how do I mend it?
  staffel play model.bpmn             try it out
  staffel init && staffel serve       an installation of one's own

exit codes: 0 done · 1 the answer is no (findings with errors, a refusal) · 2 wrong usage ·
            3 something outside is missing (file, database, port) · 130 interrupted

Every command explains itself: staffel COMMAND --help
Settings are environment variables: staffel serve --help"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser(given).parse_args(given)
    try:
        code: Exit = arguments.run(arguments)
    except (UsageError, SettingsError) as err:
        say_error(str(err))
        return Exit.USAGE
    except Refusal as refusal:
        tell_refusal(refusal)
        return Exit.NO
    except OSError as err:
        say_error(f"{err.strerror or err}: {err.filename}" if err.filename else str(err))
        return Exit.OUTSIDE
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    return code


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; of the commands, only the one that is asked for is loaded."""
    parser = argparse.ArgumentParser(
        prog="staffel",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"staffel {__version__}")
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    asked = next((word for word in given if not word.startswith("-")), "")
    for command in COMMANDS:
        sub = parsers.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if command.name == asked:
            module = import_module(f"staffel.api.cli.{command.module}")
            module.configure(sub)
            sub.set_defaults(run=module.run)
    return parser
