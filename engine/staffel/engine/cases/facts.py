"""Facts of a case that the kernel does not need: who of the Stelle's people takes up a task is no matter of the model.

They stand in the event stream beside the kernel's own events. They name no person.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class _Fact(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    key: int
    element: str


class TaskClaimed(_Fact, frozen=True, kw_only=True, tag=True):
    """A person of the Stelle has taken the task."""


class TaskReleased(_Fact, frozen=True, kw_only=True, tag=True):
    """The task has been given back to the Stelle."""


class TaskTakenOver(_Fact, frozen=True, kw_only=True, tag=True):
    """A substitute of the same Stelle goes on with what an absent person has claimed."""


class TaskBegun(_Fact, frozen=True, kw_only=True, tag=True):
    """Work on the task has begun."""


class TaskSubmitted(_Fact, frozen=True, kw_only=True, tag=True):
    """The task is filled in and waits for a second person of the Stelle (four eyes)."""


class TaskCountersigned(_Fact, frozen=True, kw_only=True, tag=True):
    """A second person of the Stelle has confirmed what was filled in; the task is done with it."""


class TaskGivenBack(_Fact, frozen=True, kw_only=True, tag=True):
    """The task goes back to who filled it in: the second person has a reason, or the first (`withdrawn`) wants it back."""

    withdrawn: bool = False


class TaskPostponed(_Fact, frozen=True, kw_only=True, tag=True):
    """The task is not to be shown as open before `until` (Wiedervorlage); None: it is shown again."""

    until: datetime | None


class TaskAdded(_Fact, frozen=True, kw_only=True, tag=True):
    """A person has added a task for the own Stelle; the model knows nothing of it."""


class AddedTaskEnded(_Fact, frozen=True, kw_only=True, tag=True):
    """An added task is done, or was dropped (`cancelled`), at the latest with the end of the case."""

    cancelled: bool = False


class HandoverReminded(_Fact, frozen=True, kw_only=True, tag=True):
    """A Frist of the handover has passed: the Stelle that is late was reminded. `by` is `system` or `koordination`."""

    deadline: str
    by: str = "system"


class HandoverEscalated(_Fact, frozen=True, kw_only=True, tag=True):
    """The reminder did not help: `to` (in the rule's words, of this `role`) was told; nobody else takes the work over."""

    deadline: str
    level: int
    to: str
    role: str
    by: str = "system"


class HandoverDeadlineChanged(_Fact, frozen=True, kw_only=True, tag=True):
    """A Frist of the handover stands still, runs on, was extended, or its day was named anew; `end` is the new one.

    `deadline` is one of `FRISTEN`, `change` as in the kernel's `DeadlineChanged`.
    """

    deadline: str
    change: str
    end: datetime | None
    reason: str = ""
    legal_basis: str = ""


class HandoverRead(_Fact, frozen=True, kw_only=True, tag=True):
    """Somebody of the receiving Stelle has opened the handover for the first time."""


class PersonInformed(_Fact, frozen=True, kw_only=True, tag=True):
    """The sender has told the person about the handover, in `language`."""

    language: str


class HandoverDataDeleted(_Fact, frozen=True, kw_only=True, tag=True):
    """The receiver's copy of a rejected data set was deleted."""


Fact = (
    TaskClaimed
    | TaskReleased
    | TaskTakenOver
    | TaskBegun
    | TaskSubmitted
    | TaskCountersigned
    | TaskGivenBack
    | TaskPostponed
    | TaskAdded
    | AddedTaskEnded
    | HandoverReminded
    | HandoverEscalated
    | HandoverDeadlineChanged
    | HandoverRead
    | PersonInformed
    | HandoverDataDeleted
)
