"""Runs the migrations, from the `negotiations` command or from plain `alembic`."""

from alembic import context

from negotiations_api.config import Settings
from negotiations_api.database import Database
from negotiations_api.models import Base
from negotiations_api.models.search import is_described

database = context.config.attributes.get("database") or Database(
    Settings.from_environment().database_url
)

with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a constraint: Alembic makes the table anew.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
        include_name=is_described,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
