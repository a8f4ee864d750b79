"""FEEL's functions on strings (DMN 1.5 Table 74); patterns are XPath's, matched in linear time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from staffel.engine.feel.builtins.signature import Nothing, builtin
from staffel.engine.feel.regex import PatternError, compile_pattern
from staffel.engine.feel.regex.machine import Pattern
from staffel.engine.feel.run import Run
from staffel.engine.feel.values import Value


def _substring(_run: Run, text: str, start: Value, length: Value = None) -> str:
    position, count = int(start), None if length is None else int(length)
    if position == 0 or (count is not None and count < 1):
        raise Nothing("argument-value", "substring", start if position == 0 else length)
    first = position - 1 if position > 0 else max(len(text) + position, 0)
    return text[first:] if count is None else text[first : first + count]


def _before(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


def _after(_run: Run, text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


def _join(run: Run, parts: list[Value], delimiter: Value = None) -> str:
    run.tick(len(parts))
    texts = [part for part in parts if part is not None]
    if not all(type(part) is str for part in texts):
        raise Nothing("argument-value", "string join", parts)
    run.check_size(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return (delimiter or "").join(texts)


@contextmanager
def _pattern(pattern: str, flags: Value) -> Iterator[Pattern]:
    """The compiled pattern; what is wrong with it or with its use makes the function null."""
    try:
        yield compile_pattern(pattern, flags or "")
    except PatternError as err:
        raise Nothing("bad-pattern", pattern, err.message_de, err.message_en) from err


def _matches(run: Run, text: str, pattern: str, flags: Value = None) -> bool:
    with _pattern(pattern, flags) as compiled:
        return compiled.search(text, 0, run.tick) is not None


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: Value = None) -> str:
    with _pattern(pattern, flags) as compiled:
        result = compiled.replace(text, replacement, run.tick, run.check_size)
    run.check_size(len(result))
    return result


def _split(run: Run, text: str, delimiter: str) -> list[Value]:
    with _pattern(delimiter, None) as compiled:
        return list(compiled.split(text, run.tick))


STRINGS = (
    builtin("substring", ("string: string, start position: number, length: number?", _substring)),
    builtin("string length", ("string: string", lambda _run, text: len(text))),
    builtin("upper case", ("string: string", lambda _run, text: text.upper())),
    builtin("lower case", ("string: string", lambda _run, text: text.lower())),
    builtin("substring before", ("string: string, match: string", _before)),
    builtin("substring after", ("string: string, match: string", _after)),
    builtin("contains", ("string: string, match: string", lambda _run, text, match: match in text)),
    builtin(
        "starts with", ("string: string, match: string", lambda _run, text, match: text.startswith(match))
    ),
    builtin("ends with", ("string: string, match: string", lambda _run, text, match: text.endswith(match))),
    builtin("matches", ("input: string, pattern: string, flags: string?", _matches)),
    builtin("replace", ("input: string, pattern: string, replacement: string, flags: string?", _replace)),
    builtin("split", ("string: string, delimiter: string", _split)),
    builtin("string join", ("list: list, delimiter: string?", _join)),
)
