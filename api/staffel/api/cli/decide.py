"""`staffel decide`: evaluate a decision of a DMN file, with its reasons."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from staffel.api.cli.output import Exit, print_json, read_context, say_error
from staffel.api.clock import utc_now
from staffel.engine.dmn import DecisionModel, DecisionResult, explain_text, read_dmn
from staffel.engine.feel import FeelError, from_json, to_json


def configure(parser: argparse.ArgumentParser) -> None:
    """Options and help of the command."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a DMN file (1.1 to 1.5)")
    parser.add_argument(
        "--decision", metavar="NAME", help="name or id; may be left out where there is only one"
    )
    parser.add_argument(
        "--data", default="{}", metavar="JSON", help="the inputs: JSON, or @FILE (JSON or YAML)"
    )
    parser.add_argument("--import", dest="imports", metavar="FILE", type=Path, action="append", default=[],
                        help="a DMN file that FILE imports; may be repeated")  # fmt: skip
    parser.add_argument(
        "--explain", action="store_true", help="print which rules applied and which cell refused"
    )
    parser.add_argument("--lang", choices=("de", "en"), default="de", help="language of the reasons")
    parser.add_argument("--json", action="store_true", help="print value and reasons as one JSON object")
    parser.epilog = (
        "examples:\n"
        '  staffel decide leistung.dmn --decision Anspruch --data \'{"alter": 30, "titel": "§ 25"}\'\n'
        "  staffel decide leistung.dmn --decision Anspruch --data @person.yaml --explain\n\n"
        "The exit code is 1 where the file has errors or the decision could not be taken."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Decide and print."""
    imports = {path.name: path.read_bytes() for path in arguments.imports}
    model, problems = read_dmn(arguments.file.read_bytes(), imports=imports)
    for problem in problems:
        say_error(
            f"{arguments.file}:{problem.line}: {problem.severity} [{problem.code}] {problem.message_en}"
        )
    if model is None:
        return Exit.NO
    data = {name: from_json(value) for name, value in read_context(arguments.data).items()}
    try:
        result = model.evaluate(arguments.decision or _only_decision(model), data, now=utc_now())
        _show(arguments, result)
    except FeelError as err:
        say_error(str(err))
        return Exit.NO
    return Exit.NO if result.problems else Exit.DONE


def _only_decision(model: DecisionModel) -> str:
    """The decision where there is only one; otherwise a name that makes the model list what it has."""
    ids = {decision.id for decision in model.decisions.values()}
    return ids.pop() if len(ids) == 1 else "(--decision NAME)"


def _show(arguments: argparse.Namespace, result: DecisionResult) -> None:
    value = to_json(result.value)
    if arguments.json:
        reasons = {"explanation": result.explanation} if arguments.explain else {}
        print_json({"value": value, "problems": [asdict(problem) for problem in result.problems], **reasons})
        return
    print_json(value)
    if arguments.explain:
        sys.stdout.write(explain_text(result.explanation, arguments.lang) + "\n")
    else:
        for problem in result.problems:
            say_error(problem.message_de if arguments.lang == "de" else problem.message_en)
