"""Link cases to the case that they were started from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import UtcTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add `case_link`."""
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("linked_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_link_case_id_case")),
        sa.ForeignKeyConstraint(["parent_id"], ["case.id"], name=op.f("fk_case_link_parent_id_case")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_parent_id"), "case_link", ["parent_id"], unique=False)
