"""Who sees which sections of the pages."""

from __future__ import annotations

from dataclasses import dataclass

from staffel.engine.actor import CASEWORK, Actor, Role
from staffel.ui.language import marked as _


@dataclass(frozen=True)
class Section:
    """An entry of the navigation."""

    path: str
    title: str
    roles: frozenset[Role]


_LOOKS_AT_CASES = CASEWORK | {Role.KOORDINATION}

SECTIONS = (
    Section("/eingang", _("Eingang"), _LOOKS_AT_CASES),
    Section("/vorgaenge", _("Vorgänge"), _LOOKS_AT_CASES),
    Section("/uebergaben", _("Übergaben"), _LOOKS_AT_CASES),
    Section("/koordination", _("Koordination"), frozenset({Role.KOORDINATION})),
    Section("/modelle", _("Modelle"), frozenset(Role)),
    Section("/vereinbarungen", _("Vereinbarungen"), frozenset(Role)),
    Section("/vergleich", _("Vergleich"), frozenset({Role.ANALYSE, Role.KOORDINATION, Role.PROZESSDESIGN})),
    Section("/stoerungen", _("Störungen"), _LOOKS_AT_CASES | {Role.PROZESSDESIGN}),
    Section("/schliesstage", _("Schließtage"), frozenset({Role.TEAMLEITUNG})),
    Section("/verwaltung", _("Verwaltung"), frozenset({Role.ADMINISTRATION})),
)

FURTHER = (
    Section("/vorgaenge/neu", _("Vorgang anlegen"), CASEWORK),
    Section("/sammelstart", _("Sammelstart"), CASEWORK),
    Section("/modelle/hochladen", _("Modell hochladen"), frozenset({Role.PROZESSDESIGN})),
    Section("/verwaltung/stellen", _("Stellen"), frozenset({Role.ADMINISTRATION})),
    Section("/verwaltung/zugaenge", _("Maschinenzugänge"), frozenset({Role.ADMINISTRATION})),
    Section("/verwaltung/webhooks", _("Webhooks"), frozenset({Role.ADMINISTRATION})),
    Section("/konto", _("Mein Konto"), frozenset(Role)),
)
"""Pages below the sections that one may want to go to at once."""


def pages_for(actor: Actor) -> list[tuple[str, str]]:
    """Path and title of the pages that the actor may use."""
    return [
        (section.path, section.title)
        for section in SECTIONS + FURTHER
        if not section.roles.isdisjoint(actor.roles)
    ]


def sections_for(actor: Actor | None) -> tuple[Section, ...]:
    """The sections that the actor may use."""
    if actor is None:
        return ()
    return tuple(section for section in SECTIONS if not section.roles.isdisjoint(actor.roles))


def home_of(actor: Actor) -> str:
    """Where the actor's work begins."""
    wanted = {Role.ADMINISTRATION: "/verwaltung", Role.ANALYSE: "/vergleich", Role.PROZESSDESIGN: "/modelle"}
    if not CASEWORK.isdisjoint(actor.roles) or Role.KOORDINATION in actor.roles:
        return "/eingang"
    return next((path for role, path in wanted.items() if role in actor.roles), "/modelle")
