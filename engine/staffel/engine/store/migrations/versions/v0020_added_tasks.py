"""Keep tasks that people add to a case for their own Stelle (Zusatzaufgaben)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import TEXT

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add `added_task`."""
    op.create_table(
        "added_task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", TEXT, nullable=True),
        *[
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_added_task_{name}_{table}"))
            for name, table in (("added_by", "account"), ("task_id", "task"), ("team_id", "team"))
        ],
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_added_task")),
    )
