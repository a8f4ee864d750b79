"""What the two Stellen of a handover do: acknowledge, accept, return; withdraw, offer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from staffel.engine.actor import Actor
from staffel.engine.cases import policy
from staffel.engine.cases.facts import HandoverRead, PersonInformed
from staffel.engine.cases.handover_fristen import ACCEPT, keep
from staffel.engine.cases.running import Row, carry_out, find, model_of, note
from staffel.engine.errors import Refusal
from staffel.engine.kernel import (
    AcceptHandover,
    AcknowledgeHandover,
    Command,
    OfferHandover,
    RecordConversation,
    RequestSupplement,
    ReturnHandover,
    SupplementHandover,
    WithdrawHandover,
)
from staffel.engine.kernel.events import HandoverDataChanged
from staffel.engine.library.forms import read_corrections
from staffel.engine.store import Transaction
from staffel.engine.store.hot import Found, HandoverHead
from staffel.engine.store.tables import Event, Handover, HandoverStatus, NoticeKind

_OPEN = frozenset({HandoverStatus.OFFERED, HandoverStatus.ACKNOWLEDGED})


class HandoverClosed(Refusal):
    """The handover is not open any more: it was accepted, returned or withdrawn."""

    code = "handover-closed"
    text_de = "Die Übergabe ist nicht mehr offen: Sie wurde angenommen, zurückgegeben oder zurückgezogen."


class HandoverNotWaiting(Refusal):
    """Only a handover that came back and waits with the sender can be offered again."""

    code = "handover-not-waiting"
    text_de = (
        "Erneut anbieten lässt sich nur eine Übergabe, die zurückkam und bei der abgebenden Stelle wartet."
    )


def acknowledge_handover(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> None:
    """The receiving Stelle confirms the arrival (Eingangsbestätigung)."""
    found = _received(tx, actor, handover_id)
    _carry_out(tx, found, AcknowledgeHandover(key=found.row.key), now)


def note_read(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> None:
    """The receiving Stelle has opened it; what is noted already, or not open any more, is no fault and changes nothing."""
    found = find(tx, HandoverHead, handover_id)
    policy.receive_handover(actor, found.row)
    if found.row.status in _OPEN and read_at(tx, found.case.id, found.row.key) is None:
        note(
            tx,
            case=found.case,
            facts=(HandoverRead(key=found.row.key, element=found.row.flow),),
            rows=(),
            now=now,
        )


def read_at(tx: Transaction, case_id: UUID, key: int) -> datetime | None:
    """When somebody of the receiving Stelle first opened the handover."""
    query = select(Event.at).where(
        Event.case_id == case_id, Event.key == key, Event.type == HandoverRead.__name__
    )
    return tx.session.exec(query).first()


def accept_handover(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID, reference: str = ""
) -> None:
    """The receiving Stelle takes over, under its own Aktenzeichen if it names one; responsibility moves to it."""
    found = _received(tx, actor, handover_id)
    key = found.row.key
    rows: tuple[Row, ...] = ()
    if reference.strip():
        rows = (("handover_refer", key, (found.case.id, key, reference.strip())),)
    carry_out(tx, case=found.case, command=AcceptHandover(key=key), now=now, rows=rows)


def record_conversation(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID, on: date, participants: Sequence[str]
) -> None:
    """Either Stelle records the joint talk with the person (warme Übergabe): its day, and who took part as functions."""
    found = find(tx, HandoverHead, handover_id)
    if not actor.works_in(found.row.sender_unit):
        policy.receive_handover(actor, found.row)
    _need_open(found)
    command = RecordConversation(key=found.row.key, on=on, participants=tuple(participants))
    _carry_out(tx, found, command, now)


def request_supplement(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    handover_id: UUID,
    missing: Sequence[str],
    text: str = "",
) -> None:
    """The receiving Stelle says what is missing instead of sending everything back."""
    found = _received(tx, actor, handover_id)
    _carry_out(tx, found, RequestSupplement(key=found.row.key, missing=tuple(missing), text=text), now)


def supplement_handover(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    handover_id: UUID,
    values: Mapping[str, Any] | None = None,
) -> None:
    """The sending Stelle has added what was missing; `values` of the rule's fields are written to the case first.

    They are read as the form says that asks for them, so that a date stays a date. Raises `ValuesRefused`.
    """
    found = find(tx, HandoverHead, handover_id)
    policy.send_handover(actor, found.row)
    _need_open(found)
    added = read_corrections(model_of(tx, found.case).forms.values(), values or {})
    command = SupplementHandover(key=found.row.key, variables=added)
    step = carry_out(tx, case=found.case, command=command, now=now)
    row = tx.session.get_one(Handover, handover_id, populate_existing=True)
    for event in step.events:
        if type(event) is HandoverDataChanged and event.accept_by is not None:
            keep(row, ACCEPT, event.accept_by)
    tx.session.add(row)


def inform_person(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID, language: str = "de"
) -> None:
    """The sending Stelle notes that it has told the person about the handover, in a language."""
    found = find(tx, HandoverHead, handover_id)
    policy.send_handover(actor, found.row)
    key = found.row.key
    rows: tuple[Row, ...] = (
        ("handover_inform", key, (found.case.id, key, now)),
        ("notice_close", 0, (found.case.id, key, NoticeKind.INFORM_PERSON.value, now)),
    )
    fact = PersonInformed(key=key, element=found.row.flow, language=language)
    note(tx, case=found.case, facts=(fact,), rows=rows, now=now)


def return_handover(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID, reason: str, text: str = ""
) -> None:
    """The receiving Stelle sends it back with a reason of the rule's list."""
    found = _received(tx, actor, handover_id)
    _carry_out(tx, found, ReturnHandover(key=found.row.key, reason=reason, text=text), now)


def withdraw_handover(
    tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID, reason: str = ""
) -> None:
    """The sending Stelle takes its offer back before it is accepted."""
    found = find(tx, HandoverHead, handover_id)
    policy.send_handover(actor, found.row)
    _need_open(found)
    _carry_out(tx, found, WithdrawHandover(key=found.row.key, reason=reason), now)


def offer_handover(tx: Transaction, *, actor: Actor, now: datetime, handover_id: UUID) -> None:
    """The sending Stelle offers again what came back and waits on the flow."""
    found = find(tx, HandoverHead, handover_id)
    policy.send_handover(actor, found.row)
    if not found.row.waits:
        raise HandoverNotWaiting(status=found.row.status)
    _carry_out(tx, found, OfferHandover(key=found.row.key), now)


def _received(tx: Transaction, actor: Actor, handover_id: UUID) -> Found[HandoverHead]:
    found = find(tx, HandoverHead, handover_id)
    policy.receive_handover(actor, found.row)
    _need_open(found)
    return found


def _need_open(found: Found[HandoverHead]) -> None:
    if found.row.status not in _OPEN:
        raise HandoverClosed(status=found.row.status)


def _carry_out(tx: Transaction, found: Found[HandoverHead], command: Command, now: datetime) -> None:
    carry_out(tx, case=found.case, command=command, now=now)
