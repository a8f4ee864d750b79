"""The own choice of notices by mail, by API and on the page."""

from __future__ import annotations

import pytest
from people import World

from staffel.ui.app import create_application


def test_a_person_chooses_and_others_are_untouched(both_worlds: World) -> None:
    abh, jc = both_worlds.client("abh.koeln"), both_worlds.client("jc.koeln")
    chosen = {"address": "a@stadt.example", "choice": "daily"}
    assert abh.put("/api/v1/mail", json=chosen).json() == chosen
    assert abh.get("/api/v1/mail").json() == chosen
    assert jc.get("/api/v1/mail").json() == {"address": "", "choice": "none"}


@pytest.mark.parametrize("address", ["", "keine", "a@b.de\nBcc: x@y.de"])
def test_a_faulty_address_is_refused(world: World, address: str) -> None:
    answer = world.client("abh.koeln").put("/api/v1/mail", json={"address": address, "choice": "each"})
    assert (answer.status_code, answer.json()["code"]) == (422, "mail-address")


def test_programs_get_no_mail(world: World) -> None:
    assert world.token("cases").get("/api/v1/mail").status_code == 403


def test_the_page_keeps_what_was_typed_and_then_the_choice(world: World) -> None:
    world.serve(create_application)
    abh = world.client("abh.koeln")
    token = {"csrf_token": abh.me()["csrf_token"]}
    refused = abh.post("/konto/mail", data={"wann": "each", "adresse": "keine Adresse"} | token)
    assert refused.status_code == 422
    assert "keine Adresse" in refused.text
    kept = abh.post("/konto/mail", data={"wann": "each", "adresse": "a@stadt.example"} | token)
    assert kept.status_code == 200
    assert 'value="each" checked' in kept.text
    assert 'value="a@stadt.example"' in kept.text
