"""The reference processes as the people of the Stellen work on them: every step by the pages, each in an own browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from working_town import Person, Town

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PERSON = {"familienname": "Linde", "vornamen": "Amsel", "geburtsdatum": "1992-04-01"}
ADULT = {
    "vorname": "Amsel",
    "alter": 34,
    "erwerbsfaehig": "ja",
    "in_ausbildung": False,
    "bedarf_gedeckt": False,
}
AZ = "33.2-2026-17"


def test_p1_with_a_return_an_escalation_a_withdrawn_consent_and_an_appeal(town: Town) -> None:
    abh, lb, jc, woh = (town.person(f"koeln.{each}") for each in ("abh", "lb", "jc", "woh"))
    _establish_status(abh, lb)
    _prepare_application(lb)

    assert "Deutschkenntnisse\nA2" in jc.handover(AZ).inner_text("main")
    _withdraw_consent(lb)
    offered = jc.handover(AZ).inner_text("main")
    assert "Deutschkenntnisse" not in offered
    assert "Kosten der Unterkunft im Monat" in offered
    assert "liegt bei uns (Sozialamt Köln" in lb.sees(AZ)

    _miss_the_acknowledgement(town)
    jc.accept(AZ)
    assert "liegt bei Jobcenter Köln" in lb.sees(AZ)
    _refuse(jc)
    _appeal(town, jc)
    _grant(town, jc)
    _change_over(jc, lb, woh)
    _look_back(abh, lb, jc, woh)
    assert {person.login: person.troubles for person in town.people.values() if person.troubles} == {}


def _establish_status(abh: Person, lb: Person) -> None:
    abh.start("rechtskreiswechsel", AZ, PERSON | {"quelle": "bamf"})
    title = {"schutzform": "fluechtling", "unanfechtbar": True, "wirksam_am": "2026-03-02"}
    for address in ("Musterweg 1", "Musterweg 2"):
        abh.do(AZ, "Aufenthaltsstatus feststellen", anschrift=address, **title)
        abh.do(AZ, "Wohnsitzregelung prüfen und eintragen", wohnsitz_beschraenkt=False)
        abh.confirm(AZ, "Umstellungszeitpunkt bestimmen")
        if address == "Musterweg 1":
            lb.give_back(AZ, "unvollständig", "Die Anschrift stimmt nicht.")
            assert "zurückgegeben" in abh.sees(AZ)
    lb.accept(AZ)


def _prepare_application(lb: Person) -> None:
    lb.do(
        AZ,
        "Haushalt prüfen, Leistungsende vormerken",
        haushaltsmitglieder=[ADULT],
        leistungsende_asylblg="2026-03-31",
    )
    lb.confirm(AZ, "Künftigen Träger je Person bestimmen")
    lb.do(
        AZ, "Person informieren, Antrag SGB II aufnehmen", antragsdatum="2026-03-02", sprache="ar",
        konto_vorhanden=True, unterkunftskosten="480,00", sprachniveau="a2",
    )  # fmt: skip
    lb.do(
        AZ, "Person über Einwilligung informieren", einwilligung_zweck="Sprachförderung",
        einwilligung_empfaenger=["Jobcenter"], einwilligung_datenarten=["Deutschkenntnisse"],
        folgen_erklaert=True, informiert_am="2026-03-02",
    )  # fmt: skip
    lb.do(AZ, "Erklärung der Person aufnehmen", einwilligung=True, einwilligung_sprache="ar")


def _withdraw_consent(lb: Person) -> None:
    page = lb.case(AZ)
    page.get_by_role("link", name="Einwilligungen der Person").click()
    page.get_by_role("button", name="Widerruf eintragen").click()
    expect(page.locator("#meldung")).to_contain_text("Widerruf")


def _miss_the_acknowledgement(town: Town) -> None:
    """Due after two working days, Wednesday 4 March; then by the rule the team lead, after four more the coordination."""
    coordination = town.person("koeln.koordination")
    assert "Jobcenter Köln" not in coordination.open("/koordination").inner_text("main")
    for day, told in ((5, "Team"), (7, "Teamleitung Jobcenter"), (11, "KIM-Koordination")):
        town.at(3, day)
        row = coordination.open("/koordination").get_by_role("row", name="Jobcenter Köln")
        expect(row).to_contain_text(told)
    expect(row).not_to_contain_text(AZ)
    assert "überfällig" in town.person("koeln.jc.leitung").handover(AZ).inner_text("main")


def _refuse(jc: Person) -> None:
    jc.do(AZ, "Eingang bestätigen, Vollständigkeit prüfen", vollstaendig=True, wohnort_im_bezirk=True)
    jc.confirm(AZ, "Örtliche Zuständigkeit bestimmen")
    jc.do(AZ, "Anspruch prüfen", entscheidung="ablehnen")
    jc.do(AZ, "Pflicht zur Anhörung prüfen", anhoerung_noetig=False, absehen_grund="angaben_person")
    jc.do(AZ, "Bescheid entwerfen", bescheid_art="ablehnung", bescheid_tenor="Abgelehnt.", vier_augen=False)
    jc.do(
        AZ, "Bescheid bekannt geben", bekanntgabe_art="post", aufgabe_zur_post_am="2026-03-11",
        belehrung_beigefuegt=True,
    )  # fmt: skip


def _appeal(town: Town, jc: Person) -> None:
    """Announced on Sunday 15 March, so a month to 15 April; the Widerspruch comes on 20 March."""
    assert "15.04.2026" in jc.sees(AZ)
    town.at(3, 20)
    jc.enter(AZ, "Rechtsbehelf eingegangen")
    jc.do(
        AZ, "Über Rechtsbehelf entscheiden", rechtsbehelf_art="widerspruch", rechtsbehelf_am="2026-03-20",
        rechtsbehelf_ausgang="abgeholfen", rechtsbehelf_erledigt_am="2026-03-20",
    )  # fmt: skip


def _grant(town: Town, jc: Person) -> None:
    """By two persons: one fills in, a colleague signs."""
    step = "Bewilligung bescheiden und bekannt geben"
    jc.fill_in(
        AZ, step, bescheidart="endgueltig", bewilligt_ab="2026-04-01", bewilligt_monate="12", betrag_monat="900",
        erste_auszahlung_am="2026-03-27", aufgabe_zur_post_am="2026-03-20",
    )  # fmt: skip
    town.person("koeln.jc2").sign(AZ, step)


def _change_over(jc: Person, lb: Person, woh: Person) -> None:
    lb.accept(AZ)
    lb.do(
        AZ, "Leistung einstellen, Erstattung anmelden", letzter_tag_asylblg="2026-03-31", erstattung_angemeldet=False
    )  # fmt: skip
    lb.do(
        AZ, "Gesundheitskarte einziehen und abmelden", egk_eingezogen=True, abgemeldet_am="2026-04-01"
    )  # fmt: skip
    woh.accept(AZ)
    woh.do(AZ, "Kostenträger der Unterkunft umstellen", umgestellt_ab="2026-04-01")
    jc.do(
        AZ,
        "Erstgespräch mit Potenzialanalyse führen",
        gespraech_am="2026-03-20",
        naechster_schritt="integrationskurs",
    )
    jc.do(AZ, "Leistungsbeginn an das AZR melden", azr_gemeldet_am="2026-03-20")
    jc.enter(AZ, "Mitgliedsbescheinigung", krankenkasse="Muster", mitglied_seit="2026-04-01")


def _look_back(abh: Person, lb: Person, jc: Person, woh: Person) -> None:
    """Each Stelle sees its own part, who held the case when, and no more."""
    seen = {person: person.sees(AZ) for person in (abh, lb, jc, woh)}
    for said in seen.values():
        assert "Dauer 18 Tage" in said
        assert "Jobcenter Köln:\n9 Tage" in said
    assert "lag bei Jobcenter Köln: 9 Tage" in seen[lb]
    assert {
        person.login for person, said in seen.items() if "Über Rechtsbehelf entscheiden erledigt" in said
    } == {jc.login}
    assert {person.login for person, said in seen.items() if "Kosten der Unterkunft im Monat" in said} == {
        lb.login,
        jc.login,
    }
    assert "Schutzform" not in seen[woh]
    assert "Deutschkenntnisse" not in seen[jc]
    assert "Einwilligung der Person eingetragen oder widerrufen" in seen[jc]
    booklet = jc.case(AZ)
    booklet.get_by_role("link", name="Begleitheft für die Person").click()
    booklet.get_by_label("العربية").check()
    booklet.get_by_role("button", name="Anzeigen").click()
    expect(booklet.locator(".st-sheet [lang=ar]").first).to_be_visible()
    expect(booklet.locator(".st-sheet")).to_contain_text("Eine Einwilligung ist freiwillig.")
