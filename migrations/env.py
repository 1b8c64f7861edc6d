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
    if connection.dialect.name == "sqlite":
        # A table that is made anew is dropped, and must not take with it what refers to it. It has
        # no effect within a transaction: hence by the driver, before there is one.
        connection.connection.execute("PRAGMA foreign_keys = OFF").close()
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
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"After the migration rows refer to what is not there: {broken}")
    connection.commit()
    connection.invalidate()  # its foreign keys are off
