"""Events and facts as the rows of `event`, and back without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias, get_args

import msgspec
from msgspec.structs import replace

from staffel.engine.cases.facts import Fact
from staffel.engine.feel.codec import decode_value, encode_value
from staffel.engine.kernel import events as ev
from staffel.engine.store.hot import EventRecord

Recorded: TypeAlias = ev.Event | Fact

VALUE_FIELDS: dict[type, tuple[str, ...]] = {
    ev.VariablesSet: ("values",),
    ev.TaskOffered: ("proposal",),
    ev.WorkOffered: ("payload",),
    ev.MessageThrown: ("payload",),
    ev.SignalThrown: ("payload",),
    ev.HandoverOffered: ("data",),
    ev.HandoverDataChanged: ("data",),
    ev.DecisionMade: ("result",),
    ev.IncidentRaised: ("details",),
}
"""Fields with FEEL values, which msgspec alone would write with loss."""

_FACTS = frozenset(kind.__name__ for kind in get_args(Fact))
_encoder = msgspec.msgpack.Encoder()
_decode_event = msgspec.msgpack.Decoder(ev.Event).decode
_decode_fact = msgspec.msgpack.Decoder(Fact).decode


def write_events(events: Iterable[Recorded], first_seq: int, now: datetime) -> list[EventRecord]:
    """The rows of the events, numbered from `first_seq`."""
    return [_row(event, seq, now) for seq, event in enumerate(events, first_seq)]


def _row(event: Recorded, seq: int, now: datetime) -> EventRecord:
    name, place, key, fields = _columns(type(event))
    plain = event
    if fields:
        plain = replace(event, **{each: encode_value(getattr(event, each)) for each in fields})
    return EventRecord(seq, now, name, place(event), key(event), _encoder.encode(plain))


@cache
def _columns(
    kind: type[Recorded],
) -> tuple[str, Callable[[Any], str | None], Callable[[Any], int | None], tuple[str, ...]]:
    """The column `type` of this kind of event, how to read `element` and `key`, and its fields with FEEL values."""
    names = kind.__struct_fields__
    place = next((name for name in ("element", "flow") if name in names), None)
    return (
        kind.__name__,
        attrgetter(place) if place else _nothing,
        attrgetter("key") if "key" in names else _nothing,
        VALUE_FIELDS.get(kind, ()),
    )


def _nothing(_event: Recorded) -> None:
    return None


def read_event(kind: str, data: bytes) -> Recorded:
    """The event of a row's `type` and `data`."""
    if kind in _FACTS:
        fact: Fact = _decode_fact(data)
        return fact
    event: ev.Event = _decode_event(data)
    fields = VALUE_FIELDS.get(type(event))
    if not fields:
        return event
    whole: ev.Event = replace(event, **{name: decode_value(getattr(event, name)) for name in fields})
    return whole
