"""The life of a model version: uploaded, released, in force, superseded."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, or_
from sqlmodel import col, select

from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.bpmn.descriptive import switched_off
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.findings import Severity
from staffel.engine.kernel import Program
from staffel.engine.library.bundle import Bundle, check_bundle
from staffel.engine.library.checks.manifest import milestones_of
from staffel.engine.library.deployed import called_by, deployed, kinds_of
from staffel.engine.library.endpoints import NO_ENDPOINTS, EndpointNames, need_endpoints
from staffel.engine.library.starts import arm_starts, disarm_starts
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Artefact, ModelVersion, Process, VersionState

_MEDIA_TYPES = {
    "bpmn": "application/xml",
    "dmn": "application/xml",
    "json": "application/json",
    "md": "text/markdown",
}
_OPEN = (VersionState.ENTWURF, VersionState.FREIGEGEBEN)


class ModelHasErrors(Refusal):
    """The model has errors; mend them and upload it again. `findings` are the errors."""

    code = "model-has-errors"
    text_de = "Das Modell hat Fehler. Bitte beheben und neu hochladen."


class WrongVersionState(Refusal):
    """The version is not in the state that this needs."""

    code = "wrong-version-state"
    text_de = "Die Modellversion ist nicht in dem Zustand, den dieser Schritt braucht."


class NoProcessInBundle(Refusal):
    """The upload holds no process that can be stored; `findings` say why."""

    status, code = 422, "no-process"
    text_de = "Die Datei enthält keinen lesbaren Prozess."


def may_design(actor: Actor) -> None:
    """Models are changed by process designers and by machines with the scope `models`."""
    if Scope.MODELS not in actor.scopes:
        actor.need(Role.PROZESSDESIGN)


class CheckedUpload(msgspec.Struct, frozen=True):
    """Files together with all that was found in them: what `upload` keeps."""

    files: Mapping[str, bytes]
    lanes: Mapping[str, str]
    bundle: Bundle


def check_upload(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    files: Mapping[str, bytes],
    lanes: Mapping[str, str] | None = None,
) -> CheckedUpload:
    """Check a bundle. It takes seconds for a large model: with other work waiting call the two parts, see `check_files`."""
    return check_files(callable_programs(tx, actor=actor, now=now), files=files, lanes=lanes)


def callable_programs(tx: Transaction, *, actor: Actor, now: datetime) -> dict[str, Program]:
    """What an upload of the actor may call: all that a check has to ask the database. Raises `NotAllowed`."""
    may_design(actor)
    return programs_in_force(tx, municipality=actor.municipality, key_date=now)


def check_files(
    calls: Mapping[str, Program], *, files: Mapping[str, bytes], lanes: Mapping[str, str] | None = None
) -> CheckedUpload:
    """Check a bundle against the programs that it may call: no transaction need be open meanwhile.

    `lanes` binds lanes (by id) to kinds of Stellen.
    """
    lanes = dict(lanes or {})
    return CheckedUpload(files, lanes, check_bundle(files, lanes=lanes, calls=calls, style=True))


def upload(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    checked: CheckedUpload,
    process_key: str | None = None,
    municipality: str | None = None,
    name: str | None = None,
) -> UUID:
    """Store a bundle as a draft version and return its id. It is stored with its findings, errors included.

    `process_key` picks the process of a file with several. `municipality` makes it that municipality's local variant;
    it must be the actor's own.
    """
    may_design(actor)
    if municipality is not None and municipality != actor.municipality:
        raise NotFound(f"You are not in municipality {municipality}.")
    files = checked.files
    key, program = _chosen(checked.bundle, process_key)
    bundle = _told_of(checked, key)
    name = name or bundle.manifest.get("name") or program.name
    process = _process(tx, key, name)
    version = _version(tx, process, bundle, program, actor=actor, now=now)
    version.municipality = municipality
    version.name = name
    version.lanes = dict(checked.lanes)
    version.digest = _digest(files)
    tx.session.add(version)
    tx.flush()
    for path, content in files.items():
        media_type = _MEDIA_TYPES.get(path.rpartition(".")[2], "text/plain")
        tx.session.add(Artefact(version_id=version.id, path=path, media_type=media_type, content=content))
    record(
        tx,
        actor=actor,
        now=now,
        action="model.upload",
        subject=version.id,
        process=key,
        digest=version.digest,
    )
    tx.flush()
    return version.id


def _told_of(checked: CheckedUpload, key: str) -> Bundle:
    """The bundle with what is to be said of this process, where the check has looked at another of the file."""
    bundle = checked.bundle
    if bundle.definitions is None or key == bundle.process_key:
        return bundle
    file = min(path for path in checked.files if path.endswith(".bpmn"))
    return replace(bundle, findings=(*bundle.findings, *switched_off(bundle.definitions, key, file)))


def _chosen(bundle: Bundle, wanted: str | None) -> tuple[str, Program]:
    programs = bundle.programs
    key = wanted or bundle.process_key
    if key is None or key not in programs:
        errors = [finding for finding in bundle.findings if finding.severity is Severity.ERROR]
        names = ", ".join(programs) or "none"
        raise NoProcessInBundle(
            f"Expected the process {wanted or '(any)'}, found {names}.",
            text_de=f"Erwartet wurde der Prozess {wanted or '(irgendeiner)'}, gefunden: {names}.",
            findings=_plain(errors),
        )
    return key, programs[key]


def _process(tx: Transaction, key: str, name: str) -> Process:
    process = tx.session.exec(select(Process).where(Process.key == key)).first()
    if process is None:
        process = Process(id=new_id(), key=key, name=name)
        tx.session.add(process)
        tx.flush()
    return process


def _version(
    tx: Transaction, process: Process, bundle: Bundle, program: Program, *, actor: Actor, now: datetime
) -> ModelVersion:
    last = tx.session.exec(
        select(func.max(ModelVersion.number)).where(ModelVersion.process_id == process.id)
    ).one()
    count = {severity: sum(f.severity is severity for f in bundle.findings) for severity in Severity}
    manifest = bundle.manifest
    marked = {info.milestone for info in program.describe() if info.milestone}
    return ModelVersion(
        id=new_id(now),
        process_id=process.id,
        number=(last or 0) + 1,
        name=program.name,
        digest="",
        description=str(manifest.get("beschreibung", "")),
        kinds=list(kinds_of(program)),
        milestones=sorted(marked | milestones_of(manifest).keys()),
        report=_plain(bundle.findings),
        explored=None if bundle.explored is None else msgspec.to_builtins(bundle.explored),
        errors=count[Severity.ERROR],
        warnings=count[Severity.WARNING],
        legal_bases=[str(basis) for basis in manifest.get("rechtsgrundlagen", ())],
        legal_state=str(manifest.get("rechtsstand", "")),
        uploaded_at=now,
        uploaded_by=actor.account,
    )


def _plain(findings: Any) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = msgspec.to_builtins(list(findings))
    return plain


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{len(path.encode())} {path} {len(files[path])} ".encode() + files[path])
    return digest.hexdigest()


def release(tx: Transaction, *, actor: Actor, now: datetime, version_id: UUID) -> None:
    """Release a draft: whoever does it answers for the model. Refused while it has errors."""
    may_design(actor)
    version = _own(tx, actor, version_id)
    _refuse_errors(version)
    _need_state(version, VersionState.ENTWURF)
    version.state = VersionState.FREIGEGEBEN
    version.released_at, version.released_by = now, actor.account
    tx.session.add(version)
    record(tx, actor=actor, now=now, action="model.release", subject=version_id)
    tx.flush()


def put_in_force(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    valid_from: datetime | None = None,
    endpoints: EndpointNames = NO_ENDPOINTS,
) -> None:
    """Let new cases use the version from `valid_from` (default: now) on. A draft is released with it.

    The version in force before, of the same municipality, is valid until then. Refused while the model has errors, or
    names others than the `endpoints` of the installation.
    """
    may_design(actor)
    version = _own(tx, actor, version_id)
    _refuse_errors(version)
    _need_state(version, *_OPEN)
    need_endpoints(deployed(tx, version_id).program, version.municipality, endpoints)
    start = valid_from or now
    if version.state == VersionState.ENTWURF:
        release(tx, actor=actor, now=now, version_id=version_id)
    for former in _in_force(tx, version):
        if former.valid_from is not None and former.valid_from >= start:
            former.state = VersionState.ABGELOEST
        former.valid_until = min(start, former.valid_until or start)
        tx.session.add(former)
    version.state, version.valid_from, version.valid_until = VersionState.IN_KRAFT, start, None
    tx.session.add(version)
    if version.municipality is None:
        tx.session.get_one(Process, version.process_id).name = version.name
    tx.flush()
    arm_starts(tx, deployed(tx, version_id), version.municipality or actor.municipality, max(start, now))
    record(
        tx, actor=actor, now=now, action="model.in-force", subject=version_id, valid_from=start.isoformat()
    )
    tx.flush()


def withdraw(tx: Transaction, *, actor: Actor, now: datetime, version_id: UUID) -> None:
    """Take a version out of force; cases that run on it go on."""
    may_design(actor)
    version = _own(tx, actor, version_id)
    _need_state(version, *_OPEN, VersionState.IN_KRAFT)
    version.state = VersionState.ZURUECKGEZOGEN
    version.valid_until = now
    tx.session.add(version)
    disarm_starts(tx, version_id)
    record(tx, actor=actor, now=now, action="model.withdraw", subject=version_id)
    tx.flush()


def _own(tx: Transaction, actor: Actor, version_id: UUID) -> ModelVersion:
    """A version the actor may change: the common ones and the own municipality's variants."""
    version = tx.session.get(ModelVersion, version_id)
    if version is None or version.municipality not in {None, actor.municipality}:
        raise NotFound("There is no such model version.", text_de="Diese Modellversion gibt es nicht.")
    return version


def _refuse_errors(version: ModelVersion) -> None:
    errors = [finding for finding in version.report if finding["severity"] == Severity.ERROR]
    if errors:
        raise ModelHasErrors(
            f"The model has {len(errors)} error(s); first: {errors[0]['text_en']}",
            text_de=f"Das Modell hat {len(errors)} Fehler; der erste: {errors[0]['text_de']}",
            findings=errors,
        )


def _need_state(version: ModelVersion, *states: VersionState) -> None:
    if version.state not in states:
        expected = ", ".join(states)
        raise WrongVersionState(
            f"Expected the state {expected}, found {version.state}.",
            text_de=f"Erwartet wird der Zustand {expected}, gefunden: {version.state}.",
            state=version.state,
        )


def _in_force(tx: Transaction, version: ModelVersion) -> list[ModelVersion]:
    same = (
        col(ModelVersion.municipality).is_(None)
        if version.municipality is None
        else col(ModelVersion.municipality) == version.municipality
    )
    query = select(ModelVersion).where(
        ModelVersion.process_id == version.process_id, ModelVersion.state == VersionState.IN_KRAFT, same
    )
    return list(tx.session.exec(query))


def version_for(tx: Transaction, *, process_key: str, municipality: str, key_date: datetime) -> UUID:
    """The version of a process in force at `key_date`: the municipality's own variant, else the common one.

    Raises `NotFound`.
    """
    found = _version_at(tx, process_key, municipality, key_date)
    if found is None:
        raise NotFound(
            f"No version of the process {process_key} is in force at {key_date:%Y-%m-%d}.",
            text_de=f"Vom Prozess {process_key} ist am {key_date:%d.%m.%Y} keine Version in Kraft.",
        )
    return found


_OWN = col(ModelVersion.municipality)
_VERSION_AT = (
    select(ModelVersion.id)
    .join(Process, col(Process.id) == col(ModelVersion.process_id))
    .where(
        col(Process.key) == bindparam("process_key"),
        col(ModelVersion.state).in_([VersionState.IN_KRAFT.value, VersionState.ABGELOEST.value]),
        col(ModelVersion.valid_from) <= bindparam("key_date"),
        or_(col(ModelVersion.valid_until).is_(None), col(ModelVersion.valid_until) > bindparam("key_date")),
        or_(_OWN.is_(None), bindparam("municipality") == _OWN),
    )
    .order_by(_OWN.is_(None), col(ModelVersion.valid_from).desc(), col(ModelVersion.number).desc())
    .limit(1)
)
"""Built once: every start of a case asks it."""


def _version_at(tx: Transaction, process_key: str, municipality: str, key_date: datetime) -> UUID | None:
    tx.flush()
    wanted = {"process_key": process_key, "municipality": municipality, "key_date": key_date}
    found: UUID | None = tx.connection.execute(_VERSION_AT, wanted).scalar()
    return found


def resolve_calls(
    tx: Transaction, program: Program, *, municipality: str, key_date: datetime
) -> dict[str, str]:
    """The versions of all processes called, directly and by called ones: called element -> version id."""
    found: dict[str, str] = {}
    waiting = set(called_by(program))
    while waiting:
        name = waiting.pop()
        version_id = _version_at(tx, name, municipality, key_date)
        if version_id is not None:
            found[name] = str(version_id)
            waiting |= called_by(deployed(tx, version_id).program) - found.keys()
    return found


def programs_in_force(tx: Transaction, *, municipality: str, key_date: datetime) -> dict[str, Program]:
    """The programs in force with what they call themselves, for the call activities of an upload."""
    keys = tx.session.exec(select(Process.key)).all()
    versions = {key: _version_at(tx, key, municipality, key_date) for key in keys}
    found = {}
    for key, version in versions.items():
        if version is not None:
            alone = deployed(tx, version).program
            calls = resolve_calls(tx, alone, municipality=municipality, key_date=key_date)
            found[key] = deployed(tx, version, msgspec.json.encode(calls).decode()).program
    return found
