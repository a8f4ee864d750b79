"""`staffel feel`: evaluate a FEEL expression."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from staffel.api.cli.output import Exit, print_json, read_context, say_error
from staffel.api.clock import utc_now
from staffel.engine.feel import FeelError, FeelSyntaxError, Problem, from_json, parse, to_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("expression", metavar="EXPR", help="the expression")
    parser.add_argument(
        "--data", default="{}", metavar="JSON", help="names and values: JSON, or @FILE (JSON or YAML)"
    )
    parser.add_argument("--lang", choices=("de", "en"), default="en", help="language of the reasons")
    parser.add_argument("--json", action="store_true", help="print value and reasons as one JSON object")
    parser.epilog = (
        "examples:\n"
        "  staffel feel '2 + 3'\n"
        '  staffel feel \'if alter >= 18 then "volljährig" else "minderjährig"\' --data \'{"alter": 17}\'\n'
        '  staffel feel \'date("2026-01-31") + duration("P1M")\'\n'
        "  staffel feel 'sum(haushalt[alter < 18].betrag)' --data @haushalt.yaml\n\n"
        "A null that came from an error is followed by its reason; the exit code is then 1."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Print the value."""
    data = read_context(arguments.data)
    try:
        expression = parse(arguments.expression, names=data)
        outcome = expression.explain({name: from_json(value) for name, value in data.items()}, now=utc_now())
        value = to_json(outcome.value)
    except FeelSyntaxError as err:
        return _not_feel(arguments, err)
    except FeelError as err:
        say_error(_said(arguments, err))
        return Exit.NO
    if arguments.json:
        print_json({"value": value, "problems": [asdict(problem) for problem in outcome.problems]})
    else:
        print_json(value)
        for problem in outcome.problems:
            say_error(_said(arguments, problem))
    return Exit.NO if outcome.problems else Exit.DONE


def _said(arguments: argparse.Namespace, told: FeelError | Problem) -> str:
    return told.message_de if arguments.lang == "de" else told.message_en


def _not_feel(arguments: argparse.Namespace, err: FeelSyntaxError) -> Exit:
    """Show the place of a syntax error."""
    position = err.position
    if arguments.json:
        print_json({"error": _said(arguments, err), "position": asdict(position) if position else None})
    else:
        say_error(_said(arguments, err))
        if position:
            line = arguments.expression.splitlines()[position.line - 1 : position.line] or [""]
            say_error(f"  {line[0]}")
            say_error("  " + " " * (position.column - 1) + "^")
    return Exit.NO
