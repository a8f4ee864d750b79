"""The twelve model municipalities with their Stellen, competences, teams and demo accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from staffel.engine.accounts.organisation import create_municipality, create_unit, set_competence
from staffel.engine.accounts.secrets import hash_password
from staffel.engine.actor import Actor, Role
from staffel.engine.simulation.demo.speeds import WORKING_UNITS
from staffel.engine.store import Transaction, new_id
from staffel.engine.store.tables import Account, Membership, Team

DEMO_PASSWORD = "staffel-vorfuehrung"  # noqa: S105 - printed at every start of the demo, and nowhere else in use
SHOWN_TOWN = "05315000"
"""The municipality whose sign-ins are printed (Köln)."""

_PER_UNIT = ((Role.SACHBEARBEITUNG, ""), (Role.SACHBEARBEITUNG, "2"), (Role.TEAMLEITUNG, ".leitung"))
_PER_TOWN = (Role.KOORDINATION, Role.PROZESSDESIGN, Role.ANALYSE, Role.ADMINISTRATION, Role.REVISION)
_SURNAMES = (
    "Ahorn",
    "Birke",
    "Buche",
    "Eiche",
    "Erle",
    "Esche",
    "Fichte",
    "Kiefer",
    "Linde",
    "Pappel",
    "Tanne",
    "Ulme",
)
_TITLES = {
    Role.SACHBEARBEITUNG: "Sachbearbeitung",
    Role.TEAMLEITUNG: "Teamleitung",
    Role.KOORDINATION: "Koordination",
    Role.PROZESSDESIGN: "Prozessdesign",
    Role.ANALYSE: "Analyse",
    Role.ADMINISTRATION: "Administration",
    Role.REVISION: "Revision",
}


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """A Stelle of a municipality."""

    kind: str
    name: str
    short_name: str = ""
    teams: tuple[str, ...] = ()


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """A municipality of the demo. `sign` begins its references, `size` is its share of cases (0: none of its own).

    `competences` name the AGS whose Stelle serves it, by kind, where that is not its own.
    """

    ags: str
    name: str
    slug: str
    sign: str
    kind: str
    parent: str | None = None
    size: float = 0
    offices: tuple[Office, ...] = ()
    competences: Mapping[str, str] = {}


class SignInHint(msgspec.Struct, frozen=True, kw_only=True):
    """A demo account to sign in with."""

    role: Role
    login: str
    name: str
    unit: str = ""


@dataclass(slots=True)
class Organisation:
    """What was created: the people of each Stelle, who serves whom, and the designers."""

    staff: dict[UUID, list[Actor]] = field(default_factory=dict)
    competences: dict[tuple[str, str], UUID] = field(default_factory=dict)
    designers: dict[str, Actor] = field(default_factory=dict)
    units: dict[tuple[str, str], UUID] = field(default_factory=dict)


def sign_ins(towns: Sequence[Town]) -> tuple[SignInHint, ...]:
    """One account for each working Stelle and each role, of the municipality that is shown first."""
    town = next((each for each in towns if each.ags == SHOWN_TOWN), towns[0])
    offices = [office for office in town.offices if office.kind in WORKING_UNITS]
    units = [
        SignInHint(
            role=Role.SACHBEARBEITUNG, login=f"{town.slug}.{office.kind.lower()}",
            name=_name(Role.SACHBEARBEITUNG, office.kind.lower()), unit=office.name,
        )
        for office in offices
    ]  # fmt: skip
    first = offices[0]
    lead = SignInHint(
        role=Role.TEAMLEITUNG, login=f"{town.slug}.{first.kind.lower()}.leitung",
        name=_name(Role.TEAMLEITUNG, f"{first.kind.lower()}.leitung"), unit=first.name,
    )  # fmt: skip
    others = [
        SignInHint(role=role, login=f"{town.slug}.{role.value}", name=_name(role, town.slug))
        for role in _PER_TOWN
    ]
    return (*units, lead, *others)


def create_organisation(tx: Transaction, towns: Sequence[Town], now: datetime) -> Organisation:
    """Create everything; a Kreis comes before its towns."""
    made = Organisation()
    people = _People(now)
    for town in sorted(towns, key=lambda each: each.parent is not None):
        create_municipality(tx, ags=town.ags, name=town.name, kind=town.kind, parent_ags=town.parent)
        for office in town.offices:
            unit = create_unit(
                tx,
                now=now,
                municipality=town.ags,
                kind=office.kind,
                name=office.name,
                short_name=office.short_name,
            )
            made.units[town.ags, office.kind] = made.competences[town.ags, office.kind] = unit
            tx.session.add_all(Team(id=new_id(now), unit_id=unit, name=name) for name in office.teams)
            made.staff[unit] = [
                people.add(tx, town, role, f"{office.kind.lower()}{suffix}", unit)
                for role, suffix in _PER_UNIT
            ]
        actors = {role: people.add(tx, town, role, role.value) for role in _PER_TOWN}
        made.designers[town.ags] = actors[Role.PROZESSDESIGN]
    for town in towns:
        for kind, ags in town.competences.items():
            made.competences[town.ags, kind] = made.units[ags, kind]
            set_competence(tx, municipality=town.ags, kind=kind, unit_id=made.units[ags, kind])
    return made


class _People:
    """Makes accounts; all share one password, so it is hashed once."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._password = hash_password(DEMO_PASSWORD, login="")

    def add(self, tx: Transaction, town: Town, role: Role, suffix: str, unit: UUID | None = None) -> Actor:
        """An account with one role, and the actor it is."""
        name = _name(role, suffix if unit else town.slug)
        account = Account(
            id=new_id(self._now),
            municipality=town.ags,
            login=f"{town.slug}.{suffix}",
            name=name,
            password_hash=self._password,
            created_at=self._now,
        )
        membership = Membership(id=new_id(self._now), account_id=account.id, unit_id=unit, role=role.value)
        tx.session.add_all((account, membership))
        roles = frozenset({role})
        units = {unit: roles} if unit else {}
        return Actor(account=account.id, name=name, municipality=town.ags, units=units, roles=roles)


def _name(role: Role, seed: str) -> str:
    """A name that nobody bears: the work, and a tree."""
    return f"{_TITLES[role]} {_SURNAMES[sum(map(ord, seed.lower())) % len(_SURNAMES)]}"
