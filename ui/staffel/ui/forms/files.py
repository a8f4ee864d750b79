"""Files that are sent with a task's form: kept first, so that they stay when another field is wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData, UploadFile

from staffel.api.documents.service import add_document
from staffel.api.tasks.schemas import TaskDetail
from staffel.engine.cases import remove_document
from staffel.engine.cases.documents import FIELD
from staffel.engine.documents import ContentRefused, StorageUnavailable
from staffel.engine.errors import Refusal
from staffel.engine.library.forms import Form
from staffel.engine.store.tables import TaskStatus
from staffel.ui.language import Language
from staffel.ui.visit import Visit

CHOSEN, WITHOUT = "datei:", "_ohne_datei"
"""Fields of the page itself: the file for the field whose name follows, and the fields whose file is to go."""


def keep_files(visit: Visit, task: TaskDetail, form: Form, sent: FormData) -> tuple[FormData, dict[str, str]]:
    """The form with the ids of its files in place of the files, and what is wrong with those that are not taken."""
    if not task.is_mine or task.status != TaskStatus.CLAIMED:
        return sent, {}
    values: dict[str, Any] = {name: sent.get(name) for name in form.documents if sent.get(name)}
    errors: dict[str, str] = {}
    for name in form.settable.intersection(form.documents):
        before, file = values.get(name), sent.get(CHOSEN + name)
        if name in sent.getlist(WITHOUT):
            values.pop(name, None)
        if isinstance(file, UploadFile) and file.filename:
            try:
                values[name] = str(_keep(visit, task, name, file))
            except (ContentRefused, StorageUnavailable) as refusal:
                errors[name] = refusal.message_de if visit.language is Language.DE else str(refusal)
        if before and before != values.get(name):
            _forget(visit, before)
    kept = [(name, value) for name, value in sent.multi_items() if name not in form.documents]
    return FormData([*kept, *values.items()]), errors


def _keep(visit: Visit, task: TaskDetail, field: str, file: UploadFile) -> UUID:
    return add_document(
        visit.inquiry.database,
        visit.request.app.state.documents,
        actor=visit.actor,
        now=visit.now,
        case_id=task.case.id,
        name=file.filename or "",
        content=file.file.read(),
        kind=FIELD + field,
        unit_id=task.unit.id,
    )


def _forget(visit: Visit, document: str) -> None:
    """Delete what was replaced; what is used or handed over stays."""
    with suppress(Refusal, ValueError):
        visit.do(remove_document, document_id=UUID(document))
