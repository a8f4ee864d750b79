"""Models: upload, the report of the checks, versions, and putting one in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.decisions.service import list_decisions
from staffel.api.forms.service import list_forms
from staffel.api.models.queries import list_versions, read_report, read_version
from staffel.api.models.schemas import ExploredOut, FindingOut, PortabilityOut, Report, VersionSummary
from staffel.api.models.service import (
    ModelHasErrors,
    PortabilityBusy,
    bind_lanes,
    portability,
    read_bpmn_file,
    read_lanes,
    store_model,
)
from staffel.api.uploads import Uploaded
from staffel.engine import library
from staffel.engine.actor import Actor, Role
from staffel.engine.bpmn.layout import with_diagram
from staffel.engine.bpmn.units import UNIT_KINDS
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.findings import Severity
from staffel.engine.library.imported import import_jobs, imported_of
from staffel.engine.library.todo import todo_of
from staffel.engine.library.versions import NoProcessInBundle
from staffel.engine.store import Transaction
from staffel.engine.store.tables import VersionState
from staffel.ui.formats import ZONE, local
from staffel.ui.language import Language
from staffel.ui.rendering import go
from staffel.ui.steps import StepLine, step_lines
from staffel.ui.visit import Sent, Visit, Visited, text
from staffel.ui.words import word

router = APIRouter(include_in_schema=False)

STAGES = (
    "xml", "schema", "references", "structure", "executability", "bundle", "scenarios", "soundness", "style"
)  # fmt: skip
"""The checks in the order in which they run; a file that fails the first is not checked further."""
PLAYED = ("scenarios", "soundness")
"""The checks that want a model without errors of those before; each is looked at by itself."""


UNDECIDED = "soundness-undecided"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A check and what it found; `ran` is False when an earlier one stopped the work or there was nothing to check.

    `decided` is False when it came to no end; `explored` says how far soundness was looked for.
    """

    layer: str
    errors: int
    warnings: int
    hints: int
    ran: bool
    decided: bool = True
    explored: ExploredOut | None = None


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A finding with the number that its badge in the diagram bears."""

    number: int
    finding: FindingOut

    @property
    def code(self) -> str:
        """The code of the finding."""
        return self.finding.code


@router.get("/modelle")
def show_models(visit: Visited) -> Response:
    """All processes with their versions."""
    versions = visit.ask(list_versions)
    by_process: dict[str, list[VersionSummary]] = {}
    for version in versions:
        by_process.setdefault(version.process, []).append(version)
    return visit.page("models.html", processes=by_process, may_design=_may_design(visit.actor))


@router.get("/modelle/hochladen")
def upload_page(visit: Visited) -> Response:
    """The upload."""
    visit.actor.need(Role.PROZESSDESIGN)
    return visit.page("model_upload.html", nav="/modelle", fault="")


@router.post("/modelle/hochladen")
def upload_model(model: Uploaded, visit: Visited) -> Response:
    """Check and keep the model; a file without a process to keep shows its report only."""
    try:
        stored = store_model(visit.inquiry.database, actor=visit.actor, now=visit.now, model=model)
    except NoProcessInBundle as refusal:
        findings = [FindingOut.model_validate(given) for given in refusal.details.get("findings", ())]
        message = refusal.message_de if visit.language is Language.DE else str(refusal)
        return visit.page(
            "model_refused.html",
            nav="/modelle",
            status=422,
            message=message,
            **_report(Report.model_construct(findings=findings, explored=None), visit.language, scenarios=0),
        )
    if stored.version is None:
        raise NotFound
    return go(f"/modelle/version/{stored.version.id}", "model-uploaded")


@router.get("/modelle/version/{version_id}")
def show_version(version_id: UUID, visit: Visited) -> Response:
    """A version: its report on the diagram, what it consists of, and what may be done with it."""
    return _version_page(visit, version_id)


@router.get("/modelle/version/{version_id}/diagramm.bpmn")
def draw_version(version_id: UUID, visit: Visited) -> Response:
    """The BPMN file for the diagram; one without a drawing is laid out. A version never changes."""
    content = drawn(visit.ask(read_bpmn_file, version_id=version_id))
    return Response(content, media_type="application/xml", headers={"cache-control": "private, max-age=3600"})


@lru_cache(maxsize=64)
def drawn(bpmn: bytes) -> bytes:
    """The file with a drawing."""
    return with_diagram(bpmn)


@router.post("/modelle/version/{version_id}/portabilitaet")
def compare_engines(version_id: UUID, visit: Visited) -> Response:
    """The version's page with what came of running it on SpiffWorkflow too."""
    try:
        found = portability(visit.inquiry.database, actor=visit.actor, version_id=version_id)
    except (ModelHasErrors, PortabilityBusy) as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return _version_page(visit, version_id, fault=fault, status=refusal.status)
    return _version_page(visit, version_id, compared=found)


@router.post("/modelle/version/{version_id}/bahnen")
def bind(version_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Bind lanes: a new draft of the same files."""
    prefix = "bahn:"
    lanes = {
        name.removeprefix(prefix): value
        for name, value in sent.multi_items()
        if name.startswith(prefix) and isinstance(value, str) and value
    }
    made = bind_lanes(
        visit.inquiry.database, actor=visit.actor, now=visit.now, version_id=version_id, lanes=lanes
    )
    return go(f"/modelle/version/{made.version.id if made.version else version_id}", "model-uploaded")


@router.post("/modelle/version/{version_id}/freigeben")
def release(version_id: UUID, visit: Visited) -> Response:
    """Answer for the version."""
    visit.do(library.release, version_id=version_id)
    return go(f"/modelle/version/{version_id}", "model-released")


@router.post("/modelle/version/{version_id}/inkraft")
def put_in_force(version_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Let new cases run on it, from a day on."""
    try:
        visit.do(
            library.put_in_force,
            version_id=version_id,
            valid_from=_from_day(visit, text(sent, "ab")),
            endpoints=visit.request.app.state.endpoints,
        )
    except ValueError:
        fault = visit.language.text("Geben Sie einen Tag an, zum Beispiel 2026-12-01.")
        return _version_page(visit, version_id, fault=fault)
    except NotFound:
        raise
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return _version_page(visit, version_id, fault=fault, status=refusal.status)
    return go(f"/modelle/version/{version_id}", "model-in-force")


@router.post("/modelle/version/{version_id}/zurueckziehen")
def withdraw(version_id: UUID, visit: Visited) -> Response:
    """Take it out of force."""
    visit.do(library.withdraw, version_id=version_id)
    return go(f"/modelle/version/{version_id}", "model-withdrawn")


def _from_day(visit: Visit, day: str) -> datetime | None:
    """The beginning of a local day; today means now."""
    if not day or day == local(visit.now).date().isoformat():
        return None
    return datetime.combine(datetime.fromisoformat(day).date(), time(), ZONE)


def _version_page(
    visit: Visit,
    version_id: UUID,
    *,
    fault: str = "",
    status: int = 422,
    compared: PortabilityOut | None = None,
) -> Response:
    version = visit.ask(read_version, version_id=version_id)
    found = visit.ask(read_report, version_id=version_id)
    findings = [*found.findings, *(compared.findings if compared is not None else ())]
    scenarios = sum(file.path.startswith("scenarios/") for file in version.artefacts)
    found = found.model_copy(update={"findings": findings})
    report = _report(found, visit.language, scenarios=scenarios)
    return visit.page(
        "model_version.html",
        status=status if fault else 200,
        nav="/modelle",
        version=version,
        fault=fault,
        compared=compared,
        lanes=visit.ask(read_lanes, version_id=version_id),
        kinds=UNIT_KINDS,
        steps=visit.ask(_steps, version_id=version_id),
        names=visit.ask(_names, version_id=version_id, language=visit.language),
        decisions=visit.ask(list_decisions, version_id=version_id),
        forms=visit.ask(list_forms, version_id=version_id),
        siblings=visit.ask(list_versions, process=version.process),
        may_design=_may_design(visit.actor),
        may_go_in_force=version.errors == 0
        and version.state in {VersionState.ENTWURF, VersionState.FREIGEGEBEN},
        may_withdraw=version.state in {VersionState.IN_KRAFT, VersionState.FREIGEGEBEN},
        today=local(visit.now).date(),
        **report,
    )


def _may_design(actor: Actor) -> bool:
    return actor.has(Role.PROZESSDESIGN)


def _steps(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[StepLine]:
    read_version(tx, actor=actor, version_id=version_id)
    return step_lines(library.deployed(tx, version_id).program)


def _names(tx: Transaction, *, actor: Actor, version_id: UUID, language: Language) -> Mapping[str, str]:
    """What the elements and labelled flows are called; elements without a name by their kind."""
    read_version(tx, actor=actor, version_id=version_id)
    program = library.deployed(tx, version_id).program
    elements = {each.id: each.name or word(language, each.type, "element") for each in program.describe()}
    return elements | {flow.id: f"→ {flow.name}" for flow in program.flows.values() if flow.name}


def _report(report: Report, language: Language, *, scenarios: int) -> Mapping[str, Any]:
    """The to-do list of a descriptive model and all other findings in groups, numbered through, with the stages and the badges for the diagram."""
    findings = report.findings
    order = [Severity.ERROR, Severity.WARNING, Severity.HINT]
    ordered = sorted(findings, key=lambda finding: (order.index(finding.severity), finding.line))
    numbered = [Numbered(number=index, finding=finding) for index, finding in enumerate(ordered, start=1)]
    todo = todo_of(numbered)
    imported = imported_of(numbered)
    listed = {each.number for job in todo for each in job.findings}
    listed |= {each.number for job in import_jobs(numbered, _is_hint) for each in job.findings}
    single = [each for each in numbered if each.number not in listed]
    groups = {
        severity.value: [each for each in single if each.finding.severity is severity] for severity in order
    }
    return {
        "todo": todo,
        "imported": imported,
        "groups": groups,
        "stages": _stages(report, scenarios),
        "decided": not any(each.code == UNDECIDED for each in findings),
        "marks": {"marks": [_mark(each, language) for each in numbered]},
    }


def _is_hint(each: Numbered) -> bool:
    return each.finding.severity is Severity.HINT


def _stages(report: Report, scenarios: int) -> list[Stage]:
    findings = report.findings
    others = dict.fromkeys(finding.layer for finding in findings if finding.layer not in STAGES)
    stages = []
    readable = True
    faulty = any(each.severity is Severity.ERROR and each.layer not in PLAYED for each in findings)
    red = faulty or any(each.code == "scenario-malformed" for each in findings)
    for layer in (*STAGES, *others):
        found = [finding.severity for finding in findings if finding.layer == layer]
        errors = found.count(Severity.ERROR)
        stages.append(
            Stage(
                layer=layer,
                errors=errors,
                warnings=found.count(Severity.WARNING),
                hints=found.count(Severity.HINT),
                ran=readable and bool(found or _ran(layer, scenarios, faulty=red)),
                decided=layer != "soundness" or not any(each.code == UNDECIDED for each in findings),
                explored=report.explored if layer == "soundness" else None,
            )
        )
        readable = readable and not (layer == "xml" and errors)
    return stages


def _ran(layer: str, scenarios: int, *, faulty: bool) -> bool:
    """Whether there was something to check and nothing before that kept it from being."""
    return layer not in PLAYED or not (faulty or (layer == "scenarios" and not scenarios))


def _mark(each: Numbered, language: Language) -> Mapping[str, Any]:
    finding = each.finding
    return {
        "element": finding.element,
        "number": each.number,
        "kind": finding.severity.value,
        "target": f"befund-{each.number}",
        "label": f"{each.number}: {finding.text_de if language is Language.DE else finding.text_en}",
    }
