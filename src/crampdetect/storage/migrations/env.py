"""Alembic's entry: run the migrations on the connection that the caller opened.

The caller holds the transaction (and SQLite's write lock), so an upgrade happens whole or not.
"""

from alembic import context

from crampdetect.storage.log_schema import metadata

__all__ = ["run_migrations"]


def run_migrations() -> None:
    """Run what the database still lacks."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        # SQLite changes most of a table only by rebuilding it.
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic executes this file under this name; anybody else who imports it (a test collector) has no
# migration under way.
if __name__ == "env_py":
    run_migrations()
