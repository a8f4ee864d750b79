"""P1 from end to end through the kernel: the main path, both returns, bridging, other agencies, the local variant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from reference_walk import Walk, bundle

from staffel.engine.kernel import CommandRefused
from staffel.engine.play import Player

ADULT = {
    "vorname": "Amsel",
    "alter": 34,
    "erwerbsfaehig": "ja",
    "in_ausbildung": False,
    "bedarf_gedeckt": False,
}
CHILD = {**ADULT, "vorname": "Fink", "alter": 7, "erwerbsfaehig": "nein"}
OLD = {**ADULT, "vorname": "Star", "alter": 70, "erwerbsfaehig": "nein"}
PERSON = {"familienname": "Linde", "vornamen": "Amsel", "geburtsdatum": "1992-04-01"}


def begun(key: str = "rechtskreiswechsel", **status: Any) -> Walk:
    """A case at the immigration office with the status established."""
    walk = Walk(key)
    walk.start(**PERSON, quelle="bamf")
    given = {"schutzform": "fluechtling", "unanfechtbar": True, "wirksam_am": "2026-03-10"} | status
    walk.do("Aufgabe_Status", **PERSON, anschrift="Musterweg 1", **given)
    walk.do("Aufgabe_Wohnsitz", wohnsitz_beschraenkt=False)
    walk.player.complete("Entscheidung_Umstellung")
    return walk


def at_household(members: list[dict[str, Any]], key: str = "rechtskreiswechsel") -> Walk:
    """A case whose household has been looked at, every agency confirmed."""
    walk = begun(key)
    walk.accept("Fluss_ABH_LB_Status")
    walk.do("Aufgabe_Haushalt", haushaltsmitglieder=members, leistungsende_asylblg="2026-03-31")
    for _ in members:
        walk.player.complete("Entscheidung_Traeger")
    return walk


def apply(walk: Walk) -> None:
    walk.do(
        "Aufgabe_Antrag", antragsdatum="2026-01-05", sprache="ar", konto_vorhanden=True, unterkunftskosten=480
    )


def at_jobcentre(members: list[dict[str, Any]] | None = None) -> Walk:
    """A case that the jobcentre has taken over and found complete and its own."""
    walk = at_household(members or [ADULT, CHILD])
    apply(walk)
    walk.accept("Fluss_LB_JC_Antrag")
    walk.do("Aufgabe_Vollstaendig", vollstaendig=True, wohnort_im_bezirk=True)
    walk.player.complete("Entscheidung_Zustaendigkeit")
    return walk


def grant(walk: Walk, first_payment: str = "2026-03-27") -> None:
    walk.do(
        "Aufgabe_Bescheid",
        bescheidart="endgueltig",
        bewilligt_ab="2026-04-01",
        bewilligt_monate="12",
        erste_auszahlung_am=first_payment,
        aufgabe_zur_post_am="2026-03-20",
    )


def finish(walk: Walk) -> None:
    """Everything that follows the grant in parallel."""
    walk.accept("Fluss_JC_LB_Rueckmeldung", "Fluss_JC_WOH_Kosten")
    walk.do("Aufgabe_Einstellung", letzter_tag_asylblg="2026-03-31", erstattung_angemeldet=False)
    walk.do("Aufgabe_eGK", egk_eingezogen=True, abgemeldet_am="2026-04-01")
    walk.do("Aufgabe_Kosten", umgestellt_ab="2026-04-01")
    walk.do("Aufgabe_Erstgespraech", gespraech_am="2026-04-02", naechster_schritt="integrationskurs")
    walk.do("Aufgabe_AZR", azr_gemeldet_am="2026-04-02")
    walk.player.send("Mitgliedsbescheinigung", {"krankenkasse": "Muster", "mitglied_seit": date(2026, 4, 1)})


def test_main_path_ends_without_a_gap() -> None:
    walk = at_jobcentre()
    walk.do("Aufgabe_Anspruch", entscheidung="bewilligen")
    grant(walk)
    finish(walk)
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_Lueckenlos"}
    assert walk.value("leistungsende_asylblg") == date(2026, 3, 31)
    assert walk.value("traeger_je_person") == ["JC", "JC"]
    gaps = ("anspruchsluecke_tage", "zahlungsluecke_tage", "versicherungsluecke_tage")
    assert [walk.value(name) for name in gaps] == [0, 0, 0]


def test_late_payment_shows_as_gap() -> None:
    walk = at_jobcentre()
    walk.do("Aufgabe_Anspruch", entscheidung="bewilligen")
    grant(walk, first_payment="2026-04-08")
    finish(walk)
    assert walk.ends == {"Ende_Luecke"}
    assert walk.value("zahlungsluecke_tage") == 7


def test_what_changes_only_after_18_months_comes_back_on_the_day_that_the_law_gives() -> None:
    walk = begun(schutzform="par_25_5", monate_seit_aussetzung=12, unanfechtbar=False)
    state = walk.case.state
    days = [state.values(key).get("wiedervorlage_am") for key in state.places]
    assert date(2026, 7, 5) in days  # six months after 5 January
    assert walk.waiting == {"Aufruf_Wiedervorlage/Aufgabe_Vormerken"}


def test_without_change_of_regime_benefits_go_on() -> None:
    walk = begun(schutzform="duldung")
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_AsylbLG"}


@pytest.mark.parametrize("message", ["BAMF-Entscheidung", "Bescheid vorgelegt"])
def test_case_also_begins_by_message(message: str) -> None:
    walk = Walk("rechtskreiswechsel")
    assert walk.player.send(message, PERSON)
    assert walk.waiting == {"Aufgabe_Status"}


def test_jobcentre_returns_what_is_incomplete_and_the_date_of_application_survives() -> None:
    walk = at_household([ADULT])
    apply(walk)
    walk.give_back("Fluss_LB_JC_Antrag", "unvollstaendig")
    assert walk.waiting == {"Aufgabe_Antrag"}
    assert walk.value("antragsdatum") == date(2026, 1, 5)
    apply(walk)
    walk.accept("Fluss_LB_JC_Antrag")
    assert walk.waiting == {"Aufgabe_Vollstaendig"}


def test_after_two_returns_a_case_conference_follows() -> None:
    walk = at_household([ADULT])
    for _ in range(2):
        apply(walk)
        walk.give_back("Fluss_LB_JC_Antrag", "unvollstaendig")
    apply(walk)
    walk.give_back("Fluss_LB_JC_Antrag", "unzustaendig_oertlich")
    walk.accept("Fluss_LB_CM_Einzelfall")
    assert walk.value("traeger_je_person") == ["JC"]
    confer(walk, "zweite_rueckgabe")
    assert walk.waiting == {"Aufgabe_Antrag"}
    assert walk.value("konferenz_ergebnis") == "Das Jobcenter leistet."


def confer(walk: Walk, occasion: str, put_off: bool = False) -> None:
    """The conference that the Case Management holds, anonymously, with the jobcentre; first `put_off` where it is."""
    call = "Aufruf_Fallkonferenz/"
    walk.player.complete(call + "Entscheidung_Anlass")
    state = walk.case.state
    assert occasion in [state.values(key).get("konferenz_anlass") for key in state.places]
    walk.do(call + "Aufgabe_Zulaessigkeit", zulaessig=True, beratung="anonym", teilnehmende=["JC"])
    told = {"person_informiert_am": "2026-01-12", "person_nimmt_teil": "ja"}
    walk.do(call + "Aufgabe_Einladung", konferenz_termin="2026-02-02", **told)
    walk.accept(call + "Fluss_CM_JC_Einladung")
    walk.do(call + "Aufgabe_Beitrag_JC", kurzbericht="Der Ort liegt im Nachbarkreis.")
    if put_off:
        walk.do(call + "Aufgabe_Konferenz", konferenz_verlauf="vertagt")
        return confer(walk, occasion)
    walk.do(call + "Aufgabe_Konferenz", konferenz_verlauf="stattgefunden", konferenz_am="2026-02-02")
    agreed = [{"stelle": "JC", "aufgabe": "Antrag annehmen", "bis": "2026-02-09"}]
    walk.do(call + "Aufgabe_Protokoll", konferenz_ergebnis="Das Jobcenter leistet.", absprachen=agreed)
    walk.do(call + "Aufgabe_Struktur", strukturthema=False)  # what was agreed this case itself follows up


def test_return_without_a_reason_of_the_rule_is_refused() -> None:
    walk = at_household([ADULT])
    apply(walk)
    with pytest.raises(CommandRefused, match="unvollstaendig"):
        walk.give_back("Fluss_LB_JC_Antrag", "keine_lust")


def test_asylum_benefits_office_returns_the_status_message() -> None:
    walk = begun()
    walk.give_back("Fluss_ABH_LB_Status", "unvollstaendig")
    assert walk.waiting == {"Aufgabe_Status"}


def test_only_the_fields_of_the_rule_travel_and_language_level_only_with_consent() -> None:
    sent = [_offered(walk.player, "Fluss_LB_JC_Antrag") for walk in map(_with_consent, (False, True))]
    assert "sprachniveau" not in sent[0]
    assert sent[1]["sprachniveau"] == "a2"
    assert not {"quelle", "umstellung_hinweis", "nachweis"} & set(sent[1])


def _with_consent(given: bool) -> Walk:
    walk = at_household([ADULT])
    told = {"antragsdatum": "2026-01-05", "sprache": "ar", "konto_vorhanden": True, "sprachniveau": "a2"}
    walk.do("Aufgabe_Antrag", **told)
    asked = {"einwilligung_zweck": "Sprachförderung", "einwilligung_empfaenger": ["Jobcenter"]}
    kinds = {"einwilligung_datenarten": ["Deutschkenntnisse"], "informiert_am": "2026-01-05"}
    walk.do("Aufruf_Einwilligung/Aufgabe_Information", **asked, **kinds, folgen_erklaert=True)
    walk.do("Aufruf_Einwilligung/Aufgabe_Erklaerung", einwilligung=given)
    if not given:
        walk.do("Aufruf_Einwilligung/Aufgabe_Ohne_Einwilligung", weg_ohne_einwilligung="begleitheft")
    return walk


def _offered(player: Player, flow: str) -> Any:
    return next(
        e.event.data
        for e in player.trace
        if getattr(e.event, "flow", "") == flow and hasattr(e.event, "data")
    )


def test_missing_documents_are_requested_and_the_case_goes_on_with_them() -> None:
    walk = at_household([ADULT])
    apply(walk)
    walk.accept("Fluss_LB_JC_Antrag")
    walk.do(
        "Aufgabe_Vollstaendig",
        vollstaendig=False,
        fehlende_unterlagen=["Mietvertrag"],
        wohnort_im_bezirk=True,
    )
    ask, receive = "Aufruf_Nachforderung/Aufgabe_Anfordern", "Aufruf_Nachforderung/Aufgabe_Eingang"
    walk.do(ask, fehlende_unterlagen=["Mietvertrag"], angefordert_am="2026-01-05")
    walk.do(receive, unterlagen_vollstaendig=True, nachgereicht_am="2026-01-12")
    assert walk.waiting == {"Entscheidung_Zustaendigkeit"}


def test_while_documents_are_asked_for_the_promised_result_stands_still() -> None:
    handover = (
        bundle("rechtskreiswechsel").programs["rechtskreiswechsel"].flows["Fluss_LB_JC_Antrag"].handover
    )
    assert handover is not None
    assert handover.result_paused_by == {"Aufruf_Nachforderung"}


def test_jobcentre_that_is_not_competent_forwards_the_application() -> None:
    walk = at_household([ADULT])
    apply(walk)
    walk.accept("Fluss_LB_JC_Antrag")
    walk.do("Aufgabe_Vollstaendig", vollstaendig=True, wohnort_im_bezirk=False)
    walk.player.complete("Entscheidung_Zustaendigkeit")
    walk.do("Aufgabe_Abgabe", zustaendiges_jobcenter="Jobcenter Kreis Steinfurt", abgegeben_am="2026-01-12")
    assert walk.ends == {"Ende_Abgabe"}


def test_end_of_benefits_interrupts_the_examination_and_bridges_first() -> None:
    walk = at_jobcentre()
    walk.player.pass_time(timedelta(days=85))  # to 31 March
    assert "Aufgabe_Anspruch" in walk.waiting
    walk.player.pass_time(timedelta(days=1))
    assert "Aufgabe_Anspruch" not in walk.waiting
    walk.do("Aufgabe_Ueberbrueckung", art_ueberbrueckung="vorschuss", ueberbrueckt_am="2026-04-01")
    assert "Aufgabe_Bescheid" in walk.waiting


def refused() -> Walk:
    """The jobcentre has heard the person and sent the refusal on 5 January."""
    walk = at_jobcentre()
    walk.do("Aufgabe_Anspruch", entscheidung="ablehnen")
    walk.do("Aufruf_Anhoerung/Aufgabe_Pflicht", anhoerung_noetig=True)
    heard = {"beabsichtigte_entscheidung": "Ablehnung", "erhebliche_tatsachen": "Kein Bedarf."}
    walk.do("Aufruf_Anhoerung/Aufgabe_Anhoerung", **heard, anhoerung_zur_post_am="2026-01-05")
    walk.do("Aufruf_Anhoerung/Aufgabe_Stellungnahme", stellungnahme="Nein.", stellungnahme_am="2026-01-05")
    walk.do(
        "Aufruf_Anhoerung/Aufgabe_Wuerdigung", anhoerung_ergebnis="festhalten", wuerdigung="Kein Nachweis."
    )
    drafted = {"bescheid_art": "ablehnung", "bescheid_tenor": "Abgelehnt.", "vier_augen": False}
    walk.do("Aufruf_Ablehnung/Aufgabe_Entwurf", **drafted)
    sent = {"bekanntgabe_art": "post", "aufgabe_zur_post_am": "2026-01-05", "belehrung_beigefuegt": True}
    walk.do("Aufruf_Ablehnung/Aufgabe_Versand", **sent)
    return walk


def test_refusal_ends_the_case_when_nobody_appeals() -> None:
    walk = refused()
    walk.player.pass_time(timedelta(days=35))  # announced on 9 January, a month: to Monday 9 February
    assert "Ende_Abgelehnt" not in walk.ends
    walk.player.pass_time(timedelta(days=1))
    assert "Ende_Abgelehnt" in walk.ends


def test_a_successful_appeal_leads_to_the_grant() -> None:
    walk = refused()
    assert walk.player.send("Rechtsbehelf eingegangen", {})
    appeal = {"rechtsbehelf_art": "widerspruch", "rechtsbehelf_am": "2026-01-20"}
    done = {"rechtsbehelf_ausgang": "abgeholfen", "rechtsbehelf_erledigt_am": "2026-02-20"}
    walk.do("Aufruf_Ablehnung/Aufgabe_Rechtsbehelf", **appeal, **done)
    assert walk.waiting == {"Aufgabe_Bescheid"}
    assert "Ende_Abgelehnt" not in walk.ends


def test_mixed_household_goes_to_two_agencies_at_once() -> None:
    walk = at_household([ADULT, OLD])
    assert walk.waiting == {"Aufgabe_Antrag", "Aufgabe_Andere"}
    forward(walk, "soz")
    assert walk.waiting == {"Aufgabe_Antrag", "Fluss_LB_SOZ_Angehoerige"}
    walk.accept("Fluss_LB_SOZ_Angehoerige")
    assert responsible(walk) == "LB"  # only asked: the case stays, for the others go to the jobcentre
    walk.do("Aufgabe_SOZ", sozialhilfe_aufgenommen_am="2026-01-07", person_unterrichtet=True)
    apply(walk)
    walk.accept("Fluss_LB_JC_Antrag")
    assert responsible(walk) == "JC"


def forward(walk: Walk, agency: str) -> None:
    day = {"antragsdatum_wirksam": "2026-01-05", "weitergeleitet_am": "2026-01-06"}
    walk.do("Aufgabe_Andere", anderer_traeger=agency, antragstellende=["Star Linde"], **day)


def responsible(walk: Walk) -> str | None:
    return walk.case.state.responsible


def test_an_application_forwarded_to_social_assistance_takes_the_case_along_and_keeps_its_date() -> None:
    walk = at_household([OLD])
    forward(walk, "soz")
    assert _offered(walk.player, "Fluss_LB_SOZ_Weiterleitung")["antragsdatum_wirksam"] == date(2026, 1, 5)
    walk.accept("Fluss_LB_SOZ_Weiterleitung")
    assert responsible(walk) == "SOZ"
    walk.do("Aufgabe_SOZ", sozialhilfe_aufgenommen_am="2026-01-07", person_unterrichtet=True)
    assert walk.ends == {"Ende_SOZ"}


def test_an_application_for_an_agency_outside_the_chain_ends_with_the_step() -> None:
    walk = at_household([{**ADULT, "in_ausbildung": True}])
    forward(walk, "bafoeg")
    assert walk.ends == {"Ende_Andere"}


def test_household_without_needs_ends_with_the_asylum_benefits_office() -> None:
    walk = at_household([{**ADULT, "bedarf_gedeckt": True}])
    assert walk.ends == {"Ende_Kein_Bedarf"}


def test_unclear_case_is_settled_in_a_conference() -> None:
    walk = at_household([{**ADULT, "erwerbsfaehig": "unklar"}])
    walk.accept("Fluss_LB_CM_Einzelfall")
    confer(walk, "anregung", put_off=True)
    assert walk.waiting == {"Aufgabe_Antrag"}


def test_case_management_is_asked_20_working_days_before_the_end_of_benefits() -> None:
    walk = at_household([ADULT])
    (timer,) = walk.player.waiting("Frist_Antrag")
    assert timer.due is not None
    assert timer.due.date() == date(2026, 3, 3)  # 20 working days before Tuesday 31.03.2026
    walk.player.pass_time(timedelta(days=58))
    assert walk.waiting == {"Aufgabe_Antrag", "Fluss_LB_CM_Hilfe"}
    walk.accept("Fluss_LB_CM_Hilfe")
    walk.do("Aufgabe_Aufsuchen", kontakt="antrag_gestellt")
    assert walk.waiting == {"Aufgabe_Antrag"}


def test_without_a_choice_of_health_fund_the_jobcentre_registers_after_two_weeks() -> None:
    walk = at_jobcentre()
    walk.do("Aufgabe_Anspruch", entscheidung="bewilligen")
    grant(walk)
    walk.player.pass_time(timedelta(days=15))
    assert walk.player.waiting("Warten_Bescheinigung") == []
    walk.do("Aufgabe_Kasse", krankenkasse="Muster-Krankenkasse", mitglied_seit="2026-04-01")


def test_person_moves_away_and_everything_else_stops() -> None:
    walk = at_jobcentre()
    assert walk.player.send("Wegzug gemeldet", {"neuer_ort": "Rheine"})
    assert walk.waiting == {"Aufgabe_Wegzug"}
    walk.move_away("Rheine", "Jobcenter Kreis Steinfurt")
    assert walk.case.ended == "completed"
    assert walk.ends == {"Ende_Verzogen"}


@pytest.mark.parametrize("consent", [True, False])
def test_variant_case_management_prepares_with_consent_and_the_office_without(consent: bool) -> None:
    walk = at_household([ADULT], "rechtskreiswechsel-muenster")
    walk.do("Aufgabe_Einwilligung", einwilligung=consent)
    if consent:
        walk.accept("Fluss_LB_CM_Auftrag")
    prepared = ("Aufgabe_Antrag", "Fluss_CM_JC_Antrag")
    task, flow = prepared if consent else ("Aufgabe_Antrag_LB", "Fluss_LB_JC_Antrag")
    walk.do(task, antragsdatum="2026-01-05", sprache="uk", konto_vorhanden=True)
    walk.accept(flow)
    walk.do("Aufgabe_Vollstaendig", vollstaendig=True, wohnort_im_bezirk=True)
    walk.player.complete("Entscheidung_Zustaendigkeit")
    walk.do("Aufgabe_Anspruch", entscheidung="bewilligen")
    grant(walk)
    finish(walk)
    assert walk.waiting == {"Aufgabe_Endgueltig"}
    walk.do("Aufgabe_Endgueltig", endgueltig_am="2026-05-04", endgueltig_ergebnis="bestaetigt")
    assert walk.ends == {"Ende_Lueckenlos"}


def test_variant_returns_to_whoever_prepared_the_application() -> None:
    walk = at_household([ADULT], "rechtskreiswechsel-muenster")
    walk.do("Aufgabe_Einwilligung", einwilligung=True)
    walk.accept("Fluss_LB_CM_Auftrag")
    walk.do("Aufgabe_Antrag", antragsdatum="2026-01-05", sprache="uk", konto_vorhanden=True)
    walk.give_back("Fluss_CM_JC_Antrag", "unvollstaendig")
    assert walk.waiting == {"Aufgabe_Antrag"}
