"""What the database itself refuses, also to a writer that goes past the API."""

import pytest
import sqlalchemy as sa

from negotiations_api.database import Database

BREAKS = (
    "UPDATE position SET stance = 'maybe'",
    "UPDATE position SET salience = 101",
    "UPDATE position SET begins_on = '2001-01-01'",
    "UPDATE position SET ends_on = '2001'",
    "UPDATE position SET until = '201'",
    "UPDATE position SET party_id = (SELECT id FROM party WHERE slug = 'outsider')",
    "UPDATE position SET demand_id = 12345",
    "UPDATE participant SET weight = -1",
    "UPDATE participant SET supports_id = party_id",
    "UPDATE demand SET part_of_id = id",
    "UPDATE demand SET scale_min = 2, scale_max = 1",
    "UPDATE demand SET scale_min = 2, scale_max = NULL",
    "UPDATE citation SET position_id = (SELECT max(id) FROM position) WHERE position_id IS NULL",
    "UPDATE meeting SET outcome = 'fine'",
    "UPDATE party SET slug = 'usa'",
    "DELETE FROM party",
    "DELETE FROM source",
    "DELETE FROM participant",
)


@pytest.mark.parametrize("statement", BREAKS)
def test_the_database_refuses(talks: Database, statement: str) -> None:
    with talks.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(
            sa.text(
                "INSERT INTO party (id, slug, name, kind, version, created_at, updated_at)"
                " VALUES (1, 'outsider', 'O', 'state', 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"
            )
        )
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(statement))
        transaction.rollback()
