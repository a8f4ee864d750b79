"""Complete the record of a handover, and keep notices about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON, UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; cases that went over keep their history, open offers are watched from their first Frist."""
    with op.batch_alter_table("handover") as table:
        table.add_column(sa.Column("moved", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("data_hash", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("escalate_at", UtcTime(), nullable=True))
        table.add_column(
            sa.Column("escalation_for", sa.Text(), nullable=False, server_default="acknowledge_by")
        )
        table.add_column(sa.Column("escalation_level", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("missing", JSON, nullable=True))
        table.add_column(sa.Column("conversation", JSON, nullable=True))
        table.add_column(sa.Column("person_informed_at", UtcTime(), nullable=True))
        table.add_column(sa.Column("receiver_reference", sa.Text(), nullable=True))
        table.add_column(sa.Column("delete_data_at", UtcTime(), nullable=True))
    op.execute(
        "UPDATE handover SET moved = (1 = 1) WHERE status = 'accepted' AND kind NOT IN ('beteiligung', 'information')"
    )
    op.execute("UPDATE handover SET escalate_at = acknowledge_by WHERE closed_at IS NULL")
    for name in ("escalate_at", "delete_data_at"):
        op.create_index(
            f"ix_handover_{name}",
            "handover",
            [name],
            sqlite_where=sa.text(f"{name} IS NOT NULL"),
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )
    _notice()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("handover_key", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_notice_case_id_case")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(
        "ix_notice_open",
        "notice",
        ["municipality", "role", "created_at"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_notice_handover", "notice", ["case_id", "handover_key"])
