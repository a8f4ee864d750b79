"""The kinds of handovers in words."""

from __future__ import annotations

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """What a kind of handover is called."""

    german: str
    english: str


KINDS: Final = {
    "beteiligung": Kind("Beteiligung", "consultation"),
    "weiterleitung": Kind("Weiterleitung des Antrags", "forwarding of the application"),
    "falluebergabe": Kind("Fallübergabe", "case handover"),
    "information": Kind("Information", "information"),
    "auftrag": Kind("Auftrag", "assignment"),
    "antragsweiterleitung": Kind("Antragsweiterleitung", "forwarding of an application"),
    "kenntnisgabe": Kind("Kenntnisgabe", "notice"),
    "rueckfrage": Kind("Rückfrage", "question"),
    "mitwirkung": Kind("Mitwirkung", "cooperation"),
}


def kind_of(key: str) -> Kind:
    """The words for a kind; one without words is shown as it is."""
    return KINDS.get(key, Kind(key, key))
