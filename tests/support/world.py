"""A small world for tests of cases: two municipalities, their Stellen, people without passwords, models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.support.founding import found

from staffel.engine import cases, library
from staffel.engine.accounts.organisation import create_municipality, create_unit
from staffel.engine.actor import Actor, Role, Scope
from staffel.engine.store import Database, Transaction, new_id
from staffel.engine.store.tables import Account, Token

KOELN, RHEINE = "05315000", "05566076"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KINDS = ("ABH", "JC", "GA")
PREFIX = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:staffel="urn:staffel:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="urn:test">'
)


def lane(name: str, kind: str, *nodes: str) -> str:
    """A lane bound to a kind of Stelle."""
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    bound = f'<extensionElements><staffel:unit kind="{kind}"/></extensionElements>'
    return f'<lane id="{name}" name="{name}">{bound}{refs}</lane>'


def flows(*pairs: tuple[str, str]) -> str:
    """Sequence flows `f1`, `f2`, … between the nodes."""
    return "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairs, 1)
    )


def process(body: str, *, lanes: str = "", key: str = "p", roots: str = "") -> bytes:
    """A BPMN file with one process."""
    lane_set = f'<laneSet id="ls">{lanes}</laneSet>' if lanes else ""
    return f'{PREFIX}{roots}<process id="{key}" name="Prozess" isExecutable="true">{lane_set}{body}</process></definitions>'.encode()


def form_task(name: str, form: str) -> str:
    """A user task with a form."""
    return f'<userTask id="{name}" name="{name}"><extensionElements><staffel:form ref="{form}"/></extensionElements></userTask>'


def result_task(name: str, *results: str) -> str:
    """A user task without a form that gives these variables."""
    outputs = "".join(f'<staffel:output source="{each}" target="{each}"/>' for each in results)
    return f'<userTask id="{name}" name="{name}"><extensionElements>{outputs}</extensionElements></userTask>'


TWO_STEPS = process(
    '<startEvent id="s"/><userTask id="a" name="Erfassen"/><userTask id="b" name="Prüfen"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a", "b", "e"),
)
HANDED_OVER = process(
    '<startEvent id="s"/><userTask id="a" name="Abgeben"/><userTask id="b" name="Prüfen"/><endEvent id="e"/>'
    + flows(("s", "a"), ("a", "b"), ("b", "e")),
    lanes=lane("abh", "ABH", "s", "a") + lane("jc", "JC", "b", "e"),
)


class World:
    """Names for everything a test needs. `now` is the fake clock; `do` runs one function in its own transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        units, (self.designer, self.alice, self.bob) = found(database, _populate)
        self.units = dict(units)

    def person(self, name: str, *roles: Role, unit: str | None = None, municipality: str = KOELN) -> Actor:
        """An account with roles in a Stelle, or in the whole municipality."""
        unit_id = self.units[municipality, unit] if unit else None
        return self.database.run(_person, name, *roles, unit=unit_id, municipality=municipality, now=self.now)

    def machine(self, *scopes: Scope, municipality: str = KOELN) -> Actor:
        """A machine token's actor."""
        token = new_id()
        self.database.run(
            lambda tx: tx.session.add(
                Token(
                    id=token, municipality=municipality, name="Maschine", secret_hash=str(token),
                    scopes=[scope.value for scope in scopes], created_at=self.now,
                )
            )
        )  # fmt: skip
        return Actor(name="Maschine", municipality=municipality, token=token, scopes=frozenset(scopes))

    def do(self, function: Callable[..., Any], actor: Actor | None = None, **arguments: Any) -> Any:
        """Run a function of `cases` or `library` at `now`."""
        if actor is not None:
            arguments["actor"] = actor
        return self.database.run(function, now=self.now, **arguments)

    def upload(self, model: bytes, actor: Actor | None = None, **arguments: Any) -> UUID:
        """Upload a model without forms as a draft."""
        return self._upload({"model.bpmn": model}, actor or self.designer, **arguments)

    def _upload(self, files: Mapping[str, bytes], actor: Actor, **arguments: Any) -> UUID:
        checked = self.database.read(library.check_upload, actor=actor, now=self.now, files=files)
        version: UUID = self.do(library.upload, actor, checked=checked, **arguments)
        return version

    def deploy(self, model: bytes, forms: Mapping[str, bytes] | None = None, **arguments: Any) -> UUID:
        """Upload a model and put it in force."""
        files = {"model.bpmn": model, **{f"forms/{name}.json": text for name, text in (forms or {}).items()}}
        version = self._upload(files, self.designer, **arguments)
        self.do(library.put_in_force, self.designer, version_id=version)
        return version

    def start(self, reference: str = "AZ-1", actor: Actor | None = None, **arguments: Any) -> UUID:
        """Start a case of process `p`."""
        arguments = {"process_key": "p", **arguments}
        case: UUID = self.do(cases.start_case, actor or self.alice, reference=reference, **arguments)
        return case

    def later(self, **length: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**length)
        return self.now

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a plain SQL statement finds."""
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def open_task(self, case_id: UUID | None = None, element: str | None = None) -> UUID:
        """The one open task (of the case, at the element)."""
        found = self._ids("task", case_id, element)
        assert len(found) == 1, found
        return found[0]

    def open_tasks(self) -> list[UUID]:
        """All open tasks."""
        return self._ids("task", None, None)

    def open_handover(self, case_id: UUID | None = None) -> UUID:
        """The one open handover."""
        found = self._ids("handover", case_id, None)
        assert len(found) == 1, found
        return found[0]

    def open_incident(self) -> UUID:
        """The one open incident."""
        found = self._ids("incident", None, None)
        assert len(found) == 1, found
        return found[0]

    def _ids(self, table: str, case_id: UUID | None, element: str | None) -> list[UUID]:
        found = self.rows(f"SELECT id, case_id, element FROM {table} WHERE closed_at IS NULL")
        return [
            UUID(str(row[0]))
            for row in found
            if case_id in {None, UUID(str(row[1]))} and element in {None, row[2]}
        ]

    def finish(self, task_id: UUID, actor: Actor | None = None, **values: Any) -> None:
        """Claim and complete a task."""
        self.do(cases.claim_task, actor or self.alice, task_id=task_id)
        self.do(cases.complete_task, actor or self.alice, task_id=task_id, values=values)


def _populate(tx: Transaction) -> tuple[dict[tuple[str, str], UUID], tuple[Actor, Actor, Actor]]:
    units = {}
    for ags, name in ((KOELN, "Köln"), (RHEINE, "Rheine")):
        create_municipality(tx, ags=ags, name=name)
        for kind in KINDS:
            units[ags, kind] = create_unit(tx, now=NOON, municipality=ags, kind=kind, name=f"{kind} {name}")
    people = (
        _person(tx, "Dana", Role.PROZESSDESIGN),
        _person(tx, "Alice", Role.SACHBEARBEITUNG, unit=units[KOELN, "ABH"]),
        _person(tx, "Bob", Role.SACHBEARBEITUNG, unit=units[KOELN, "JC"]),
    )
    return units, people


def _person(
    tx: Transaction,
    name: str,
    *roles: Role,
    unit: UUID | None = None,
    municipality: str = KOELN,
    now: datetime = NOON,
) -> Actor:
    account, held = new_id(), frozenset(roles)
    tx.session.add(
        Account(
            id=account, municipality=municipality, login=str(account), name=name, password_hash="", created_at=now
        )
    )  # fmt: skip
    units = {unit: held} if unit else {}
    return Actor(name=name, municipality=municipality, account=account, units=units, roles=held)
