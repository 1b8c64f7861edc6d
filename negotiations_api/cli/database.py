"""The database that the commands work on."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from negotiations_api import upgrade
from negotiations_api.config import Settings
from negotiations_api.database import Access, Authorship, Database, OutcomeUnknown
from negotiations_api.records.faults import Conflict, Missing


def open_database() -> Database:
    """The database that the settings name; no replicas, which may be behind it."""
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        fail(str(error))
    _check_addresses(settings.replicas)
    try:
        return Database(settings.database_url)
    except (ArgumentError, ModuleNotFoundError) as error:
        fail(
            f"NEGOTIATIONS_DATABASE_URL is no address of a database ({error}): "
            "write sqlite:///FILE.db or postgresql://USER@HOST/NAME."
        )


def _check_addresses(replicas: Sequence[str]) -> None:
    for address in replicas:
        try:
            Database(address)
        except ArgumentError as error:
            fail(
                f"NEGOTIATIONS_REPLICA_URLS names what is no address of a replica ({error}): "
                "write postgresql://USER@HOST/NAME for each, with commas between them."
            )


def fail(message: str) -> NoReturn:
    """End the command with a sentence."""
    click.echo(message, err=True)
    sys.exit(1)


@contextmanager
def session(access: Access, by: Authorship | None = None) -> Iterator[Session]:
    """A transaction; what goes wrong in it ends the command with a sentence."""
    with current_database() as database, database.transaction(access, by=by) as opened:
        yield opened


@contextmanager
def current_database() -> Iterator[Database]:
    """The database, with the schema of this release; what goes wrong ends the command."""
    database = open_database()
    try:
        file = database.engine.url.database
        if database.engine.dialect.name == "sqlite" and file and not Path(file).exists():
            fail(f"There is no database {Path(file).absolute()}: 'negotiations migrate' makes it.")
        if not upgrade.is_current(database):
            fail("The database has not the schema of this release: run 'negotiations migrate'.")
        yield database
    except (Missing, Conflict) as error:
        fail(str(error.args[0]))
    except OutcomeUnknown:
        fail(
            "The connection was lost while it was committing: look whether what was to be written "
            "is there. If not, nothing of it is: try again."
        )
    except DBAPIError as error:
        fail(f"The database does not answer: {error.orig}")
    finally:
        database.dispose()


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this release."""
    database = open_database()
    try:
        upgrade.upgrade(database)
    except DBAPIError as error:
        fail(f"The database does not answer: {error.orig}")
    click.echo(f"{database.engine.url.render_as_string()} has the schema of this release.")
