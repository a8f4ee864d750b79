"""Signing in with a name and a password, and the sessions that follow.

Answers to wrong names and wrong passwords are the same and take the same time. After five failures for a name or an
address each further try has to wait, twice as long every time, at most fifteen minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlmodel import col, delete, select

from staffel.engine.accounts.secrets import hash_secret, new_secret, password_fits
from staffel.engine.actor import Actor, Role
from staffel.engine.store import Database, Transaction
from staffel.engine.store.tables import Account, Membership, SignIn, SignInFailure

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=1)
"""`seen_at` is written at most this often, so that reading pages does not mean writing rows."""


class SignInResult(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is the new session's, None when it failed; `retry_after` is how long to wait before the next try."""

    secret: str | None = None
    failed: bool = False
    retry_after: timedelta = timedelta()


class _Kept(msgspec.Struct, frozen=True):
    """What is known before the password is checked. `account` and `password_hash` are None where nobody can sign in."""

    wait: timedelta
    account: UUID | None = None
    password_hash: str | None = None


def sign_in(
    database: Database, *, now: datetime, login: str, password: str, address: str = ""
) -> SignInResult:
    """Try to sign in. Never raises for wrong input.

    The password is checked between two transactions, because that is slow on purpose. Whether one has to wait is asked
    in both: of many tries at once only as many count as of tries one after the other.
    """
    login = login.strip().lower()
    subjects = [f"login:{hash_secret(login)}", *([f"address:{address}"] if address else [])]
    kept = database.read(_look_up, now=now, login=login, subjects=subjects)
    if kept.wait > timedelta():
        return SignInResult(failed=True, retry_after=kept.wait)
    fits = password_fits(password, kept.password_hash)
    return database.run(_settle, now=now, subjects=subjects, kept=kept, fits=fits)


def _look_up(tx: Transaction, *, now: datetime, login: str, subjects: list[str]) -> _Kept:
    wait = _wait(_failures(tx, subjects), now)
    account = tx.session.exec(select(Account).where(Account.login == login)).first()
    if account is None or account.ended_at is not None:
        return _Kept(wait)
    return _Kept(wait, account.id, account.password_hash)


def _settle(tx: Transaction, *, now: datetime, subjects: list[str], kept: _Kept, fits: bool) -> SignInResult:
    """Begin the session or count the failure. What has changed since `kept` was read is taken as it is now."""
    failures = _failures(tx, subjects, lock=True)
    wait = _wait(failures, now)
    if wait > timedelta():
        return SignInResult(failed=True, retry_after=wait)
    account = tx.session.get(Account, kept.account) if kept.account is not None else None
    is_same = account is not None and account.ended_at is None and account.password_hash == kept.password_hash
    if account is None or not is_same or not fits:
        _count(tx, now, subjects, failures)
        return SignInResult(failed=True, retry_after=_wait(_failures(tx, subjects), now))
    tx.session.execute(delete(SignInFailure).where(col(SignInFailure.subject) == subjects[0]))
    secret = new_secret()
    tx.session.add(
        SignIn(secret_hash=hash_secret(secret), account_id=account.id, created_at=now, seen_at=now)
    )
    return SignInResult(secret=secret)


def actor_of_session(
    tx: Transaction, *, now: datetime, secret: str, idle: timedelta, absolute: timedelta
) -> Actor | None:
    """Who the session belongs to, with the rights of this moment; None when it has ended, which then is final."""
    session = tx.session.get(SignIn, hash_secret(secret))
    if session is None:
        return None
    account = tx.session.get(Account, session.account_id)
    gone = now - session.seen_at > idle or now - session.created_at > absolute
    if gone or account is None or account.ended_at is not None:
        tx.session.delete(session)
        return None
    if now - session.seen_at > SEEN_EVERY:
        session.seen_at = now
    return _actor(tx, account)


def sign_out(tx: Transaction, *, secret: str) -> None:
    """End the session at once. One that does not exist is no fault."""
    tx.session.execute(delete(SignIn).where(col(SignIn.secret_hash) == hash_secret(secret)))


def actor_of_account(tx: Transaction, *, account_id: UUID) -> Actor | None:
    """The rights of an account as they are now, for the command line and the simulation."""
    account = tx.session.get(Account, account_id)
    return None if account is None or account.ended_at is not None else _actor(tx, account)


def _actor(tx: Transaction, account: Account) -> Actor:
    units: dict[UUID, set[Role]] = {}
    roles: set[Role] = set()
    for each in tx.session.exec(select(Membership).where(Membership.account_id == account.id)):
        roles.add(Role(each.role))
        if each.unit_id is not None:
            units.setdefault(each.unit_id, set()).add(Role(each.role))
    return Actor(
        name=account.name,
        municipality=account.municipality,
        account=account.id,
        units={unit: frozenset(held) for unit, held in units.items()},
        roles=frozenset(roles),
    )


def _failures(tx: Transaction, subjects: list[str], *, lock: bool = False) -> dict[str, SignInFailure]:
    """The failures counted, by subject; with `lock` nobody else counts at the same time."""
    query = (
        select(SignInFailure).where(col(SignInFailure.subject).in_(subjects)).order_by(SignInFailure.subject)
    )
    found = tx.session.exec(query.with_for_update() if lock else query)
    return {failure.subject: failure for failure in found}


def _wait(failures: Mapping[str, SignInFailure], now: datetime) -> timedelta:
    longest = timedelta()
    for failure in failures.values():
        over = failure.count - FREE_TRIES
        if over >= 0:
            pause = min(timedelta(seconds=2.0 ** min(over, 20)), LONGEST_WAIT)
            longest = max(longest, failure.last_at + pause - now)
    return longest


def _count(
    tx: Transaction, now: datetime, subjects: Iterable[str], failures: Mapping[str, SignInFailure]
) -> None:
    for subject in subjects:
        failure = failures.get(subject)
        if failure is None:
            tx.session.add(SignInFailure(subject=subject, count=1, last_at=now))
        else:
            failure.count = 1 if now - failure.last_at > FORGET_AFTER else failure.count + 1
            failure.last_at = now
    tx.flush()
