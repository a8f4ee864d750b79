"""What people write who know another language: each mistake with what FEEL has instead, German and English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from staffel.engine.feel.lexer import Token
from staffel.engine.feel.names import closest

Hint: TypeAlias = tuple[str, str]
"""A sentence with a space in front, German and English; both empty where there is nothing to say."""

NO_HINT: Hint = ("", "")
_QUOTES = "'`´„“”‚‘’«»"
_PAIRS: Mapping[tuple[str, str], str] = {
    ("=", "="): "=",
    ("<", ">"): "!=",
    ("=", "<"): "<=",
    ("=", ">"): ">=",
}
_SIGNS: Mapping[str, str] = {
    "&": "and",
    "|": "or",
    "!": "not(…)",
    "%": "modulo(a, b)",
    "^": "**",
}
_WORDS: Mapping[str, str] = {
    "AND": "and", "And": "and", "und": "and", "UND": "and", "Und": "and",
    "OR": "or", "Or": "or", "oder": "or", "ODER": "or", "Oder": "or",
    "NOT": "not(…)", "not": "not(…)", "nicht": "not(…)", "NICHT": "not(…)",
    "is": "= null", "IS": "= null", "ist": "= null",
    "elif": "else if", "elsif": "else if", "elseif": "else if",
    "if": "if … then … else …", "?": "if … then … else …", "wenn": "if … then … else …",
    "for": "for x in list return …", "where": "list[condition]",
}  # fmt: skip
_CONSTANTS: Mapping[str, str] = {
    **dict.fromkeys(("True", "TRUE", "wahr", "WAHR", "Wahr"), "true"),
    **dict.fromkeys(("False", "FALSE", "falsch", "FALSCH", "Falsch"), "false"),
    **dict.fromkeys(("None", "NULL", "Null", "nil", "undefined", "leer"), "null"),
}
_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(("len", "length", "size", "anzahl", "ANZAHL"), "count(list), string length(text)"),
    **dict.fromkeys(("upper", "toUpperCase", "toUpper", "ucase"), "upper case(text)"),
    **dict.fromkeys(("lower", "toLowerCase", "toLower", "lcase"), "lower case(text)"),
    **dict.fromkeys(("concat", "join"), "string join(list), a + b"),
    **dict.fromkeys(("isEmpty", "empty", "isempty"), "count(list) = 0"),
    **dict.fromkeys(("isNull", "isnull", "is_null", "isNone"), "x = null"),
    **dict.fromkeys(("coalesce", "nvl", "ifnull"), "if x = null then y else x"),
    **dict.fromkeys(("str", "toString", "text"), "string(x)"),
    **dict.fromkeys(("int", "float", "parseInt", "toNumber", "zahl"), "number(text)"),
    **dict.fromkeys(("heute", "HEUTE", "current_date", "getdate", "date.today"), "today()"),
    **dict.fromkeys(("jetzt", "JETZT", "current_timestamp", "datetime"), "now()"),
    **dict.fromkeys(("wenn", "WENN", "iif", "IF"), "if … then … else …"),
    **dict.fromkeys(("summe", "SUMME", "SUM"), "sum(list)"),
    **dict.fromkeys(("avg", "average", "mittelwert"), "mean(list)"),
    **dict.fromkeys(("round", "runden", "RUNDEN"), "round half up(n, scale), decimal(n, scale)"),
    **dict.fromkeys(("ceil",), "ceiling(n)"),
    **dict.fromkeys(("includes", "indexOf", "has"), "list contains(list, element)"),
    **dict.fromkeys(("startsWith", "startswith"), "starts with(text, match)"),
    **dict.fromkeys(("endsWith", "endswith"), "ends with(text, match)"),
    **dict.fromkeys(("substr", "mid"), "substring(text, start position, length)"),
    **dict.fromkeys(("addDays", "dateadd", "dateAdd"), 'date + duration("P14D")'),
    **dict.fromkeys(("datediff", "dateDiff", "daysBetween"), "(date1 - date2).days"),
    **dict.fromkeys(("year", "month", "day"), "x.year, x.month, x.day"),
    **dict.fromkeys(("equals",), "="),
    **dict.fromkeys(("pow",), "a ** b"),
}
_GERMAN_DATE = re.compile(r"\s*([0-3]?[0-9])\.([01]?[0-9])\.([0-9]{4})\s*", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PERIOD = re.compile(
    r"\s*([0-9]+)\s*(tage?n?|days?|wochen?|weeks?|monate?n?|months?|jahre?n?|years?)\s*", re.IGNORECASE
)
_UNITS = {"t": "P{}D", "d": "P{}D", "m": "P{}M", "j": "P{}Y", "y": "P{}Y"}


def instead(form: str) -> Hint:
    """The hint that FEEL has `form` for this."""
    return f" In FEEL heißt das: {form}", f" In FEEL this is: {form}"


def like(similar: str | None) -> Hint:
    """The hint that another name was meant."""
    return (f" Meinten Sie „{similar}“?", f" Did you mean '{similar}'?") if similar else NO_HINT


def name_hint(name: str, known: Iterable[str]) -> Hint:
    """What may be meant by a name that is not known."""
    if name in _CONSTANTS:
        return instead(_CONSTANTS[name])
    similar = closest(name, known)
    if similar is not None:
        return like(similar)
    foreign = next((word for word in name.split() if word in _WORDS), None)
    return NO_HINT if foreign is None or foreign == name else instead(_WORDS[foreign])


def function_hint(name: str, known: Iterable[str]) -> Hint:
    """What may be meant by a function that is not known."""
    if name in _FUNCTIONS:
        return instead(_FUNCTIONS[name])
    return like(closest(name, known))


def is_foreign_method(name: str) -> bool:
    """Whether other languages call this on a value (`x.length()`)."""
    return name in _FUNCTIONS


def literal_hint(text: str) -> Hint:
    """How a date or duration written as people write it is written in ISO 8601."""
    if found := _GERMAN_DATE.fullmatch(text):
        day, month, year = found.groups()
        return instead(f'date("{year}-{month:0>2}-{day:0>2}")')
    if found := _PERIOD.fullmatch(text):
        unit = found[2].lower()
        weeks = unit.startswith("w")
        amount = int(found[1][:9]) * (7 if weeks else 1)
        return instead(f'duration("{_UNITS["d" if weeks else unit[0]].format(amount)}")')
    return NO_HINT


def operand_hint(text: str) -> Hint:
    """What a text in a computation may have to be."""
    if _ISO_DATE.fullmatch(text):
        return instead(f'date("{text}")')
    if text.startswith("P"):
        return instead(f'duration("{text[:40]}")')
    return instead(f'number("{text[:40]}")') if text[:1].isdigit() else NO_HINT


def kinds_hint(left: str, right: str) -> Hint:
    """How values of these kinds come together."""
    kinds = {left, right}
    if "string" not in kinds or len(kinds) < 2:
        return NO_HINT
    other = (kinds - {"string"}).pop()
    if other == "number":
        return instead('number("1.5"), string(1.5)')
    if other in {"date", "time", "date and time"}:
        return instead(f'{other}("…")')
    return instead('duration("P1D")') if "duration" in other else NO_HINT


def syntax_hint(tokens: Sequence[Token], index: int, last_name: str) -> Hint:
    """What may be meant where the parser came upon a token it cannot use."""
    token, before = tokens[index], tokens[index - 1] if index else None
    if before is not None and before.end == token.start:
        after = tokens[min(index + 1, len(tokens) - 1)]
        if token.text == "," and before.kind == after.kind == "number" and after.start == token.end:
            return instead(f"{before.text}.{after.text}")
        if (before.text, token.text) in _PAIRS:
            return instead(_PAIRS[before.text, token.text])
    if token.text == "=" and before is None:
        return " Das führende „=“ weglassen.", " Leave out the leading '='."
    if token.kind == "other":
        return _sign_hint(token.text)
    if token.kind == "word" and token.text in _WORDS:
        return instead(_WORDS[token.text])
    return _structure_hint(token, before, last_name)


def _sign_hint(sign: str) -> Hint:
    if sign in _QUOTES:
        return ' Texte stehen in geraden Anführungszeichen: "Text"', ' Texts stand in straight quotes: "text"'
    if sign in "$#":
        return _without_braces()
    if sign == ";":
        return " Ein Ausdruck endet ohne Semikolon.", " An expression ends without a semicolon."
    return instead(_SIGNS[sign]) if sign in _SIGNS else NO_HINT


def _structure_hint(token: Token, before: Token | None, last_name: str) -> Hint:
    if token.text == "=" and before is not None and before.text in {"+", "-", "*", "/", ":"}:
        return " FEEL weist nichts zu.", " FEEL assigns nothing."
    if token.text == ".." and before is not None:
        return instead("[1..5]")
    foreign = next((word for word in last_name.split()[1:] if word in _WORDS), None)
    return NO_HINT if foreign is None else instead(_WORDS[foreign])


def _without_braces() -> Hint:
    return (
        " Der Ausdruck steht in FEEL ohne ${…} oder #{…}.",
        " In FEEL the expression stands without ${…} or #{…}.",
    )


MISSING_WORDS: Mapping[str, Hint] = {
    "then": instead("if … then … else …"),
    "else": (
        " Zu „if“ gehören immer „then“ und „else“: if … then … else null",
        " An 'if' always has 'then' and 'else': if … then … else null",
    ),
    "return": instead("for x in list return …"),
    "satisfies": instead("some x in list satisfies …"),
    "of": instead("x instance of number"),
    "and": instead("x between 1 and 5"),
    "in": instead("for x in list return …"),
}
"""What a keyword belongs to that is missing."""
