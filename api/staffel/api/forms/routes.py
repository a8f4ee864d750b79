"""Forms of model versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, status

from staffel.api.dependencies import Asked
from staffel.api.forms import service
from staffel.api.forms.schemas import FormChecked, FormDocument, FormSummary
from staffel.api.models.schemas import Upload
from staffel.api.schemas import Id

router = APIRouter(tags=["models"])
FormName = Annotated[str, Path(max_length=200, description="Name of the form, as in the list")]


@router.get("/models/{version_id}/forms", summary="List the forms of a model version")
def list_forms(version_id: Id, asked: Asked) -> list[FormSummary]:
    """Those that stand in files of their own; forms that a model's fields make are not among them."""
    return asked.database.read(service.list_forms, actor=asked.actor, version_id=version_id)


@router.get("/models/{version_id}/forms/{form}", summary="Get a form of a model version")
def get_form(version_id: Id, form: FormName, asked: Asked) -> FormDocument:
    """As it stands in its file."""
    return asked.database.read(
        service.read_form_document, actor=asked.actor, version_id=version_id, form=form
    )


@router.post("/models/{version_id}/forms/{form}/check", summary="Check an edited form")
def check_form(version_id: Id, form: FormName, body: FormDocument, asked: Asked) -> FormChecked:
    """Faults of its schema, fields, conditions and rules; nothing is kept."""
    return asked.database.read(
        service.check_form_edit, actor=asked.actor, version_id=version_id, form=form, document=body
    )


@router.post("/models/{version_id}/forms/{form}", status_code=status.HTTP_201_CREATED, summary="Edit a form")
def edit_form(version_id: Id, form: FormName, body: FormDocument, asked: Asked) -> Upload:
    """A new draft of the model with this form and all its other files, checked as an upload."""
    return service.edit_form(
        asked.database, actor=asked.actor, now=asked.now, version_id=version_id, form=form, document=body
    )
