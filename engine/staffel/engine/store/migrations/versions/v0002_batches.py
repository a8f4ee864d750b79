"""Keep tables of which each row starts a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add `batch` and `batch_row`."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("process_key", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_batch_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_batch_unit_id_unit")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_batch_account_id_account")),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_batch_token_id_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_created_at"), "batch", ["created_at"], unique=False)
    op.create_index(op.f("ix_batch_unit_id_created_at_id"), "batch", ["unit_id", "created_at", "id"])
    op.create_table(
        "batch_row",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("faults", JSON, nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_row_batch_id_batch")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_batch_row_case_id_case")),
        sa.PrimaryKeyConstraint("batch_id", "line", name=op.f("pk_batch_row")),
    )
    op.create_index(
        "ix_batch_row_waiting",
        "batch_row",
        ["batch_id", "line"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )
