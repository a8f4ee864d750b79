"""A small world for the API's tests: two municipalities, their Stellen, and a person for each role."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from founding import found

from staffel.engine import accounts
from staffel.engine.accounts import secrets
from staffel.engine.actor import Role
from staffel.engine.documents import Folder
from staffel.engine.store import Database, Transaction

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the test client would rather have another client library
    from starlette.testclient import TestClient

from staffel.api.app import create_app
from staffel.api.sessions import Attendance
from staffel.api.settings import Settings

KOELN, RHEINE = "05315000", "05566076"
PASSWORD = "eine lange Reihe Wörter"
BEGIN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
EVERYWHERE = (Role.ADMINISTRATION, Role.PROZESSDESIGN, Role.ANALYSE, Role.KOORDINATION, Role.REVISION)


@dataclass
class World:
    """The database, its Stellen by municipality and kind, and a clock that stands still until it is moved."""

    database: Database
    units: dict[tuple[str, str], UUID]
    now: datetime = BEGIN
    app: FastAPI = field(init=False)
    documents: Folder = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Folder(Path(mkdtemp(prefix="staffel-documents-")))
        self.serve(create_app)

    def serve(self, build: Callable[..., FastAPI]) -> None:
        """Answer with what `create_app` or, with the pages, `create_application` builds: once for all worlds of a process."""
        self.app = _built(build)
        self.app.state.database, self.app.state.clock = self.database, lambda: self.now
        self.app.state.attendance, self.app.state.documents = Attendance(), self.documents

    def wait(self, **time: float) -> None:
        """Move the clock."""
        self.now += timedelta(**time)

    def deploy(self, files: dict[str, bytes], login: str = "prozessdesign.koeln") -> str:
        """Upload a model and put it in force; the version's id."""
        designer = self.client(login)
        made = designer.post("/api/v1/models", files=[("files", each) for each in files.items()])
        assert made.status_code == 201, made.text
        version: str = made.json()["version"]["id"]
        answer = designer.post(f"/api/v1/models/{version}/in-force", json={})
        assert answer.status_code == 200, answer.text
        return version

    def token(self, *scopes: str, town: str = "koeln") -> Client:
        """A program with a token."""
        admin = self.client(f"administration.{town}")
        made = admin.post("/api/v1/tokens", json={"name": "Programm", "scopes": list(scopes)})
        program = self.client()
        program.headers["authorization"] = f"Bearer {made.json()['secret']}"
        return program

    def client(self, login: str | None = None) -> Client:
        """A browser; signed in when a login is given (`jc.koeln`, `administration.rheine`)."""
        client = Client(self.app, base_url="http://localhost")
        if login:
            client.sign_in(login)
        return client


class Client(TestClient):
    """A browser that sends the session's CSRF token with every request."""

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Sign in and keep the token."""
        answer = self.post("/api/v1/auth/login", json={"login": login, "password": password})
        assert answer.status_code == 204, answer.text
        self.headers["x-csrf-token"] = self.me()["csrf_token"]

    def me(self) -> Any:
        """Who am I."""
        return self.get("/api/v1/auth/me").json()


@functools.cache
def _built(build: Callable[..., FastAPI]) -> FastAPI:
    """An application still without a database; putting its routes together takes a fifth of a second."""
    return build(Settings(), database=object())


def build_world(database: Database) -> World:
    """Köln and Rheine with three Stellen each, a caseworker per Stelle, a person per other role."""
    return World(database, dict(found(database, _populate)))


def _populate(tx: Transaction) -> dict[tuple[str, str], UUID]:
    units = {}
    for ags, name in ((KOELN, "Köln"), (RHEINE, "Rheine")):
        town = "koeln" if ags == KOELN else "rheine"
        accounts.create_municipality(tx, ags=ags, name=name)
        for kind in ("ABH", "LB", "JC"):
            unit = accounts.create_unit(tx, now=BEGIN, municipality=ags, kind=kind, name=f"{kind} {name}")
            units[ags, kind] = unit
            _person(tx, ags, f"{kind.lower()}.{town}", (Role.SACHBEARBEITUNG, unit))
        for role in EVERYWHERE:
            _person(tx, ags, f"{role}.{town}", (role, None))
    return units


def _person(tx: Transaction, ags: str, login: str, role: tuple[Role, UUID | None]) -> None:
    accounts.create_account(
        tx, now=BEGIN, municipality=ags, login=login, name=login, password=PASSWORD, roles=[role]
    )


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Password hashes that are not meant to last."""
    use_quick_hashes(monkeypatch)


def use_quick_hashes(patch: pytest.MonkeyPatch) -> None:
    """As `quick_hashes`, for fixtures that live longer than a test."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    patch.setattr(secrets, "_hasher", hasher)
    patch.setattr(secrets, "_NOBODY", _nobody())


@functools.cache
def _nobody() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("nobody")


@pytest.fixture
def world(sqlite_database: Database) -> World:
    """The world on SQLite."""
    return build_world(sqlite_database)


@pytest.fixture
def both_worlds(database: Database) -> World:
    """The world, once on SQLite and once on PostgreSQL."""
    return build_world(database)
