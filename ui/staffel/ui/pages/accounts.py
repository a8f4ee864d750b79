"""Accounts of the own municipality and their roles. The administration never looks into a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from staffel.api.accounts import service
from staffel.api.models import service as models
from staffel.engine.accounts import administration
from staffel.engine.accounts.administration import AccountLine, UnitLine
from staffel.engine.actor import CASEWORK, Actor, Role
from staffel.engine.errors import Refusal
from staffel.engine.store import Transaction
from staffel.ui.forms import Field
from staffel.ui.forms.entry import SECRET, Entry
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited
from staffel.ui.words import word

router = APIRouter(prefix="/verwaltung", include_in_schema=False)
WHOLE_MUNICIPALITY = "kommune"
PLACES = {"login-taken": "kennung", "password-too-weak": "kennwort", "role-needs-unit": "stelle"}
"""Where on a form a refusal is shown, by its code."""
LONGEST = {"maxLength": 200}


class SetupStep(NamedTuple):
    """A step of setting up a municipality, and where it is done."""

    title: str
    path: str
    done: bool


def administrator(visit: Visited) -> Visit:
    """Dependency of every page of the administration. Raises `NotAllowed` for all others."""
    visit.actor.need(Role.ADMINISTRATION)
    return visit


Administrator = Annotated[Visit, Depends(administrator)]


@router.get("")
def show_accounts(visit: Administrator) -> Response:
    """The accounts, and a form for a new one."""
    return _list(visit, _new_account(visit))


@router.post("/konten")
def create_account(visit: Administrator, sent: Sent) -> Response:
    """A new account with its first role."""
    entry = _new_account(visit, sent)
    if entry.fits:
        try:
            visit.do(
                administration.create_account_as,
                login=entry["kennung"],
                name=entry["name"],
                password=entry["kennwort"],
                roles=[(Role(entry["rolle"]), unit_of(entry["stelle"]))],
            )
        except Refusal as refusal:
            entry.take(refusal, PLACES)
        else:
            return go("/verwaltung", "account-created")
    return _list(visit, entry)


@router.get("/konten/{account_id}")
def show_account(account_id: UUID, visit: Administrator) -> Response:
    """One account: its roles, a new password, its end."""
    return _page(visit, account_id)


@router.post("/konten/{account_id}/rolle")
def give_role(account_id: UUID, visit: Administrator, sent: Sent) -> Response:
    """Give a role; it counts from the next request."""
    entry = _new_role(visit, sent)
    if entry.fits:
        try:
            visit.do(
                service.change_role,
                account_id=account_id,
                role=Role(entry["rolle"]),
                unit_id=unit_of(entry["stelle"]),
                held=True,
            )
        except Refusal as refusal:
            entry.take(refusal, PLACES)
        else:
            return go(f"/verwaltung/konten/{account_id}", "role-added")
    return _page(visit, account_id, role=entry)


@router.post("/konten/{account_id}/rolle/{role}/entziehen")
def take_role(account_id: UUID, role: Role, visit: Administrator, stelle: UUID | None = None) -> Response:
    """Take a role, in a Stelle or in the whole municipality; open sessions lose it with their next request."""
    visit.do(service.change_role, account_id=account_id, role=role, unit_id=stelle, held=False)
    return go(f"/verwaltung/konten/{account_id}", "role-removed")


@router.post("/konten/{account_id}/kennwort")
def set_password(account_id: UUID, visit: Administrator, sent: Sent) -> Response:
    """A new password; all sessions of the account end."""
    entry = Entry([_password(visit, visit.language.text("Neues Kennwort"))], visit.language, sent)
    if entry.fits:
        try:
            visit.do(administration.set_password_as, account_id=account_id, password=entry["kennwort"])
        except Refusal as refusal:
            entry.take(refusal, PLACES)
        else:
            return go(f"/verwaltung/konten/{account_id}", "password-set")
    return _page(visit, account_id, password=entry)


@router.post("/konten/{account_id}/sperren")
def end_account(account_id: UUID, visit: Administrator) -> Response:
    """Close the account; its sessions end."""
    visit.do(service.close_account, account_id=account_id)
    return go("/verwaltung", "account-ended")


def own_units(tx: Transaction, *, actor: Actor) -> list[UnitLine]:
    """The Stellen of the actor's own municipality, by name."""
    units = administration.units(tx, actor=actor)
    return sorted(
        (unit for unit in units if unit.municipality == actor.municipality), key=lambda unit: unit.name
    )


def unit_options(units: Iterable[UnitLine]) -> list[tuple[str, str]]:
    """Stellen to choose from."""
    return [(str(unit.id), unit.name) for unit in units]


def unit_of(chosen: str) -> UUID | None:
    """The Stelle that was chosen among `unit_options`; None for the whole municipality."""
    return None if chosen in {"", WHOLE_MUNICIPALITY} else UUID(chosen)


def _new_account(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    fields = [
        Field(name="name", widget="text", label=say("Name"), required=True, limits=LONGEST),
        Field(name="kennung", widget="text", label=say("Kennung"), required=True, limits=LONGEST),
        _password(visit, say("Erstes Kennwort")),
        *_role_fields(visit),
    ]
    return Entry(fields, visit.language, sent)


def _new_role(visit: Visit, sent: Sent | None = None) -> Entry:
    return Entry(_role_fields(visit), visit.language, sent)


def _password(visit: Visit, label: str) -> Field:
    advice = visit.language.text("Mindestens 12 Zeichen, am besten ein ganzer Satz")
    return Field(name="kennwort", widget=SECRET, label=label, required=True, help=advice)


def _role_fields(visit: Visit) -> Sequence[Field]:
    say = visit.language.text
    units = [(WHOLE_MUNICIPALITY, say("ganze Kommune")), *unit_options(visit.ask(own_units))]
    roles = [(role.value, word(visit.language, role.value, "role")) for role in Role]
    return [
        Field(name="rolle", widget="select", label=say("Rolle"), required=True, options=roles),
        Field(name="stelle", widget="select", label=say("Stelle"), required=True, options=units),
    ]


def _list(visit: Visit, entry: Entry) -> Response:
    return visit.page(
        "accounts.html",
        status=200 if entry.fits else 422,
        nav="/verwaltung",
        accounts=(accounts := visit.ask(administration.accounts)),
        steps=_setup(visit, accounts),
        entry=entry,
    )


def _setup(visit: Visit, accounts: Iterable[AccountLine]) -> list[SetupStep]:
    """What a municipality needs before the first case; empty when nothing of it is missing."""
    say = visit.language.text
    working = {role.role for account in accounts if account.ended_at is None for role in account.roles}
    steps = [
        SetupStep(say("Stellen anlegen"), "/verwaltung/stellen", bool(visit.ask(own_units))),
        SetupStep(
            say("Konten für die Sachbearbeitung anlegen"), "#anlegen", not CASEWORK.isdisjoint(working)
        ),
        SetupStep(
            say("Ein Modell hochladen und in Kraft setzen"),
            "/modelle",
            bool(visit.ask(models.startable, now=visit.now)),
        ),
    ]
    return [] if all(step.done for step in steps) else steps


def _page(
    visit: Visit, account_id: UUID, *, role: Entry | None = None, password: Entry | None = None
) -> Response:
    account = visit.ask(service.find_account, account_id=account_id)
    role = role or _new_role(visit)
    password = password or Entry([_password(visit, visit.language.text("Neues Kennwort"))], visit.language)
    return visit.page(
        "account.html",
        status=200 if role.fits and password.fits else 422,
        nav="/verwaltung",
        account=account,
        is_own=account.id == visit.actor.account,
        role=role,
        password=password,
    )
