"""Decisions of model versions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Path, Query, UploadFile, status
from starlette.responses import Response

from staffel.api.decisions import editing, service, trying
from staffel.api.decisions.schemas import (
    Changes,
    Checked,
    DecisionDetail,
    DecisionSummary,
    TableEdit,
    TestSets,
    Trial,
    Tried,
)
from staffel.api.dependencies import Asked
from staffel.api.models.schemas import Upload
from staffel.api.schemas import Id
from staffel.engine.feel import FeelError, Value, from_json

router = APIRouter(tags=["models"])
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DMN: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {"schema": {"type": "string"}}}}}
XLSX: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}
DecisionFile = Annotated[
    str | None, Query(max_length=300, description="Its DMN file, where several hold dated versions")
]
DecisionId = Annotated[str, Path(max_length=200, description="Id of the decision, as in the list")]


@router.get("/models/{version_id}/decisions", summary="List the decisions of a model version")
def list_decisions(version_id: Id, asked: Asked) -> list[DecisionSummary]:
    """All decisions of its DMN files."""
    return asked.database.read(service.list_decisions, actor=asked.actor, version_id=version_id)


@router.get("/models/{version_id}/decisions/{decision}", summary="Get a decision")
def get_decision(
    version_id: Id, decision: DecisionId, asked: Asked, file: DecisionFile = None
) -> DecisionDetail:
    """With its table and what the check of it found: overlaps, gaps, rules that never apply."""
    return asked.database.read(
        service.read_decision, actor=asked.actor, version_id=version_id, decision=decision, file=file
    )


@router.post("/models/{version_id}/decisions/{decision}/evaluate", summary="Try a decision")
def evaluate_decision(
    version_id: Id, decision: DecisionId, body: Trial, asked: Asked, file: DecisionFile = None
) -> Tried:
    """Evaluates it with the reasons; nothing is kept. Of several dated ones those rules that the key date picks, or of `file`."""
    return asked.database.read(
        trying.try_decision,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        decision=decision,
        inputs=_values(body),
        key_date=body.key_date,
        file=file,
    )


@router.get("/models/{version_id}/decisions/{decision}/tests", summary="Run the test sets of a decision")
def run_decision_tests(
    version_id: Id, decision: DecisionId, asked: Asked, file: DecisionFile = None
) -> TestSets:
    """Every case with what was expected and what came out, and the rules that applied in no case."""
    return asked.database.read(
        trying.run_tests, actor=asked.actor, version_id=version_id, decision=decision, file=file
    )


@router.get(
    "/models/{version_id}/decisions/{decision}/drawing.dmn",
    summary="Get a decision's file to be drawn",
    responses=DMN,
    response_class=Response,
)
def draw_decision(version_id: Id, decision: DecisionId, asked: Asked, file: DecisionFile = None) -> Response:
    """In the edition that dmn-js reads (DMN 1.3); a graph without a drawing, or whose drawing lacks what a decision needs, is laid out. Not the file as it was uploaded."""
    data = asked.database.read(
        service.draw_decision, actor=asked.actor, version_id=version_id, decision=decision, file=file
    )
    return Response(data, media_type="application/xml", headers={"cache-control": "private, max-age=3600"})


@router.get("/models/{version_id}/decisions/{decision}/changes", summary="Compare a decision")
def get_decision_changes(
    version_id: Id, decision: DecisionId, asked: Asked, file: DecisionFile = None
) -> Changes:
    """Rule by rule against the version of the process that is in force."""
    return asked.database.read(
        service.compare_decision,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        decision=decision,
        file=file,
    )


@router.get(
    "/models/{version_id}/decisions/{decision}/table.xlsx",
    summary="Get a decision's table as a spreadsheet",
    responses=XLSX,
    response_class=Response,
)
def get_decision_sheet(
    version_id: Id, decision: DecisionId, asked: Asked, file: DecisionFile = None
) -> Response:
    """In the layout of docs/modelling.md; every cell is text."""
    data = asked.database.read(
        editing.write_spreadsheet, actor=asked.actor, version_id=version_id, decision=decision, file=file
    )
    headers = {"content-disposition": 'attachment; filename="entscheidung.xlsx"'}
    return Response(data, media_type=MEDIA_TYPE, headers=headers)


@router.post(
    "/models/{version_id}/decisions/{decision}/table",
    status_code=status.HTTP_201_CREATED,
    summary="Give a decision's table back",
)
def replace_decision_table(
    version_id: Id,
    decision: DecisionId,
    asked: Asked,
    files: Annotated[UploadFile, File(description="The spreadsheet")],
    file: DecisionFile = None,
) -> Upload:
    """A new draft of the model with this table and all its other files, checked as an upload."""
    return editing.replace_table(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        decision=decision,
        sheet=files.file.read(),
        file=file,
    )


@router.post("/models/{version_id}/decisions/{decision}/rules/check", summary="Check edited rules")
def check_decision_rules(
    version_id: Id, decision: DecisionId, body: TableEdit, asked: Asked, file: DecisionFile = None
) -> Checked:
    """Faults, overlaps and gaps of the table as it would be; nothing is kept."""
    return asked.database.read(
        editing.check_edit,
        actor=asked.actor,
        version_id=version_id,
        decision=decision,
        edit=body,
        file=file,
    )


@router.post(
    "/models/{version_id}/decisions/{decision}/rules",
    status_code=status.HTTP_201_CREATED,
    summary="Edit the rules of a decision",
)
def edit_decision_rules(
    version_id: Id, decision: DecisionId, body: TableEdit, asked: Asked, file: DecisionFile = None
) -> Upload:
    """A new draft of the model with these rules and all its other files, checked as an upload."""
    return editing.edit_table(
        asked.database,
        actor=asked.actor,
        now=asked.now,
        version_id=version_id,
        decision=decision,
        edit=body,
        file=file,
    )


def _values(body: Trial) -> dict[str, Value]:
    try:
        return {name: from_json(value) for name, value in body.inputs.items()}
    except FeelError as err:
        raise trying.DecisionNotTaken(err.message_en, text_de=err.message_de) from err
