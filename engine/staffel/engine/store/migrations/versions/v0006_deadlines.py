"""Keep the closing days of Stellen, and the Frist that a timer stands for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add `closing_day` and `timer.deadline`."""
    op.create_table(
        "closing_day",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_closing_day_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_closing_day")),
    )
    op.add_column("timer", sa.Column("deadline", JSON, nullable=True))
