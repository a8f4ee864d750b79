"""Keep reports of breaking points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add `breaking_point`."""
    op.create_table(
        "breaking_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        *[
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("element", "name", "unit_kind", "other_kind", "trouble")
        ],
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_breaking_point_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_breaking_point_process_id_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaking_point")),
    )
    columns = ["process_id", "municipality", "month"]
    op.create_index(f"ix_breaking_point_{'_'.join(columns)}", "breaking_point", columns, unique=False)
