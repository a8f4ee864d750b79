"""Notices by mail: what a person chose, what there is to tell, and what was told. Sending is the worker's (`worker.mail`).

A mail is sent between two transactions: the first takes the person's turn, so that no other worker sends it too, the
second notes what was told. A worker that dies between them leaves the turn to others after `LEASE`: a mail arrives at
least once, and a second time only then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, update
from sqlalchemy import case as case_when
from sqlmodel import col, select

from staffel.engine.accounts.sessions import actor_of_account
from staffel.engine.actor import CASEWORK, Actor
from staffel.engine.calendar import ZONE
from staffel.engine.errors import NotAllowed, Refusal
from staffel.engine.store import Transaction
from staffel.engine.store.tables import (
    Case,
    Handover,
    HandoverStatus,
    MailChoice,
    Mailed,
    MailSetting,
    Notice,
    Process,
    Task,
)

LEASE = timedelta(minutes=5)
EVERY = timedelta(minutes=1)
DIGEST_AT = time(7)
SOON = timedelta(days=1)
ADDED = "Zusatzaufgabe"
"""In place of the title of a task that somebody added: people type it, so it may name a person."""
LONGEST_PAUSE = timedelta(days=1)
REMEMBERED = timedelta(days=366)
MOST = 500
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")

_News: TypeAlias = tuple[UUID, str, str, str]
"""Id, kind, process and step of something new."""


class AddressFaulty(Refusal):
    """An address like `name@stadt.example` is expected where mail is wanted."""

    status, code = 422, "mail-address"
    text_de = "Erwartet wird eine Adresse wie name@stadt.example."


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one person is told: for each kind, process and step how many. `subjects` are the ids of what is told."""

    account_id: UUID
    address: str
    lines: Sequence[tuple[str, str, str, int]]
    subjects: frozenset[UUID]


def mail_setting(tx: Transaction, *, actor: Actor) -> tuple[str, MailChoice]:
    """The own address and choice. Raises `NotAllowed` for programs."""
    kept = tx.session.get(MailSetting, _person(actor))
    return (kept.address, MailChoice(kept.choice)) if kept else ("", MailChoice.NONE)


def choose_mail(tx: Transaction, *, actor: Actor, now: datetime, address: str, choice: MailChoice) -> None:
    """Choose whether and how often to get mail. Only what happens from now on is told. Raises `AddressFaulty`."""
    account = _person(actor)
    if (address or choice is not MailChoice.NONE) and not (
        len(address) <= 254 and _ADDRESS.fullmatch(address)
    ):
        raise AddressFaulty
    tx.session.merge(
        MailSetting(
            account_id=account,
            address=address,
            choice=choice.value,
            since=now,
            next_at=_next(choice, now),
            failures=0,
        )
    )


def due_mails(tx: Transaction, *, now: datetime, limit: int = 100) -> list[UUID]:
    """The accounts whose turn it is, the longest waiting first."""
    query = select(MailSetting.account_id).where(col(MailSetting.next_at) <= now)
    return list(tx.session.exec(query.order_by(col(MailSetting.next_at)).limit(limit)))


def take_mail(tx: Transaction, *, now: datetime, account_id: UUID) -> Mail | None:
    """Take the account's turn. None when another worker was quicker, or there is nothing to tell."""
    turn = update(MailSetting).where(
        col(MailSetting.account_id) == account_id, col(MailSetting.next_at) <= now
    )
    taken: Any = tx.session.execute(
        turn.values(next_at=now + LEASE), execution_options={"synchronize_session": False}
    )
    if taken.rowcount != 1:
        return None
    setting = tx.session.get_one(MailSetting, account_id, populate_existing=True)
    actor = actor_of_account(tx, account_id=account_id)
    if actor is None:  # the account has ended
        setting.next_at = None
        return None
    found = _news(tx, actor, account_id, setting.since, now)
    if not found:
        setting.next_at = _next(MailChoice(setting.choice), now)
        return None
    counted = Counter((kind, process, step) for _, kind, process, step in found)
    return Mail(
        account_id=account_id,
        address=setting.address,
        lines=[(*what, number) for what, number in sorted(counted.items())],
        subjects=frozenset(subject for subject, *_ in found),
    )


def mail_sent(tx: Transaction, *, now: datetime, mail: Mail) -> None:
    """Note what was told, and when to look again."""
    setting = tx.session.get_one(MailSetting, mail.account_id)
    for subject in mail.subjects:
        tx.session.merge(Mailed(account_id=mail.account_id, subject_id=subject, sent_at=now))
    setting.failures = 0
    setting.next_at = _next(MailChoice(setting.choice), now)


def mail_refused(tx: Transaction, *, now: datetime, mail: Mail) -> None:
    """The address was refused: try again later, each time twice as long, at most a day."""
    setting = tx.session.get_one(MailSetting, mail.account_id)
    if setting.choice == MailChoice.NONE:  # chosen meanwhile
        return
    setting.failures += 1
    setting.next_at = now + min(LEASE * (1 << min(setting.failures, 10)), LONGEST_PAUSE)


def forget_mailed(tx: Transaction, *, now: datetime) -> None:
    """Forget after a year what was told."""
    tx.session.execute(delete(Mailed).where(col(Mailed.sent_at) < now - REMEMBERED))


def _person(actor: Actor) -> UUID:
    if actor.account is None:
        raise NotAllowed("Mail goes to people.", text_de="E-Mails gehen an Personen.")
    return actor.account


def _next(choice: MailChoice, now: datetime) -> datetime | None:
    if choice is MailChoice.NONE:
        return None
    if choice is MailChoice.EACH:
        return now + EVERY
    today = now.astimezone(ZONE)
    digest = datetime.combine(today.date(), DIGEST_AT, ZONE)
    if digest <= today:
        digest = datetime.combine(today.date() + timedelta(days=1), DIGEST_AT, ZONE)
    return digest.astimezone(now.tzinfo)


def _news(tx: Transaction, actor: Actor, account: UUID, since: datetime, now: datetime) -> list[_News]:
    """Everything new. No value of a case is read."""
    return [
        *_notices(tx, actor, account, since),
        *_offered(tx, actor, account, since),
        *_due(tx, actor, account, now),
    ]


def _notices(tx: Transaction, actor: Actor, account: UUID, since: datetime) -> Iterator[_News]:
    notices = (
        select(Notice, Process.name)
        .join(Case, col(Case.id) == col(Notice.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .where(col(Notice.done_at).is_(None), col(Notice.created_at) >= since, _untold(account, Notice.id))
        .where(or_(col(Notice.unit_id).in_(actor.units), _of_all(actor)), col(Notice.role).in_(actor.roles))
    )
    for notice, process in tx.session.exec(notices.limit(MOST)):
        if notice.unit_id is None or notice.role in actor.units[notice.unit_id]:
            yield notice.id, notice.kind, process, ""


def _of_all(actor: Actor) -> ColumnElement[bool]:
    """Told to a role of the actor's municipality; a Stelle may work for cases of others (a town and its Kreis)."""
    return and_(col(Notice.unit_id).is_(None), col(Notice.municipality) == actor.municipality)


def _offered(tx: Transaction, actor: Actor, account: UUID, since: datetime) -> Iterator[_News]:
    offered = (
        select(Handover.id, Process.name)
        .join(Case, col(Case.id) == col(Handover.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .where(col(Handover.receiver_unit).in_(actor.units_as(*CASEWORK)), col(Handover.closed_at).is_(None))
        .where(col(Handover.status) == HandoverStatus.OFFERED, col(Handover.offered_at) >= since)
        .where(_untold(account, Handover.id))
    )
    for handover, process in tx.session.exec(offered.limit(MOST)):
        yield handover, "handover", process, ""


def _due(tx: Transaction, actor: Actor, account: UUID, now: datetime) -> Iterator[_News]:
    due = (
        select(Task.id, Process.name, case_when((col(Task.key) > 0, col(Task.name)), else_=ADDED))
        .join(Case, col(Case.id) == col(Task.case_id))
        .join(Process, col(Process.id) == col(Case.process_id))
        .where(col(Task.account_id) == account, col(Task.unit_id).in_(actor.units_as(*CASEWORK)))
        .where(col(Task.closed_at).is_(None), col(Task.due_at) <= now + SOON, _untold(account, Task.id))
    )
    for task, process, step in tx.session.exec(due.limit(MOST)):
        yield task, "due", process, step


def _untold(account: UUID, subject: Any) -> Any:
    return ~exists().where(col(Mailed.account_id) == account, col(Mailed.subject_id) == subject)
