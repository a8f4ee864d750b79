"""What people see of models: those for all municipalities and those of their own. Models hold no personal data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import col

from staffel.api.models.schemas import (
    ArtefactOut,
    ExploredOut,
    FindingOut,
    ImportedOut,
    JobOut,
    Report,
    VersionDetail,
    VersionSummary,
)
from staffel.engine.actor import Actor
from staffel.engine.errors import NotFound
from staffel.engine.library.imported import imported_of
from staffel.engine.library.todo import todo_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Account, Artefact, Competence, ModelVersion, Process, VersionState


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Versions for all municipalities and for the actor's own."""
    municipality = col(ModelVersion.municipality)
    return or_(municipality.is_(None), municipality == actor.municipality)


def list_versions(
    tx: Transaction, *, actor: Actor, process: str | None = None, state: VersionState | None = None
) -> list[VersionSummary]:
    """Versions by process, the youngest of each first."""
    statement = _with_process().where(visible_to(actor))
    if process:
        statement = statement.where(col(Process.key) == process)
    if state:
        statement = statement.where(col(ModelVersion.state) == state)
    rows = tx.session.execute(statement.order_by(col(Process.name), col(ModelVersion.number).desc()))
    return [_summary(version, key, name) for version, key, name in rows]


def find_version(tx: Transaction, *, actor: Actor, version_id: UUID) -> tuple[ModelVersion, VersionSummary]:
    """A version that the actor may see, or by which a Stelle of the actor works for another municipality.

    Raises `NotFound`.
    """
    served = select(col(Competence.municipality)).where(col(Competence.unit_id).in_(actor.units))
    visible = or_(visible_to(actor), col(ModelVersion.municipality).in_(served))
    statement = _with_process().where(visible, col(ModelVersion.id) == version_id)
    row = tx.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    version, key, name = row
    return version, _summary(version, key, name)


def read_version(tx: Transaction, *, actor: Actor, version_id: UUID) -> VersionDetail:
    """A version with what it consists of. Raises `NotFound`."""
    version, summary = find_version(tx, actor=actor, version_id=version_id)
    size = func.length(col(Artefact.content))
    rows = tx.session.execute(
        select(col(Artefact.path), col(Artefact.media_type), size)
        .where(col(Artefact.version_id) == version_id)
        .order_by(col(Artefact.path))
    )
    return VersionDetail(
        **summary.model_dump(),
        description=version.description,
        lanes=version.lanes,
        kinds=version.kinds,
        milestones=version.milestones,
        legal_bases=version.legal_bases,
        legal_state=version.legal_state,
        released_at=version.released_at,
        released_by=released_by(tx, version),
        digest=version.digest,
        artefacts=[ArtefactOut(path=path, media_type=kind, size=length) for path, kind, length in rows],
    )


def released_by(tx: Transaction, version: ModelVersion) -> str | None:
    """The name of the person who released a version and answers for it; None before that."""
    who = None if version.released_by is None else tx.session.get(Account, version.released_by)
    return None if who is None else who.name


def todo_out(findings: Sequence[FindingOut]) -> list[JobOut]:
    """The to-do list of a descriptive model, for those who read it from outside."""
    return [JobOut.model_validate(job) for job in todo_of(findings)]


def imported_out(findings: Sequence[FindingOut]) -> ImportedOut | None:
    """What became of another tool's extensions, for those who read it from outside."""
    found = imported_of(findings)
    return None if found is None else ImportedOut.model_validate(found)


def read_report(tx: Transaction, *, actor: Actor, version_id: UUID) -> Report:
    """The findings of a version. Raises `NotFound`."""
    version, _ = find_version(tx, actor=actor, version_id=version_id)
    findings = [FindingOut.model_validate(finding) for finding in version.report]
    return Report(
        findings=findings,
        todo=todo_out(findings),
        imported=imported_out(findings),
        explored=None if version.explored is None else ExploredOut.model_validate(version.explored),
        errors=version.errors,
        warnings=version.warnings,
        can_be_put_in_force=version.errors == 0,
    )


def read_artefact(tx: Transaction, *, actor: Actor, version_id: UUID, path: str) -> Artefact:
    """A file of a version. Raises `NotFound`."""
    find_version(tx, actor=actor, version_id=version_id)
    artefact = tx.session.get(Artefact, (version_id, path))
    if artefact is None:
        raise NotFound
    return artefact


def read_files(tx: Transaction, *, actor: Actor, version_id: UUID) -> dict[str, bytes]:
    """All files of a version by path. Raises `NotFound`."""
    find_version(tx, actor=actor, version_id=version_id)
    rows = tx.session.execute(select(Artefact).where(col(Artefact.version_id) == version_id)).scalars()
    return {row.path: row.content for row in rows}


def in_force(tx: Transaction, *, actor: Actor, now: datetime) -> list[VersionSummary]:
    """The version of each process that serves new cases of the actor's municipality: its own variant, else the common one."""
    municipality = col(ModelVersion.municipality)
    statement = _with_process().where(
        visible_to(actor),
        col(ModelVersion.state).in_((VersionState.IN_KRAFT, VersionState.ABGELOEST)),
        col(ModelVersion.valid_from) <= now,
        or_(col(ModelVersion.valid_until).is_(None), col(ModelVersion.valid_until) > now),
    )
    order = (municipality.is_(None), col(ModelVersion.valid_from).desc(), col(ModelVersion.number).desc())
    found: dict[str, VersionSummary] = {}
    for version, key, name in tx.session.execute(statement.order_by(col(Process.name), *order)):
        found.setdefault(key, _summary(version, key, name))
    return list(found.values())


def _with_process() -> Select[Any]:
    columns: tuple[Any, ...] = (ModelVersion, Process.key, Process.name)
    return select(*columns).join(Process, col(Process.id) == col(ModelVersion.process_id))


def _summary(version: ModelVersion, key: str, process_name: str) -> VersionSummary:
    return VersionSummary(
        id=version.id,
        process=key,
        process_name=process_name,
        number=version.number,
        name=version.name,
        municipality=version.municipality,
        state=VersionState(version.state),
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        errors=version.errors,
        warnings=version.warnings,
        uploaded_at=version.uploaded_at,
    )
