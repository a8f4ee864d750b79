"""FEEL's conversion, boolean and context functions (DMN 1.5 Tables 70, 73, 82)."""

from __future__ import annotations

import re
from decimal import Decimal

from staffel.engine.feel.builtins.signature import Nothing, builtin
from staffel.engine.feel.run import Run
from staffel.engine.feel.types import kind_of
from staffel.engine.feel.values import MATH, Value, plain_text

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?", re.ASCII)


def _number(_run: Run, text: str, grouping: Value = None, point: Value = None) -> Decimal:
    plain = text
    if grouping is not None:
        if grouping not in {" ", ",", "."} or grouping == point:
            raise Nothing("argument-value", "number", grouping)
        plain = plain.replace(grouping, "")
    if point is not None:
        if point not in {",", "."}:
            raise Nothing("argument-value", "number", point)
        plain = plain.replace(point, ".")
    if not _NUMBER.fullmatch(plain):
        raise Nothing("argument-value", "number", text)
    return MATH.create_decimal(plain)


def _string(run: Run, value: Value) -> Value:
    if value is None:
        return None
    text = plain_text(value, run.tick)
    run.check_size(len(text))
    return text


def _not(_run: Run, value: Value) -> Value:
    if value is not None and type(value) is not bool:
        raise Nothing("not-boolean", kind_of(value))
    return None if value is None else not value


def _get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    return context[key] if key in context else run.null(None, "no-such-entry", key, "", "")


def _entries(run: Run, context: dict[str, Value]) -> list[Value]:
    run.tick(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _context(run: Run, entries: list[Value]) -> dict[str, Value]:
    made = dict[str, Value]()
    for entry in entries:
        run.tick(1)
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise Nothing("argument-value", "context", entry)
        if entry["key"] in made:
            raise Nothing("duplicate-key", entry["key"])
        made[entry["key"]] = entry["value"]
    return made


def _put(run: Run, context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    run.tick(len(context) // 8)
    return {**context, key: value}


def _put_path(run: Run, context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    if not keys or len(keys) > 100 or type(keys[0]) is not str:
        raise Nothing("argument-value", "context put", keys)
    if len(keys) == 1:
        return _put(run, context, keys[0], value)
    inner = context.get(keys[0])
    if type(inner) is not dict:
        raise Nothing("argument-value", "context put", keys)
    return _put(run, context, keys[0], _put_path(run, inner, keys[1:], value))


def _merge(run: Run, contexts: list[Value]) -> dict[str, Value]:
    merged = dict[str, Value]()
    for context in contexts:
        if type(context) is not dict:
            raise Nothing("argument-value", "context merge", contexts)
        run.tick(len(context))
        merged.update(context)
    return merged


CONVERSION = (
    builtin(
        "number",
        ("from: string, grouping separator: string?, decimal separator: string?", _number),
        ("from: number", lambda _run, number: number),
    ),
    builtin("string", ("from: any", _string)),
    builtin("not", ("negand: any", _not)),
    builtin("get value", ("m: context, key: string", _get_value)),
    builtin("get entries", ("m: context", _entries)),
    builtin("context", ("entries: list", _context)),
    builtin(
        "context put",
        ("context: context, key: string, value: any", _put),
        ("context: context, keys: list, value: any", _put_path),
    ),
    builtin("context merge", ("contexts: list", _merge)),
)
