"""Accounts, sign-in, sessions and tokens on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from staffel.engine import accounts
from staffel.engine.accounts import administration, sessions
from staffel.engine.accounts.people import LoginTaken, RoleNeedsUnit
from staffel.engine.accounts.secrets import PasswordTooWeak
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.errors import NotAllowed, NotFound
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import SignInFailure

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "ein langes Kennwort"
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=10)


def _people(tx: Transaction) -> tuple[UUID, UUID]:
    accounts.create_municipality(tx, ags="05315000", name="Köln")
    accounts.create_municipality(tx, ags="05515000", name="Münster")
    unit = accounts.create_unit(tx, now=NOW, municipality="05315000", kind="JC", name="Jobcenter Köln")
    roles = [(Role.SACHBEARBEITUNG, unit), (Role.ADMINISTRATION, None)]
    account = accounts.create_account(
        tx, now=NOW, municipality="05315000", login="Ada", name="Ada", password=PASSWORD, roles=roles
    )
    return account, unit


@pytest.fixture
def people(database: Database) -> tuple[UUID, UUID]:
    return database.run(_people)


def _sign_in(database: Database, *, login: str = "ada", password: str = PASSWORD, at: datetime = NOW) -> str:
    result = accounts.sign_in(database, now=at, login=login, password=password, address="192.0.2.1")
    assert result.secret is not None
    return result.secret


def _actor(database: Database, secret: str, at: datetime = NOW) -> Actor | None:
    return database.run(accounts.actor_of_session, now=at, secret=secret, idle=IDLE, absolute=ABSOLUTE)


def test_signing_in_gives_a_session_with_the_roles_of_the_account(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    actor = _actor(database, _sign_in(database, login=" ADA "))

    assert actor is not None
    assert actor.municipality == "05315000"
    assert actor.works_in(people[1])
    assert actor.has(Role.ADMINISTRATION)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    wrong = accounts.sign_in(database, now=NOW, login="ada", password="falsch", address="192.0.2.1")
    unknown = accounts.sign_in(database, now=NOW, login="eve", password="falsch", address="192.0.2.2")

    assert wrong == unknown
    assert wrong.failed
    assert wrong.secret is None


def test_guessing_is_slowed_down_even_for_the_right_password(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    waits = [
        accounts.sign_in(database, now=NOW, login="ada", password="falsch", address="192.0.2.1")
        for _ in range(6)
    ]

    held = accounts.sign_in(database, now=NOW, login="ada", password=PASSWORD, address="192.0.2.9")
    assert waits[3].retry_after == timedelta()
    assert waits[4].retry_after > timedelta()
    assert held.failed
    assert _sign_in(database, at=NOW + timedelta(minutes=1))


def test_of_many_tries_at_once_no_more_count_than_one_after_the_other(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    def guess(_: int) -> accounts.SignInResult:
        return accounts.sign_in(database, now=NOW, login="ada", password="falsch", address="192.0.2.1")

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(guess, range(20)))

    counted = database.read(lambda tx: [each.count for each in tx.session.exec(select(SignInFailure))])
    assert all(result.failed for result in results)
    assert counted == [5, 5]


def test_the_password_is_checked_outside_every_transaction(
    database: Database, people: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def slow(password: str, kept: str | None) -> bool:
        held.append(database.engine.pool.checkedout())  # type: ignore[attr-defined]  # of SQLAlchemy's QueuePool
        return True

    monkeypatch.setattr(sessions, "password_fits", slow)

    assert _sign_in(database)
    assert held == [0]


def test_a_password_changed_while_it_is_checked_opens_nothing(
    database: Database, people: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(password: str, kept: str | None) -> bool:
        database.run(accounts.set_password, account_id=people[0], password="ein anderes Kennwort")
        return True

    monkeypatch.setattr(sessions, "password_fits", overtaken)

    assert accounts.sign_in(database, now=NOW, login="ada", password=PASSWORD).failed


def test_a_session_ends_when_idle_or_too_old_or_signed_out(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    idle, old, out = (_sign_in(database) for _ in range(3))
    database.run(accounts.sign_out, secret=out)
    at = NOW
    while at < NOW + ABSOLUTE:
        assert _actor(database, old, at) is not None
        at += timedelta(minutes=29)

    assert _actor(database, idle, NOW + timedelta(minutes=31)) is None
    assert _actor(database, old, NOW + ABSOLUTE + timedelta(seconds=1)) is None
    assert _actor(database, out) is None
    assert _actor(database, idle) is None  # ended is final


def test_each_sign_in_gives_a_new_secret(database: Database, people: tuple[UUID, UUID]) -> None:
    assert _sign_in(database) != _sign_in(database)


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    secret = _sign_in(database)
    database.run(
        accounts.remove_membership, account_id=people[0], role=Role.SACHBEARBEITUNG, unit_id=people[1]
    )

    actor = _actor(database, secret)

    assert actor is not None
    assert not actor.works_in(people[1])


@pytest.mark.parametrize("change", ["ended", "password"])
def test_sessions_end_with_the_account_or_its_password(
    database: Database, people: tuple[UUID, UUID], change: str
) -> None:
    secret = _sign_in(database)
    if change == "ended":
        database.run(accounts.end_account, now=NOW, account_id=people[0])
    else:
        database.run(accounts.set_password, account_id=people[0], password="ein anderes Kennwort")

    assert _actor(database, secret) is None
    assert accounts.sign_in(database, now=NOW, login="ada", password=PASSWORD).failed


def test_names_are_taken_once_and_weak_passwords_refused(
    database: Database, people: tuple[UUID, UUID]
) -> None:
    def create(login: str, password: str) -> None:
        database.run(
            accounts.create_account,
            now=NOW,
            municipality="05315000",
            login=login,
            name="Neu",
            password=password,
        )

    with pytest.raises(LoginTaken):
        create("ADA", PASSWORD)
    with pytest.raises(PasswordTooWeak):
        create("neu", "kurz")
    with pytest.raises(PasswordTooWeak):
        create("lange.anmeldung", "Lange.Anmeldung")


def test_casework_needs_a_stelle(database: Database, people: tuple[UUID, UUID]) -> None:
    with pytest.raises(RoleNeedsUnit):
        database.run(accounts.add_membership, account_id=people[0], role=Role.TEAMLEITUNG)


def test_a_token_acts_in_its_stelle_until_it_ends(database: Database, people: tuple[UUID, UUID]) -> None:
    token_id, secret = database.run(
        accounts.create_token,
        now=NOW,
        municipality="05315000",
        name="Fachverfahren",
        scopes=[Scope.CASES],
        unit_id=people[1],
        role=Role.SACHBEARBEITUNG,
        expires_at=NOW + timedelta(days=90),
    )
    actor = database.run(accounts.actor_of_token, now=NOW, secret=secret)
    database.run(accounts.end_token, now=NOW, token_id=token_id)

    assert actor is not None
    assert actor.works_in(people[1])
    assert actor.scopes == {Scope.CASES}
    assert database.run(accounts.actor_of_token, now=NOW, secret=secret) is None


def test_an_expired_token_opens_nothing(database: Database, people: tuple[UUID, UUID]) -> None:
    _, secret = database.run(
        accounts.create_token, now=NOW, municipality="05315000", name="x", scopes=[], expires_at=NOW
    )

    assert database.run(accounts.actor_of_token, now=NOW, secret=secret) is None


def test_administrators_stay_in_their_municipality(database: Database, people: tuple[UUID, UUID]) -> None:
    stranger = Actor(name="x", municipality="05515000", roles=frozenset({Role.ADMINISTRATION}))

    with pytest.raises(NotFound):
        database.run(administration.end_account_as, actor=stranger, now=NOW, account_id=people[0])
    with pytest.raises(NotFound):
        database.run(
            administration.create_account_as,
            actor=stranger,
            now=NOW,
            login="neu",
            name="Neu",
            password=PASSWORD,
            roles=[(Role.SACHBEARBEITUNG, people[1])],
        )
    assert database.read(administration.accounts, actor=stranger) == ()


def test_only_administrators_see_accounts(database: Database, people: tuple[UUID, UUID]) -> None:
    caseworker = Actor(name="x", municipality="05315000", roles=frozenset({Role.SACHBEARBEITUNG}))

    with pytest.raises(NotAllowed):
        database.read(administration.accounts, actor=caseworker)


def test_what_an_administrator_does_is_told_back(database: Database, people: tuple[UUID, UUID]) -> None:
    actor = _actor(database, _sign_in(database))
    assert actor is not None
    new = database.run(
        administration.create_account_as,
        actor=actor,
        now=NOW,
        login="neu",
        name="Neu",
        password=PASSWORD,
        roles=[(Role.ANALYSE, None)],
    )
    database.run(
        administration.change_role_as,
        actor=actor,
        now=NOW,
        account_id=new,
        role=Role.TEAMLEITUNG,
        unit_id=people[1],
        held=True,
    )
    lines = {line.login: line for line in database.read(administration.accounts, actor=actor)}
    units = database.read(administration.units, actor=actor)

    assert {(role.role, role.unit) for role in lines["neu"].roles} == {
        (Role.ANALYSE, ""),
        (Role.TEAMLEITUNG, "Jobcenter Köln"),
    }
    assert [(unit.kind, unit.serves) for unit in units] == [("JC", ("05315000",))]
