"""How the demo's Stellen work: invented figures, believable in kind. They say nothing about the real municipalities."""

from __future__ import annotations

from collections.abc import Mapping

from staffel.engine.simulation.profiles import Behaviour, Profiles, Span
from staffel.engine.simulation.values import Hint, Hints

_UNITS = {
    "ABH": Behaviour(waiting=Span(16, 0.9), processing=Span(1.0), acknowledging=Span(8), accepting=Span(9), returning=0.04),
    "LB": Behaviour(waiting=Span(8), processing=Span(1.4), acknowledging=Span(4), accepting=Span(5), returning=0.06),
    "JC": Behaviour(waiting=Span(12, 0.9), processing=Span(2.0), acknowledging=Span(7), accepting=Span(10), returning=0.12),
    "SOZ": Behaviour(waiting=Span(9), processing=Span(1.2), acknowledging=Span(5), accepting=Span(6), returning=0.05),
    "CM": Behaviour(waiting=Span(4), processing=Span(2.2), acknowledging=Span(2.5), accepting=Span(3), returning=0.02),
    "WOH": Behaviour(waiting=Span(10), processing=Span(0.8), acknowledging=Span(6), accepting=Span(6), returning=0.05),
    "KI": Behaviour(waiting=Span(6), processing=Span(1.6), acknowledging=Span(3), accepting=Span(4), returning=0.05),
    "GA": Behaviour(waiting=Span(28, 0.7), processing=Span(1.2), acknowledging=Span(9), accepting=Span(8), returning=0.05),
    "SCHA": Behaviour(waiting=Span(14, 0.8), processing=Span(1.0), acknowledging=Span(6), accepting=Span(7), returning=0.08),
    "SCH": Behaviour(waiting=Span(10), processing=Span(0.8), acknowledging=Span(8), accepting=Span(6), returning=0.09),
    "MELDE": Behaviour(waiting=Span(5), processing=Span(0.4), acknowledging=Span(3), accepting=Span(3), returning=0.02),
}  # fmt: skip

_FACTORS = {
    ("05315000", ""): 1.25,  # Köln
    ("05315000", "ABH"): 1.9,
    ("05315000", "CM"): 2.6,
    ("05315000", "KI"): 1.6,
    ("05315000", "LB"): 1.5,
    ("05315000", "MELDE"): 7.0,
    ("05315000", "WOH"): 2.2,
    ("05711000", ""): 0.85,  # Bielefeld
    ("05711000", "JC"): 0.7,
    ("05913000", ""): 1.1,  # Dortmund
    ("05913000", "GA"): 1.7,
    ("05515000", ""): 0.8,  # Münster
    ("05124000", ""): 1.15,  # Wuppertal
    ("05124000", "JC"): 1.6,
    ("05915000", ""): 0.9,  # Hamm
    ("05117000", ""): 1.0,  # Mülheim an der Ruhr
    ("05117000", "SCHA"): 1.5,
    ("05766", ""): 0.95,  # Kreis Lippe
    ("05378", ""): 1.05,  # Rheinisch-Bergischer Kreis
    ("05378", "ABH"): 1.5,
    ("05170024", ""): 1.1,  # Moers
    ("05566076", ""): 0.7,  # Rheine
    ("05566076", "JC"): 1.3,
    ("05162004", ""): 0.95,  # Dormagen
    ("05162004", "ABH"): 1.4,
}

WORKING_UNITS = frozenset(_UNITS)
"""The kinds of Stellen that the demo's processes need."""

PROFILES = Profiles(units=_UNITS, factors=_FACTORS, outside=Span(150, 0.5), unlikely=0.02)


def _yes(share: float) -> Hint:
    return Hint(choices={True: share, False: 1 - share})


_COMMON = {
    "einwilligung": _yes(0.88),
    "konferenz_am": Hint(days=(-3, 0)),
    "zulaessig": _yes(0.95),
    "sollbruchstelle": _yes(0.15),
    "erneut_vorlegen": _yes(0.1),
    "wiedervorlage_am": Hint(days=(150, 380), filled=0.3),
    "konferenz_verlauf": Hint(choices={"stattgefunden": 85, "vertagt": 10, "ausgefallen": 5}),
    "vier_augen": _yes(0.3),
    "freigegeben": _yes(0.9),
    "anhoerung_noetig": _yes(0.95),
    "anhoerung_ergebnis": Hint(choices={"festhalten": 75, "aendern": 10, "absehen": 15}),
    "aufgabe_zur_post_am": Hint(days=(0, 1)),
    "anhoerung_zur_post_am": Hint(days=(0, 1)),
    "rechtsbehelf_ausgang": Hint(choices={"zurueckgewiesen": 70, "abgeholfen": 20, "zurueckgenommen": 10}),
}
_RECHTSKREISWECHSEL = {
    **_COMMON,
    "schutzform": Hint(
        choices={
            "fluechtling": 40, "subsidiaer": 24, "asylberechtigt": 6, "abschiebungsverbot": 11, "par_104c": 6,
            "par_25b": 6, "par_25a": 2, "par_16g": 1, "par_25_5": 2, "duldung": 1, "gestattung": 1,
        }
    ),
    "unanfechtbar": _yes(0.96),
    "erwerbstaetigkeit_erlaubt": _yes(0.97),
    "gesamtgueltigkeit_monate": Hint(numbers=(12, 36)),
    "monate_seit_aussetzung": Hint(numbers=(18, 60)),
    "geburtsdatum": Hint(days=(-58 * 365, -19 * 365)),
    "wirksam_am": Hint(days=(-25, -3)),
    "leistungsende_asylblg": Hint(days=(22, 58)),
    "alter": Hint(choices={4: 1, 9: 2, 14: 2, 22: 3, 28: 5, 34: 6, 41: 5, 52: 3, 61: 2, 68: 1}),
    "erwerbsfaehig": Hint(choices={"ja": 92, "nein": 6, "unklar": 1}),
    "in_ausbildung": _yes(0.04),
    "bedarf_gedeckt": _yes(0.04),
    "antragsdatum": Hint(days=(-3, 0)),
    "sprachniveau": Hint(filled=0.25),
    "konto_vorhanden": _yes(0.8),
    "wohnsitz_beschraenkt": _yes(0.35),
    "vollstaendig": _yes(0.76),
    "wohnort_im_bezirk": _yes(0.95),
    "zuweisungsort_im_bezirk": _yes(0.95),
    "unterlagen_vollstaendig": _yes(0.85),
    "nachforderung_ergebnis": Hint(choices={"aktenlage": 70, "versagung": 30}),
    "antragsdatum_wirksam": Hint(days=(-3, 0)),
    "weitergeleitet_am": Hint(days=(0, 0)),
    "entscheidung": Hint(choices={"bewilligen": 80, "ueberbruecken": 14, "ablehnen": 6}),
    "bescheidart": Hint(choices={"endgueltig": 78, "vorlaeufig": 22}),
    "bewilligt_ab": Hint(days=(-10, 15)),
    "erste_auszahlung_am": Hint(days=(0, 12)),
    "unterkunftskosten": Hint(numbers=(320, 780)),
    "betrag_monat": Hint(numbers=(560, 1900)),
}  # fmt: skip
_PLACES = Hint(choices={0: 45, 1: 25, 2: 18, 3: 8, 5: 4})
_SEITENEINSTEIGER = {
    **_COMMON,
    "geburtsdatum": Hint(days=(-17 * 365, -6 * 365)),
    "ankunft_am": Hint(days=(-45, -6)),
    "dublette": _yes(0.03),
    "schulfaehig": _yes(0.94),
    "geschwister_an_schule": _yes(0.3),
    "plaetze_geschwister": _PLACES,
    "plaetze_nahe": _PLACES,
    "plaetze_andere": _PLACES,
    "platz_gefunden": _yes(0.45),
    "platz_zugesagt": _yes(0.9),
    "aufgenommen": _yes(0.93),
    "erster_schultag_am": Hint(days=(-2, 0)),
    "ueberpruefung_hier": _yes(0.02),
}
HINTS: Mapping[str, Hints] = {
    "rechtskreiswechsel": _RECHTSKREISWECHSEL,
    "seiteneinsteiger": _SEITENEINSTEIGER,
}
"""What forms are filled with, by folder, where the schema alone would give an odd picture."""
