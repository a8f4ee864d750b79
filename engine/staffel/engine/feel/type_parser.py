"""Types as they stand after `instance of` and in parameters: `list<number>`, `context<a: string>`."""

from __future__ import annotations

from collections.abc import Mapping

from staffel.engine.feel.lexer import Token, refuse
from staffel.engine.feel.names import closest
from staffel.engine.feel.tokens import Tokens
from staffel.engine.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
)


def read_type(given: Tokens, types: Mapping[str, FeelType]) -> FeelType:
    """Read one type."""
    given.enter()
    token = given.now
    kind = _structured(given, types, token.text) or _named_type(given, types, token)
    given.leave()
    return kind


def _structured(given: Tokens, types: Mapping[str, FeelType], word: str) -> FeelType | None:
    if word not in {"list", "range", "context", "function"} or given.after.text != "<":
        return None
    given.index += 2
    if word == "context":
        return _context_type(given, types)
    if word == "function":
        return _function_type(given, types)
    item = read_type(given, types)
    given.expect(">")
    return ListType(item) if word == "list" else RangeType(item)


def _context_type(given: Tokens, types: Mapping[str, FeelType]) -> FeelType:
    fields = list[tuple[str, FeelType]]()
    while not given.take(">"):
        if fields:
            given.expect(",")
        name = given.key(":", ",", ">")
        given.expect(":")
        fields.append((name, read_type(given, types)))
    return ContextType(tuple(fields))


def _function_type(given: Tokens, types: Mapping[str, FeelType]) -> FeelType:
    parameters = list[FeelType]()
    while not given.take(">"):
        if parameters:
            given.expect(",")
        parameters.append(read_type(given, types))
    given.expect("->")
    return FunctionType(tuple(parameters), read_type(given, types))


def _named_type(given: Tokens, types: Mapping[str, FeelType], token: Token) -> FeelType:
    name = given.name()
    while given.take("."):
        name = f"{name}.{given.name()}"
    kind = types.get(name) or SIMPLE_TYPES.get(name)
    if kind is None and name == "function":
        return FunctionType((), ANY)
    if kind is None:
        known = (*types, *SIMPLE_TYPES)
        refuse(
            given.text,
            token.start,
            f"Der Typ „{name}“ ist nicht bekannt.",
            f"The type '{name}' is not known.",
            suggestion=closest(name, known),
        )
    return kind
