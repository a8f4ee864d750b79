"""Keep how far the soundness of a model version was looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from staffel.engine.store.types import JSON

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add `model_version.explored`; unknown for versions that are there already."""
    op.add_column("model_version", sa.Column("explored", JSON, nullable=True))
