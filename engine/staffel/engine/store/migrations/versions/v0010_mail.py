"""Send notices by mail to those who want them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import UtcTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add `mail_setting` and `mailed`."""
    op.create_table(
        "mail_setting",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("next_at", UtcTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_setting_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_setting")),
    )
    op.create_index(
        "ix_mail_setting_next_at",
        "mail_setting",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "mailed",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mailed_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "subject_id", name=op.f("pk_mailed")),
    )
    op.create_index(op.f("ix_mailed_sent_at"), "mailed", ["sent_at"], unique=False)
