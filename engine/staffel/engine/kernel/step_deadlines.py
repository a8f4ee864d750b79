"""Fristen of activities that wait without a person's task: outside work, a message, what goes on inside (DOMAIN §2.0.2)."""

from __future__ import annotations

from staffel.engine.kernel import deadlines
from staffel.engine.kernel.events import Closing, DeadlineBegun
from staffel.engine.kernel.program import Element
from staffel.engine.kernel.run import Run
from staffel.engine.kernel.state import FristWait
from staffel.engine.kernel.waiting import close


def begin(run: Run, key: int, element: Element) -> None:
    """Let the Fristen of the instance run; those of one that is entered again after an incident run on. Raises `Stuck`."""
    if _places(run, key):
        return
    dues = deadlines.of_model(run, key, element)
    if dues:
        run.emit(
            DeadlineBegun(
                key=run.state.next_key,
                owner=key,
                element=element.id,
                name=element.name,
                unit=element.unit,
                dues=dues,
            )
        )


def done(run: Run, key: int) -> None:
    """The instance has done what its Fristen are for."""
    for each in _places(run, key):
        close(run, each, Closing.DONE)


def _places(run: Run, key: int) -> list[int]:
    return [each for each in run.state.owned.get(key, ()) if type(run.state.waits[each]) is FristWait]
