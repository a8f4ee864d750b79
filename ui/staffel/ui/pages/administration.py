"""Administration of the own municipality: accounts, roles and Stellen. It never looks into a case."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from staffel.engine.accounts import administration as admin
from staffel.engine.actor import Role
from staffel.engine.bpmn.units import UNIT_KINDS
from staffel.engine.errors import NotFound, Refusal
from staffel.ui.language import Language
from staffel.ui.rendering import go
from staffel.ui.visit import Sent, Visit, Visited, text

router = APIRouter(include_in_schema=False)
WHOLE_MUNICIPALITY = "kommune"


@router.get("/verwaltung")
def show_accounts(visit: Visited) -> Response:
    """The accounts, and a form for a new one."""
    return _accounts_page(visit)


@router.post("/verwaltung/konten")
def create_account(visit: Visited, sent: Sent) -> Response:
    """A new account with its first role."""
    unit = _unit(text(sent, "stelle"))
    try:
        visit.do(
            admin.create_account_as,
            login=text(sent, "kennung"),
            name=text(sent, "name"),
            password=str(sent.get("kennwort", "")),
            roles=[(Role(text(sent, "rolle")), unit)],
        )
    except NotFound:
        raise
    except Refusal as refusal:
        fault = refusal.message_de if visit.language is Language.DE else str(refusal)
        return _accounts_page(visit, fault=fault, login=text(sent, "kennung"), name=text(sent, "name"))
    return go("/verwaltung", "account-created")


@router.post("/verwaltung/konten/{account_id}/rolle")
def change_role(account_id: UUID, visit: Visited, sent: Sent) -> Response:
    """Give or take a role; it counts from the next request."""
    held = text(sent, "tun") == "vergeben"
    visit.do(
        admin.change_role_as,
        account_id=account_id,
        role=Role(text(sent, "rolle")),
        unit_id=_unit(text(sent, "stelle")),
        held=held,
    )
    return go("/verwaltung", "role-added" if held else "role-removed")


@router.post("/verwaltung/konten/{account_id}/sperren")
def end_account(account_id: UUID, visit: Visited) -> Response:
    """Close the account; its sessions end."""
    visit.do(admin.end_account_as, account_id=account_id)
    return go("/verwaltung", "account-ended")


@router.get("/verwaltung/stellen")
def show_units(visit: Visited) -> Response:
    """The Stellen and who is competent for what."""
    return visit.page(
        "units.html",
        nav="/verwaltung",
        units=visit.ask(admin.units),
        directory=visit.ask(admin.units, everywhere=True),
        kinds=UNIT_KINDS,
        towns=dict(visit.inquiry.database.read(admin.municipalities)),
        own=visit.actor.municipality,
    )


@router.post("/verwaltung/stellen")
def create_unit(visit: Visited, sent: Sent) -> Response:
    """A new Stelle of the municipality."""
    visit.do(
        admin.create_unit_as, kind=text(sent, "art"), name=text(sent, "name"), short_name=text(sent, "kurz")
    )
    return go("/verwaltung/stellen", "unit-created")


@router.post("/verwaltung/zustaendigkeit")
def set_competence(visit: Visited, sent: Sent) -> Response:
    """Which Stelle serves the municipality for a kind of work, from now on."""
    kind, _, unit = text(sent, "stelle").partition(":")
    visit.do(admin.set_competence_as, kind=kind, unit_id=UUID(unit))
    return go("/verwaltung/stellen", "competence-set")


def _unit(chosen: str) -> UUID | None:
    """The Stelle of a role; None for the whole municipality."""
    return None if chosen in {"", WHOLE_MUNICIPALITY} else UUID(chosen)


def _accounts_page(visit: Visit, *, fault: str = "", login: str = "", name: str = "") -> Response:
    visit.actor.need(Role.ADMINISTRATION)
    own = [unit for unit in visit.ask(admin.units) if unit.municipality == visit.actor.municipality]
    return visit.page(
        "accounts.html",
        status=422 if fault else 200,
        accounts=visit.ask(admin.accounts),
        units=own,
        roles=list(Role),
        fault=fault,
        login=login,
        name=name,
    )
