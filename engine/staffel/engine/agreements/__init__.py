"""Kooperationsvereinbarung: Stellen sign a model version with its handover rules (DOMAIN §3.5, §11 no. 1)."""

from __future__ import annotations

from staffel.engine.agreements.need import NotAgreed, are_needed, need_agreed, set_needed
from staffel.engine.agreements.reading import Agreement, Party, RuleLine, list_agreements, read_agreement
from staffel.engine.agreements.signing import (
    AlreadySigned,
    NoParty,
    NotSigned,
    ReasonMissing,
    SignatoryMissing,
    sign,
    withdraw,
)

__all__ = [
    "Agreement",
    "AlreadySigned",
    "NoParty",
    "NotAgreed",
    "NotSigned",
    "Party",
    "ReasonMissing",
    "RuleLine",
    "SignatoryMissing",
    "are_needed",
    "list_agreements",
    "need_agreed",
    "read_agreement",
    "set_needed",
    "sign",
    "withdraw",
]
