"""Create the first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "municipality",
        sa.Column("ags", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_ags", sa.Text(), nullable=True),
        sa.Column("settings", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_ags"], ["municipality.ags"], name=op.f("fk_municipality_parent_ags_municipality")
        ),
        sa.PrimaryKeyConstraint("ags", name=op.f("pk_municipality")),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("key", name=op.f("uq_process_key")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_failure")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_account_municipality_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_index(op.f("ix_account_municipality"), "account", ["municipality"], unique=False)
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_unit_municipality_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_municipality"), "unit", ["municipality"], unique=False)
    op.create_table(
        "competence",
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_competence_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_competence_unit_id_unit")),
        sa.PrimaryKeyConstraint("municipality", "kind", name=op.f("pk_competence")),
    )
    op.create_index(op.f("ix_competence_unit_id"), "competence", ["unit_id"], unique=False)
    op.create_table(
        "model_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("valid_from", UtcTime(), nullable=True),
        sa.Column("valid_until", UtcTime(), nullable=True),
        sa.Column("lanes", JSON, nullable=False),
        sa.Column("kinds", JSON, nullable=False),
        sa.Column("milestones", JSON, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("legal_bases", JSON, nullable=False),
        sa.Column("legal_state", sa.Text(), nullable=False),
        sa.Column("variant_of", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", UtcTime(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", UtcTime(), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_model_version_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_model_version_process_id_process")
        ),
        sa.ForeignKeyConstraint(
            ["released_by"], ["account.id"], name=op.f("fk_model_version_released_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["account.id"], name=op.f("fk_model_version_uploaded_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["variant_of"], ["model_version.id"], name=op.f("fk_model_version_variant_of_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_model_version_process_id_number")),
    )
    op.create_index(
        op.f("ix_model_version_process_id_state_valid_from"),
        "model_version",
        ["process_id", "state", "valid_from"],
        unique=False,
    )
    op.create_table(
        "session",
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id_account")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_team_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_team_unit_id_name")),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_token_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_token_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_token_secret_hash")),
    )
    op.create_index(op.f("ix_token_municipality"), "token", ["municipality"], unique=False)
    op.create_table(
        "artefact",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_artefact_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "path", name=op.f("pk_artefact")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("token_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_account_id_account")),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_audit_token_id_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_municipality_at"), "audit", ["municipality", "at"], unique=False)
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("starter_unit", sa.Uuid(), nullable=False),
        sa.Column("responsible_unit", sa.Uuid(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("units", JSON, nullable=False),
        sa.Column("calls", JSON, nullable=False),
        sa.Column("end_element", sa.Text(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality"], ["municipality.ags"], name=op.f("fk_case_municipality_municipality")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_case_process_id_process")),
        sa.ForeignKeyConstraint(
            ["responsible_unit"], ["unit.id"], name=op.f("fk_case_responsible_unit_unit")
        ),
        sa.ForeignKeyConstraint(["starter_unit"], ["unit.id"], name=op.f("fk_case_starter_unit_unit")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_case_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint(
            "municipality", "process_id", "reference", name=op.f("uq_case_municipality_process_id_reference")
        ),
    )
    op.create_index(op.f("ix_case_process_id_started_at"), "case", ["process_id", "started_at"], unique=False)
    op.create_index(
        op.f("ix_case_responsible_unit_status_started_at"),
        "case",
        ["responsible_unit", "status", "started_at"],
        unique=False,
    )
    op.create_index(op.f("ix_case_starter_unit"), "case", ["starter_unit"], unique=False)
    op.create_index(op.f("ix_case_version_id"), "case", ["version_id"], unique=False)
    op.create_index("uq_case_idempotency", "case", ["municipality", "idempotency_key"], unique=True)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id", "unit_id", "role", name=op.f("uq_membership_account_id_unit_id_role")
        ),
    )
    op.create_index(op.f("ix_membership_unit_id"), "membership", ["unit_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_event_case_id_case")),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_event")),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("sender_unit", sa.Uuid(), nullable=False),
        sa.Column("receiver_unit", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("predecessor", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("offered_at", UtcTime(), nullable=False),
        sa.Column("acknowledge_by", UtcTime(), nullable=True),
        sa.Column("accept_by", UtcTime(), nullable=True),
        sa.Column("result_by", UtcTime(), nullable=True),
        sa.Column("due", JSON, nullable=True),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("accepted_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("returned_to", sa.Text(), nullable=True),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_handover_case_id_case")),
        sa.ForeignKeyConstraint(["receiver_unit"], ["unit.id"], name=op.f("fk_handover_receiver_unit_unit")),
        sa.ForeignKeyConstraint(["sender_unit"], ["unit.id"], name=op.f("fk_handover_sender_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_handover_case_id_key")),
    )
    op.create_index(
        "ix_handover_receiver",
        "handover",
        ["receiver_unit", "offered_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_handover_sender", "handover", ["sender_unit", "offered_at", "id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text_de", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_incident_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_incident_case_id_key")),
    )
    op.create_index(
        op.f("ix_incident_closed_at_raised_at"), "incident", ["closed_at", "raised_at"], unique=False
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("source_case", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_message_case_id_case")),
        sa.ForeignKeyConstraint(["source_case"], ["case.id"], name=op.f("fk_message_source_case_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_expires_at"), "message", ["expires_at"], unique=False)
    op.create_index(op.f("ix_message_name_correlation"), "message", ["name", "correlation"], unique=False)
    op.create_index("uq_message_key", "message", ["municipality", "key"], unique=True)
    op.create_table(
        "subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_subscription_case_id_case")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_subscription_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_subscription_case_id_key")),
    )
    op.create_index(
        op.f("ix_subscription_kind_name_correlation"),
        "subscription",
        ["kind", "name", "correlation"],
        unique=False,
    )
    op.create_index(op.f("ix_subscription_version_id"), "subscription", ["version_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("due", JSON, nullable=True),
        sa.Column("follow_up_at", UtcTime(), nullable=True),
        sa.Column("sort_at", UtcTime(), nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("available_at", UtcTime(), nullable=False),
        sa.Column("claimed_at", UtcTime(), nullable=True),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_task_account_id_account")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_task_case_id_case")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_task_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_task_case_id_key")),
    )
    op.create_index(
        "ix_task_account",
        "task",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_task_inbox",
        "task",
        ["unit_id", "sort_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "timer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("due", UtcTime(), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=True),
        sa.Column("interval", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_timer_case_id_case")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["model_version.id"], name=op.f("fk_timer_version_id_model_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_timer_case_id_key")),
    )
    op.create_index(op.f("ix_timer_due"), "timer", ["due"], unique=False)
    op.create_index(op.f("ix_timer_version_id"), "timer", ["version_id"], unique=False)
    op.create_table(
        "work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("offered_at", UtcTime(), nullable=False),
        sa.Column("available_at", UtcTime(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_work_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_work_case_id_key")),
    )
    op.create_index(
        "ix_work_fetch",
        "work",
        ["topic", "available_at", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "draft",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", UtcTime(), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id_task")),
        sa.PrimaryKeyConstraint("task_id", "account_id", name=op.f("pk_draft")),
    )
