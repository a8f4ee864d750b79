"""P7 from end to end through the kernel: both variants, waiting list, refusal by the school, not appeared, moved away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from reference_walk import Walk

from staffel.engine.kernel.events import DeadlinePassed

CHILD = {"familienname": "Birke", "vornamen": "Meise", "geburtsdatum": "2014-05-05"}
REPORT = {"anschrift": "Musterweg 2", "sprache_kind": "uk", "ankunft_am": "2026-01-02"}
PLACES = {"plaetze_geschwister": 0, "plaetze_nahe": 2, "plaetze_andere": 0, "schulweg_minuten": 20}
NO_PLACES = PLACES | {"plaetze_nahe": 0}


def reported(key: str = "seiteneinsteiger", *, dublette: bool = False, **child: Any) -> Walk:
    """A child whose report the integration centre has looked at and whose route is decided."""
    walk = Walk(key)
    person = CHILD | child
    walk.start(**person, ankunft_am="2026-01-02")
    walk.do("Aufgabe_Meldebogen", **person, **REPORT)
    walk.accept("Fluss_MELDE_KI_Meldebogen")
    walk.do("Aufgabe_Eingang", **person, **REPORT, dublette=dublette)
    if not dublette:
        walk.player.complete("Entscheidung_Schulstufe")
    return walk


def ask_consent(walk: Walk, given: bool) -> None:
    """By the sub-process that the model calls, or by the variant's own task."""
    if "Aufgabe_Einwilligung" in walk.waiting:
        walk.do("Aufgabe_Einwilligung", einwilligung=given)
        return
    told = {"einwilligung_zweck": "Schulplatz", "einwilligung_empfaenger": ["Schulamt"]}
    told |= {
        "einwilligung_datenarten": ["Ergebnisbogen"],
        "folgen_erklaert": True,
        "informiert_am": "2026-01-15",
    }
    walk.do("Aufgabe_Einwilligung/Aufgabe_Information", **told)
    walk.do("Aufgabe_Einwilligung/Aufgabe_Erklaerung", einwilligung=given)
    if not given:
        walk.do("Aufgabe_Einwilligung/Aufgabe_Ohne_Einwilligung", weg_ohne_einwilligung="begleitheft")


def counselled(key: str = "seiteneinsteiger", *, consent: bool = True) -> Walk:
    """A child whose family has been counselled."""
    walk = reported(key)
    walk.do("Aufgabe_Termin", beratung_termin="2026-01-15", sprachmittlung=True)
    ask_consent(walk, consent)
    walk.do(
        "Aufgabe_Beratung",
        schulbesuchsjahre=4,
        alphabetisierung="lateinisch",
        deutsch="keine",
        geschwister_an_schule=False,
    )
    return walk


def examine(walk: Walk, *, fit: bool = True) -> None:
    walk.accept("Fluss_KI_GA_Auftrag")
    walk.do("Aufgabe_Untersuchung", untersucht_am="2026-01-20", schulfaehig=fit)


def look_for_place(walk: Walk, flow: str = "Fluss_KI_SCHA_Vorschlag", **places: int) -> None:
    walk.accept(flow)
    walk.do("Aufgabe_Plaetze", **(places or PLACES))
    walk.player.complete("Entscheidung_Schule")


def assign(walk: Walk) -> None:
    given = {"schulbeginn_am": "2026-02-02", "aufgabe_zur_post_am": "2026-01-21"}
    walk.do("Aufgabe_Zuweisung", schule="Gesamtschule Musterstadt", **given)
    walk.accept("Fluss_SCHA_SCH_Zuweisung")


def go_to_school(walk: Walk) -> None:
    walk.do("Aufgabe_Aufnahme", gespraech_am="2026-01-28", aufgenommen=True)
    walk.do("Aufgabe_Schultag", erster_schultag_am="2026-02-02")
    walk.do("Aufgabe_Foerderung", foerderstunden=12, ueberpruefung_am="2027-02-02")


def test_health_check_runs_beside_the_assignment_and_does_not_hold_it_up() -> None:
    walk = counselled()
    assert walk.waiting == {"Fluss_KI_GA_Auftrag", "Fluss_KI_SCHA_Vorschlag"}
    look_for_place(walk)
    assign(walk)
    go_to_school(walk)
    assert walk.ends == {"Ende_Beschult"}
    assert walk.case.ended is None
    examine(walk)
    walk.do("Aufgabe_Ergebnis", ergebnis_am="2026-02-10", schulhinweise="Sitzplatz vorn")
    walk.do("Aufgabe_Hinweise", schule_unterrichtet_am="2026-02-11")
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_Beschult", "Ende_Untersuchung"}


def test_variant_looks_for_a_place_only_after_the_health_check() -> None:
    walk = counselled("seiteneinsteiger-seriell")
    assert walk.waiting == {"Fluss_KI_GA_Auftrag"}
    examine(walk)
    walk.do("Aufgabe_Ergebnis", ergebnis_am="2026-01-22")
    look_for_place(walk, "Fluss_GA_SCHA_Ergebnis")
    assign(walk)
    go_to_school(walk)
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_Beschult"}


def test_variant_defers_a_child_that_is_not_fit_for_school() -> None:
    walk = counselled("seiteneinsteiger-seriell")
    examine(walk, fit=False)
    walk.accept("Fluss_GA_KI_Rueckstellung")
    walk.do("Aufgabe_Rueckstellung", rueckstellung_bis="2026-08-01", foerderung="Kita")
    assert walk.ends == {"Ende_Zurueckgestellt"}


def test_variant_follows_up_a_late_health_check_and_the_check_goes_on() -> None:
    walk = counselled("seiteneinsteiger-seriell")
    walk.accept("Fluss_KI_GA_Auftrag")
    walk.player.pass_time(timedelta(days=40))
    walk.accept("Fluss_GA_KI_Nachhalten")
    walk.do("Aufgabe_Nachhalten", nachhalten_grund="kein_termin")
    assert walk.waiting == {"Aufgabe_Untersuchung"}


@pytest.mark.parametrize(
    ("born", "task", "end"),
    [
        ("2022-05-05", ("Aufgabe_Verweis", {"verwiesen_an": "kita", "verwiesen_am": "2026-01-12"}), "Ende_Nicht_Schulpflichtig"),
        ("2009-05-05", ("Aufgabe_Berufskolleg", {"berufskolleg": "Berufskolleg Probe", "klasse": "ifk", "schulbeginn_am": "2026-02-02"}), "Ende_Berufskolleg"),
    ],
)  # fmt: skip
def test_other_ages_take_other_routes(born: str, task: tuple[str, dict[str, str]], end: str) -> None:
    walk = reported(geburtsdatum=born)
    walk.do(task[0], **task[1])
    assert walk.case.ended == "completed"
    assert walk.ends == {end}


def test_known_child_is_merged() -> None:
    assert reported(dublette=True).ends == {"Ende_Dublette"}


def test_school_that_does_not_admit_sends_the_case_back_to_the_school_office() -> None:
    walk = counselled()
    look_for_place(walk)
    assign(walk)
    walk.do("Aufgabe_Aufnahme", gespraech_am="2026-01-28", aufgenommen=False, ablehnung_grund="kein_platz")
    walk.accept("Fluss_SCH_SCHA_Ablehnung")
    assert "Aufgabe_Plaetze" in walk.waiting


def test_school_returns_the_assignment_before_taking_over() -> None:
    walk = counselled()
    look_for_place(walk)
    given = {"schulbeginn_am": "2026-02-02", "aufgabe_zur_post_am": "2026-01-21"}
    walk.do("Aufgabe_Zuweisung", schule="Gesamtschule Musterstadt", **given)
    walk.give_back("Fluss_SCHA_SCH_Zuweisung", "kapazitaet")
    assert "Aufgabe_Zuweisung" in walk.waiting


def test_integration_centre_returns_an_incomplete_report() -> None:
    walk = Walk("seiteneinsteiger")
    walk.start(**CHILD, ankunft_am="2026-01-02")
    walk.do("Aufgabe_Meldebogen", **CHILD, **REPORT)
    walk.give_back("Fluss_MELDE_KI_Meldebogen", "unvollstaendig")
    assert walk.waiting == {"Aufgabe_Meldebogen"}


def test_without_a_place_the_list_is_checked_weekly_and_others_are_told() -> None:
    walk = counselled()
    look_for_place(walk, **NO_PLACES)
    walk.player.pass_time(timedelta(days=8))
    assert {"Aufgabe_Warteliste", "Fluss_SCHA_CM_Bruecke"} <= walk.waiting
    walk.accept("Fluss_SCHA_CM_Bruecke")
    walk.do("Aufgabe_Bruecke", brueckenangebot="sprachkurs")
    walk.do("Aufgabe_Warteliste", platz_gefunden=False)
    walk.player.pass_time(timedelta(days=40))
    walk.do("Aufgabe_Lenkung", wartende_kinder=42, fehlende_schulstufe="sek1")
    walk.do("Aufgabe_Warteliste", platz_gefunden=True)
    walk.do("Aufgabe_Zusatzplatz", platz_zugesagt=False, absage_grund="Klasse voll")
    walk.player.pass_time(timedelta(days=8))
    walk.do("Aufgabe_Warteliste", platz_gefunden=True)
    walk.do("Aufgabe_Zusatzplatz", platz_zugesagt=True)
    assert "Aufgabe_Zuweisung" in walk.waiting


def test_a_school_that_does_not_answer_consents_by_the_agreement_and_the_record_says_so() -> None:
    walk = counselled()
    look_for_place(walk, **NO_PLACES)
    walk.player.pass_time(timedelta(days=8))
    walk.do("Aufgabe_Warteliste", platz_gefunden=True)
    walk.player.pass_time(timedelta(days=8))
    assert "Aufgabe_Zuweisung" in walk.waiting
    passed = [entry.event for entry in walk.player.trace if isinstance(entry.event, DeadlinePassed)]
    (fiction,) = [event for event in passed if event.consent]
    assert (fiction.element, fiction.due.kind) == ("Frist_Zustimmung", "vereinbart")
    assert "kein Gesetz" in fiction.due.legal_basis


def test_steering_group_learns_only_the_school_level() -> None:
    walk = counselled()
    look_for_place(walk, **NO_PLACES)
    walk.player.pass_time(timedelta(days=60))
    offers = [
        entry.event
        for entry in walk.player.trace
        if getattr(entry.event, "flow", "") == "Fluss_SCHA_CM_Lenkung"
    ]
    assert offers[0].data == {"schulstufe": "sek1"}


def test_family_is_visited_when_the_child_does_not_appear() -> None:
    walk = counselled()
    look_for_place(walk)
    assign(walk)
    walk.do("Aufgabe_Aufnahme", gespraech_am="2026-01-28", aufgenommen=True)
    walk.player.pass_time(timedelta(days=9))
    walk.accept("Fluss_SCH_CM_Nachgehen")
    walk.do("Aufgabe_Nachgehen", hindernis="schulweg", vereinbart="Fahrkarte bis Montag")
    assert "Aufgabe_Schultag" in walk.waiting


def test_without_consent_only_duties_travel() -> None:
    sent = []
    for consent in (False, True):
        walk = counselled(consent=consent)
        offers = [
            e.event for e in walk.player.trace if getattr(e.event, "flow", "") == "Fluss_KI_SCHA_Vorschlag"
        ]
        sent.append(set(offers[0].data))
    assert sent[1] - sent[0] == {"schulbesuchsjahre", "alphabetisierung", "deutsch"}


def test_health_office_does_not_learn_what_it_does_not_need() -> None:
    walk = counselled()
    offer = next(e.event for e in walk.player.trace if getattr(e.event, "flow", "") == "Fluss_KI_GA_Auftrag")
    assert set(offer.data) == {"familienname", "vornamen", "geburtsdatum", "sprache_kind"}


def test_report_by_others_begins_at_the_integration_centre() -> None:
    walk = Walk("seiteneinsteiger")
    assert walk.player.send("Meldung eines Kindes", CHILD)
    assert walk.waiting == {"Aufgabe_Eingang"}


def test_family_moves_away() -> None:
    walk = counselled()
    assert walk.player.send("Wegzug gemeldet", {})
    walk.move_away("Hamm", "KI Hamm")
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_Verzogen"}
