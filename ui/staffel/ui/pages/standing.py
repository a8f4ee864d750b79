"""Where a case stands: for the diagram, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from staffel.api.cases.queries import find_case, tasks_of_case
from staffel.api.cases.schemas import WaitKind, WaitOut
from staffel.api.cases.service import read_case
from staffel.api.cases.values import field_titles
from staffel.engine.actor import Actor
from staffel.engine.cases.added_tasks import is_added
from staffel.engine.cases.documents import FIELD, field_kinds, held_documents
from staffel.engine.cases.running import model_of
from staffel.engine.kernel.program import ElementInfo
from staffel.engine.library import Deployed
from staffel.engine.library.ahead import standing_at
from staffel.engine.library.schemas import fields_of, options_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, TaskStatus
from staffel.ui.forms.fields import fields_named
from staffel.ui.steps import StepLine, next_for_people, steps_of_case


@dataclass(frozen=True, kw_only=True)
class CaseStanding:
    """What the diagram marks, and the same in words: what the case waits for, and its steps."""

    version_id: UUID
    here: tuple[str, ...]
    waits: list[WaitOut]
    steps: list[StepLine]
    ahead: list[ElementInfo]
    done: frozenset[str]
    titles: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]

    def marks(self, label: str, waiting: str) -> Mapping[str, Any]:
        """What the diagram island marks: `label` is the word where somebody is at work, `waiting` where something else is awaited."""
        awaited = {each.element for each in self.waits if each.kind is not WaitKind.TASK}
        return {
            "positions": [
                {"element": element, "label": waiting if element in awaited else label}
                for element in self.here
            ],
            "past": sorted(self.done),
        }


def standing_of(tx: Transaction, *, actor: Actor, case_id: UUID) -> CaseStanding:
    """Where the case stands, as far as the actor may know. Raises `NotFound`."""
    case, _ = find_case(tx, actor=actor, case_id=case_id)
    model = model_of(tx, case)
    program = model.program
    tasks = tasks_of_case(tx, actor=actor, case_id=case_id)
    done = {
        task.element: task.closed_at
        for task in tasks
        if task.status == TaskStatus.DONE and task.closed_at is not None and not is_added(task)
    }
    found = read_case(tx, actor=actor, case_id=case_id)
    active = standing_at(program, found.active_elements)
    here = tuple(
        each for each in active if each in program.flows or not program.elements[each].type.is_gateway
    )
    return CaseStanding(
        version_id=case.version_id,
        here=here,
        waits=[each for each in found.waits if not each.listens],
        steps=steps_of_case(program, done=done, here=here, waits=found.waits),
        ahead=next_for_people(program, active),
        done=frozenset(done) - set(here),
        titles=field_titles(model),
        options={**field_options(model), **files_of(tx, actor=actor, case_id=case_id)},
    )


def field_options(model: Deployed) -> Mapping[str, Mapping[str, str]]:
    """What the forms of a model call the values that one chooses from, by the path of the field."""
    found: dict[str, Mapping[str, str]] = {}
    for form in model.all_forms():
        named = {entry["field"]: entry.get("options", {}) for entry in fields_named(form.ui)}
        for path, field in fields_of(form.schema):
            if options := options_of(field, named.get(path.rpartition(".")[2], {})):
                found[path] = dict(options)
    return found


def files_of(tx: Transaction, *, actor: Actor, case_id: UUID) -> dict[str, dict[str, str]]:
    """The names of the documents that fields of the case may name, by field and id: those that the actor's Stellen hold."""
    case = tx.session.get_one(Case, case_id)
    found: dict[str, dict[str, str]] = {}
    if field_kinds(model_of(tx, case)):
        for each in held_documents(tx, actor=actor, case=case):
            if each.kind.startswith(FIELD):
                found.setdefault(each.kind.removeprefix(FIELD), {})[str(each.id)] = each.name
    return found
