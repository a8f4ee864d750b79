"""What a running P1 case waits for, as its Stellen may know it, and its steps in words."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.processes.test_rechtskreiswechsel import at_jobcentre, grant

from staffel.api.cases.schemas import WaitKind, WaitOut
from staffel.api.cases.waits import waits_of
from staffel.api.references import UnitRef
from staffel.engine.actor import Actor, Role
from staffel.engine.bpmn.model import NodeType
from staffel.engine.store.tables import Case
from staffel.ui.steps import Standing, steps_of_case

KINDS = ("ABH", "LB", "JC", "SOZ", "WOH", "CM")
UNITS = {kind: uuid4() for kind in KINDS}


@pytest.fixture(scope="module")
def granted():
    """A case that the Jobcenter has granted: it waits for two other Stellen, the health insurance, and the end of the choice."""
    walk = at_jobcentre()
    walk.do("Aufgabe_Anspruch", entscheidung="bewilligen")
    grant(walk)
    return walk


def waits(granted, kind: str) -> dict[str, WaitOut]:
    case = Case(units={name: str(each) for name, each in UNITS.items()}, starter_unit=UNITS["ABH"])
    names: dict[UUID, UnitRef] = {
        each: UnitRef(id=each, kind=name, name=name, municipality="05315000") for name, each in UNITS.items()
    }
    roles = frozenset({Role.SACHBEARBEITUNG})
    actor = Actor(account=uuid4(), name="A", municipality="05315000", units={UNITS[kind]: roles}, roles=roles)
    return {each.element: each for each in waits_of(granted.program, granted.case.state, case, names, actor)}


def test_it_says_for_whom_and_until_when_a_case_waits_the_day_to_its_own_stelle_alone(granted) -> None:
    found = waits(granted, "JC")
    assert {name: (each.kind, each.unit and each.unit.kind) for name, each in found.items() if not each.listens} == {
        "Fluss_JC_LB_Rueckmeldung": (WaitKind.HANDOVER, "LB"),
        "Fluss_JC_WOH_Kosten": (WaitKind.HANDOVER, "WOH"),
        "Aufgabe_Erstgespraech": (WaitKind.TASK, "JC"),
        "Aufgabe_AZR": (WaitKind.TASK, "JC"),
        "Warten_Bescheinigung": (WaitKind.MESSAGE, "JC"),
        "Warten_Kassenwahl": (WaitKind.TIME, "JC"),
    }  # fmt: skip
    assert found["Start_Wegzug"].listens
    assert found["Warten_Kassenwahl"].until is not None
    assert waits(granted, "LB")["Warten_Kassenwahl"].until is None


def test_the_steps_of_a_case_leave_gateways_out_and_call_nothing_done_that_is_awaited(granted) -> None:
    found = waits(granted, "JC")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    steps = steps_of_case(
        granted.program, done={"Aufgabe_Bescheid": at}, here=list(found), waits=found.values()
    )
    standing = {each.element: each.standing for each in steps}
    assert not any(NodeType(each.kind).is_gateway for each in steps)
    assert standing["Warten_Bescheinigung"] == standing["Warten_Kassenwahl"] == Standing.WAITS
    assert standing["Aufgabe_Einstellung"] == Standing.WAITS, "what is offered to another Stelle"
    assert standing["Aufgabe_AZR"] == Standing.HERE
    assert next(each.done_at for each in steps if each.element == "Aufgabe_Bescheid") == at
