"""Alembic's entry: migrations run on the connection and in the transaction that `store.migrate` gives."""

from __future__ import annotations

from alembic import context

from staffel.engine.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
