"""Keep corrections for those who received what was corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import BYTES, UtcTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add `correction`."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("from_unit", sa.Uuid(), nullable=False),
        sa.Column("data", BYTES, nullable=False),
        sa.Column("corrected_at", UtcTime(), nullable=False),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        *[
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_correction_{name}_{table}"))
            for name, table in (
                ("acknowledged_by", "account"),
                ("case_id", "case"),
                ("from_unit", "unit"),
                ("handover_id", "handover"),
                ("unit_id", "unit"),
            )
        ],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_case_id"), "correction", ["case_id"], unique=False)
    op.create_index(
        "ix_correction_open",
        "correction",
        ["unit_id"],
        unique=False,
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )
