"""The migrations make the schema that the models describe, and can be undone and done again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from negotiations_api import upgrade
from negotiations_api.database import Access, Database
from negotiations_api.models import Base, Demand, Issue, Negotiation, Position, Source
from negotiations_api.models.search import is_described
from negotiations_api.records.document import dump_document
from negotiations_api.records.find import find
from negotiations_api.records.loading import load_document
from negotiations_api.records.search import MODELS, matching
from negotiations_api.records.strict_yaml import read_yaml, write_yaml
from tests.conftest import EXAMPLE, create_database

CATALOGUE = {
    "sanctions-relief",
    "denuclearisation",
    "peace-treaty",
    "security-guarantees",
    "testing-moratorium",
    "military-exercises",
    "facility-dismantlement",
    "fissile-material-freeze",
    "diplomatic-process",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without any table, of its own."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        server = request.getfixturevalue("postgresql_server")
        made = Database(create_database(server, f"empty-{tmp_path.name}"))
    yield made
    made.dispose()


def load_example(session: Session) -> None:
    load_document(session, read_yaml(EXAMPLE.read_bytes()).value)


def dumped(database: Database) -> bytes:
    with database.transaction(Access.READ) as session:
        return write_yaml(dump_document(session, find(session, Negotiation, "us-dprk")))


def test_the_migrated_schema_is_that_of_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_described}
        )
        assert compare_metadata(context, Base.metadata) == []


def described(database: Database) -> dict[str, Any]:
    """What the engine says of its tables: columns, defaults, checks, keys, indexes, triggers."""
    inspector = sa.inspect(database.engine)
    return triggers(database) | {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"], column["default"])
                for column in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "checks": _sorted(inspector.get_check_constraints(table)),
            "unique": _sorted(inspector.get_unique_constraints(table)),
            "foreign keys": _sorted(inspector.get_foreign_keys(table)),
            "indexes": _sorted(inspector.get_indexes(table)),
        }
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


def triggers(database: Database) -> dict[str, str]:
    """The statements of what an inspector passes over: triggers, and on SQLite virtual tables and
    indexes of more than columns.
    """
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%VIRTUAL%' OR"
    made += " type = 'index' AND sql LIKE '%coalesce(%'"
    if database.engine.dialect.name != "sqlite":
        made = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    with database.engine.connect() as connection:
        return {
            f"made by {name}": " ".join(sql.split())
            for name, sql in connection.execute(sa.text(made))
        }


def _sorted(constraints: Any) -> list[Any]:
    for constraint in constraints:
        options = constraint.get("dialect_options", {})
        options |= {name: str(value) for name, value in options.items()}
    return sorted(constraints, key=lambda constraint: str(constraint["name"]))


def test_the_engine_sees_no_difference_between_the_migrations_and_the_models(
    empty: Database,
) -> None:
    upgrade.upgrade(empty)
    migrated = described(empty)
    upgrade.downgrade(empty, "base")
    Base.metadata.create_all(empty.engine)
    assert described(empty) == migrated


def test_every_constraint_has_a_name(database: Database) -> None:
    inspector = sa.inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        found = [
            inspector.get_pk_constraint(table.name),
            *inspector.get_foreign_keys(table.name),
            *inspector.get_unique_constraints(table.name),
            *inspector.get_check_constraints(table.name),
        ]
        assert all(constraint["name"] for constraint in found), table.name


def test_the_issue_catalogue_is_there(database: Database) -> None:
    with database.transaction(Access.READ) as session:
        assert set(session.scalars(sa.select(Issue.slug))) == CATALOGUE


def test_up_down_and_up_again_with_data_in_the_tables(empty: Database) -> None:
    upgrade.upgrade(empty)
    with empty.transaction(Access.CATALOGUE) as session:
        load_example(session)
    before = dumped(empty)
    upgrade.downgrade(empty, "-1")
    upgrade.upgrade(empty)
    assert dumped(empty) == before
    upgrade.downgrade(empty, "base")
    assert set(sa.inspect(empty.engine).get_table_names()) <= {"alembic_version"}
    upgrade.upgrade(empty)
    with empty.transaction(Access.CATALOGUE) as session:
        load_example(session)
    assert dumped(empty) == before


def test_what_was_there_before_the_search_is_found_by_the_same_words(empty: Database) -> None:
    def words() -> list[Any]:
        with empty.transaction(Access.READ) as session:
            return [
                row
                for table in (Demand, Position, Source)
                for row in session.execute(sa.select(table.id, table.words).order_by(table.id))
            ]

    def found() -> list[int]:
        with empty.transaction(Access.READ) as session:
            return [
                identifier
                for model in MODELS
                for identifier in session.scalars(
                    sa.select(model.id).where(matching(session, model, "sanctions")).order_by("id")
                )
            ]

    upgrade.upgrade(empty)
    with empty.transaction(Access.CATALOGUE) as session:
        load_example(session)
    before = words(), found()
    assert len(before[1]) > 3
    upgrade.downgrade(empty, "0003")
    upgrade.upgrade(empty)
    assert (words(), found()) == before


def test_a_database_knows_whether_it_is_up_to_date(empty: Database) -> None:
    assert not upgrade.is_current(empty)
    upgrade.upgrade(empty)
    assert upgrade.is_current(empty)
