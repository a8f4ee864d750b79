"""Facts of a case that the kernel does not need: who of the Stelle's people takes up a task is no matter of the model.

They stand in the event stream beside the kernel's own events. They name no person.
"""

from __future__ import annotations

import msgspec


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    key: int
    element: str


class TaskClaimed(_Fact, frozen=True, kw_only=True, tag=True):
    """A person of the Stelle has taken the task."""


class TaskReleased(_Fact, frozen=True, kw_only=True, tag=True):
    """The task has been given back to the Stelle."""


class TaskBegun(_Fact, frozen=True, kw_only=True, tag=True):
    """Work on the task has begun."""


Fact = TaskClaimed | TaskReleased | TaskBegun
