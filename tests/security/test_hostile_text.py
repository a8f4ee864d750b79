"""Markup, templates and formulas in names and values are text: in pages, in answers, in the log."""

from __future__ import annotations

import json
import logging
from html import unescape
from xml.sax.saxutils import escape, quoteattr

import pytest
from models import FORMS, RELAY
from people import Client, World

from staffel.api.logs import JsonLines
from staffel.ui.app import create_application

MARKUP = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">{{7*7}}${7*7}{0.__class__}%(x)s'
API = "/api/v1"


def hostile(place: str) -> str:
    return f"{place}{MARKUP}"


def _named(bpmn: bytes) -> bytes:
    """The relay with markup in every name, and in the documentation of its first task."""
    text = bpmn.decode()
    names = {"Staffellauf": "process", "Ausländerbehörde": "lane", "Antrag prüfen": "task"}
    for name, place in names.items():
        text = text.replace(f'name="{name}"', f"name={quoteattr(hostile(place))}")
    documentation = f"<documentation>{escape(hostile('documentation'))}</documentation>"
    before = '<extensionElements><staffel:form ref="pruefen"'
    return text.replace(before, documentation + before).encode()


@pytest.fixture
def infested(world: World) -> World:
    """The world with its pages and a model that is full of markup, and a case of it."""
    world.serve(create_application)
    forms = json.loads(json.dumps(FORMS))
    forms["forms/pruefen.json"]["schema"]["properties"]["name"]["title"] = hostile("label")
    files = {path: json.dumps(form).encode() for path, form in forms.items()}
    world.deploy({"relay.bpmn": _named(RELAY), **files})
    world.client("abh.koeln").post(f"{API}/cases", json={"process": "relay", "reference": MARKUP[:90]})
    return world


def task_of(client: Client) -> str:
    return str(client.get(f"{API}/tasks").json()["items"][0]["id"])


def test_names_are_text_on_every_page(infested: World) -> None:
    abh, designer = infested.client("abh.koeln"), infested.client("prozessdesign.koeln")
    task = task_of(abh)
    abh.post(f"{API}/tasks/{task}/claim")
    version = designer.get(f"{API}/models").json()[0]["id"]
    case = abh.get(f"{API}/cases").json()["items"][0]["id"]
    pages = {
        "/eingang": abh, f"/aufgaben/{task}": abh, "/vorgaenge": abh, f"/vorgaenge/{case}": abh,
        "/vorgaenge/neu?prozess=relay": abh, "/modelle": designer, f"/modelle/version/{version}": designer,
    }  # fmt: skip
    seen = ""
    for path, client in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<img src=x" not in answer.text, path
        assert 'href="javascript' not in answer.text, path
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        seen += unescape(answer.text)
    for place in ("process", "lane", "task", "label"):
        assert hostile(place) in seen, place


@pytest.mark.parametrize("value", ["${7*7}", "{{7*7}}", "=7*7", "{0.__class__}", "%s%n", MARKUP])
def test_values_come_back_as_they_were_typed(infested: World, value: str) -> None:
    abh, jc = infested.client("abh.koeln"), infested.client("jc.koeln")
    task = task_of(abh)
    abh.post(f"{API}/tasks/{task}/claim")
    done = abh.post(f"{API}/tasks/{task}/complete", json={"variables": {"name": value}})
    assert done.status_code == 200, done.text
    handover = jc.get(f"{API}/handovers").json()["items"][0]["id"]
    assert value in json.dumps(jc.get(f"{API}/handovers/{handover}").json(), ensure_ascii=False).replace(
        '\\"', '"'
    )
    assert value in unescape(jc.get(f"/uebergaben/{handover}").text)


def test_a_path_with_line_breaks_makes_one_line_of_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="staffel.api"):
        world.client().get("/api/v1/x%0A%7B%22level%22%3A%22forged%22%7D%1B%5B31m")
    lines = [JsonLines().format(record) for record in caplog.records if record.name == "staffel.api"]
    assert any("forged" in line for line in lines)
    for line in lines:
        assert line.isprintable()
        assert json.loads(line)["level"] != "forged"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd", "/API/v1/tasks",
        "/api/v1/tasks;x", "/api/v1//tasks", "/eingang.", "/EINGANG", "/eingang/%2e%2e/verwaltung",
    ],
)  # fmt: skip
def test_paths_with_tricks_lead_nowhere(infested: World, path: str) -> None:
    answer = infested.client("abh.koeln").get(path)
    assert answer.status_code in {403, 404}
