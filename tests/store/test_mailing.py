"""Notices by mail, sent to a mail server that runs here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from tests.support.world import HANDED_OVER, World

from staffel.api.settings import SettingsError, read_settings
from staffel.engine import cases
from staffel.engine.actor import Actor, Role
from staffel.engine.cases.mailing import AddressFaulty
from staffel.engine.store import new_id
from staffel.engine.store.tables import Account, MailChoice, Membership
from staffel.engine.worker import Postman, SmtpServer, Worker

SECRET = "AZ-geheim"
ADDRESS = "bob@stadt.example"


class Letterbox:
    """What arrived. `refuses` is said to every recipient instead of taking the mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses = ""
        self.arrived = threading.Event()

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.arrived.set()
        return "250 OK"


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(letterbox: Letterbox) -> Iterator[SmtpServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield _server(port)
    controller.stop()


def _server(port: int, security: str = "none") -> SmtpServer:
    return SmtpServer(
        host="127.0.0.1",
        port=port,
        security=security,
        sender="staffel@stadt.example",
        link="https://s.example",
    )


@pytest.fixture
def bob(world: World) -> Actor:
    """A caseworker of the job centre who is known to the database with his role."""
    return _member(world, "Bob", Role.SACHBEARBEITUNG)


def _member(world: World, name: str, role: Role) -> Actor:
    actor = world.person(name, role, unit="JC")
    unit = world.units["05315000", "JC"]
    world.database.run(
        lambda tx: tx.session.add(
            Membership(id=new_id(), account_id=actor.account, unit_id=unit, role=role.value)
        )
    )
    return actor


def _choose(world: World, actor: Actor, choice: MailChoice, address: str = ADDRESS) -> None:
    world.do(cases.choose_mail, actor, address=address, choice=choice)


def _hand_over(world: World, reference: str = SECRET) -> None:
    world.finish(world.open_task(world.start(reference)))


def _wait_for_mail(world: World, actor: Actor) -> None:
    """Something has happened that the person wants to hear of, and it is the person's turn."""
    world.deploy(HANDED_OVER)
    _choose(world, actor, MailChoice.EACH)
    _hand_over(world)
    world.later(minutes=1)


def _postman(world: World, server: SmtpServer) -> Postman:
    return Postman(world.database, lambda: world.now, server)


def test_a_handover_is_told_once_and_without_personal_data(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    world.deploy(HANDED_OVER)
    _choose(world, bob, MailChoice.EACH)
    _hand_over(world)
    _hand_over(world, f"{SECRET}-2")
    postman = _postman(world, server)
    assert postman.send_due() == 0, "not before its turn"
    world.later(minutes=1)
    assert postman.send_due() == 1
    world.later(minutes=10)
    assert postman.send_due() == 0
    [mail] = letterbox.mails
    assert (mail["To"], mail["Subject"]) == (ADDRESS, "Staffel: 2 Hinweise")
    text = mail.get_content().replace("\r\n", "\n")
    assert "neue Übergaben an Ihre Stelle:\n  2 × Prozess" in text
    assert "https://s.example/eingang" in text
    assert SECRET not in mail.as_string()
    assert "Bob" not in mail.as_string()


def test_reminders_and_escalations_reach_the_role_they_are_for(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    lead = _member(world, "Lea", Role.TEAMLEITUNG)
    world.deploy(HANDED_OVER)
    _choose(world, bob, MailChoice.EACH)
    _choose(world, lead, MailChoice.EACH, "lea@stadt.example")
    _hand_over(world)
    world.later(minutes=1)
    postman = _postman(world, server)
    assert postman.send_due() == 2
    world.later(days=6)
    for handover in world.database.read(cases.due_escalations, now=world.now):
        world.do(cases.escalate_due, handover_id=handover)
    assert postman.send_due() == 1, "the reminder is for casework, not for the lead"
    assert letterbox.mails[-1]["To"] == ADDRESS
    assert "Erinnerungen" in letterbox.mails[-1].get_content()


def test_people_of_a_stelle_that_works_for_another_municipality_are_reminded(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    world.database.run(
        lambda tx: setattr(tx.session.get_one(Account, bob.account), "municipality", "05566076")
    )
    world.deploy(HANDED_OVER)
    _choose(world, bob, MailChoice.EACH)
    _hand_over(world)
    world.later(days=6)
    for handover in world.database.read(cases.due_escalations, now=world.now):
        world.do(cases.escalate_due, handover_id=handover)
    assert _postman(world, server).send_due() == 1
    assert "Erinnerungen" in letterbox.mails[-1].get_content()


def test_a_digest_comes_once_a_day_at_seven(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    world.deploy(HANDED_OVER)
    _choose(world, bob, MailChoice.DAILY)
    _hand_over(world)
    postman = _postman(world, server)
    world.later(hours=17.9)  # 06:54 by German time
    assert postman.send_due() == 0
    world.later(hours=0.2)
    assert postman.send_due() == 1
    _hand_over(world, f"{SECRET}-2")
    world.later(hours=23)
    assert postman.send_due() == 0
    world.later(hours=1)
    assert postman.send_due() == 1


def test_who_wants_no_mail_or_has_left_gets_none(world: World, bob: Actor, server: SmtpServer) -> None:
    world.deploy(HANDED_OVER)
    lead = _member(world, "Lea", Role.TEAMLEITUNG)
    _choose(world, bob, MailChoice.EACH)
    _choose(world, bob, MailChoice.NONE)
    _choose(world, lead, MailChoice.EACH, "lea@stadt.example")

    def leave(tx: Any) -> None:
        tx.session.get_one(Account, lead.account).ended_at = world.now

    world.database.run(leave)
    _hand_over(world)
    world.later(days=2)
    assert _postman(world, server).send_due() == 0


def test_of_two_workers_one_sends(world: World, bob: Actor) -> None:
    _wait_for_mail(world, bob)
    first = world.do(cases.take_mail, account_id=bob.account)
    assert first is not None
    assert world.do(cases.take_mail, account_id=bob.account) is None
    world.later(minutes=5)
    assert world.do(cases.take_mail, account_id=bob.account) is not None, (
        "the first died before it noted the mail"
    )


def test_a_server_that_fails_is_left_alone_for_longer_each_time(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    _wait_for_mail(world, bob)
    postman = _postman(world, _server(1))
    assert postman.send_due() == 0
    postman.server = server
    world.later(seconds=59)
    assert postman.send_due() == 0, "still left alone"
    world.later(minutes=5)
    assert postman.send_due() == 1
    assert len(letterbox.mails) == 1


def test_a_refused_address_waits_and_does_not_stop_the_others(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    _wait_for_mail(world, bob)
    letterbox.refuses = "550 no such person"
    postman = _postman(world, server)
    assert postman.send_due() == 0
    letterbox.refuses = ""
    world.later(minutes=9)
    assert postman.send_due() == 0
    world.later(minutes=1)
    assert postman.send_due() == 1


def test_no_mail_goes_out_in_the_clear_where_encryption_is_asked_for(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    _wait_for_mail(world, bob)
    assert _postman(world, _server(server.port, "starttls")).send_due() == 0
    assert letterbox.mails == []


def test_the_worker_sends_and_goes_on(
    world: World, bob: Actor, server: SmtpServer, letterbox: Letterbox
) -> None:
    _wait_for_mail(world, bob)
    stop = threading.Event()
    worker = Worker(world.database, lambda: world.now, interval=0.01, mail=server)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        assert letterbox.arrived.wait(30)
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    "address", ["", "bob", "bob@", "a b@x.de", "bob@x.de\r\nBcc: eve@x.de", "bob@x.de,eve@x.de"]
)
def test_an_address_that_is_none_is_refused(world: World, bob: Actor, address: str) -> None:
    with pytest.raises(AddressFaulty):
        _choose(world, bob, MailChoice.EACH, address)


@pytest.mark.parametrize(
    "wrong",
    [
        {"STAFFEL_SMTP_SECURITY": "none"},
        {"STAFFEL_SMTP_SECURITY": "ssl"},
        {"STAFFEL_URL": ""},
        {"STAFFEL_MAIL_FROM": ""},
    ],
)
def test_settings_that_are_unsafe_or_incomplete_are_refused(wrong: dict[str, str]) -> None:
    right = {
        "STAFFEL_SMTP_HOST": "mail.stadt.example",
        "STAFFEL_URL": "https://s.example",
        "STAFFEL_MAIL_FROM": "staffel@stadt.example",
    }
    assert read_settings(right).mail_server() is not None
    with pytest.raises(SettingsError, match="STAFFEL_"):
        read_settings(right | wrong).mail_server()
