"""Keep the Fristen of steps that wait without a task of people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON, UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add `step_deadline`."""
    op.create_table(
        "step_deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("due", JSON, nullable=False),
        sa.Column("sort_at", UtcTime(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_step_deadline_case_id_case")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_step_deadline_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_deadline")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_step_deadline_case_id_key")),
    )
    op.create_index(
        "ix_step_deadline_open",
        "step_deadline",
        ["unit_id", "sort_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
