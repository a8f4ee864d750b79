"""P7 as the people of the Stellen work on it: the health office examines beside the search for a place, or before it."""

from __future__ import annotations

from typing import Any

import pytest
from working_town import Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHILD = {
    "familienname": "Birke", "vornamen": "Meise", "geburtsdatum": "2014-05-05", "ankunft_am": "2026-02-20",
    "sprache_kind": "uk",
}  # fmt: skip


def _advise(town: Town, reference: str) -> dict[str, Person]:
    """From the report to the end of the advice; the people by their Stelle."""
    who = {each: town.person(f"koeln.{each}") for each in ("melde", "ki", "ga", "scha")}
    who["melde"].start("seiteneinsteiger", reference, CHILD, start="Start_Zuzug")
    who["melde"].do(reference, "Meldebogen ausfüllen und weitergeben", anschrift="Musterweg 2")
    ki = who["ki"]
    ki.accept(reference)
    ki.do(reference, "Eingang bestätigen, Dublette prüfen", dublette=False)
    ki.confirm(reference, "Schulstufe und Weg bestimmen")
    ki.do(
        reference, "Termin und Sprachmittlung vereinbaren", beratung_termin="2026-03-09", sprachmittlung=True
    )
    _ask_consent(ki, reference)
    ki.do(
        reference, "Schullaufbahn beraten, Sprachstand erheben", schulbesuchsjahre=4, alphabetisierung="lateinisch",
        deutsch="keine", geschwister_an_schule=False,
    )  # fmt: skip
    return who


def _ask_consent(ki: Person, reference: str) -> None:
    """By the sub-process B3."""
    told: dict[str, Any] = {
        "einwilligung_zweck": "Schulplatz", "einwilligung_empfaenger": ["Schulamt"],
        "einwilligung_datenarten": ["Ergebnisbogen"], "folgen_erklaert": True, "informiert_am": "2026-03-02",
    }  # fmt: skip
    ki.do(reference, "Person über Einwilligung informieren", **told)
    ki.do(reference, "Erklärung der Person aufnehmen", einwilligung=True, einwilligung_sprache="uk")


def _examine(ga: Person, reference: str) -> None:
    ga.do(
        reference, "Kind untersuchen, Impfstatus prüfen", untersucht_am="2026-03-02", schulfaehig=True,
        impfberatung=True,
    )  # fmt: skip
    ga.do(reference, "Ergebnisbogen ausstellen", ergebnis_am="2026-03-02", schulhinweise="Sitzplatz vorn")


def _look_for_a_place(scha: Person, reference: str) -> None:
    scha.accept(reference)
    scha.do(
        reference, "Freie Schulplätze ermitteln", plaetze_geschwister=0, plaetze_nahe=2, plaetze_andere=0,
        schulweg_minuten=20,
    )  # fmt: skip


def _assert_secrets_kept(ga: Person, scha: Person, reference: str) -> None:
    """What the doctor knows stays with the doctor but for what the school needs (§ 203 StGB), and the other way round."""
    doctors, schools = ga.sees(reference), scha.sees(reference)
    assert "Impf" in doctors
    assert "Impfberatung" not in schools.partition("Angaben, die unsere Stelle hat")[2]
    assert "Sitzplatz vorn" in schools
    assert "Musterweg 2" in schools
    assert "Musterweg 2" not in doctors
    assert "Schulbesuchsjahre" not in doctors


def test_the_school_office_looks_for_a_place_while_the_health_office_examines(town: Town) -> None:
    reference = "40.1-2026-1"
    who = _advise(town, reference)
    ga, scha = who["ga"], who["scha"]
    assert "Deutsch" in scha.handover(reference).inner_text("main")
    assert "Deutsch" not in ga.handover(reference).inner_text("main")

    _look_for_a_place(scha, reference)
    scha.confirm(reference, "Schulvorschlag bestimmen")
    assert "liegt bei uns" in scha.sees(reference), "the search does not wait for the examination"
    ga.accept(reference)
    _examine(ga, reference)
    _assert_secrets_kept(ga, scha, reference)
    assert "liegt bei Schulamt" in ga.sees(reference), "to be asked does not make responsible"


def _advise_in_hamm(town: Town, reference: str) -> None:
    """Up to the end of the advice, where the variant differs, without a browser."""
    town.begin("hamm.melde", "seiteneinsteiger", reference, "Start_Zuzug", CHILD)
    child = CHILD | {"anschrift": "Musterweg 2"}
    town.step("hamm.melde", reference, **child)
    town.take("hamm.ki", reference)
    town.step("hamm.ki", reference, **child, dublette=False)
    town.step("hamm.ki", reference)
    town.step("hamm.ki", reference, beratung_termin="2026-03-09", sprachmittlung=True)
    town.step("hamm.ki", reference, einwilligung=True, einwilligung_sprache="uk")
    town.step(
        "hamm.ki", reference, schulbesuchsjahre=4, alphabetisierung="lateinisch", deutsch="keine",
        geschwister_an_schule=False,
    )  # fmt: skip


def test_where_the_examination_comes_first_the_school_office_has_nothing_before_it(town: Town) -> None:
    """The variant: the health office holds the case, is reminded by the KI after 20 working days, and hands over."""
    reference = "HAM-40-1"
    _advise_in_hamm(town, reference)
    ki, ga, scha = (town.person(f"hamm.{each}") for each in ("ki", "ga", "scha"))
    assert "Deutsch" in ga.handover(reference).inner_text("main"), (
        "it passes on to the school office what it got"
    )
    ga.accept(reference)
    assert "liegt bei Gesundheitsamt" in ki.sees(reference)
    for path in ("/uebergaben", "/eingang", "/vorgaenge"):
        assert reference not in scha.open(f"{path}?az={reference}").inner_text("main")

    town.at(4, 8)
    assert reference in ki.open(f"/uebergaben?az={reference}").inner_text("table")
    _examine(ga, reference)
    _look_for_a_place(scha, reference)

    said = scha.sees(reference)
    assert "liegt bei uns" in said
    assert "Sitzplatz vorn" in said
    assert "Impfberatung" not in said.partition("Angaben, die unsere Stelle hat")[2]
    assert {each.login: each.troubles for each in (ki, ga, scha) if each.troubles} == {}
