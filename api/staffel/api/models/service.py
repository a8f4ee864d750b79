"""Uploading and looking at models: what the library does not say by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from staffel.api.models import queries
from staffel.api.models.schemas import (
    ExploredOut,
    FindingOut,
    LaneOut,
    PortabilityOut,
    ProcessOut,
    Report,
    StartEvent,
    StartForm,
    Upload,
)
from staffel.api.uploads import UploadedModel
from staffel.engine import library
from staffel.engine.actor import Actor
from staffel.engine.bpmn import read_bpmn
from staffel.engine.bpmn.layout import with_diagram
from staffel.engine.bpmn.units import unit_of
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.findings import Finding, Severity
from staffel.engine.kernel import Program
from staffel.engine.library.checks.sound import Explored
from staffel.engine.library.versions import may_design
from staffel.engine.portability import check_portability
from staffel.engine.store import Database, Transaction

LONGEST_WAIT: Final = 20.0
_comparing = threading.BoundedSemaphore()
"""One comparison at a time: each takes a processor and up to a gigabyte."""


def store_model(database: Database, *, actor: Actor, now: datetime, model: UploadedModel) -> Upload:
    """Keep a bundle as a draft, errors included. Raises `NotAllowed`, `NoProcessInBundle`."""
    checked = checked_upload(database, actor=actor, now=now, files=model.files, lanes=model.lanes)
    return database.run(
        _keep,
        actor=actor,
        now=now,
        checked=checked,
        process_key=model.process,
        municipality=actor.municipality if model.local else None,
        name=model.name,
    )


def check_model(database: Database, *, actor: Actor, now: datetime, model: UploadedModel) -> Report:
    """The findings of a bundle; nothing is kept. Raises `NotAllowed`."""
    checked = checked_upload(database, actor=actor, now=now, files=model.files, lanes=model.lanes)
    return report_of(checked.bundle.findings, checked.bundle.explored)


def checked_upload(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    files: Mapping[str, bytes],
    lanes: Mapping[str, str] | None = None,
) -> library.CheckedUpload:
    """Check a bundle, for seconds if need be, with no transaction open meanwhile. Raises `NotAllowed`."""
    calls = database.read(library.callable_programs, actor=actor, now=now)
    return library.check_files(calls, files=files, lanes=lanes)


def bind_lanes(
    database: Database, *, actor: Actor, now: datetime, version_id: UUID, lanes: Mapping[str, str]
) -> Upload:
    """A new draft of the same files with these lanes; a version itself never changes. Raises `NotAllowed`, `NotFound`."""
    may_design(actor)
    files = database.read(queries.read_files, actor=actor, version_id=version_id)
    return new_draft(database, actor=actor, now=now, version_id=version_id, files=files, lanes=lanes)


def new_draft(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    files: Mapping[str, bytes],
    lanes: Mapping[str, str] | None = None,
) -> Upload:
    """A new draft of a version's process with these files, checked as an upload; `lanes` are bound besides its own.

    Raises `NotAllowed`, `NotFound`.
    """
    version, summary = database.read(queries.find_version, actor=actor, version_id=version_id)
    bound = {**version.lanes, **(lanes or {})}
    checked = checked_upload(database, actor=actor, now=now, files=files, lanes=bound)
    return database.run(
        _keep,
        actor=actor,
        now=now,
        checked=checked,
        process_key=summary.process,
        municipality=version.municipality,
        name=version.name,
    )


def report_of(findings: Iterable[Finding], explored: Explored | None = None) -> Report:
    """Findings with their counts."""
    found = [FindingOut.model_validate(finding) for finding in findings]
    return Report(
        findings=found,
        todo=queries.todo_out(found),
        imported=queries.imported_out(found),
        explored=None if explored is None else ExploredOut.model_validate(explored),
        errors=sum(finding.severity is Severity.ERROR for finding in found),
        warnings=sum(finding.severity is Severity.WARNING for finding in found),
        can_be_put_in_force=not any(finding.severity is Severity.ERROR for finding in found),
    )


class ModelHasErrors(Refusal):
    """A model with errors does not run anywhere; mend it first."""

    code = "model-has-errors"
    text_de = "Ein Modell mit Fehlern läuft nirgends. Beheben Sie zuerst die Fehler."


class PortabilityBusy(Refusal):
    """Another model is being compared; try again in a minute."""

    status, code = 503, "portability-busy"
    text_de = "Gerade wird ein anderes Modell verglichen. Versuchen Sie es in einer Minute noch einmal."


def portability(database: Database, *, actor: Actor, version_id: UUID) -> PortabilityOut:
    """Run a version on SpiffWorkflow too, one at a time and with no transaction open meanwhile.

    Raises `NotAllowed`, `NotFound`, `ModelHasErrors`, `PortabilityBusy`.
    """
    may_design(actor)
    file, data, program = database.read(_runnable, actor=actor, version_id=version_id)
    if not _comparing.acquire(timeout=LONGEST_WAIT):
        raise PortabilityBusy
    try:
        found = check_portability(data, program, file=file)
    finally:
        _comparing.release()
    return PortabilityOut(
        verdict=found.verdict,
        ways=found.ways,
        findings=[FindingOut.model_validate(each) for each in found.findings],
    )


def _runnable(tx: Transaction, *, actor: Actor, version_id: UUID) -> tuple[str, bytes, Program]:
    _, summary = queries.find_version(tx, actor=actor, version_id=version_id)
    if summary.errors:
        raise ModelHasErrors
    files = queries.read_files(tx, actor=actor, version_id=version_id)
    file = min(path for path in files if path.endswith(".bpmn"))
    return file, files[file], library.deployed(tx, version_id).program


def read_lanes(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[LaneOut]:
    """The lanes of a version and what they are bound to. Raises `NotFound`."""
    version, _ = queries.find_version(tx, actor=actor, version_id=version_id)
    definitions = read_bpmn(read_bpmn_file(tx, actor=actor, version_id=version_id)).definitions
    if definitions is None:
        return []
    return [
        LaneOut(
            id=lane.id, name=lane.name, kind=version.lanes.get(lane.id) or lane.unit or unit_of(lane.name)
        )
        for process in definitions.processes.values()
        for lane in process.lanes
    ]


def read_bpmn_file(tx: Transaction, *, actor: Actor, version_id: UUID) -> bytes:
    """The BPMN file of a version as it was uploaded. Raises `NotFound`."""
    files = queries.read_files(tx, actor=actor, version_id=version_id)
    for path, content in sorted(files.items()):
        if path.endswith(".bpmn"):
            return content
    raise NotFound


@lru_cache(maxsize=64)
def drawn(bpmn: bytes) -> bytes:
    """The file with a diagram; one that has none is laid out."""
    return with_diagram(bpmn)


def startable(tx: Transaction, *, actor: Actor, now: datetime) -> list[ProcessOut]:
    """The processes of which the actor's municipality can start cases now."""
    return [
        ProcessOut(key=version.process, name=version.process_name, version_id=version.id)
        for version in queries.in_force(tx, actor=actor, now=now)
    ]


def read_start_form(
    tx: Transaction, *, actor: Actor, now: datetime, process: str, element: str | None = None
) -> StartForm:
    """What is asked when a case of the process is started. Raises `NotFound`."""
    version_id = library.version_for(tx, process_key=process, municipality=actor.municipality, key_date=now)
    model = library.deployed(tx, version_id)
    form = model.form(model.program.start_form(element))
    return StartForm(
        process=process,
        version_id=version_id,
        starts=[StartEvent(element=each.element, name=each.title) for each in model.program.choices()],
        schema=dict(form.schema) if form else None,
        ui=form.ui if form else [],
        rules=form.rules if form else [],
    )


def _keep(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    checked: library.CheckedUpload,
    process_key: str | None,
    municipality: str | None,
    name: str | None,
) -> Upload:
    version_id = library.upload(
        tx,
        actor=actor,
        now=now,
        checked=checked,
        process_key=process_key,
        municipality=municipality,
        name=name,
    )
    _, summary = queries.find_version(tx, actor=actor, version_id=version_id)
    return Upload(version=summary, report=queries.read_report(tx, actor=actor, version_id=version_id))
