"""Machine access of the own municipality: made, shown once, ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.api.tokens import service
from staffel.engine.accounts import administration
from staffel.engine.accounts.administration import TokenLine
from staffel.engine.actor import CASEWORK, Role, Scope
from staffel.engine.errors import Refusal
from staffel.ui.formats import ZONE, local
from staffel.ui.forms import Field
from staffel.ui.forms.entry import Entry
from staffel.ui.pages.accounts import Administrator, own_units, unit_of, unit_options
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit
from staffel.ui.words import word

router = APIRouter(prefix="/verwaltung/zugaenge", include_in_schema=False)
CREATED = 201


@router.get("")
def show_tokens(visit: Administrator) -> Response:
    """The tokens without their secrets, and a form for a new one."""
    return _page(visit, _new_token(visit))


@router.post("")
def create_token(visit: Administrator, sent: Sent) -> Response:
    """A new token. Its secret stands in this answer and nowhere else, so there is no redirection."""
    entry = _new_token(visit, sent)
    expires_at = _expiry(visit, entry)
    if entry.fits:
        try:
            made = visit.do(
                service.make_token,
                name=entry["name"],
                scopes=[Scope(scope) for scope in entry.all("rechte")],
                unit_id=unit_of(entry["stelle"]),
                role=Role(entry["rolle"]) if entry["rolle"] else None,
                expires_at=expires_at,
            )
        except Refusal as refusal:
            entry.take(refusal, {"casework-only": "rolle"})
        else:
            return _page(visit, _new_token(visit), made=made)
    return _page(visit, entry)


@router.post("/{token_id}/beenden")
def end_token(token_id: UUID, visit: Administrator) -> Response:
    """From now on the token opens nothing."""
    visit.do(administration.end_token_as, token_id=token_id)
    return go("/verwaltung/zugaenge", "token-ended")


def _new_token(visit: Visit, sent: Sent | None = None) -> Entry:
    say = visit.language.text
    scopes = [(scope.value, word(visit.language, scope.value, "scope")) for scope in Scope]
    roles = [
        (role.value, word(visit.language, role.value, "role")) for role in Role if role in CASEWORK
    ]  # in the order of the roles
    fields = [
        Field(
            name="name",
            widget="text",
            label=say("Name des Programms"),
            required=True,
            limits={"maxLength": 200},
        ),
        Field(name="rechte", widget="checkboxes", label=say("Rechte"), required=True, options=scopes),
        Field(
            name="stelle",
            widget="select",
            label=say("Stelle"),
            help=say("Nur für Programme, die wie eine Person in einer Stelle arbeiten"),
            options=unit_options(visit.ask(own_units)),
        ),
        Field(name="rolle", widget="select", label=say("Rolle in dieser Stelle"), options=roles),
        Field(
            name="bis",
            widget="date",
            label=say("Gilt bis einschließlich"),
            help=say("Leer: gilt, bis er beendet wird"),
        ),
    ]
    return Entry(fields, visit.language, sent)


def _expiry(visit: Visit, entry: Entry) -> datetime | None:
    """The end of the day that was typed, by the local clock."""
    if not entry["bis"]:
        return None
    say = visit.language.text
    try:
        after = date.fromisoformat(entry["bis"]) + timedelta(days=1)
    except (ValueError, OverflowError):
        entry.refuse("bis", say("Erwartet wird ein Datum."))
        return None
    if after <= local(visit.now).date():
        entry.refuse("bis", say("Der Tag liegt in der Vergangenheit."))
    return datetime.combine(after, time(), ZONE).astimezone(UTC)


def _page(visit: Visit, entry: Entry, *, made: tuple[TokenLine, str] | None = None) -> Response:
    status = CREATED if made else 200 if entry.fits else 422
    return visit.page(
        "tokens.html",
        status=status,
        nav="/verwaltung",
        tokens=visit.ask(administration.account_tokens),
        units={unit.id: unit.name for unit in visit.ask(own_units)},
        made=made,
        entry=entry,
    )
