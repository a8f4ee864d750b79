"""One call of an endpoint: where it may lead, what is sent, what counts as an answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path

import pytest
from other_system import OtherSystem, other_system
from tests.support.apart import apart

from staffel.engine.worker import calling
from staffel.engine.worker.calling import Answered, Failed, Rejected, is_allowed
from staffel.engine.worker.endpoints import (
    CredentialKind,
    Credentials,
    Endpoint,
    EndpointsError,
    Method,
    Network,
    check_secrets,
    read_endpoints,
)

call = apart(calling.call)


@pytest.fixture(scope="module")
def system() -> Iterator[OtherSystem]:
    with other_system() as running:
        yield running


def endpoint(system: OtherSystem, path: str = "/", **given: object) -> Endpoint:
    made = Endpoint(url=system.url, path=path, network=Network.LOOPBACK, **given)  # type: ignore[arg-type]
    assert made.fault() is None
    return made


def test_inputs_go_out_as_json_with_key_and_secret_and_json_comes_back(
    system: OtherSystem, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REGISTER_TOKEN", "streng-geheim")
    system.answer("/personen/M%C3%BCller%2F1/anschrift", body={"ort": "Rheine", "miete": 512.25})
    asked = endpoint(
        system,
        "/personen/{name}/anschrift",
        credentials=Credentials(kind=CredentialKind.BEARER, env="REGISTER_TOKEN"),
    )

    with caplog.at_level(logging.INFO):
        answer = call(asked, {"name": "Müller/1", "stichtag": "2026-12-01"}, "key-1")

    got = system.got[-1]
    assert answer == Answered({"ort": "Rheine", "miete": Decimal("512.25")})
    assert (got.method, got.body) == ("POST", {"stichtag": "2026-12-01"})
    assert (got.headers["authorization"], got.headers["idempotency-key"]) == ("Bearer streng-geheim", "key-1")
    assert got.headers["host"] == system.url.removeprefix("http://")
    assert "geheim" not in caplog.text + repr(asked)
    assert "ller" not in caplog.text


def test_a_get_sends_its_inputs_in_the_address(system: OtherSystem) -> None:
    system.answer("/wetter", body=[1])
    assert call(
        endpoint(system, "/wetter", method=Method.GET), {"ort": "a&b", "tag": 3, "x": None}, "k"
    ) == Answered([1])
    assert (system.got[-1].path, system.got[-1].body) == ("/wetter?ort=a%26b&tag=3", None)


@pytest.mark.parametrize("value", [None, "", "..", ".", {"a": 1}, "\ud800", "x" * 70_000])
def test_a_value_that_would_change_the_path_is_not_sent(system: OtherSystem, value: object) -> None:
    before = len(system.got)
    outcome = call(endpoint(system, "/personen/{name}/akte"), {"name": value}, "k")
    assert isinstance(outcome, Failed)
    assert not outcome.again
    assert len(system.got) == before


def test_what_is_no_answer_is_told_apart(system: OtherSystem) -> None:
    system.answer("/weg", 302, location=f"{system.url}/ziel")
    system.answer("/ziel", body={})
    system.answer("/gross", body=b'"' + b"x" * 2000 + b'"')
    system.answer("/seite", body=b"<html>", content_type="text/html")
    system.answer("/kaputt", body=b"{", content_type="application/json")
    system.answer("/aus", 503, body={})
    system.answer("/spaeter", 429, body={})
    system.answer("/fehlt", 404, body={"person": "Muster"})
    system.answer("/leer", 204, body=b"")
    paths = ("/weg", "/gross", "/seite", "/kaputt", "/aus", "/spaeter", "/fehlt", "/leer")
    outcomes = {path: call(endpoint(system, path, max_response=1000), {}, "k") for path in paths}

    again = {path: outcome.again for path, outcome in outcomes.items() if isinstance(outcome, Failed)}
    assert again == {
        "/weg": False, "/gross": False, "/seite": False, "/kaputt": False, "/aus": True, "/spaeter": True,
    }  # fmt: skip
    assert (outcomes["/fehlt"], outcomes["/leer"]) == (Rejected(404), Answered(None))
    assert "/ziel" not in {got.path for got in system.got}


def test_an_endpoint_that_does_not_answer_in_time_is_tried_again(system: OtherSystem) -> None:
    outcome = call(endpoint(system, "/stumm", timeout=0.2), {}, "k")
    assert isinstance(outcome, Failed)
    assert outcome.again


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254", "[fe80::1]"],
)
def test_a_name_that_leads_to_an_address_inside_is_not_called(host: str) -> None:
    inside = Endpoint(url=f"https://{host}:9")
    assert inside.fault() is None
    outcome = call(inside, {}, "k")
    assert isinstance(outcome, Failed)
    assert (outcome.again, "network: public" in outcome.reason) == (False, True)


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("8.8.8.8", {"public", "private"}),
        ("2606:4700::1111", {"public", "private"}),
        ("10.0.0.8", {"private"}),
        ("::ffff:10.0.0.8", {"private"}),
        ("fd00::8", {"private"}),
        ("127.0.0.1", {"loopback"}),
        ("::1", {"loopback"}),
        ("169.254.169.254", set()),
        ("fe80::1", set()),
        ("fec0::1", set()),
        ("192.0.0.192", set()),
        ("::ffff:192.0.0.192", set()),
        ("64:ff9b::a00:8", set()),
        ("2002:a00:8::", {"private"}),
        ("224.0.0.1", set()),
        ("0.0.0.0", set()),
    ],
)
def test_addresses_are_allowed_by_network(address: str, networks: set[str]) -> None:
    assert {each.value for each in Network if is_allowed(each, ip_address(address))} == networks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("a: {url: 'http://register.example'}", "expected https"),
        ("a: {url: 'https://localhost'}", "loopback"),
        ("a: {url: 'http://register.example', network: loopback}", "loopback"),
        ("a: {url: 'https://u:p@register.example'}", "without user"),
        ("a: {url: 'https://register.example', path: '/{a}/../b'}", "path"),
        ("a: {url: 'https://register.example', path: '/x?y={z}'}", "path"),
        ("a: {url: 'https://register.example', secret: x}", "secret"),
        ("a: {url: 'https://register.example', credentials: {kind: bearer}}", "env or file"),
        ("a: {url: 'https://register.example', credentials: {kind: basic, env: X}}", "user"),
        ("A b: {url: 'https://register.example'}", "name"),
        ("[", "YAML"),
        ("- 1", "object"),
    ],
)
def test_a_faulty_file_of_endpoints_is_refused_with_its_place(tmp_path: Path, said: str, told: str) -> None:
    file = tmp_path / "endpoints.yaml"
    file.write_text(said)
    with pytest.raises(EndpointsError, match=told):
        read_endpoints(file)


def test_a_missing_secret_is_told_without_a_call(tmp_path: Path) -> None:
    file = tmp_path / "endpoints.yaml"
    file.write_text(
        "register: {url: 'https://register.example', credentials: {kind: header, header: X-Key, file: /nowhere}}"
    )
    with pytest.raises(EndpointsError, match="register: the secret cannot be read from the file /nowhere"):
        check_secrets(read_endpoints(file))
