from __future__ import annotations

from typing import get_args

from tests.support.world import NOON

from staffel.engine.cases.projection import PROJECTIONS, Projection
from staffel.engine.kernel import events as ev
from staffel.engine.store.hot import CaseHead
from staffel.engine.store.hot.shapes import WRITES
from staffel.engine.store.ids import new_id

WITHOUT_ROWS = {
    ev.CaseStarted, ev.ElementActivated, ev.ElementCompleted, ev.ElementTerminated, ev.FlowTaken, ev.VariablesSet,
    ev.DecisionMade, ev.DeadlinePassed, ev.ErrorThrown, ev.EscalationThrown, ev.Repaired, ev.StateChanged,
}  # fmt: skip


def a_case() -> CaseHead:
    return CaseHead(
        id=new_id(), reference="AZ", municipality="05315000", process_id=new_id(), version_id=new_id(), status="running",
        starter_unit=new_id(), responsible_unit=new_id(), row_version=1, seq=0, state=b"", units="{}", calls="{}",
    )  # fmt: skip


def test_every_event_either_changes_rows_or_is_known_not_to() -> None:
    assert set(get_args(ev.Event)) == PROJECTIONS.keys() | WITHOUT_ROWS


def test_a_row_that_changes_twice_in_a_step_is_written_in_two_waves() -> None:
    projection = Projection(a_case(), NOON)

    projection.run(
        [
            ev.TaskOffered(key=1, owner=1, element="a", name="A"),
            ev.TaskClosed(key=1, element="a", closing=ev.Closing.CANCELLED),
        ]
    )

    assert [list(wave) for wave in projection.waves] == [["task_open"], ["task_close"]]


def test_rows_have_as_many_parameters_as_their_statement() -> None:
    projection = Projection(a_case(), NOON)
    projection.run(
        [
            ev.TaskOffered(key=1, owner=1, element="a", name="A"),
            ev.WorkOffered(key=2, owner=1, element="w", topic="t", payload={}, retries=1),
            ev.TimerArmed(key=3, owner=1, element="t", due=NOON),
            ev.MessageAwaited(key=4, owner=1, element="m", name="M"),
            ev.MessageThrown(element="m", name="M", correlation="", payload={}),
            ev.SignalThrown(element="s", name="S", payload={}),
            ev.IncidentRaised(key=5, owner=1, element="a", code="c", stage="s", text_de="", text_en=""),
        ]
    )

    for wave in projection.waves:
        for name, rows in wave.items():
            expected = len(WRITES[name].keys) + len(WRITES[name].sets)
            assert {len(row) for row in rows} == {expected}, name
