"""Forms of model versions, read and edited: an edited form is a new draft of its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from staffel.api.forms.schemas import FormChecked, FormDocument, FormSummary
from staffel.api.models.queries import read_files
from staffel.api.models.schemas import FindingOut, Upload
from staffel.api.models.service import new_draft
from staffel.engine.actor import Actor
from staffel.engine.errors import NotFound
from staffel.engine.library.checks.forms import check_form
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.versions import may_design
from staffel.engine.store import Database, Transaction


def list_forms(tx: Transaction, *, actor: Actor, version_id: UUID) -> list[FormSummary]:
    """The forms that stand in files of the version. Raises `NotFound`."""
    files = read_files(tx, actor=actor, version_id=version_id)
    names = sorted(path.removeprefix("forms/").removesuffix(".json") for path in files if _is_form(path))
    return [_summary(name, found) for name in names if (found := _parsed(files[_path(name)]))]


def read_form_document(tx: Transaction, *, actor: Actor, version_id: UUID, form: str) -> FormDocument:
    """The form as it stands in its file. Raises `NotFound`, also where the file holds no form."""
    return _document(read_files(tx, actor=actor, version_id=version_id), form)


def check_form_edit(
    tx: Transaction, *, actor: Actor, version_id: UUID, form: str, document: FormDocument
) -> FormChecked:
    """What would be found in the edited form by itself. Raises `NotFound`."""
    _document(read_files(tx, actor=actor, version_id=version_id), form)
    return FormChecked(findings=found_in(form, document))


def edit_form(
    database: Database,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    form: str,
    document: FormDocument,
) -> Upload:
    """A new draft of the model with the edited form; all other files are the same. Raises `NotAllowed`, `NotFound`."""
    may_design(actor)
    files = database.read(read_files, actor=actor, version_id=version_id)
    _document(files, form)
    changed = {**files, _path(form): _written(document)}
    return new_draft(database, actor=actor, now=now, version_id=version_id, files=changed)


def found_in(form: str, document: FormDocument) -> list[FindingOut]:
    """What the check of a form finds."""
    notes = Notes()
    check_form(_written(document), _path(form), notes)
    return [FindingOut.model_validate(finding) for finding in notes.findings]


def _written(document: FormDocument) -> bytes:
    told = document.model_dump(by_alias=True, exclude_defaults=True)
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _document(files: Mapping[str, bytes], form: str) -> FormDocument:
    content = files.get(_path(form))
    found = _parsed(content) if content is not None else None
    if found is None:
        raise NotFound
    return found


def _parsed(content: bytes) -> FormDocument | None:
    """The form of a file; None for what is no form, of which the version's report tells."""
    try:
        return FormDocument.model_validate(json.loads(content))
    except ValueError:
        return None


def _summary(name: str, document: FormDocument) -> FormSummary:
    title = document.title or document.schema_.get("title") or name
    return FormSummary(name=name, title=str(title), fields=len(document.schema_.get("properties", {})))


def _is_form(path: str) -> bool:
    return path.startswith("forms/") and path.endswith(".json")


def _path(form: str) -> str:
    return f"forms/{form}.json"
