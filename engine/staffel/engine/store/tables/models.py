"""Processes and their model versions."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint

from staffel.engine.store.tables.base import (
    UUID,
    Any,
    Row,
    data,
    datetime,
    id_column,
    json,
    link,
    moment,
    text,
)


class VersionState(StrEnum):
    """Where a model version stands: draft, released, in force (from `valid_from` on), superseded, withdrawn."""

    ENTWURF = "entwurf"
    FREIGEGEBEN = "freigegeben"
    IN_KRAFT = "in_kraft"
    ABGELOEST = "abgeloest"
    ZURUECKGEZOGEN = "zurueckgezogen"


class Process(Row, table=True):
    """A service process, by the id of its BPMN process."""

    __tablename__ = "process"
    id: UUID = id_column()
    key: str = text(unique=True)
    name: str = text()


class ModelVersion(Row, table=True):
    """One state of a model. Without `municipality` it serves everyone; with it, it is that municipality's variant.

    `report` holds the findings, `explored` how far soundness was looked for (states, steps, seconds), `lanes` what lanes were bound to at upload, `kinds` the kinds of Stellen it needs,
    `digest` the SHA-256 of its files, `variant_of` the version that a variant was made from.
    """

    __tablename__ = "model_version"
    __table_args__ = (
        UniqueConstraint("process_id", "number"),
        Index(None, "process_id", "state", "valid_from"),
    )
    id: UUID = id_column()
    process_id: UUID = link("process.id")
    municipality: str | None = text(default=None, foreign_key="municipality.ags")
    number: int
    name: str = text()
    description: str = text(default="")
    state: str = text(default=VersionState.ENTWURF)
    valid_from: datetime | None = moment(default=None)
    valid_until: datetime | None = moment(default=None)
    lanes: dict[str, str] = json(default_factory=dict)
    kinds: list[str] = json(default_factory=list)
    milestones: list[str] = json(default_factory=list)
    digest: str = text()
    report: list[dict[str, Any]] = json(default_factory=list)
    explored: dict[str, Any] | None = json(default=None, nullable=True)
    errors: int = 0
    warnings: int = 0
    legal_bases: list[str] = json(default_factory=list)
    legal_state: str = text(default="")
    variant_of: UUID | None = link("model_version.id", default=None)
    uploaded_at: datetime = moment()
    uploaded_by: UUID | None = link("account.id", default=None)
    released_at: datetime | None = moment(default=None)
    released_by: UUID | None = link("account.id", default=None)


class Artefact(Row, table=True):
    """A file of a model version."""

    __tablename__ = "artefact"
    version_id: UUID = link("model_version.id", primary_key=True)
    path: str = text(primary_key=True)
    media_type: str = text()
    content: bytes = data()
