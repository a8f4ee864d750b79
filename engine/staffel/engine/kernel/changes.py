"""What `StateChanged` does to a state: bookkeeping without an event of its own. None decides, none fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from staffel.engine.feel import codec
from staffel.engine.kernel.state import Begun, Compensation, Instance, Loop, Record


def take_tokens(state: Instance, scope: int, flows: tuple[str, ...]) -> None:
    """Take a token off each of the flows (for what changes a state)."""
    tokens = state.tokens.get(scope, ())
    if tokens == flows:
        del state.tokens[scope]
        return
    left = list(tokens)
    for flow in flows:
        left.remove(flow)
    if left:
        state.tokens[scope] = tuple(left)
    else:
        state.tokens.pop(scope, None)


def _tokens_cleared(state: Instance, scope: int, _values: Any) -> None:
    state.tokens.pop(scope, None)


def _tokens_taken(state: Instance, scope: int, flows: Any) -> None:
    take_tokens(state, scope, tuple(flows))


def _loop(state: Instance, scope: int, total: Any) -> None:
    state.loops[scope] = Loop(int(total))


def _result(state: Instance, scope: int, values: Any) -> None:
    item, index, value = values
    state.results[int(item)] = (scope, int(index), codec.encode_values({"value": value}))


def _condition(state: Instance, key: int, holds: Any) -> None:
    state.waits[key] = msgspec.structs.replace(state.waits[key], holds=bool(holds))


def _compensable(state: Instance, scope: int, values: Any) -> None:
    state.records[scope] = (*state.records.get(scope, ()), record_from(values))


def _records(state: Instance, scope: int, values: Any) -> None:
    if values:
        state.records[scope] = tuple(record_from(each) for each in values)
    else:
        state.records.pop(scope, None)


def _compensation(state: Instance, controller: int, values: Any) -> None:
    if values is None:
        state.compensations.pop(controller, None)
    else:
        scope, current, left, then = values
        records = tuple(record_from(each) for each in left)
        state.compensations[controller] = Compensation(int(scope), int(current), records, then)


def record_from(values: Any) -> Record:
    """The record that `record_values` spelled out."""
    element, index, variables, inner = values
    blob = codec.encode_values(variables) if variables else b""
    return Record(
        element, blob, tuple(record_from(each) for each in inner), None if index is None else int(index)
    )


def record_values(record: Record) -> list[Any]:
    """The record as plain values for an event; nested as deep as the model's sub-processes."""
    variables = dict(codec.decode_values(record.values)) if record.values else {}
    return [record.element, record.index, variables, [record_values(each) for each in record.inner]]


def _reset(state: Instance, scope: int, gateways: Any) -> None:
    if gateways:
        state.resets[scope] = tuple(gateways)
    else:
        state.resets.pop(scope, None)


def _begun(state: Instance, scope: int, values: Any) -> None:
    element, at = values
    others = tuple(each for each in state.begun if (each.scope, each.element) != (scope, element))
    state.begun = (*others, Begun(scope, element, datetime.fromisoformat(at)))


CHANGES: dict[str, Callable[[Instance, int, Any], None]] = {
    "tokens-cleared": _tokens_cleared,
    "tokens-taken": _tokens_taken,
    "loop": _loop,
    "result": _result,
    "condition": _condition,
    "compensable": _compensable,
    "records": _records,
    "compensation": _compensation,
    "reset": _reset,
    "begun": _begun,
}
"""What `StateChanged.what` can be."""
