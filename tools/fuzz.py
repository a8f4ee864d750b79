"""Search for inputs that FEEL or DMN cannot cope with: `make fuzz ARGS="--seconds 60"` (needs the group `fuzz`).

Without `--target` both are searched side by side. CI gives a seed, so that it fails by a change and not by luck.

A finding is any exception but the package's own, and any evaluation that takes more than a tenth longer than its budget or
gives a value more than a tenth larger. It is written to `var/fuzz/crash-…`; keep what it shows as a test in tests/unit/feel/test_robustness.py.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

with atheris.instrument_imports(include=["staffel"]):
    from staffel.engine.dmn import check_model, read_dmn
    from staffel.engine.feel import Budget, FeelError, parse, parse_unary_tests, to_json
    from staffel.engine.feel.builtins import BUILTINS
    from staffel.engine.feel.values import literal

T = TypeVar("T")
ROOT: Final = Path(__file__).resolve().parents[1]
SECONDS: Final = 1.0
"""Of the processor, whatever else the machine does; the budget of an evaluation, and what reading a text may take."""
SIZE: Final = 50_000
OVERRUN: Final = 1.1
SCOPE: Final = {"x": 3, "s": "text", "l": [1, None, "a"], "c": {"a b": 1}, "n": None}
WORDS: Final = (
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance of",
    "function(", "external", "partial", "item", "true", "null", "list<", "context<", "range<", "**", "..", "!=",
    '@\\"P1D\\"', '@\\"2026-02-28\\"', '@\\"10:00:00@Europe/Berlin\\"', "1e6000", "\\\\u", "\\\\U",
)  # fmt: skip
TAGS: Final = (
    "<decision ", "<decisionTable ", "<inputData ", "<literalExpression>", "<text>", "</text>", "<context>", "<for ",
    "<contextEntry>", "<invocation>", "<functionDefinition>", "<relation>", "hitPolicy=", "typeRef=", "<import ",
)  # fmt: skip


def feel(data: bytes) -> None:
    """Lexer, parser, compiler and evaluator of expressions and unary tests."""
    text = data.decode("utf-8", "replace")
    budget = Budget(steps=20_000, size=SIZE, seconds=SECONDS, clock=time.process_time)
    with suppress(FeelError):
        expression = _in_time(lambda: parse(text, names=SCOPE))
        value = _in_time(lambda: expression.explain(SCOPE, budget=budget)).value
        if isinstance(value, list | str) and len(value) > OVERRUN * SIZE:
            raise AssertionError(f"a value of {len(value)} items or characters, allowed are {SIZE}")
        literal(value)
        to_json(value)
    with suppress(FeelError):
        tests = _in_time(lambda: parse_unary_tests(text, names=SCOPE))
        _in_time(lambda: tests.matches(3, SCOPE, budget=budget))


def _in_time(work: Callable[[], T]) -> T:
    started = time.process_time()
    try:
        return work()
    finally:
        if (took := time.process_time() - started) > OVERRUN * SECONDS:
            raise AssertionError(f"took {took:.2f} s of the processor, allowed are {SECONDS} s")


def dmn(data: bytes) -> None:
    """The reader of DMN files, the check of their tables, and the first decisions that it finds."""
    model, _ = read_dmn(data)
    if model:
        check_model(model)
    for name in list(model.decisions)[:5] if model else ():
        try:
            model.evaluate(name, {"x": 3})  # type: ignore[union-attr]
        except (FeelError, KeyError):
            continue


MAX_LENGTH: Final = {"feel": 2_000, "dmn": 20_000}
TARGETS: Final[dict[str, Callable[[bytes], None]]] = {"feel": feel, "dmn": dmn}


def main() -> int:
    """Run a target, or each in a process of its own, for some seconds. Not 0 where something was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--target", choices=sorted(TARGETS), help="default: both")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0, help="0: another one every time")
    arguments = parser.parse_args()
    if arguments.target is None:
        command = [sys.executable, "-m", "tools.fuzz", *sys.argv[1:], "--target"]
        running = [subprocess.Popen([*command, target]) for target in TARGETS]
        return max(abs(each.wait()) for each in running)
    folder = ROOT / "var" / "fuzz"
    corpus = folder / arguments.target
    corpus.mkdir(parents=True, exist_ok=True)
    _seed(arguments.target, corpus)
    words = folder / f"{arguments.target}.dict"
    known = (*WORDS, *BUILTINS) if arguments.target == "feel" else TAGS
    words.write_text("".join(f'"{each}"\n' for each in known if each.isascii()))
    options = [
        f"-max_total_time={arguments.seconds}",
        f"-seed={arguments.seed}",
        f"-dict={words}",
        f"-max_len={MAX_LENGTH[arguments.target]}",
        "-timeout=20",
    ]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)], TARGETS[arguments.target]
    )
    atheris.Fuzz()
    return 0


def _seed(target: str, corpus: Path) -> None:
    """Begin with what the project's own tables say."""
    for number, path in enumerate(sorted(ROOT.glob("processes/**/*.dmn"))):
        if target == "dmn":
            (corpus / f"seed-{number}").write_bytes(path.read_bytes())
    if target == "feel":
        for number, name in enumerate(sorted(BUILTINS)):
            (corpus / f"seed-{number}").write_text(f'{name}([1, 2], x, "a", @"P1D")')


if __name__ == "__main__":
    sys.exit(main())
