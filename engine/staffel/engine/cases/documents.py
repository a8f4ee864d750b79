"""Documents (Unterlagen) of a case: who holds which. A handover takes along those whose kinds or fields its rule names, no others.

What travels is not copied. It is computed from the handovers of the case, so that a rejected data set and its documents
leave the receiver's sight together, and nothing can be forgotten somewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.cases.comments import SHOWN_TO_RECEIVER, own_unit, own_units_at
from staffel.engine.cases.running import find_case, model_of, need_running
from staffel.engine.documents import Storage, inspect
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.feel.codec import decode_values
from staffel.engine.kernel import decode_state
from staffel.engine.kernel.state import ROOT
from staffel.engine.library import Deployed
from staffel.engine.library.forms import Form, ValuesRefused
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import Case, Document, Handover, Task, TaskCheck

OTHER = "sonstiges"
"""The kind of what stays in the own Stelle."""
FIELD = "field:"
"""How the kinds begin of documents that are the value of a form's field; its name follows."""
_UPLOAD_TAKES = timedelta(hours=1)
"""After that long without an end an upload has broken off."""


class KindUnknown(Refusal):
    """Expected a kind that a handover rule of this case's model names, or `sonstiges`; the list of documents gives them."""

    status, code = 422, "document-kind"
    text_de = "Wählen Sie eine der Arten, die zu diesem Vorgang genannt sind, oder „Sonstiges“."


class DocumentUsed(Refusal):
    """The document is the value of a field of the case; put another one into the field first."""

    code = "document-used"
    text_de = (
        "Das Dokument ist die Angabe in einem Feld des Vorgangs; bitte zuerst dort ein anderes eintragen."
    )


class HandedOver(Refusal):
    """The document has gone along with a handover, so it stays with the case."""

    code = "document-handed-over"
    text_de = "Das Dokument ist mit einer Übergabe mitgegangen und bleibt deshalb beim Vorgang."


def reserve_document(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    case_id: UUID,
    name: str,
    content: bytes,
    kind: str = OTHER,
    unit_id: UUID | None = None,
) -> tuple[UUID, str]:
    """Judge a file and make room for it: the document's id, and the key under which its content is to be put.

    It is seen once `keep_document` says that the content is there; else the worker removes what is left after an hour.
    The same file again, of the same kind and name, is the document that there is already.

    Raises `NotFound`, `CaseClosed`, `KindUnknown`, `ContentRefused`.
    """
    case = tx.session.get(Case, case_id)
    if case is None:
        raise NotFound
    unit = own_unit(own_units_at(tx, actor, case), unit_id)
    need_running(case)
    model = model_of(tx, case)
    if kind not in document_kinds(model) and kind not in field_kinds(model):
        raise KindUnknown(found=kind[:100])
    seen = inspect(name, content)
    same = select(Document).where(
        Document.case_id == case_id, Document.unit_id == unit, Document.kind == kind,
        Document.name == seen.name, Document.sha256 == seen.sha256, col(Document.remove_at).is_(None),
    )  # fmt: skip
    document = tx.session.exec(same).first()
    if document is None:
        document = Document(
            id=new_id(now), case_id=case_id, unit_id=unit, account_id=actor.account, kind=kind, name=seen.name,
            media_type=seen.media_type, size=seen.size, sha256=seen.sha256, uploaded_at=now,
            remove_at=now + _UPLOAD_TAKES,
        )  # fmt: skip
        tx.session.add(document)
    return document.id, key_of(document)


def keep_document(tx: Transaction, *, actor: Actor, now: datetime, document_id: UUID) -> None:
    """The content has been put: the document is there. Raises `NotFound` when it took too long."""
    document = tx.session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise NotFound
    if document.remove_at is not None:
        document.remove_at = None
        tx.session.add(document)
        record(
            tx, actor=actor, now=now, action="document.keep", subject=document.case_id, document=str(document_id)
        )  # fmt: skip


def remove_document(tx: Transaction, *, actor: Actor, now: datetime, document_id: UUID) -> UUID:
    """The Stelle that put it there deletes a document, as long as it has not been handed over; gives the case's id.

    Raises `NotFound`, `HandedOver`, `DocumentUsed`.
    """
    find_case(tx, find_document(tx, actor=actor, document_id=document_id).case_id)
    tx.forget()  # the case is locked now: nobody puts the document into a field, or hands it over, meanwhile
    document = find_document(tx, actor=actor, document_id=document_id)
    if document.unit_id not in actor.units_as(*CASEWORK):
        raise NotFound
    case = _case_of(tx, document)
    if document_id not in held_alone(tx, case, [document]):
        raise HandedOver
    if _is_used(tx, case, document):
        raise DocumentUsed
    document.remove_at = now
    tx.session.add(document)
    record(tx, actor=actor, now=now, action="document.remove", subject=case.id, document=str(document_id))
    return case.id


def find_document(tx: Transaction, *, actor: Actor, document_id: UUID) -> Document:
    """A document that a Stelle of the actor holds. Raises `NotFound`."""
    document = tx.session.get(Document, document_id)
    if document is None or document.remove_at is not None:
        raise NotFound
    if _holdings(tx, _case_of(tx, document), [document]).keys().isdisjoint(actor.units_as(*CASEWORK)):
        raise NotFound
    return document


def held_documents(tx: Transaction, *, actor: Actor, case: Case) -> list[Document]:
    """The documents of a case that Stellen of the actor hold, the oldest first."""
    documents = _documents(tx, case.id)
    holdings = _holdings(tx, case, documents)
    mine = {document for unit in actor.units_as(*CASEWORK) for document in holdings.get(unit, ())}
    return [document for document in documents if document.id in mine]


def held_alone(tx: Transaction, case: Case, documents: Sequence[Document]) -> set[UUID]:
    """Those of the documents that no other Stelle holds than the one that put them there."""
    holdings = _holdings(tx, case, documents)
    return {
        document.id
        for document in documents
        if not any(document.id in held for unit, held in holdings.items() if unit != document.unit_id)
    }


def documents_with(tx: Transaction, *, actor: Actor, case: Case, handover: Handover) -> list[Document]:
    """The documents that travel with a handover, the oldest first, for those who may see it."""
    if not actor.works_in(handover.sender_unit) and not _is_shown(handover):
        return []
    documents = _documents(tx, case.id)
    travelling: dict[UUID, set[UUID]] = {}
    _holdings(tx, case, documents, travelling)
    return [document for document in documents if document.id in travelling.get(handover.id, ())]


def document_kinds(model: Deployed) -> dict[str, str]:
    """The kinds that a case on the model knows, with their titles; `sonstiges` comes last."""
    found: dict[str, str] = {}
    for flow in model.program.flows.values():
        for each in flow.handover.rule.documents if flow.handover is not None else ():
            found.setdefault(each.kind, each.title or each.kind)
    return found | {OTHER: "Sonstiges"}


def field_kinds(model: Deployed) -> dict[str, str]:
    """The kinds of documents that are values of fields, with the titles of the fields."""
    found: dict[str, str] = {}
    for form in model.all_forms():
        for name in form.documents:
            found[FIELD + name] = str(form.schema["properties"][name].get("title", name))
    return found


def check_documents(
    tx: Transaction, *, case_id: UUID, unit: UUID, form: Form, values: Mapping[str, Any]
) -> None:
    """Raise `ValuesRefused` unless the fields for documents hold ids of such that the Stelle holds and that were put for them."""
    given = {name: values[name] for name in form.documents if values.get(name) is not None}
    if not given:
        return
    case = tx.session.get_one(Case, case_id)
    documents = _documents(tx, case_id)
    held = _holdings(tx, case, documents).get(unit, {})
    there = {(each.kind, str(each.id)) for each in documents if each.id in held}
    faults = [
        {
            "field": name,
            "code": "document",
            "text_de": "Die Datei ist nicht (mehr) da. Bitte noch einmal hochladen.",
            "text_en": "The file is not there (any more). Please upload it again.",
        }
        for name, value in given.items()
        if (FIELD + name, value) not in there
    ]
    if faults:
        raise ValuesRefused(fields=faults)


def due_removals(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """Documents whose content and row have to go, the longest due first."""
    query = select(Document.id).where(col(Document.remove_at) <= now)
    return list(tx.session.exec(query.order_by(col(Document.remove_at), col(Document.id)).limit(limit)))


def forget_document(tx: Transaction, *, now: datetime, storage: Storage, document_id: UUID) -> bool:
    """Delete the content, then the row; done again from the start it does no harm."""
    document = tx.session.get(Document, document_id, with_for_update=True)
    if document is None or document.remove_at is None or document.remove_at > now:
        return False
    storage.remove(key_of(document))
    tx.session.delete(document)
    return True


def key_of(document: Document) -> str:
    """Under which its content lies."""
    return f"{document.sha256}-{document.id}"


def _case_of(tx: Transaction, document: Document) -> Case:
    case = tx.session.get(Case, document.case_id)
    if case is None:
        raise NotFound
    return case


def _is_used(tx: Transaction, case: Case, document: Document) -> bool:
    """Whether a variable of the case, or what waits for its second check, names the document."""
    if not document.kind.startswith(FIELD):
        return False
    state = decode_state(case.state)
    checks = select(TaskCheck.values).join(Task, col(Task.id) == col(TaskCheck.task_id))
    waiting = tx.session.exec(checks.where(Task.case_id == case.id, col(TaskCheck.values).is_not(None)))
    return any(
        _is_named(document, values)
        for values in (
            *(state.values(place) for place in (ROOT, *state.places)),
            *(decode_values(each) for each in waiting if each),
        )
    )


def _documents(tx: Transaction, case_id: UUID) -> Sequence[Document]:
    kept = select(Document).where(Document.case_id == case_id, col(Document.remove_at).is_(None))
    return tx.session.exec(kept.order_by(col(Document.uploaded_at), col(Document.id))).all()


def _is_shown(handover: Handover) -> bool:
    """Whether the receiver sees what travels: an offer, what it accepted, and what it rejected until that is deleted."""
    return handover.status in SHOWN_TO_RECEIVER or handover.delete_data_at is not None


def _holdings(
    tx: Transaction,
    case: Case,
    documents: Sequence[Document],
    travelling: dict[UUID, set[UUID]] | None = None,
) -> Mapping[UUID, Mapping[UUID, datetime]]:
    """Which Stelle holds which of the documents, and since when; `travelling` takes those of each handover.

    A handover carries what its sender held before it was closed: the kinds of its rule, and what the fields name that
    travel. What a receiver has accepted it can hand on.
    """
    held: dict[UUID, dict[UUID, datetime]] = {}
    for document in documents:
        held.setdefault(document.unit_id, {})[document.id] = document.uploaded_at
    query = select(Handover).where(Handover.case_id == case.id)
    handovers = tx.session.exec(query.order_by(col(Handover.offered_at), col(Handover.id))).all()
    flows = model_of(tx, case).program.flows if handovers and documents else {}
    has_fields = any(document.kind.startswith(FIELD) for document in documents)
    open_last = sorted(
        handovers, key=lambda each: (each.closed_at is None, each.closed_at or each.offered_at)
    )
    for handover in open_last:
        flow = flows.get(handover.flow)
        kinds = {each.kind for each in flow.handover.rule.documents} if flow and flow.handover else set()
        values = decode_values(handover.data) if has_fields else {}
        until = handover.closed_at
        carried = {
            document.id
            for document in documents
            if (document.kind in kinds or _is_named(document, values))
            and (since := held.get(handover.sender_unit, {}).get(document.id)) is not None
            and (until is None or since <= until)
        }
        if travelling is not None:
            travelling[handover.id] = carried
        if _is_shown(handover):
            for each in carried:
                held.setdefault(handover.receiver_unit, {}).setdefault(each, until or handover.offered_at)
    return held


def _is_named(document: Document, values: Mapping[str, Any]) -> bool:
    """Whether a field that travels names the document."""
    return document.kind.startswith(FIELD) and values.get(document.kind.removeprefix(FIELD)) == str(
        document.id
    )
