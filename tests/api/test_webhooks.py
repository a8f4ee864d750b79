"""Signed messages from outside: taken once, from whom they say, in time, and of the names that are allowed."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from models import MACHINE
from people import World

from staffel.api.app import create_app
from staffel.api.settings import Settings, SettingsError, read_settings
from staffel.engine.accounts.webhooks import Signed, sign

KEY = "k" * 32
BODY = {"type": "Antwort", "correlation": "AZ-1", "data": {"bewilligt": True}}


@dataclass
class Source:
    """A system outside, with the secret that the administration gave it."""

    world: World
    id: UUID
    secret: bytes

    def send(self, body: Any = None, *, number: str = "msg_1", ago: int = 0, **headers: str) -> Any:
        """Send a body; `headers` replace those that would be right (`webhook_signature="x"`)."""
        content = json.dumps(BODY if body is None else body).encode()
        stamp = str(int(self.world.now.timestamp()) - ago)
        signature = sign(self.secret, Signed(id=number, timestamp=stamp, signatures="", body=content))
        right = {"webhook_id": number, "webhook_timestamp": stamp, "webhook_signature": signature} | headers
        return self.world.client().post(
            f"/api/v1/hooks/{self.id}",
            content=content,
            headers={name.replace("_", "-"): value for name, value in right.items()},
        )


def _source(world: World) -> Source:
    """Köln's source, and a case that waits for its message."""
    world.app = create_app(Settings(secret_key=KEY), database=world.database, clock=lambda: world.now)
    world.deploy({"machine.bpmn": MACHINE})
    abh = world.client("abh.koeln")
    assert abh.post("/api/v1/cases", json={"process": "machine", "reference": "AZ-1"}).status_code == 201
    program = world.token("work")
    work = program.post("/api/v1/work/fetch", json={"worker": "x", "topics": ["drucken"]}).json()[0]["id"]
    assert program.post(f"/api/v1/work/{work}/complete", json={"worker": "x"}).status_code == 204
    admin = world.client("administration.koeln")
    made = admin.post("/api/v1/webhooks", json={"name": "Fachverfahren", "messages": ["Antwort"]})
    assert made.status_code == 201, made.text
    assert made.json()["secret"] not in admin.get("/api/v1/webhooks").text
    return Source(world, UUID(made.json()["id"]), b64decode(made.json()["secret"].removeprefix("whsec_")))


@pytest.fixture
def source(world: World) -> Source:
    return _source(world)


def _statuses(world: World) -> list[str]:
    with world.database.engine.connect() as connection:
        return list(connection.exec_driver_sql('SELECT status FROM "case"').scalars())


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the scheme's reference libraries."""
    secret = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = Signed(
        id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp="1614265330", signatures="", body=b'{"test": 2432232314}'
    )
    assert sign(secret, signed) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signed_message_moves_its_case_on_once(both_worlds: World) -> None:
    source = _source(both_worlds)
    first = source.send()
    assert (first.status_code, first.json()["is_received"]) == (200, True)
    assert _statuses(both_worlds) == ["completed"]
    assert source.send().json() == first.json()
    with both_worlds.database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM message").scalar() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": ""},
        {"webhook_id": "msg_2"},
        {"webhook_id": "a.b"},
        {"webhook_timestamp": "1"},
        {"webhook_timestamp": "x"},
    ],
)
def test_what_is_not_signed_as_it_stands_is_refused(source: Source, headers: dict[str, str]) -> None:
    answer = source.send(**headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "webhook-signature")
    assert _statuses(source.world) == ["running"]


def test_the_secret_of_one_source_signs_for_no_other(source: Source) -> None:
    admin = source.world.client("administration.koeln")
    made = admin.post("/api/v1/webhooks", json={"name": "B", "messages": ["Antwort"]}).json()
    other = Source(source.world, UUID(made["id"]), source.secret)
    unknown = Source(source.world, uuid4(), source.secret)
    refused = [each.send().json() for each in (other, unknown)]
    assert [each["code"] for each in refused] == ["webhook-signature"] * 2
    assert refused[0]["detail"] == refused[1]["detail"]


@pytest.mark.parametrize("ago", [301, -301])
def test_an_old_message_is_not_played_again(source: Source, ago: int) -> None:
    answer = source.send(ago=ago)
    assert (answer.status_code, answer.json()["code"]) == (401, "webhook-time")
    assert source.send(ago=299 if ago > 0 else -299).status_code == 200


def test_one_of_several_signatures_is_enough(source: Source) -> None:
    content = json.dumps(BODY).encode()
    stamp = str(int(source.world.now.timestamp()))
    right = sign(source.secret, Signed(id="msg_1", timestamp=stamp, signatures="", body=content))
    assert source.send(webhook_signature=f"v1,AAAA {right}").status_code == 200


def test_a_source_sends_only_the_messages_it_may(source: Source) -> None:
    answer = source.send(BODY | {"type": "Anderes"})
    assert (answer.status_code, answer.json()["code"]) == (403, "webhook-message")


@pytest.mark.parametrize("body", [[], {}, {"type": "Antwort", "unit": "x"}, {"type": "Antwort", "data": 3}])
def test_a_body_of_another_shape_is_refused(source: Source, body: Any) -> None:
    answer = source.send(body if body else {"correlation": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "webhook-body")


def test_a_message_reaches_no_case_of_another_municipality(source: Source) -> None:
    admin = source.world.client("administration.rheine")
    made = admin.post("/api/v1/webhooks", json={"name": "R", "messages": ["Antwort"]}).json()
    rheine = Source(source.world, UUID(made["id"]), b64decode(made["secret"].removeprefix("whsec_")))
    assert rheine.send().json()["is_received"] is False
    assert _statuses(source.world) == ["running"]


def test_an_ended_source_is_not_heard(source: Source) -> None:
    admin = source.world.client("administration.koeln")
    assert admin.delete(f"/api/v1/webhooks/{source.id}").status_code == 204
    assert source.send().status_code == 401


def test_without_the_operators_key_there_are_no_webhooks(world: World) -> None:
    admin = world.client("administration.koeln")
    answer = admin.post("/api/v1/webhooks", json={"name": "B", "messages": ["Antwort"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "webhooks-off")
    assert admin.get("/api/v1/webhooks").json() == []


def test_a_short_key_is_refused() -> None:
    with pytest.raises(SettingsError, match="STAFFEL_SECRET_KEY"):
        _ = read_settings({"STAFFEL_SECRET_KEY": "kurz"}).webhook_key
