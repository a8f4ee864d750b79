"""Decisions tried: with inputs of somebody, and with the test sets of their version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from time import monotonic
from typing import Final
from uuid import UUID

from staffel.api.decisions.schemas import CaseOutcome, TestSets, Tried
from staffel.api.decisions.service import Found, named, tables_of
from staffel.api.models.queries import read_files
from staffel.engine.actor import Actor
from staffel.engine.dmn import DecisionModel, Validity
from staffel.engine.errors import NotFound, Refusal
from staffel.engine.feel import Budget, FeelError, Value, to_json
from staffel.engine.kernel.formulas import local as local_time
from staffel.engine.library.checks.decisions import read_decisions
from staffel.engine.library.checks.notes import Notes
from staffel.engine.library.checks.test_sets import MOST, Outcome, run_case, test_sets_of
from staffel.engine.store import Transaction

BUDGET: Final = Budget(seconds=1.0, clock=monotonic)
NOON: Final = time(12, tzinfo=UTC)


class DecisionNotTaken(Refusal):
    """The decision could not be evaluated with these inputs."""

    status, code = 422, "decision-not-taken"
    text_de = "Die Entscheidung lässt sich mit diesen Angaben nicht auswerten."


def try_decision(
    tx: Transaction,
    *,
    actor: Actor,
    now: datetime,
    version_id: UUID,
    decision: str,
    inputs: Mapping[str, Value],
    key_date: date | None,
    file: str | None = None,
) -> Tried:
    """Evaluate within a budget; nothing is kept. The rules are those of `file`, else those that the key date picks.

    Texts for dates, times and durations are read as these. Without a key date it is today, or for a `file` the day
    nearest to today on which its rules hold. Raises `NotFound`, `DecisionNotTaken`.
    """
    files = read_files(tx, actor=actor, version_id=version_id)
    today = local_time(now).date()
    try:
        if file is None:
            day = key_date or today
            model = _by_date(files, decision, day)
        else:
            model = named(files, decision, file).model
            day = key_date or _nearest(model.decisions[decision].validity, today)
        moment = local_time(now) if day == today and key_date is None else datetime.combine(day, NOON)
        values = model.read_inputs(decision, inputs)
        result = model.evaluate(decision, values, budget=BUDGET, now=moment, key_date=day, by_date=False)
        return Tried(
            value=to_json(result.value),
            explanation=result.explanation,
            file=file or model.file,
            key_date=day,
            in_force=decision not in model.decisions or model.decisions[decision].validity.covers(day),
        )
    except FeelError as err:
        raise DecisionNotTaken(err.message_en, text_de=err.message_de) from err


def run_tests(
    tx: Transaction, *, actor: Actor, version_id: UUID, decision: str, file: str | None = None
) -> TestSets:
    """What the test sets say of a decision's rules; of several dated ones those of `file`. Raises `NotFound`."""
    files = read_files(tx, actor=actor, version_id=version_id)
    found = named(files, decision, file)
    models = read_decisions(tables_of(files), Notes())
    outcomes = [run_case(case, models) for case in test_sets_of(files, Notes())[:MOST]]
    about = [each for each in outcomes if each.case.decision in {found.decision.id, found.decision.name}]
    own = [each for each in about if each.file in {found.file, ""}]
    table = found.decision.table
    met = {rule for each in outcomes if each.file == found.file for rule in _met(each, found)}
    return TestSets(
        cases=[_case(each, found) for each in own],
        of_other_versions=len(about) - len(own),
        unmet=[] if table is None else sorted(set(range(1, len(table.table.rules) + 1)) - met),
    )


def _by_date(files: Mapping[str, bytes], decision: str, day: date) -> DecisionModel:
    model = read_decisions(tables_of(files), Notes()).get(decision)
    if model is None:
        raise NotFound
    return model.on(decision, day)


def _nearest(validity: Validity, today: date) -> date:
    """Today, or the first or last day of a time that does not reach to it."""
    if validity.first is not None and today < validity.first:
        return validity.first
    return min(today, validity.last or today)


def _met(outcome: Outcome, found: Found) -> list[int]:
    """The rules of the decision's own table that applied in a case, also on the way to another decision."""
    steps = () if outcome.result is None else outcome.result.explanation["decisions"]
    return [
        rule
        for step in steps
        if step["id"] == found.decision.id
        for table in step["tables"]
        for rule in table["matched"]
    ]


def _case(outcome: Outcome, found: Found) -> CaseOutcome:
    case, result = outcome.case, outcome.result
    return CaseOutcome(
        name=case.name,
        file=case.file,
        key_date=case.key_date,
        inputs=to_json(dict(case.inputs)),
        expected=to_json(case.expected),
        found=None if result is None else to_json(result.value),
        rules=_met(outcome, found),
        passed=not outcome.faults,
        faults_de=[german for german, _ in outcome.faults],
        faults_en=[english for _, english in outcome.faults],
    )
