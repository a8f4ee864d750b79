"""Keep how people reach a Stelle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import TEXT, UtcTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add `unit_contact`."""
    op.create_table(
        "unit_contact",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("phone", TEXT, nullable=False),
        sa.Column("mail", TEXT, nullable=False),
        sa.Column("opening_hours", TEXT, nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_contact_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_contact")),
    )
