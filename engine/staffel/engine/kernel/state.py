"""The state of a case: what is alive, never what has been. Changed by `apply` alone, kept as a few hundred bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from staffel.engine.calendar import Pause
from staffel.engine.feel import codec
from staffel.engine.kernel.events import Ending

FORMAT = 1
ROOT = 0
"""The scope instance of the process itself."""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An element instance: a token in a node, and the scope of what runs inside it."""

    element: str
    scope: int
    index: int | None = None


class _Wait(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    owner: int
    element: str


class TaskWait(_Wait, frozen=True, tag="t"):
    """A person's task."""


class WorkWait(_Wait, frozen=True, tag="w"):
    """An outside worker's job."""

    retries: int = 0


class TimerWait(_Wait, frozen=True, tag="d"):
    """A running timer."""

    due: datetime
    remaining: int | None = None
    interval: str | None = None
    trigger: int = 0


class MessageWait(_Wait, frozen=True, tag="m"):
    """A message subscription."""

    name: str
    correlation: str = ""
    trigger: int = 0


class SignalWait(_Wait, frozen=True, tag="s"):
    """A signal subscription."""

    name: str
    trigger: int = 0


class ConditionWait(_Wait, frozen=True, tag="c"):
    """A condition that has not fired yet; `holds` when it is true already."""

    reads: tuple[str, ...]
    trigger: int = 0
    holds: bool = False


class HandoverWait(_Wait, frozen=True, tag="h"):
    """A token that waits on flow `element` of scope `owner` for the receiver, or, `returned`, for the sender."""

    attempt: int = 1
    acknowledged: bool = False
    returned: bool = False
    talked: bool = False
    incomplete: bool = False


class FristWait(_Wait, frozen=True, tag="f"):
    """The Fristen of an activity that waits for something other than a person's task; nothing is waited for here."""


class IncidentWait(_Wait, frozen=True, tag="i"):
    """Something that stands still; `stage` is what a retry does again."""

    code: str
    stage: str


Wait: TypeAlias = (
    TaskWait
    | WorkWait
    | TimerWait
    | MessageWait
    | SignalWait
    | ConditionWait
    | HandoverWait
    | FristWait
    | IncidentWait
)


class Loop(msgspec.Struct, frozen=True, array_like=True):
    """A loop or multi-instance: `total` items (-1: not known), `started` of them, `done` completed ones."""

    total: int
    started: int = 0
    done: int = 0


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A completed activity that can be compensated, with the variables and records of its own scope (§13.4.5)."""

    element: str
    values: bytes = b""
    inner: tuple[Record, ...] = ()
    index: int | None = None


class Compensation(msgspec.Struct, frozen=True, array_like=True):
    """A running compensation: the place of the handler at work, the `scope` it works in, the records still to come.

    `then` tells what follows: the throwing event goes on (`throw`) or has gone on (`quiet`), the transaction is
    cancelled (`cancel`), or the sub-process that was brought back ends (`scope`).
    """

    scope: int
    current: int
    left: tuple[Record, ...] = ()
    then: str = "throw"


class Returns(msgspec.Struct, frozen=True, array_like=True):
    """How often the handover on `flow` of `scope` came back, and the key of the last offer."""

    scope: int
    flow: str
    times: int
    last: int


class Frist(msgspec.Struct, frozen=True, array_like=True):
    """What the end of a running Frist follows from, besides the model: where it began, its pauses and its Verlängerung."""

    place: int
    begin: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extension: str = ""


class Begun(msgspec.Struct, frozen=True, array_like=True):
    """When the legal Fristen of `element` in `scope` began; a return of the handover after it does not change that.

    Nor does it change that they were suspended or extended: `fristen`.
    """

    scope: int
    element: str
    at: datetime
    fristen: tuple[Frist, ...] = ()


class Instance(msgspec.Struct, array_like=True, eq=False, gc=False):
    """A running case.

    `seq` numbers its events from 1 and is that of the last one. `places` are element instances by key, `waits`
    waiting places by key, `tokens` the flows with a token on them per scope. `children` (alive things per scope)
    and `owned` (waits per owner) are derived. Values in the dictionaries are never changed, only replaced, so a
    copy is shallow. The order of the fields is that of the stored format; what follows `fristen` is not
    stored. `fristen` are the running Fristen by the key of their task, timer or `FristWait`. `responsible` is the kind of Stelle that answers for the case (None: the one that started it).
    """

    format: int = FORMAT
    process: str = ""
    reference: str = ""
    case_id: str = ""
    seq: int = 0
    next_key: int = 1
    ended: Ending | None = None
    places: dict[int, Place] = {}
    waits: dict[int, Wait] = {}
    tokens: dict[int, tuple[str, ...]] = {}
    blobs: dict[int, bytes] = {}
    loops: dict[int, Loop] = {}
    results: dict[int, tuple[int, int, bytes]] = {}
    records: dict[int, tuple[Record, ...]] = {}
    compensations: dict[int, Compensation] = {}
    returns: tuple[Returns, ...] = ()
    resets: dict[int, tuple[str, ...]] = {}
    responsible: str | None = None
    begun: tuple[Begun, ...] = ()
    fristen: dict[int, tuple[Frist, ...]] = {}
    _values: dict[int, dict[str, Any]] = {}
    children: dict[int, int] = {}
    owned: dict[int, tuple[int, ...]] = {}

    def copy(self) -> Instance:
        """An equal state that can be changed without touching this one."""
        return Instance(
            self.format, self.process, self.reference, self.case_id, self.seq, self.next_key, self.ended,
            self.places.copy(), self.waits.copy(), self.tokens.copy(), self.blobs.copy(),
            self.loops.copy() if self.loops else {}, self.results.copy() if self.results else {},
            self.records.copy() if self.records else {}, self.compensations.copy() if self.compensations else {},
            self.returns, self.resets.copy() if self.resets else {}, self.responsible, self.begun,
            self.fristen.copy() if self.fristen else {}, self._values.copy(), self.children.copy(), self.owned.copy(),
        )  # fmt: skip

    def values(self, scope: int) -> Mapping[str, Any]:
        """The variables of a scope instance, decoded when first read."""
        values = self._values.get(scope)
        if values is None:
            blob = self.blobs.get(scope)
            values = self._values[scope] = dict(codec.decode_values(blob)) if blob else {}
        return values

    def set_values(self, scope: int, values: Mapping[str, Any]) -> None:
        """Give variables new values (for `apply`)."""
        self._values[scope] = {**self.values(scope), **values}
        self.blobs.pop(scope, None)

    def forget_values(self, scope: int) -> None:
        """Drop the variables of a scope that is gone (for `apply`)."""
        self._values.pop(scope, None)
        self.blobs.pop(scope, None)

    def blob(self, scope: int) -> bytes:
        """The variables of a scope instance, encoded."""
        blob = self.blobs.get(scope)
        if blob is None:
            values = self._values.get(scope)
            if not values:
                return b""
            blob = self.blobs[scope] = codec.encode_values(values)
        return blob

    def alive(self, scope: int) -> bool:
        """Whether the scope instance still runs."""
        return scope in self.places or (scope == ROOT and self.ended is None and self.seq > 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and encode_state(self) == encode_state(other)

    __hash__ = None  # type: ignore[assignment]  # a state can change


class StateFormatError(ValueError):
    """The bytes are not a state that this version can read."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Instance)


def encode_state(state: Instance) -> bytes:
    """The state as bytes: msgpack, positional, with the version of the format in front."""
    for scope in state._values:
        state.blob(scope)
    blobs = {scope: blob for scope, blob in sorted(state.blobs.items()) if blob}
    return _encoder.encode(
        (
            FORMAT, state.process, state.reference, state.case_id, state.seq, state.next_key, state.ended,
            state.places, state.waits, state.tokens, blobs, state.loops, state.results, state.records,
            state.compensations, state.returns, state.resets, state.responsible,
            state.begun, state.fristen,
        )
    )  # fmt: skip


def decode_state(data: bytes) -> Instance:
    """The state that `encode_state` wrote. Raises `StateFormatError`."""
    try:
        state = _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise StateFormatError(f"Expected an encoded case state, found: {error}") from error
    if state.format != FORMAT:
        raise StateFormatError(f"Expected state format {FORMAT}, found {state.format}")
    state._values = {}
    state.children, state.owned = _derive(state.places, state.waits)
    return state


def _derive(
    places: Mapping[int, Place], waits: Mapping[int, Wait]
) -> tuple[dict[int, int], dict[int, tuple[int, ...]]]:
    children: dict[int, int] = {}
    for place in places.values():
        children[place.scope] = children.get(place.scope, 0) + 1
    owned: dict[int, tuple[int, ...]] = {}
    for key, wait in waits.items():
        owner = wait.owner
        owned[owner] = (*owned.get(owner, ()), key)
        if type(wait) is HandoverWait:
            children[owner] = children.get(owner, 0) + 1
    return children, owned
