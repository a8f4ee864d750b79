"""Shapes of processes, model versions and findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field

from staffel.api.schemas import Input, Output
from staffel.engine.findings import Severity
from staffel.engine.portability import Verdict
from staffel.engine.store.tables import VersionState


class FindingOut(Output):
    """One fault or remark, told so that the designer can mend the model from the text alone."""

    code: str = Field(examples=["flow-target-missing"])
    severity: Severity
    text_de: str
    text_en: str
    mend_de: str
    mend_en: str
    element: str = Field(description="Id of the element at fault; empty for the file as a whole")
    line: int = Field(description="Line in the file; 0 when unknown")
    file: str
    layer: str = Field(description="The check that found it", examples=["structure"])
    rule: str = Field(description="Section or constraint of the standard", examples=["EXT.022"])
    path: list[str] = Field(
        default=[], description="A way to the fault: ids of elements and flows in the order they are passed"
    )
    was: str = Field(default="", description="Of another tool's details: what stands in the file")
    became: str = Field(
        default="", description="What it is here: FEEL, or an extension of Staffel; empty: nothing"
    )


class JobOut(Output):
    """One kind of work in the to-do list of a descriptive model."""

    kind: str = Field(examples=["conditions"])
    title_de: str
    title_en: str
    findings: list[FindingOut] = Field(description="Where it is to be done; also among the findings")


class ImportedOut(Output):
    """What became of a model written for another tool; each finding is also among the findings."""

    translated: list[FindingOut] = Field(
        description="Expressions and scripts: `was` and the FEEL they `became`"
    )
    carried: list[FindingOut] = Field(description="Extensions with a counterpart here")
    left: list[FindingOut] = Field(
        description="What is not carried over: errors where the model changes by it"
    )


class ExploredOut(Output):
    """How far the search for faults of the flow went."""

    states: int = Field(description="Different states that cases can be in, as far as they were looked at")
    steps: int
    seconds: float


class Report(Output):
    """All findings of an upload."""

    findings: list[FindingOut]
    todo: list[JobOut] = Field(
        default=[], description="What a model that was drawn to be read lacks until it runs; else empty"
    )
    imported: ImportedOut | None = Field(
        default=None, description="What became of another tool's extensions; null where the model has none"
    )
    explored: ExploredOut | None = Field(
        default=None, description="How far soundness was looked for; null where errors kept it from being"
    )
    errors: int
    warnings: int
    can_be_put_in_force: bool


class PortabilityOut(Output):
    """Whether a model also runs on SpiffWorkflow; the findings say where the two differ, each with its way."""

    verdict: Verdict = Field(
        description="`runs`, `not-loaded`, `differs`, or `undecided` when it took too long"
    )
    ways: int = Field(description="How many ways through the model SpiffWorkflow went")
    findings: list[FindingOut]


class VersionSummary(Output):
    """A model version."""

    id: UUID
    process: str = Field(description="Key of the process")
    process_name: str
    number: int
    name: str
    municipality: str | None = Field(description="AGS of the one municipality it is for; null: for all")
    state: VersionState
    valid_from: datetime | None
    valid_until: datetime | None
    errors: int
    warnings: int
    uploaded_at: datetime


class LaneOut(Output):
    """A lane and the kind of Stelle it is bound to."""

    id: str
    name: str
    kind: str | None = Field(examples=["JC"])


class ArtefactOut(Output):
    """A file of a model version."""

    path: str = Field(examples=["forms/antrag.json"])
    media_type: str
    size: int = Field(description="Bytes")


class VersionDetail(VersionSummary):
    """A model version with what it consists of."""

    description: str
    lanes: dict[str, str] = Field(description="Lane id to kind of Stelle")
    kinds: list[str] = Field(description="The kinds of Stellen it needs")
    milestones: list[str]
    legal_bases: list[str]
    legal_state: str
    released_at: datetime | None = Field(description="When it was released (freigegeben_am); null: a draft")
    released_by: str | None = Field(description="Name of the person who released it (freigegeben_von)")
    digest: str = Field(description="SHA-256 of its files")
    artefacts: list[ArtefactOut]


class Upload(Output):
    """The draft that an upload led to, and what was found."""

    version: VersionSummary
    report: Report


class LaneBinding(Input):
    """Which kind of Stelle works in which lane."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lanes": {"Lane_1": "ABH", "Lane_2": "JC"}}]})

    lanes: dict[str, str]


class InForce(Input):
    """From when the version serves new cases."""

    valid_from: AwareDatetime | None = Field(default=None, description="With time zone; now when left out")


class ProcessOut(Output):
    """A process of which cases can be started."""

    key: str
    name: str
    version_id: UUID = Field(description="The version in force for your municipality")


class StartEvent(Output):
    """A start event at which a person can begin a case."""

    element: str
    name: str


class StartForm(Output):
    """What is asked when a case is started: a JSON Schema (2020-12; null: nothing) and the order of its fields."""

    process: str
    version_id: UUID
    starts: list[StartEvent] = Field(
        description="Where there are several, `POST /cases` needs the `element` of one"
    )
    schema_: dict[str, Any] | None = Field(alias="schema")
    ui: list[dict[str, Any]]
    rules: list[dict[str, Any]] = Field(description="What must fit together: checks in FEEL with their texts")
