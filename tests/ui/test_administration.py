"""The pages of the administration: who may do what, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from accessible import need_accessible
from people import KOELN, PASSWORD, RHEINE, World, quick_hashes, world
from served import alerts, town
from standstill import FILES
from ui_site import Site

from staffel.api.settings import Settings
from staffel.engine import cases, library
from staffel.ui.app import create_application

__all__ = ["quick_hashes", "town", "world"]

NEW = {
    "name": "Neu Hier",
    "kennung": "neu.hier",
    "kennwort": PASSWORD,
    "rolle": "analyse",
    "stelle": "kommune",
}
NOBODY = "0198c5a0-0000-7000-8000-000000000000"


def account_of(town: World, login: str) -> str:
    return str(town.client(login).me()["account"])


@pytest.mark.parametrize("path", ["", "/stellen", "/zugaenge", "/webhooks", f"/konten/{NOBODY}"])
@pytest.mark.parametrize("login", ["jc.koeln", "prozessdesign.koeln", "koordination.koeln", "revision.koeln"])
def test_only_the_administration_sees_its_pages(town: World, login: str, path: str) -> None:
    assert town.client(login).get(f"/verwaltung{path}").status_code == 403


def test_only_the_administration_changes_anything(town: World) -> None:
    someone, account = town.client("koordination.koeln"), account_of(town, "jc.koeln")
    sent: Mapping[str, Mapping[str, str]] = {
        "/konten": NEW,
        f"/konten/{account}/rolle": {"rolle": "analyse", "stelle": "kommune"},
        f"/konten/{account}/rolle/analyse/entziehen": {},
        f"/konten/{account}/kennwort": {"kennwort": PASSWORD},
        f"/konten/{account}/sperren": {},
        "/stellen": {"name": "Neu", "art": "KI"},
        "/zustaendigkeit": {"zustaendig": f"JC:{town.units[KOELN, 'JC']}"},
        "/zugaenge": {"name": "Neu", "rechte": "work"},
        f"/zugaenge/{NOBODY}/beenden": {},
        "/webhooks": {"name": "Neu", "nachrichten": "Antwort"},
        f"/webhooks/{NOBODY}/beenden": {},
    }
    for path, form in sent.items():
        assert someone.post(f"/verwaltung{path}", data=form).status_code == 403, path


def test_what_belongs_to_another_municipality_does_not_exist(town: World) -> None:
    admin, account = town.client("administration.koeln"), account_of(town, "jc.rheine")
    town.client("administration.rheine").post("/verwaltung/zugaenge", data={"name": "Dort", "rechte": "work"})
    token = town.client("administration.rheine").get("/api/v1/tokens").json()[0]["id"]
    assert admin.get(f"/verwaltung/konten/{account}").status_code == 404
    for path, form in {
        f"/konten/{account}/rolle": {"rolle": "analyse", "stelle": "kommune"},
        f"/konten/{account}/kennwort": {"kennwort": PASSWORD},
        f"/konten/{account}/sperren": {},
        f"/zugaenge/{token}/beenden": {},
        f"/webhooks/{NOBODY}/beenden": {},
    }.items():
        assert admin.post(f"/verwaltung{path}", data=form).status_code == 404, path
    assert "jc.rheine" not in admin.get("/verwaltung").text
    assert "Dort" not in admin.get("/verwaltung/zugaenge").text


def test_a_role_in_a_stelle_of_another_municipality_is_refused_at_the_field(town: World) -> None:
    admin = town.client("administration.koeln")
    page = admin.post("/verwaltung/konten", data=NEW | {"stelle": str(town.units[RHEINE, "JC"])})
    assert page.status_code == 422
    assert alerts(page.text) == ["Stelle: Bitte wählen Sie einen der angebotenen Werte."]
    assert "neu.hier" not in admin.get("/verwaltung").text


def test_an_account_is_created_and_can_sign_in(town: World) -> None:
    unit = str(town.units[KOELN, "JC"])
    admin = town.client("administration.koeln")
    page = admin.post("/verwaltung/konten", data=NEW | {"rolle": "teamleitung", "stelle": unit})
    assert "Das Konto ist angelegt." in page.text
    assert town.client("neu.hier").me()["roles"] == ["teamleitung"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kennung": "jc.koeln"}, "Kennung: Diesen Anmeldenamen gibt es schon."),
        ({"kennung": "  "}, "Kennung: Bitte ausfüllen."),
        ({"kennwort": "zu kurz"}, "Erstes Kennwort: Das Kennwort braucht"),
        ({"rolle": "teamleitung"}, "Stelle: Sachbearbeitung und Teamleitung gehören zu einer Stelle."),
        ({"rolle": "kaiserin"}, "Rolle: Bitte wählen Sie einen der angebotenen Werte."),
        ({"name": "N" * 201}, "Name: Höchstens 200 Zeichen."),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_but_the_password_is_lost(
    town: World, change: Mapping[str, str], fault: str
) -> None:
    page = town.client("administration.koeln").post("/verwaltung/konten", data=NEW | change)
    assert page.status_code == 422
    assert alerts(page.text)[0].startswith(fault)
    assert "aria-invalid" in page.text
    for name in {"name", "kennung"} - change.keys():
        assert f'value="{NEW[name]}"' in page.text
    assert PASSWORD not in page.text


def test_roles_are_given_and_taken(town: World) -> None:
    admin, account = town.client("administration.koeln"), account_of(town, "jc.koeln")
    unit = str(town.units[KOELN, "JC"])
    given = {"rolle": "teamleitung", "stelle": unit}
    assert "Die Rolle ist vergeben." in admin.post(f"/verwaltung/konten/{account}/rolle", data=given).text
    assert town.client("jc.koeln").me()["roles"] == ["sachbearbeitung", "teamleitung"]
    page = admin.post(f"/verwaltung/konten/{account}/rolle/teamleitung/entziehen?stelle={unit}")
    assert "Die Rolle ist entzogen." in page.text
    assert town.client("jc.koeln").me()["roles"] == ["sachbearbeitung"]


def test_nobody_takes_administration_from_oneself_or_closes_the_own_account(town: World) -> None:
    admin, own = town.client("administration.koeln"), account_of(town, "administration.koeln")
    path = f"/verwaltung/konten/{own}"
    assert "Endgültig sperren" not in admin.get(path).text
    assert admin.post(f"{path}/sperren").status_code == 409
    assert admin.post(f"{path}/rolle/administration/entziehen").status_code == 409
    assert admin.get("/verwaltung").status_code == 200


def test_a_new_password_ends_the_sessions(town: World) -> None:
    admin, worker = town.client("administration.koeln"), town.client("jc.koeln")
    path = f"/verwaltung/konten/{account_of(town, 'jc.koeln')}/kennwort"
    assert admin.post(path, data={"kennwort": "kurz"}).status_code == 422
    assert worker.get("/api/v1/auth/me").status_code == 200
    assert "Das neue Kennwort gilt" in admin.post(path, data={"kennwort": "noch ein langer Satz"}).text
    assert worker.get("/api/v1/auth/me").status_code == 401
    town.client().sign_in("jc.koeln", "noch ein langer Satz")


def test_a_closed_account_is_out_at_once(town: World) -> None:
    admin, worker = town.client("administration.koeln"), town.client("jc.koeln")
    account = account_of(town, "jc.koeln")
    assert "Das Konto ist gesperrt." in admin.post(f"/verwaltung/konten/{account}/sperren").text
    assert worker.get("/api/v1/auth/me").status_code == 401
    assert "Niemand kann sich damit anmelden" in admin.get(f"/verwaltung/konten/{account}").text


def test_the_secret_of_a_token_is_shown_once_and_opens_the_api(town: World) -> None:
    admin = town.client("administration.koeln")
    made = admin.post("/verwaltung/zugaenge", data={"name": "Fachverfahren", "rechte": ["work", "messages"]})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    secret = re.findall(r"staffel_[\w-]{40,}", made.text)
    assert len(secret) == 1
    program = town.client()
    program.headers["authorization"] = f"Bearer {secret[0]}"
    assert program.get("/api/v1/auth/me").json()["scopes"] == ["messages", "work"]
    again = admin.get("/verwaltung/zugaenge")
    assert "Fachverfahren" in again.text
    assert secret[0] not in again.text


def test_a_webhook_is_made_on_its_page_once_the_operator_has_set_a_key(town: World) -> None:
    new = {"name": "Fachverfahren", "nachrichten": "Antwort\r\n Bescheid \r\n\r\nAntwort"}
    waiting = town.client("administration.koeln").get("/verwaltung/webhooks").text
    assert "STAFFEL_SECRET_KEY" in waiting
    assert 'name="nachrichten"' not in waiting
    refused = town.client("administration.koeln").post("/verwaltung/webhooks", data=new)
    assert refused.status_code == 422
    assert "STAFFEL_SECRET_KEY" in refused.text
    assert "Bescheid" in refused.text

    town.app = create_application(
        Settings(secret_key="k" * 32), database=town.database, clock=lambda: town.now
    )
    admin = town.client("administration.koeln")
    long = admin.post("/verwaltung/webhooks", data=new | {"nachrichten": "x" * 201})
    assert (long.status_code, len(alerts(long.text))) == (422, 1)
    made = admin.post("/verwaltung/webhooks", data=new)
    assert made.status_code == 201
    assert "whsec_" in made.text
    (hook,) = admin.get("/api/v1/webhooks").json()
    assert hook["messages"] == ["Antwort", "Bescheid"]
    shown = admin.get("/verwaltung/webhooks").text
    assert f"/api/v1/hooks/{hook['id']}" in shown
    assert "whsec_" not in shown
    admin.post(f"/verwaltung/webhooks/{hook['id']}/beenden")
    assert admin.get("/api/v1/webhooks").json()[0]["ended_at"]


def test_an_ended_token_opens_nothing(town: World) -> None:
    admin, program = town.client("administration.koeln"), town.token("work")
    token = admin.get("/api/v1/tokens").json()[0]["id"]
    assert "beendet" in admin.post(f"/verwaltung/zugaenge/{token}/beenden").text
    assert program.get("/api/v1/auth/me").status_code == 401


def test_a_token_is_valid_to_the_end_of_its_day(town: World) -> None:
    admin = town.client("administration.koeln")
    admin.post("/verwaltung/zugaenge", data={"name": "Fachverfahren", "rechte": "work", "bis": "2026-11-03"})
    assert admin.get("/api/v1/tokens").json()[0]["expires_at"].startswith("2026-11-03T23:00:00")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rechte": []}, "Rechte: Bitte ausfüllen."),
        ({"rechte": "alles"}, "Rechte: Bitte wählen Sie einen der angebotenen Werte."),
        (
            {"rolle": "teamleitung"},
            "Rolle in dieser Stelle: Ein Maschinenzugang hat eine Stelle und eine Rolle",
        ),
        ({"bis": "2026-11-01"}, "Gilt bis einschließlich: Der Tag liegt in der Vergangenheit."),
        ({"bis": "9999-12-31"}, "Gilt bis einschließlich: Erwartet wird ein Datum."),
    ],
)
def test_a_token_that_does_not_fit_is_not_made(town: World, change: dict[str, Any], fault: str) -> None:
    admin = town.client("administration.koeln")
    page = admin.post("/verwaltung/zugaenge", data={"name": "Fachverfahren", "rechte": "work"} | change)
    assert page.status_code == 422
    assert alerts(page.text)[0].startswith(fault)
    assert 'value="Fachverfahren"' in page.text
    assert admin.get("/api/v1/tokens").json() == []


def test_a_new_stelle_serves_its_municipality_at_once(town: World) -> None:
    admin = town.client("administration.koeln")
    page = admin.post("/verwaltung/stellen", data={"name": "KI Köln", "kurz": "KI", "art": "KI"})
    assert "Die Stelle ist angelegt." in page.text
    served = admin.get(f"/api/v1/municipalities/{KOELN}/competences").json()
    assert {"KI"} <= {each["kind"] for each in served}


def test_a_stelle_of_an_unknown_kind_is_refused(town: World) -> None:
    page = town.client("administration.koeln").post(
        "/verwaltung/stellen", data={"name": "Hof", "art": "PERS"}
    )
    assert page.status_code == 422
    assert alerts(page.text) == ["Stellenart: Bitte wählen Sie einen der angebotenen Werte."]
    assert 'value="Hof"' in page.text


def test_a_stelle_of_another_municipality_becomes_competent(town: World) -> None:
    admin, unit = town.client("administration.koeln"), town.units[RHEINE, "JC"]
    page = admin.post("/verwaltung/zustaendigkeit", data={"zustaendig": f"JC:{unit}"})
    assert "Die Zuständigkeit ist eingetragen." in page.text
    assert "JC Rheine" in page.text
    wrong = admin.post("/verwaltung/zustaendigkeit", data={"zustaendig": f"ABH:{unit}"})
    assert wrong.status_code == 422


@pytest.fixture(scope="module")
def administered(site: Site) -> Site:
    """The installation with a case that stands still."""
    version = site.upload(FILES)
    site.do("design", library.put_in_force, version_id=version)
    case = site.do("cm", cases.start_case, process_key="stillstand", reference="B-1")
    site.do("cm", cases.claim_task, task_id=site.task(case))
    site.do("cm", cases.complete_task, task_id=site.task(case), values={"betrag": 120})
    return site


LOOKS = [
    *[("admin", path) for path in ("/verwaltung", "konto", "/verwaltung/stellen", "/verwaltung/zugaenge")],
    *[("cm", path) for path in ("/stoerungen", "/stoerungen?stand=alle", "stoerung")],
]


def _open(page: Any, path: str) -> None:
    page.goto({"konto": "/verwaltung", "stoerung": "/stoerungen"}.get(path, path))
    if path in {"konto", "stoerung"}:
        page.locator("tbody a").first.click()
    for fold in page.locator("main details:not([open]) > summary").all():
        fold.click()


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("login", "path"), LOOKS)
def test_page_is_accessible_and_fits_a_narrow_screen(
    visitor: Any, administered: Site, login: str, path: str
) -> None:
    someone = visitor(login)
    _open(someone.page, path)
    need_accessible(someone.page)
    someone.page.set_viewport_size({"width": 320, "height": 640})
    assert someone.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert someone.troubles == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_an_account_is_made_by_keyboard_without_script(visitor: Any, administered: Site) -> None:
    page = visitor("admin", java_script_enabled=False).page
    page.goto("/verwaltung")
    page.focus("#feld-name")
    for typed in ("Tastatur Muster", "tastatur", PASSWORD, "Analyse", "ganze"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#meldung .kern-alert")
    assert "Das Konto ist angelegt." in page.inner_text("#meldung")
    assert "tastatur" in page.inner_text("table")


def test_the_landing_page_of_an_administrator_says_what_is_missing_before_the_first_case(town: World) -> None:
    admin = town.client("administration.koeln")
    page = admin.get("/").text

    steps = re.findall(r'<a class="kern-link" href="([^"]+)">([^<]+)</a></li>', page)
    assert ("/modelle", "Ein Modell hochladen und in Kraft setzen") in steps
    assert page.count("st-badge--success") == 2  # Stellen and caseworkers are there

    town.deploy(FILES)
    assert "Einrichtung" not in admin.get("/verwaltung").text
