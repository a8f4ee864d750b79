"""What people see of documents: those that their Stellen hold."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from staffel.api.cases.queries import find_case, units_by_id
from staffel.api.documents.schemas import DocumentOut, DocumentsOut, KindOut
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.comments import own_units_at
from staffel.engine.cases.documents import (
    document_kinds,
    documents_with,
    field_kinds,
    held_alone,
    held_documents,
)
from staffel.engine.cases.running import model_of
from staffel.engine.documents import TYPES
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, CaseStatus, Document, Handover


def read_documents(tx: Transaction, *, actor: Actor, case_id: UUID) -> DocumentsOut:
    """The documents of a case that Stellen of the actor hold. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    units = units_by_id(tx, own_units_at(tx, actor, case))
    return DocumentsOut(
        documents=_shown(tx, actor, case, held_documents(tx, actor=actor, case=case)),
        kinds=[KindOut(kind=kind, title=title) for kind, title in document_kinds(model_of(tx, case)).items()],
        units=sorted(units.values(), key=lambda unit: unit.name),
        types=list(TYPES),
        may_upload=case.status == CaseStatus.RUNNING,
    )


def documents_of_handover(
    tx: Transaction, *, actor: Actor, case: Case, handover: Handover
) -> list[DocumentOut]:
    """What goes along with the handover."""
    return _shown(tx, actor, case, documents_with(tx, actor=actor, case=case, handover=handover))


def _shown(tx: Transaction, actor: Actor, case: Case, documents: Iterable[Document]) -> list[DocumentOut]:
    found = list(documents)
    model = model_of(tx, case)
    titles = document_kinds(model) | field_kinds(model)
    units = units_by_id(tx, {document.unit_id for document in found})
    own, alone = actor.units_as(*CASEWORK), held_alone(tx, case, found)
    return [
        DocumentOut(
            id=each.id,
            kind=each.kind,
            title=titles.get(each.kind, each.kind),
            name=each.name,
            media_type=each.media_type,
            size=each.size,
            sha256=each.sha256,
            unit=units[each.unit_id],
            uploaded_at=each.uploaded_at,
            may_delete=each.unit_id in own and each.id in alone,
        )
        for each in found
    ]
