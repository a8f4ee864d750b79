"""Agreements by API: read, signed by who leads the Stelle, wanted by the municipality."""

from __future__ import annotations

import re
from io import BytesIO

from models import RELAY_FILES
from people import BEGIN, KOELN, PASSWORD, Client, World
from pypdf import PdfReader

from staffel.engine import accounts
from staffel.engine.actor import Role


def leader(world: World, kind: str) -> Client:
    world.database.run(
        accounts.create_account, now=BEGIN, municipality=KOELN, login=f"leitung.{kind}", name="Kim Linde",
        password=PASSWORD, roles=[(Role.TEAMLEITUNG, world.units[KOELN, kind])],
    )  # fmt: skip
    return world.client(f"leitung.{kind}")


def test_a_case_starts_when_all_who_hand_over_have_signed(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    admin, abh = world.client("administration.koeln"), world.client("abh.koeln")
    wanted = admin.put("/api/v1/municipalities/05315000/agreements", json={"needed": True})
    assert wanted.json() == {"needed": True}
    refused = abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not-agreed")

    found = abh.get(f"/api/v1/agreements/{version}").json()
    assert not found["is_complete"]
    assert {rule["active"] for rule in found["rules"]} == {False}
    for party in found["parties"]:
        lead = leader(world, party["kind"])
        assert not any(each["may_sign"] for each in found["parties"])
        body = {"unit_id": party["unit_id"], "signatory": "Kim Linde, Leitung"}
        assert abh.post(f"/api/v1/agreements/{version}/signatures", json=body).status_code == 403
        signed = lead.post(f"/api/v1/agreements/{version}/signatures", json=body)
        assert signed.status_code == 200, signed.text

    (listed,) = abh.get("/api/v1/agreements").json()
    assert listed["is_complete"]
    assert abh.post("/api/v1/cases", json={"process": "relay", "reference": "AZ-1"}).status_code == 201


def test_a_withdrawal_has_a_reason_and_only_the_own_municipality_is_set(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    jc = leader(world, "JC")
    (unit,) = [
        each["unit_id"]
        for each in jc.get(f"/api/v1/agreements/{version}").json()["parties"]
        if each["may_sign"]
    ]
    jc.post(f"/api/v1/agreements/{version}/signatures", json={"unit_id": unit, "signatory": "Kim Linde"})
    without = jc.post(f"/api/v1/agreements/{version}/withdrawals", json={"unit_id": unit, "reason": ""})
    withdrawn = jc.post(
        f"/api/v1/agreements/{version}/withdrawals", json={"unit_id": unit, "reason": "Zu weit"}
    )
    elsewhere = world.client("administration.koeln").put(
        "/api/v1/municipalities/05566076/agreements", json={"needed": True}
    )

    assert (without.status_code, without.json()["code"]) == (422, "reason-missing")
    assert withdrawn.json()["signed"] == 0
    assert elsewhere.status_code == 403


def test_the_annex_on_paper_says_all_that_was_agreed(world: World) -> None:
    rule = """
- id: R1
  version: 1.2.0
  fluss: f2
  absender: {stelle: ABH, team: "Team 2"}
  empfaenger: {stelle: JC, vertretung: "Eingangszone", funktionspostfach: ja}
  ausloeser: {bedingung: "name != null"}
  datensatz: [{feld: name, sensibilitaet: sozialdaten}, {feld: ab, pflicht: nein}]
  fristen: {ergebnis: {bis: ab, art: soll}}
  warme_uebergabe: empfohlen
  loeschung_nach: 3T
  protokollierung: {inhalt: Zeitpunkte, aufbewahrung: 3J}
"""
    flow = re.sub(
        rb"<extensionElements>\s*<staffel:handover>.*?</extensionElements>",
        b"",
        RELAY_FILES["relay.bpmn"],
        flags=re.S,
    )
    version = world.deploy(RELAY_FILES | {"relay.bpmn": flow, "uebergaben.yaml": rule.encode()})
    answer = leader(world, "JC").get(f"/api/v1/agreements/{version}/annex.pdf")
    said = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split()
    )
    for told in (
        "nicht zwingend: Gültig ab", "Sozialdaten (§ 67 SGB X): Name", "nur wenn: name != null",
        "gemeinsames Gespräch mit der Person: empfohlen", "nach: 3 Tage", "Team der abgebenden Stelle: Team 2",
        "Vertretung: Eingangszone", "Funktionspostfach: ja", "Fassung der Regel: 1.2.0", "Aufbewahrung der Protokolle: 3J",
    ):  # fmt: skip
        assert told in said, told


def test_the_annex_on_paper_names_the_rules_and_the_hash_on_every_page(world: World) -> None:
    version = world.deploy(RELAY_FILES)
    jc = leader(world, "JC")
    (unit,) = [
        each["unit_id"]
        for each in jc.get(f"/api/v1/agreements/{version}").json()["parties"]
        if each["may_sign"]
    ]
    hostile = "Kim *Linde* #panic() $x$"
    jc.post(f"/api/v1/agreements/{version}/signatures", json={"unit_id": unit, "signatory": hostile})
    answer = jc.get(f"/api/v1/agreements/{version}/annex.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages]
    assert len(pages) >= 2
    digest = jc.get(f"/api/v1/models/{version}").json()["digest"]
    assert all(digest in page for page in pages)
    said = " ".join(" ".join(pages).split())
    assert "Antrag prüfen → Bescheid erstellen" in said
    assert "Das Modell enthält keine Entscheidungen." in said
    assert hostile in said
    assert "in Staffel gezeichnet" in said
    english = PdfReader(
        BytesIO(jc.get(f"/api/v1/agreements/{version}/annex.pdf", params={"language": "en"}).content)
    )
    told = " ".join(" ".join(page.extract_text() for page in english.pages).split())
    assert "What is signed is the German text" in told
    assert "Receipt: 2 working days" in told
    assert "Suspension: receiving Stelle" in told
    elsewhere = world.client("jc.rheine").get(
        f"/api/v1/agreements/{version}/annex.pdf", params={"municipality": KOELN}
    )
    assert elsewhere.status_code == 404
