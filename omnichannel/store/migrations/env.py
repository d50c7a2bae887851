"""Alembic's way in: it works on the connection that `store.schema` hands over, in its transaction."""

from alembic import context

from omnichannel.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
