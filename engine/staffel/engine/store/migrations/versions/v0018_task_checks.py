"""Keep second checks of tasks (Vier-Augen-Prinzip)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import BYTES, TEXT, UtcTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add `task_check`."""
    op.create_table(
        "task_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("values", BYTES, nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("idempotency_key", TEXT, nullable=True),
        *[
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_task_check_{name}_{table}"))
            for name, table in (("first_id", "account"), ("second_id", "account"), ("task_id", "task"))
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_check")),
    )
    op.create_index(op.f("ix_task_check_task_id"), "task_check", ["task_id"], unique=False)
