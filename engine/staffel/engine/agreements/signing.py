"""Signing an agreement for one's own Stelle, and withdrawing from it. Nobody signs for another Stelle."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from staffel.engine.actor import Actor
from staffel.engine.agreements.need import open_signatures
from staffel.engine.agreements.reading import read_agreement, signs_for
from staffel.engine.errors import NotAllowed, Refusal
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.audit import record
from staffel.engine.store.tables import ModelVersion, Signature

MAX_TEXT = 200


class NoParty(Refusal):
    """This Stelle is no party: it takes part in no handover of this version in this municipality."""

    code = "no-party"
    text_de = "Diese Stelle ist an keiner Übergabe dieser Version beteiligt."


class AlreadySigned(Refusal):
    """The Stelle has signed this version already."""

    code = "already-signed"
    text_de = "Die Stelle hat diese Version schon gezeichnet."


class NotSigned(Refusal):
    """The Stelle has not signed this version, so there is nothing to withdraw."""

    code = "not-signed"
    text_de = "Die Stelle hat diese Version nicht gezeichnet."


class SignatoryMissing(Refusal):
    """Expected the name and office of the person who signs, of at most 200 characters."""

    status, code = 422, "signatory-missing"
    text_de = "Nennen Sie Name und Funktion der Person, die zeichnet (höchstens 200 Zeichen)."


class ReasonMissing(Refusal):
    """Expected the reason for withdrawing, of at most 200 characters; the other Stellen read it."""

    status, code = 422, "reason-missing"
    text_de = "Nennen Sie den Grund (höchstens 200 Zeichen); die anderen Stellen lesen ihn."


def sign(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    municipality: str,
    unit_id: UUID,
    signatory: str,
) -> None:
    """Sign for a Stelle that the actor leads.

    Raises `NotFound`, `NotAllowed`, `NoParty`, `AlreadySigned`, `SignatoryMissing`.
    """
    _need_party(tx, actor, version_id, municipality, unit_id)
    signatory = signatory.strip()
    if not 0 < len(signatory) <= MAX_TEXT:
        raise SignatoryMissing
    if unit_id in open_signatures(tx, version_id, municipality):
        raise AlreadySigned
    tx.session.add(
        Signature(
            id=new_id(now),
            version_id=version_id,
            municipality=municipality,
            unit_id=unit_id,
            signatory=signatory,
            signed_at=now,
            signed_by=actor.account,
        )
    )
    record(
        tx, actor=actor, now=now, action="agreement.sign", subject=version_id, municipality=municipality,
        unit=str(unit_id),
    )  # fmt: skip
    tx.flush()


def withdraw(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    municipality: str,
    unit_id: UUID,
    reason: str,
) -> None:
    """Withdraw the signature of a Stelle that the actor leads. Running cases keep to what was agreed when they began.

    Raises `NotFound`, `NotAllowed`, `NoParty`, `NotSigned`, `ReasonMissing`.
    """
    _need_party(tx, actor, version_id, municipality, unit_id)
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_TEXT:
        raise ReasonMissing
    signature = open_signatures(tx, version_id, municipality).get(unit_id)
    if signature is None:
        raise NotSigned
    signature.withdrawn_at, signature.withdrawn_by, signature.reason = now, actor.account, reason
    tx.session.add(signature)
    record(
        tx, actor=actor, now=now, action="agreement.withdraw", subject=version_id, municipality=municipality,
        unit=str(unit_id),
    )  # fmt: skip
    tx.flush()


def _need_party(tx: Transaction, actor: Actor, version_id: UUID, municipality: str, unit_id: UUID) -> None:
    """Also locks the version, so that two who sign for one Stelle at once do not both."""
    tx.session.get(ModelVersion, version_id, with_for_update={"key_share": True})
    agreement = read_agreement(tx, actor=actor, version_id=version_id, municipality=municipality)
    if unit_id not in {party.unit_id for party in agreement.parties}:
        raise NoParty
    if unit_id not in signs_for(actor):
        raise NotAllowed(
            "Only a person who leads the Stelle (role teamleitung) signs for it.",
            text_de="Für eine Stelle zeichnet nur ein Mensch, der sie leitet (Rolle Teamleitung).",
        )
