"""Model versions ready to run, kept in the process: a version never changes, so neither does its program."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import msgspec
from sqlmodel import select

from staffel.engine.bpmn.model import NodeType
from staffel.engine.errors import NotFound
from staffel.engine.kernel import Program
from staffel.engine.library.booklet import Booklet
from staffel.engine.library.bundle import check_bundle
from staffel.engine.library.forms import Form, read_form
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Artefact, ModelVersion, Process

KEPT = 500
"""How many versions stay compiled."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A model version with its program and forms. `kinds` are the kinds of Stellen it needs."""

    version_id: UUID
    process_id: UUID
    process_key: str
    program: Program
    forms: Mapping[str, Form]
    kinds: tuple[str, ...]
    called: Mapping[str, Deployed]
    content: tuple[str, ...]
    """What it was compiled from: versions of equal content, as municipalities upload them, share one program.
    Empty for one that calls others."""
    booklet: Booklet = field(default_factory=Booklet)

    def form(self, name: str | None, element: str = "") -> Form | None:
        """The form of that name at an element; None when there is none. A called process brings its own forms.

        Where it may change a proposed decision it also asks for the reason.
        """
        model, prefix = self, ""
        for part in element.split("/")[:-1]:
            prefix += part
            call = self.program.elements.get(prefix)
            model = model.called.get(call.node.called_element or "", model) if call else model
            prefix += "/"
        form = model.forms.get(name) if name else None
        step = self.program.elements.get(element)
        is_proposal = step is not None and step.decision is not None and not step.bound
        return form.with_reason(step.result) if form and step and is_proposal else form

    def all_forms(self) -> Iterator[Form]:
        """The forms of what it calls and then its own, which count where both name a variable."""
        for called in self.called.values():
            yield from called.all_forms()
        yield from self.forms.values()


_kept: OrderedDict[tuple[UUID, str], Deployed] = OrderedDict()
_lock = threading.Lock()


def deployed(tx: Transaction, version_id: UUID, calls: str = "{}") -> Deployed:
    """The version, with called processes on the versions that `calls` (JSON: called element -> version id) names."""
    place = (version_id, calls)
    found = _kept.get(place)
    if found is None:
        found = _compile(tx, version_id, calls)
        with _lock:
            _kept[place] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


def _compile(tx: Transaction, version_id: UUID, calls: str, above: frozenset[UUID] = frozenset()) -> Deployed:
    version = tx.session.get(ModelVersion, version_id)
    process = tx.session.get(Process, version.process_id) if version else None
    if version is None or process is None:
        raise NotFound("There is no such model version.", text_de="Diese Modellversion gibt es nicht.")
    lanes = msgspec.json.encode(version.lanes, order="sorted").decode()
    content = (version.digest, process.key, lanes) if calls == "{}" else ()
    twin = _of_content(content)
    if twin is not None:
        return replace(twin, version_id=version_id, process_id=process.id)
    rows = tx.session.exec(select(Artefact).where(Artefact.version_id == version_id))
    files = {row.path: row.content for row in rows}
    called = _called(tx, version_id, calls, above | {version_id})
    programs = {name: each.program for name, each in called.items()}
    bundle = check_bundle(files, lanes=version.lanes, calls=programs, play=False)
    program = bundle.programs[process.key]
    forms = {name: read_form(document) for name, document in bundle.forms.items()}
    return Deployed(
        version_id,
        process.id,
        process.key,
        program,
        forms,
        kinds_of(program),
        called,
        content,
        bundle.booklet,
    )


def _called(tx: Transaction, version_id: UUID, calls: str, inside: frozenset[UUID]) -> dict[str, Deployed]:
    """What the model calls of the versions named in `calls`, but none that is being compiled."""
    versions = {name: UUID(text) for name, text in msgspec.json.decode(calls, type=dict[str, str]).items()}
    wanted = called_by(deployed(tx, version_id).program) if versions else ()
    return {
        name: _compile(tx, versions[name], calls, inside)
        for name in sorted(wanted)
        if name in versions and versions[name] not in inside
    }


def _of_content(content: tuple[str, ...]) -> Deployed | None:
    with _lock:
        return next((each for each in _kept.values() if content and each.content == content), None)


def kinds_of(program: Program) -> tuple[str, ...]:
    """The kinds of Stellen that the program's nodes stand in."""
    return tuple(sorted({element.unit for element in program.elements.values() if element.unit}))


def called_by(program: Program) -> frozenset[str]:
    """The processes that a program calls and that its own file does not hold."""
    calls = (e.node.called_element for e in program.elements.values() if e.type is NodeType.CALL_ACTIVITY)
    return frozenset(name for name in calls if name and name not in program.definitions.processes)
