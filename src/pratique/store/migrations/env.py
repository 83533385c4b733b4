"""How Alembic runs our migrations: on the connection, and in the transaction, it is handed."""

from alembic import context

from pratique.store.schema import metadata

# The metadata is given for its naming convention; migrations spell their tables out themselves.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
