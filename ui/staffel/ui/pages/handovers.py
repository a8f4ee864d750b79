"""Handovers: to us, from us, and one in full with what may be done to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.cases.values import field_titles
from staffel.api.handovers.coordination import late_handovers
from staffel.api.handovers.queries import HandoverFilter, find_handover, list_handovers
from staffel.api.handovers.schemas import Direction
from staffel.api.handovers.service import read_handover
from staffel.engine.actor import Actor
from staffel.engine.calendar.lengths import parse_length
from staffel.engine.cases import (
    accept_handover,
    acknowledge_handover,
    escalate,
    inform_person,
    offer_handover,
    record_conversation,
    remind,
    request_supplement,
    return_handover,
    supplement_handover,
    withdraw_handover,
)
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.handover_rule import HandoverRule
from staffel.engine.store import Transaction
from staffel.engine.store.tables import HandoverStatus
from staffel.ui.language import Language
from staffel.ui.pages.standing import field_options, files_of
from staffel.ui.rendering import go
from staffel.ui.steps import labels
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
PAGE = 25


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed about a handover, and between which steps it stands."""

    rule: HandoverRule | None
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
    """A handover with its data, its rule, and what may be done now."""
    return _page(visit, handover_id)


@router.post("/uebergaben/{handover_id}/bestaetigen")
def acknowledge(handover_id: UUID, visit: Visited) -> Response:
    """Confirm the arrival."""
    visit.do(acknowledge_handover, handover_id=handover_id)
    return go(f"/uebergaben/{handover_id}", "handover-acknowledged")


@router.post("/uebergaben/{handover_id}/annehmen")
def accept(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Take over responsibility."""
    visit.do(accept_handover, handover_id=handover_id, reference=text(sent, "aktenzeichen"))
    return go(f"/uebergaben/{handover_id}", "handover-accepted")


@router.post("/uebergaben/{handover_id}/gespraech")
def record_talk(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Record the joint talk with the person."""
    try:
        on = date.fromisoformat(text(sent, "am"))
    except ValueError:
        fault = visit.language.text("Nennen Sie den Tag des Gesprächs.")
        return _page(visit, handover_id, fault=fault)
    who = [line.strip() for line in text(sent, "teilnehmende").splitlines() if line.strip()]
    visit.do(record_conversation, handover_id=handover_id, on=on, participants=who)
    return go(f"/uebergaben/{handover_id}", "handover-talk")


@router.post("/uebergaben/{handover_id}/nachfordern")
def ask_for_more(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Say what is missing."""
    missing = [line.strip() for line in text(sent, "fehlt").splitlines() if line.strip()]
    visit.do(request_supplement, handover_id=handover_id, missing=missing, text=text(sent, "text"))
    return go(f"/uebergaben/{handover_id}", "handover-incomplete")


@router.post("/uebergaben/{handover_id}/ergaenzen")
def add_missing(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """What was missing is there now; what is typed here goes into the case first."""
    typed = {name.removeprefix("feld-"): text(sent, name) for name in sent if name.startswith("feld-")}
    values = {name: value for name, value in typed.items() if value}
    visit.do(supplement_handover, handover_id=handover_id, values=values)
    return go(f"/uebergaben/{handover_id}", "handover-supplemented")


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
        return _page(visit, handover_id, fault=fault, note=note)
    visit.do(return_handover, handover_id=handover_id, reason=reason, text=note)
    return go("/uebergaben", "handover-returned")


@router.post("/uebergaben/{handover_id}/zurueckziehen")
def withdraw(handover_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Take the offer back."""
    visit.do(withdraw_handover, handover_id=handover_id, reason=text(sent, "grund"))
    return go("/uebergaben?richtung=outgoing", "handover-withdrawn")


@router.post("/uebergaben/{handover_id}/anbieten")
def offer_again(handover_id: UUID, visit: Visited) -> Response:
    """Offer again what came back."""
    visit.do(offer_handover, handover_id=handover_id)
    return go("/uebergaben?richtung=outgoing", "handover-offered")


def _page(visit: Visit, handover_id: UUID, *, fault: str = "", note: str = "") -> Response:
    handover = visit.ask(read_handover, now=visit.now, handover_id=handover_id)
    is_open = handover.status in {HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED}
    return visit.page(
        "handover.html",
        status=422 if fault else 200,
        nav="/uebergaben",
        handover=handover,
        terms=visit.ask(_terms, now=visit.now, handover_id=handover_id),
        may_receive=is_open and visit.actor.works_in(handover.receiver.id),
        may_withdraw=is_open and visit.actor.works_in(handover.sender.id),
        may_offer=handover.waits and visit.actor.works_in(handover.sender.id),
        is_open=is_open,
        is_sender=visit.actor.works_in(handover.sender.id),
        fault=fault,
        note=note,
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
    return Terms(
        rule=flow.handover.rule if flow and flow.handover else None,
        way=labels(program).get(handover.flow, handover.flow),
        titles=field_titles(model),
        options={**field_options(model), **files_of(tx, actor=actor, case_id=case.id)},
    )
