"""Keep substitutions for absences within a team."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import UtcTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add `substitution`."""
    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("absent_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("arranged_by", sa.Uuid(), nullable=True),
        sa.Column("arranged_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        *[
            sa.ForeignKeyConstraint([name], ["account.id"], name=op.f(f"fk_substitution_{name}_account"))
            for name in ("absent_id", "arranged_by", "substitute_id")
        ],
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_substitution_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    for name in ("unit_id", "substitute_id"):
        op.create_index(op.f(f"ix_substitution_{name}"), "substitution", [name], unique=False)
