"""The kinds of handovers, and the reasons to return them, in words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Words(NamedTuple):
    """What a key is called."""

    german: str
    english: str


KINDS: Final = {
    "beteiligung": Words("Beteiligung", "consultation"),
    "weiterleitung": Words("Weiterleitung des Antrags", "forwarding of the application"),
    "falluebergabe": Words("Fallübergabe", "case handover"),
    "information": Words("Information", "information"),
    "auftrag": Words("Auftrag", "assignment"),
    "antragsweiterleitung": Words("Antragsweiterleitung", "forwarding of an application"),
    "kenntnisgabe": Words("Kenntnisgabe", "notice"),
    "rueckfrage": Words("Rückfrage", "question"),
    "mitwirkung": Words("Mitwirkung", "cooperation"),
}
REASONS: Final = {
    "unzustaendig_sachlich": Words("sachlich nicht zuständig", "not competent for the matter"),
    "unzustaendig_oertlich": Words("örtlich nicht zuständig", "not competent for the place"),
    "unvollstaendig": Words("unvollständig", "incomplete"),
    "falsche_person": Words("falsche Person", "wrong person"),
    "dublette": Words("schon vorhanden (Dublette)", "there already (duplicate)"),
    "keine_rechtsgrundlage": Words("keine Rechtsgrundlage", "no legal basis"),
    "einwilligung_fehlt": Words("Einwilligung fehlt", "consent is missing"),
    "person_nicht_erreichbar": Words("Person nicht erreichbar", "person cannot be reached"),
    "kapazitaet": Words("keine Kapazität", "no capacity"),
    "sonstiges": Words("Sonstiges", "other"),
}
"""The closed list of DOMAIN §3.2; a rule may name others."""


def kind_of(key: str) -> Words:
    """The words for a kind; one without words is shown as it is."""
    return KINDS.get(key, Words(key, key))


def reason_of(key: str) -> Words:
    """The words for a reason to return; one without words is shown as it is, without its underscores."""
    plain = key.replace("_", " ")
    return REASONS.get(key, Words(plain, plain))
