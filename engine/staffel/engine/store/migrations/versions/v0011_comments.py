"""Keep comments at cases and notes to the next Stelle."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import UtcTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add `comment`."""
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("for_unit", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_comment_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_comment_case_id_case")),
        sa.ForeignKeyConstraint(["for_unit"], ["unit.id"], name=op.f("fk_comment_for_unit_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_comment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_case_id"), "comment", ["case_id"], unique=False)
