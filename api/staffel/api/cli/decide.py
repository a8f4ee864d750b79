"""`staffel decide`: evaluate a decision of a DMN file, with its reasons; run its test sets."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from staffel.api.cli.output import Exit, print_json, read_context, say_error
from staffel.api.clock import utc_now
from staffel.engine.dmn import DecisionModel, DecisionResult, DecisionUnknown, explain_text
from staffel.engine.feel import FeelError, from_json, to_json
from staffel.engine.findings import Finding, blocks
from staffel.engine.library.checks.decisions import read_decisions
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.checks.test_sets import DecisionCase, read_test_set, run_case


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
    parser.add_argument("--key-date", type=date.fromisoformat, metavar="DAY",
                        help="the day of the fact (Stichtag) that picks the version; default: today")  # fmt: skip
    parser.add_argument("--version", dest="versions", metavar="FILE", type=Path, action="append", default=[],
                        help="a DMN file with another dated version of the decision; may be repeated")  # fmt: skip
    parser.add_argument("--tests", metavar="FILE", type=Path, action="append", default=[],
                        help="run a test set (YAML) instead; may be repeated")  # fmt: skip
    parser.add_argument(
        "--explain", action="store_true", help="print which rules applied and which cell refused"
    )
    parser.add_argument("--lang", choices=("de", "en"), default="de", help="language of the reasons")
    parser.add_argument("--json", action="store_true", help="print value and reasons as one JSON object")
    parser.epilog = (
        "examples:\n"
        '  staffel decide leistung.dmn --decision Anspruch --data \'{"alter": 30, "titel": "§ 25"}\'\n'
        "  staffel decide leistung.dmn --decision Anspruch --data @person.yaml --explain\n"
        "  staffel decide ab-juli.dmn --version bis-juni.dmn --key-date 2026-05-01 --data '{}'\n"
        "  staffel decide leistung.dmn --tests tests/anspruch.yaml\n\n"
        "The exit code is 1 where the file has errors, the decision could not be taken or a case is red."
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Decide and print, or run test sets."""
    notes = Notes()
    paths = [arguments.file, *arguments.imports, *arguments.versions]
    files = {path.name: path.read_bytes() for path in paths}
    decisions = read_decisions(files, notes)
    cases = [case for path in arguments.tests for case in read_test_set(path.read_bytes(), str(path), notes)]
    for finding in notes.findings:
        say_error(
            f"{finding.file}:{finding.line}: {finding.severity} [{finding.code}] {_said(arguments, finding)}"
        )
    if arguments.tests:
        return Exit.NO if _run_tests(arguments, cases, decisions) or blocks(notes.findings) else Exit.DONE
    try:
        name = arguments.decision or _only_decision(decisions)
        given = {key: from_json(value) for key, value in read_context(arguments.data).items()}
        now = utc_now()
        model = (decisions.get(name) or _any(decisions, name)).on(name, arguments.key_date or now.date())
        data = model.read_inputs(name, given)
        result = model.evaluate(name, data, now=now, key_date=arguments.key_date)
        _show(arguments, result)
    except FeelError as err:
        say_error(err.message_de if arguments.lang == "de" else err.message_en)
        return Exit.NO
    return Exit.NO if result.problems else Exit.DONE


def _said(arguments: argparse.Namespace, finding: Finding) -> str:
    return finding.text_de if arguments.lang == "de" else finding.text_en


def _run_tests(
    arguments: argparse.Namespace, cases: Sequence[DecisionCase], decisions: Mapping[str, DecisionModel]
) -> int:
    """Print a line per case; returns how many are red."""
    outcomes = [run_case(case, decisions) for case in cases]
    red = sum(bool(each.faults) for each in outcomes)
    if arguments.json:
        print_json(
            [
                {
                    "file": each.case.file,
                    "decision": each.case.decision,
                    "name": each.case.name,
                    "passed": not each.faults,
                    "faults_de": [german for german, _ in each.faults],
                    "faults_en": [english for _, english in each.faults],
                }
                for each in outcomes
            ]
        )
        return red
    for each in outcomes:
        sys.stdout.write(f"{'✗' if each.faults else '✓'} {each.case.decision}: {each.case.name}\n")
        for german, english in each.faults:
            sys.stdout.write(f"    {german if arguments.lang == 'de' else english}\n")
    say_error(f"{len(outcomes) - red} passed, {red} failed")
    return red


def _any(decisions: Mapping[str, DecisionModel], name: str) -> DecisionModel:
    """A model that will say what it has instead."""
    for model in decisions.values():
        return model
    raise DecisionUnknown(
        f"Die Datei enthält keine Entscheidung „{name}“.", f"The file has no decision '{name}'."
    )


def _only_decision(decisions: Mapping[str, DecisionModel]) -> str:
    """The decision where there is only one; otherwise a name that makes the model list what it has."""
    ids = {decision.id for model in decisions.values() for decision in model.decisions.values()}
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
