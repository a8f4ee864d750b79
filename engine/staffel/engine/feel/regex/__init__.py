"""XPath regular expressions (XPath Functions 3.1 §5.6) matched in linear time, without backtracking."""

from __future__ import annotations

from functools import lru_cache

from staffel.engine.feel.regex.machine import Pattern
from staffel.engine.feel.regex.program import assemble
from staffel.engine.feel.regex.syntax import PatternError, parse_pattern

MAX_PATTERN = 2_000


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> Pattern:
    """The pattern ready to match. Raises `PatternError`."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"länger als {MAX_PATTERN} Zeichen", f"longer than {MAX_PATTERN} characters")
    wrong = flags.strip("smixq")
    if wrong:
        raise PatternError(f"unbekannte Option „{wrong}“", f"unknown flag '{wrong}'")
    tree, groups = parse_pattern(pattern, flags)
    return Pattern(assemble(tree), groups, literal_replacement="q" in flags)


__all__ = ["Pattern", "PatternError", "compile_pattern"]
