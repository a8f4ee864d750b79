"""P7 as the people of the Stellen work on it: the health office examines beside the search for a place."""

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
    ga.accept(reference)
    ga.do(
        reference, "Kind untersuchen, Impfstatus prüfen", untersucht_am="2026-03-02", schulfaehig=True,
        impfberatung=True,
    )  # fmt: skip
    ga.do(reference, "Ergebnisbogen ausstellen", ergebnis_am="2026-03-02", schulhinweise="Sitzplatz vorn")


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

    scha.accept(reference)
    scha.do(
        reference, "Freie Schulplätze ermitteln", plaetze_geschwister=0, plaetze_nahe=2, plaetze_andere=0,
        schulweg_minuten=20,
    )  # fmt: skip
    scha.confirm(reference, "Schulvorschlag bestimmen")
    assert "liegt bei uns" in scha.sees(reference), "the search does not wait for the examination"
    _examine(ga, reference)
    _assert_secrets_kept(ga, scha, reference)
    assert "liegt bei Schulamt" in ga.sees(reference), "to be asked does not make responsible"
