"""Kinds of Stellen (DOMAIN §2.0.1): the key a lane is bound to, and the names by which a lane is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of Stelle. `also` are further German names that lanes carry; `outside` bodies have no users here."""

    key: str
    german: str
    english: str
    also: tuple[str, ...] = ()
    outside: bool = False


UNIT_KINDS: Final[tuple[UnitKind, ...]] = (
    UnitKind("ABH", "Ausländerbehörde", "immigration office"),
    UnitKind(
        "LB",
        "Leistungsbehörde AsylbLG",
        "asylum benefits office",
        ("Leistungsbehörde", "Leistungsbehörde AsylbLG (Sozialamt)", "Sozialamt AsylbLG"),
    ),
    UnitKind("JC", "Jobcenter", "jobcentre (SGB II)"),
    UnitKind("SOZ", "Sozialamt SGB XII", "social assistance office", ("Sozialamt",)),
    UnitKind("BA", "Agentur für Arbeit", "employment agency", ("Arbeitsagentur", "Bundesagentur für Arbeit")),
    UnitKind("KK", "Krankenkasse", "statutory health fund"),
    UnitKind("KI", "Kommunales Integrationszentrum", "municipal integration centre"),
    UnitKind("CM", "Case Management", "case management", ("Case Management (KIM)", "KIM Case Management")),
    UnitKind("SCHA", "Schulamt", "school office", ("Schulverwaltungsamt", "Schulamt / Schulverwaltungsamt")),
    UnitKind("SCH", "Schule", "school", ("Berufskolleg", "Schule / Berufskolleg")),
    UnitKind("GA", "Gesundheitsamt", "public health office"),
    UnitKind("JA", "Jugendamt", "youth office"),
    UnitKind(
        "WOH",
        "Amt für Wohnungswesen",
        "housing office",
        ("Amt für Wohnungswesen / Unterbringung", "Unterbringung"),
    ),
    UnitKind("EBH", "Einbürgerungsbehörde", "naturalisation authority"),
    UnitKind(
        "MELDE",
        "Meldebehörde",
        "registry office",
        ("Bürgeramt", "Meldebehörde/Bürgeramt", "Meldebehörde / Bürgeramt"),
    ),
    UnitKind("PERS", "Person", "person", ("Person/Familie", "Person / Familie", "Familie"), outside=True),
    UnitKind("BAMF", "Bundesamt für Migration und Flüchtlinge", "Federal Office for Migration", outside=True),
    UnitKind("KTR", "Kursträger", "course provider", outside=True),
    UnitKind("KAM", "Kammer", "chamber (IHK/HWK)", ("IHK", "HWK", "IHK/HWK", "IHK / HWK"), outside=True),
    UnitKind("AG", "Arbeitgeber", "employer", outside=True),
    UnitKind("AV", "Auslandsvertretung", "mission abroad", outside=True),
    UnitKind(
        "ZFE", "Zentralstelle Fachkräfteeinwanderung", "central office for skilled migration", outside=True
    ),
    UnitKind("ASTELLE", "Anerkennende Stelle", "recognition body", outside=True),
    UnitKind("BEZREG", "Bezirksregierung", "district government", outside=True),
    UnitKind("POL", "Polizei", "police", ("LKA", "Landeskriminalamt", "Polizei/LKA"), outside=True),
    UnitKind("VS", "Verfassungsschutz", "domestic intelligence", outside=True),
)
UNITS_BY_KEY: Final = {kind.key: kind for kind in UNIT_KINDS}


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


_BY_NAME: Final = {
    _folded(name): kind.key
    for kind in UNIT_KINDS
    for name in (kind.key, kind.german, kind.english, *kind.also)
}


def unit_of(name: str) -> str | None:
    """The key of the kind of Stelle that a lane's name means: a key or a German name, letter case ignored."""
    return _BY_NAME.get(_folded(name))
