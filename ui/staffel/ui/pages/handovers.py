"""Handovers: to us, from us, and one in full with what may be done to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from staffel.api.cases.values import field_titles
from staffel.api.handovers.coordination import late_handovers
from staffel.api.handovers.queries import HandoverFilter, find_handover, list_handovers
from staffel.api.handovers.schemas import Direction, HandoverDetail
from staffel.api.handovers.service import read_handover
from staffel.engine.actor import Actor
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.cases import (
    accept_handover,
    acknowledge_handover,
    escalate,
    inform_person,
    note_read,
    offer_handover,
    record_conversation,
    remind,
    request_supplement,
    return_handover,
    supplement_handover,
    withdraw_handover,
)
from staffel.engine.cases.running import model_of
from staffel.engine.errors import NotAllowed, NotFound, Refusal
from staffel.engine.kernel.handover_rule import HandoverRule
from staffel.engine.library.forms import Form, ValuesRefused
from staffel.engine.store import Transaction
from staffel.engine.store.tables import HandoverStatus
from staffel.ui.forms.corrections import Corrections
from staffel.ui.forms.fields import Part, faults_of
from staffel.ui.forms.filling import ADD, REMOVE, errors_of
from staffel.ui.language import Language
from staffel.ui.pages.standing import field_options, files_of
from staffel.ui.rendering import go
from staffel.ui.steps import labels
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed about a handover, and between which steps it stands. `fields` are those that people fill in."""

    rule: HandoverRule | None
    fields: Sequence[str]
    forms: Sequence[Form]
    way: str
    titles: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]


@router.get("/uebergaben")
def show_handovers(
    *, visit: Visited, richtung: str = "incoming", az: str = "", weiter: str | None = None
) -> Response:
    """The open handovers of a direction, the oldest offer first."""
    direction = Direction(richtung) if richtung in set(Direction) else Direction.INCOMING
    wanted = HandoverFilter(direction=direction, reference=az.strip() or None)
    found = visit.ask(list_handovers, now=visit.now, wanted=wanted, cursor=weiter, limit=PAGE)
    query = {"richtung": direction.value, "az": az.strip()}
    return visit.page(
        "handovers.html",
        direction=direction.value,
        handovers=found,
        reference=az,
        more=f"/uebergaben?{urlencode(query | {'weiter': found.next})}" if found.next else "",
    )


@router.get("/uebergaben/{handover_id}")
def show_handover(handover_id: UUID, visit: Visited) -> Response:
    """A handover with its data, its rule, and what may be done now; that the receiver has opened it is noted once."""
    handover = visit.ask(read_handover, now=visit.now, handover_id=handover_id)
    from_here = visit.request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if handover.read_at is None and from_here and visit.actor.works_in(handover.receiver.id):
        visit.do(note_read, handover_id=handover_id)
    return _page(visit, handover_id)


@router.post("/uebergaben/{handover_id}/bestaetigen")
def acknowledge(handover_id: UUID, visit: Visited) -> Response:
    """Confirm the arrival."""
    visit.do(acknowledge_handover, handover_id=handover_id)
    return go(f"/uebergaben/{handover_id}", "handover-acknowledged")


@router.post("/uebergaben/{handover_id}/annehmen")
def accept(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Take over responsibility."""
    reference = text(sent, "aktenzeichen")
    return _do(visit, handover_id, sent, accept_handover, reference=reference) or _back(
        handover_id, "handover-accepted"
    )


@router.post("/uebergaben/{handover_id}/gespraech")
def record_talk(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Record the joint talk with the person."""
    try:
        on = date.fromisoformat(text(sent, "am"))
    except ValueError:
        fault = visit.language.text("Nennen Sie den Tag des Gesprächs.")
        return _page(visit, handover_id, fault=fault, sent=sent)
    who = _lines(sent, "teilnehmende")
    return _do(visit, handover_id, sent, record_conversation, on=on, participants=who) or _back(
        handover_id, "handover-talk"
    )


@router.post("/uebergaben/{handover_id}/nachfordern")
def ask_for_more(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Say what is missing: fields of the rule, which the sender then fills in, and anything else in words."""
    missing = [str(each) for each in sent.getlist("feld")] + _lines(sent, "fehlt")
    asked = {"missing": missing, "text": text(sent, "text")}
    return _do(visit, handover_id, sent, request_supplement, **asked) or _back(
        handover_id, "handover-incomplete"
    )


@router.post("/uebergaben/{handover_id}/ergaenzen")
def add_missing(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """What was missing is there now; what is typed here goes into the case first."""
    handover = visit.ask(read_handover, now=visit.now, handover_id=handover_id)
    inputs = _inputs(visit, handover, visit.ask(_terms, now=visit.now, handover_id=handover_id))
    if text(sent, ADD) or text(sent, REMOVE):
        return _page(visit, handover_id, sent=sent)
    values, errors = inputs.read(inputs.typed(sent))
    if errors:
        return _page(visit, handover_id, sent=sent, errors=errors)
    return _do(visit, handover_id, sent, supplement_handover, values=values) or _back(
        handover_id, "handover-supplemented"
    )


@router.post("/uebergaben/{handover_id}/person")
def tell_person(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """The person was told."""
    visit.do(inform_person, handover_id=handover_id, language=text(sent, "sprache") or "de")
    return go(f"/uebergaben/{handover_id}", "person-informed")


@router.get("/koordination")
def show_late(visit: Visited, weiter: str | None = None) -> Response:
    """Overdue handovers for the coordination, without values."""
    found = visit.ask(late_handovers, now=visit.now, cursor=weiter, limit=PAGE)
    return visit.page("late.html", nav="/koordination", late=found)


@router.post("/koordination/{late_id}/erinnern")
def remind_late(late_id: UUID, visit: Visited) -> Response:
    """Remind the Stelle that is late."""
    visit.do(remind, handover_id=late_id)
    return go("/koordination", "handover-reminded")


@router.post("/koordination/{late_id}/eskalieren")
def escalate_late(late_id: UUID, visit: Visited) -> Response:
    """Tell the next level."""
    visit.do(escalate, handover_id=late_id)
    return go("/koordination", "handover-escalated")


@router.post("/uebergaben/{handover_id}/zurueckgeben")
def send_back(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Send it back with a reason."""
    reason, note = text(sent, "grund"), text(sent, "text")
    if not reason:
        fault = visit.language.text("Nennen Sie einen Grund für die Rückgabe.")
        return _page(visit, handover_id, fault=fault, sent=sent)
    said = {"reason": reason, "text": note}
    return _do(visit, handover_id, sent, return_handover, **said) or go("/uebergaben", "handover-returned")


@router.post("/uebergaben/{handover_id}/zurueckziehen")
def withdraw(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Take the offer back."""
    return _do(visit, handover_id, sent, withdraw_handover, reason=text(sent, "grund")) or go(
        "/uebergaben?richtung=outgoing", "handover-withdrawn"
    )


@router.post("/uebergaben/{handover_id}/anbieten")
def offer_again(handover_id: UUID, visit: Visited) -> Response:
    """Offer again what came back."""
    visit.do(offer_handover, handover_id=handover_id)
    return go("/uebergaben?richtung=outgoing", "handover-offered")


def _do(
    visit: Visit, handover_id: UUID, sent: FormData, change: Callable[..., Any], **said: Any
) -> Response | None:
    """Do it. Where it is refused, the page with the reason and what was typed."""
    try:
        visit.do(change, handover_id=handover_id, **said)
    except (NotFound, NotAllowed):
        raise
    except ValuesRefused as refusal:
        return _page(visit, handover_id, sent=sent, errors=errors_of(refusal, visit.language))
    except Refusal as refusal:
        german = visit.language is Language.DE
        fault = refusal.message_de if german else str(refusal)
        return _page(visit, handover_id, fault=fault, sent=sent, status=refusal.status)
    return None


def _back(handover_id: UUID, notice: str) -> Response:
    return go(f"/uebergaben/{handover_id}", notice)


def _lines(sent: FormData, name: str) -> list[str]:
    return [line.strip() for line in text(sent, name).splitlines() if line.strip()]


def _inputs(visit: Visit, handover: HandoverDetail, terms: Terms) -> Corrections:
    """What the sender is asked to add: the fields that are missing, all where the receiver named none."""
    missing = set(handover.missing.fields) if handover.missing else set()
    names = [name for name in terms.fields if name in missing] or terms.fields
    return Corrections(names, forms=terms.forms, stored=handover.data, language=visit.language)


def _page(
    visit: Visit,
    handover_id: UUID,
    *,
    fault: str = "",
    sent: FormData | None = None,
    errors: Mapping[str, str] = MappingProxyType({}),
    status: int = 422,
) -> Response:
    """The page; after a form that was `sent` and refused it holds what was typed."""
    handover = visit.ask(read_handover, now=visit.now, handover_id=handover_id)
    terms = visit.ask(_terms, now=visit.now, handover_id=handover_id)
    act = visit.request.url.path.rpartition("/")[2] if sent is not None else ""
    parts: list[Part] = []
    if handover.missing and visit.actor.works_in(handover.sender.id):
        inputs = _inputs(visit, handover, terms)
        raw = inputs.typed(sent) if sent is not None and act == "ergaenzen" else None
        parts = inputs.parts(raw=raw, errors=errors, rows=text(sent, ADD) if sent is not None else "")
    general = [said for name, said in errors.items() if name not in {each.name for each in faults_of(parts)}]
    is_open = handover.status in {HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED}
    return visit.page(
        "handover.html",
        status=status if fault or errors else 200,
        nav="/uebergaben",
        handover=handover,
        terms=terms,
        parts_missing=parts,
        faults=list(faults_of(parts)),
        may_receive=is_open and visit.actor.works_in(handover.receiver.id),
        may_withdraw=is_open and visit.actor.works_in(handover.sender.id),
        may_offer=handover.waits and visit.actor.works_in(handover.sender.id),
        is_open=is_open,
        is_sender=visit.actor.works_in(handover.sender.id),
        fault=" ".join([fault, *general]).strip(),
        act=act,
        typed=(lambda of, name: text(sent, name) if sent is not None and of == act else ""),
        ticked=sent.getlist("feld") if sent is not None else [],
        lengths={each.after: _length(each.after, visit.language) for each in handover.path if each.after},
    )


def _length(text: str, language: Language) -> str:
    """A length such as `2AT` in words; English readers get the short form."""
    return str(parse_length(text)) if language is Language.DE else text


def _terms(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> Terms:
    handover, case, _ = find_handover(tx, actor=actor, now=now, handover_id=handover_id)
    model = model_of(tx, case)
    program = model.program
    flow = program.flows.get(handover.flow)
    fields = (flow.handover.fields if flow and flow.handover else None) or ()
    files = {name for form in model.forms.values() for name in form.documents}
    return Terms(
        rule=flow.handover.rule if flow and flow.handover else None,
        fields=[each.name for each in fields if each.name not in files],
        forms=list(model.forms.values()),
        way=labels(program).get(handover.flow, handover.flow),
        titles=field_titles(model),
        options={**field_options(model), **files_of(tx, actor=actor, case_id=case.id)},
    )
