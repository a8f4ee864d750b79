"""Processes and their model versions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, status
from starlette.responses import Response

from staffel.api.dependencies import Asked
from staffel.api.models import queries, service
from staffel.api.models.schemas import (
    InForce,
    LaneBinding,
    LaneOut,
    PortabilityOut,
    ProcessOut,
    Report,
    StartForm,
    Upload,
    VersionDetail,
    VersionSummary,
)
from staffel.api.schemas import Id
from staffel.api.uploads import Uploaded
from staffel.engine import library
from staffel.engine.store.tables import VersionState

router = APIRouter(tags=["models"])
XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {"schema": {"type": "string"}}}}}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/processes", summary="List processes that can be started")
def list_processes(asked: Asked) -> list[ProcessOut]:
    """With the version in force for one's own municipality: its variant, else the common one."""
    return asked.database.read(service.startable, actor=asked.actor, now=asked.now)


@router.get("/processes/{process}/start-form", summary="Get the start form of a process")
def get_start_form(
    process: Annotated[str, Path(max_length=200, description="Key of the process")],
    asked: Asked,
    element: Annotated[str | None, Query(max_length=200, description="The start event, of several")] = None,
) -> StartForm:
    """What `POST /cases` takes as `variables`, and the start events there are to choose from."""
    return asked.database.read(
        service.read_start_form, actor=asked.actor, now=asked.now, process=process, element=element
    )


@router.get("/models", summary="List model versions")
def list_versions(
    asked: Asked,
    process: Annotated[str | None, Query(max_length=200, description="Key of the process")] = None,
    state: VersionState | None = None,
) -> list[VersionSummary]:
    """By process, the youngest version of each first."""
    return asked.database.read(queries.list_versions, actor=asked.actor, process=process, state=state)


@router.post("/models", status_code=status.HTTP_201_CREATED, summary="Upload a model")
def upload_model(model: Uploaded, asked: Asked) -> Upload:
    """Keeps it as a draft together with all findings, errors included; a model with errors cannot be put in force."""
    return service.store_model(asked.database, actor=asked.actor, now=asked.now, model=model)


@router.post("/models/check", summary="Check a model")
def check_model(model: Uploaded, asked: Asked) -> Report:
    """All findings; nothing is kept."""
    return service.check_model(asked.database, actor=asked.actor, now=asked.now, model=model)


@router.get("/models/{version_id}", summary="Get a model version")
def get_version(version_id: Id, asked: Asked) -> VersionDetail:
    """With what it consists of."""
    return asked.database.read(queries.read_version, actor=asked.actor, version_id=version_id)


@router.get("/models/{version_id}/findings", summary="Get the findings of a model version")
def get_findings(version_id: Id, asked: Asked) -> Report:
    """What the upload found."""
    return asked.database.read(queries.read_report, actor=asked.actor, version_id=version_id)


@router.post("/models/{version_id}/portability", summary="Check whether a model also runs on SpiffWorkflow")
def check_portability(version_id: Id, asked: Asked) -> PortabilityOut:
    """Both go the same ways, which may take half a minute; nothing is kept. Refused for a model with errors."""
    return service.portability(asked.database, actor=asked.actor, version_id=version_id)


@router.get("/models/{version_id}/bpmn", summary="Get the diagram of a model version", responses=XML)
def get_bpmn(version_id: Id, asked: Asked) -> Response:
    """The BPMN file; one without a diagram is laid out."""
    data = asked.database.read(service.read_bpmn_file, actor=asked.actor, version_id=version_id)
    return Response(service.drawn(data), media_type="application/xml")


@router.get("/models/{version_id}/lanes", summary="List the lanes of a model version")
def list_lanes(version_id: Id, asked: Asked) -> list[LaneOut]:
    """And the kinds of Stellen that they are bound to."""
    return asked.database.read(service.read_lanes, actor=asked.actor, version_id=version_id)


@router.post("/models/{version_id}/lanes", status_code=status.HTTP_201_CREATED, summary="Bind lanes")
def bind_lanes(version_id: Id, body: LaneBinding, asked: Asked) -> Upload:
    """Makes a new draft of the same files with these lanes; a version itself never changes."""
    return service.bind_lanes(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        lanes=body.lanes,
    )


@router.get("/models/{version_id}/artefacts/{path:path}", summary="Get a file", responses=BYTES)
def get_artefact(
    version_id: Id,
    path: Annotated[str, Path(max_length=200, description="As in the list of the version's artefacts")],
    asked: Asked,
) -> Response:
    """A file of the version as it was uploaded, to be saved, never to be shown by a browser."""
    artefact = asked.database.read(queries.read_artefact, actor=asked.actor, version_id=version_id, path=path)
    return Response(
        artefact.content,
        media_type="application/octet-stream",
        headers={"content-disposition": "attachment"},
    )


@router.post("/models/{version_id}/release", summary="Release a draft")
def release_version(version_id: Id, asked: Asked) -> VersionDetail:
    """Whoever does it answers for the model. Refused while it has errors."""
    asked.database.run(library.release, actor=asked.actor, now=asked.now, version_id=version_id)
    return get_version(version_id, asked)


@router.post("/models/{version_id}/in-force", summary="Put a version in force")
def put_in_force(version_id: Id, body: InForce, asked: Asked, request: Request) -> VersionDetail:
    """New cases run on it from `valid_from` on; running ones stay on theirs. A draft is released with it.

    Refused when the model calls an endpoint that the installation does not have.
    """
    asked.database.run(
        library.put_in_force,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        valid_from=body.valid_from,
        endpoints=request.app.state.endpoints,
    )
    return get_version(version_id, asked)


@router.post("/models/{version_id}/withdraw", summary="Withdraw a version")
def withdraw_version(version_id: Id, asked: Asked) -> VersionDetail:
    """No new cases; running ones go on."""
    asked.database.run(library.withdraw, actor=asked.actor, now=asked.now, version_id=version_id)
    return get_version(version_id, asked)
