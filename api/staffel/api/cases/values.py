"""Which values of a case a Stelle may read: those that a task, a form or a handover gave it, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from staffel.engine.cases.record import read_event
from staffel.engine.cases.running import model_of
from staffel.engine.feel import FeelError, to_json
from staffel.engine.feel.codec import decode_values
from staffel.engine.kernel import decode_state, variables, visible_at
from staffel.engine.kernel.behaviours.tasks import named
from staffel.engine.kernel.events import DecisionMade, TaskClosed, VariablesSet
from staffel.engine.kernel.state import ROOT
from staffel.engine.library import Deployed
from staffel.engine.library.forms import REASON, Form
from staffel.engine.library.schemas import fields_of
from staffel.engine.store import Transaction
from staffel.engine.store.tables import Case, Correction, Event, Handover, Task, TaskCheck, TaskStatus


def form_of(tx: Transaction, case: Case, task: Task) -> Form | None:
    """The form of a task; None when it has none."""
    return model_of(tx, case).form(task.form, task.element)


def values_for_task(case: Case, task: Task, form: Form | None) -> dict[str, Any]:
    """What the fields of an open task's form hold now, seen from the task: a read climbs the scopes."""
    if form is None or task.closed_at is not None:
        return {}
    state = decode_state(case.state)
    return _plain(visible_at(state, task.key), form.names)


def values_for_units(
    tx: Transaction,
    *,
    case: Case,
    tasks: Iterable[Task],
    handovers: Iterable[Handover],
    corrections: Iterable[Correction],
    holds: bool,
) -> dict[str, Any]:
    """What Stellen may read of a case by their tasks and handovers (in order; later ones win).

    Fields of their forms are read as they are now while a task is open or the case is theirs (`holds`); what was
    handed over stays as it was handed over, but for `corrections` that were told.
    """
    found: dict[str, Any] = {}
    for handover in handovers:
        found |= values_of_handover(handover)
    for correction in corrections:
        found |= values_told(correction)
    state = decode_state(case.state)
    for task in tasks:
        form = form_of(tx, case, task)
        if task.closed_at is None:
            found |= values_for_task(case, task, form)
        elif holds and form is not None:
            found |= _plain(variables(state, ROOT), form.names)
    return found


def values_of_handover(handover: Handover) -> dict[str, Any]:
    """The fields that travel."""
    values = decode_values(handover.data)
    return _plain(values, values)


def values_told(correction: Correction) -> dict[str, Any]:
    """The corrected fields."""
    values = decode_values(correction.data)
    return _plain(values, values)


def values_of_proposal(tx: Transaction, task: Task) -> dict[str, Any] | None:
    """The decision that the rules propose, with its reasons, which stand in the case's events."""
    if task.proposal is None:
        return None
    values = dict(decode_values(task.proposal))
    key = values.pop("key", None)
    plain = _plain(values, values)
    if key is not None:
        plain["explanation"] = _explanation(tx, task.case_id, int(key))
    return plain


def values_of_check(check: TaskCheck) -> dict[str, Any]:
    """What was filled in and waits for a second person."""
    values = decode_values(check.values or b"")
    return _plain(values, values)


def values_of_decision(
    tx: Transaction, case: Case, task: Task, check: TaskCheck | None = None
) -> dict[str, Any] | None:
    """What a person decided upon a proposal: the decision's variables, and the reason where they departed from it.

    `check`: it waits for a second person.
    """
    if task.proposal is None or not (check or task.status == TaskStatus.DONE):
        return None
    element = model_of(tx, case).program.elements[task.element]
    proposed = named(element, decode_values(task.proposal).get("result"))
    names = {*proposed, REASON}
    if check is not None:
        return _plain(proposed | decode_values(check.values or b""), names)
    of_case = select(Event.data).where(Event.case_id == case.id)
    closed = select(Event.seq).where(
        Event.case_id == case.id, Event.type == TaskClosed.__name__, Event.key == task.key
    )
    later = of_case.where(Event.type == VariablesSet.__name__, Event.seq > closed.scalar_subquery())
    data = tx.session.exec(later.order_by(col(Event.seq)).limit(1)).first()
    written = read_event(VariablesSet.__name__, data) if data is not None else None
    return (
        _plain(written.values, names & written.values.keys()) if isinstance(written, VariablesSet) else None
    )


def _explanation(tx: Transaction, case_id: UUID, key: int) -> Any:
    """Why the decision of an element instance came out as it did; of a loop, its last one."""
    query = select(Event.data).where(
        Event.case_id == case_id, Event.type == DecisionMade.__name__, Event.key == key
    )
    data = tx.session.exec(query.order_by(col(Event.seq).desc()).limit(1)).first()
    made = read_event(DecisionMade.__name__, data) if data is not None else None
    return made.explanation if isinstance(made, DecisionMade) else None


def _plain(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: plain(values[name]) for name in names if name in values}


def plain(value: Any) -> Any:
    """A FEEL value for a browser; what JSON cannot say (a function) is shown as text."""
    try:
        return to_json(value)
    except FeelError:
        return str(value)


def field_titles(model: Deployed) -> Mapping[str, str]:
    """What the forms of a model, and of what it calls, call its variables, and the fields of groups and rows by their paths.

    What no form asks for but a decision sets is called like the step that decides.
    """
    decided = {
        name: element.name
        for element in model.program.elements.values()
        if element.decision is not None and element.name
        for name in (element.loop.output_collection if element.loop else None, element.result)
        if name
    }
    asked = {
        path: str(field["title"])
        for form in model.all_forms()
        for path, field in fields_of(form.schema)
        if "title" in field
    }
    return decided | asked
