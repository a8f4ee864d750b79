"""What people keep for their daily work: filters of the inbox, who substitutes whom, tasks that they add."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlmodel import Field

from staffel.engine.store.tables.base import UUID, Any, Row, datetime, id_column, json, link, moment, text


class SavedFilter(Row, table=True):
    """A filter of the inbox under a name: a person's own, or (with `unit_id`) shared with the Stelle.

    `query` holds names and values of the closed grammar `InboxQuery`; nothing in it is ever evaluated.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (Index(None, "unit_id"),)
    id: UUID = id_column()
    account_id: UUID = link("account.id", index=True)
    unit_id: UUID | None = link("unit.id", default=None)
    name: str = text()
    query: dict[str, Any] = json(default_factory=dict)
    created_at: datetime = moment()


class Substitution(Row, table=True):
    """Within a Stelle, `substitute_id` may take over what `absent_id` has claimed, from the `first` to the `last` day.

    `ended_at` ends it early; without that it ends by itself.
    """

    __tablename__ = "substitution"
    id: UUID = id_column()
    unit_id: UUID = link("unit.id", index=True)
    absent_id: UUID = link("account.id")
    substitute_id: UUID = link("account.id", index=True)
    first: date = Field()
    last: date = Field()
    arranged_by: UUID | None = link("account.id", default=None)
    arranged_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class AddedTask(Row, table=True):
    """What a person said of a task that they added to a case for the own Stelle (Zusatzaufgabe), beside its row in `task`.

    The model knows nothing of such a task: its key is negative, its element a name that no model has.
    """

    __tablename__ = "added_task"
    task_id: UUID = link("task.id", primary_key=True)
    note: str = text(default="")
    team_id: UUID | None = link("team.id", default=None)
    added_by: UUID | None = link("account.id", default=None)
    idempotency_key: str | None = text(default=None)
