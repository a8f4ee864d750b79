"""What came for a case by letter or visit: the message that the case waits for is entered by the Stelle that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.cases.service import read_case
from staffel.api.messages.queries import read_awaited
from staffel.api.messages.schemas import AwaitedOut
from staffel.engine.cases import enter_message
from staffel.engine.errors import NotFound
from staffel.engine.library.forms import Form, ValuesDoubtful, ValuesRefused
from staffel.ui.forms.fields import faults_of
from staffel.ui.forms.filling import Filling, errors_of
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)


@router.get("/vorgaenge/{case_id}/eingegangen")
def ask_arrival(case_id: UUID, visit: Visited, nachricht: str = "") -> Response:
    """What the message tells, and what follows from it."""
    return _page(visit, case_id, _awaited(visit, case_id, nachricht))


@router.post("/vorgaenge/{case_id}/eingegangen")
def enter_arrival(case_id: UUID, sent: Sent, visit: Visited) -> Response:
    """Enter it; when something does not fit or is still to be asked, the form comes back with what was typed."""
    awaited = _awaited(visit, case_id, text(sent, "_nachricht"))
    filling = _filling(visit, awaited, sent)
    if filling.only_looks or filling.has_more:
        return _page(visit, case_id, awaited, sent, grown=not filling.only_looks)
    try:
        visit.do(
            enter_message,
            case_id=case_id,
            name=awaited.name,
            values=filling.values,
            confirmed=filling.is_confirmed,
        )
    except ValuesDoubtful as refusal:
        return _page(visit, case_id, awaited, sent, doubts=errors_of(refusal, visit.language))
    except ValuesRefused as refusal:
        return _page(visit, case_id, awaited, sent, errors=errors_of(refusal, visit.language))
    return go(f"/vorgaenge/{case_id}", "message-entered")


def _awaited(visit: Visit, case_id: UUID, name: str) -> AwaitedOut:
    for each in visit.ask(read_awaited, case_id=case_id):
        if each.name == name:
            return each
    raise NotFound


def _filling(visit: Visit, awaited: AwaitedOut, sent: FormData | None) -> Filling:
    asked = awaited.form
    form = Form(asked.schema_, asked.ui, asked.rules) if asked else Form({})
    return Filling(form, language=visit.language, now=visit.now, stored={}, sent=sent)


def _page(
    visit: Visit,
    case_id: UUID,
    awaited: AwaitedOut,
    sent: FormData | None = None,
    *,
    errors: Mapping[str, str] = MappingProxyType({}),
    doubts: Mapping[str, str] = MappingProxyType({}),
    grown: bool = False,
) -> Response:
    parts = _filling(visit, awaited, sent).parts(errors)
    faults = list(faults_of(parts))
    shown = {each.name for each in faults}
    return visit.page(
        "arrival.html",
        status=422 if errors or doubts else 200,
        nav="/vorgaenge",
        case=visit.ask(read_case, case_id=case_id),
        name=awaited.name,
        parts=parts,
        faults=faults,
        general=" ".join(message for field, message in errors.items() if field not in shown),
        doubts=doubts,
        grown=grown,
    )
