"""Bringing a database to the schema of this release, by the migrations."""

import sysconfig
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from negotiations_api.database import Database

_CHECKOUT = Path(__file__).parent.parent / "migrations"
_INSTALLED = Path(sysconfig.get_path("data")) / "share" / "negotiations-api" / "migrations"


def config(database: Database) -> Config:
    """Alembic's configuration for `database`, from a checkout or from an installed package."""
    made = Config()
    scripts = _CHECKOUT if (_CHECKOUT / "env.py").exists() else _INSTALLED
    made.set_main_option("script_location", str(scripts).replace("%", "%%"))
    made.attributes["database"] = database
    return made


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations up to `revision`."""
    command.upgrade(config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Undo the migrations down to `revision`."""
    command.downgrade(config(database), revision)


def is_current(database: Database) -> bool:
    """Whether `database` has the schema of this release."""
    scripts = ScriptDirectory.from_config(config(database))
    with database.engine.connect() as connection:
        there = MigrationContext.configure(connection).get_current_revision()
    return there == scripts.get_current_head()
