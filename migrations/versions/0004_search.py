"""search: the words that demands, positions and sources are found by, and an index of them.

The words of what is there are made as the release makes them that runs the migration, not as they
were made on the day it was written: they have to agree with the words of its queries. A release
that makes other words fills them anew by a migration of its own. Where the texts stand is written
out here, as of this revision.

Whoever makes one of these tables anew on SQLite has to make its triggers anew too.
"""

from itertools import groupby

import sqlalchemy as sa
from alembic import op

from negotiations_api.models.search_words import kept_words

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXTS = {
    "demand": (
        "SELECT id, slug AS text FROM demand"
        " UNION ALL SELECT id, title FROM demand"
        " UNION ALL SELECT id, text FROM demand"
        " UNION ALL SELECT id, scale_min_means FROM demand"
        " UNION ALL SELECT id, scale_max_means FROM demand"
        " UNION ALL SELECT demand_id, quotation FROM citation"
        " UNION ALL SELECT demand_id, quoted FROM citation"
    ),
    "position": (
        "SELECT id, summary AS text FROM position"
        " UNION ALL SELECT position_id, text FROM condition"
        " UNION ALL SELECT position_id, quotation FROM citation"
        " UNION ALL SELECT position_id, quoted FROM citation"
    ),
    "source": (
        "SELECT id, slug AS text FROM source"
        " UNION ALL SELECT id, title FROM source"
        " UNION ALL SELECT id, publisher FROM source"
        " UNION ALL SELECT id, author FROM source"
    ),
}


def upgrade() -> None:
    """Apply."""
    for table in TEXTS:
        # Not in a batch: SQLite can add a column, and would make the whole table anew.
        op.execute(f"ALTER TABLE {table} ADD COLUMN words TEXT{_collation()}")
        fill(table)
        if op.get_bind().dialect.name == "sqlite":
            index_on_sqlite(table)
        else:
            op.create_index(
                f"ix_{table}_words",
                table,
                [sa.text("array_to_tsvector(string_to_array(words, ' '))")],
                postgresql_using="gin",
                postgresql_where=sa.text("words IS NOT NULL"),
            )


def _collation() -> str:
    return ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""


def fill(table: str) -> None:
    """Write the words of the rows that have texts."""
    connection = op.get_bind()
    texts = sa.text(
        f"SELECT id, text FROM ({TEXTS[table]}) AS texts"  # noqa: S608  # nosec B608
        " WHERE id IS NOT NULL AND text IS NOT NULL ORDER BY id"
    )
    update = sa.text(f"UPDATE {table} SET words = :words WHERE id = :id")  # noqa: S608  # nosec B608
    batch = []
    for identifier, rows in groupby(connection.execute(texts).all(), key=lambda row: row.id):
        batch.append({"id": identifier, "words": kept_words(row.text for row in rows)})
        if len(batch) == 1000:
            connection.execute(update, batch)
            batch.clear()
    if batch:
        connection.execute(update, batch)


def index_on_sqlite(table: str) -> None:
    """Make the index, its triggers, and the entries of what is there."""
    index = f"{table}_words"
    taken_out = f"INSERT INTO {index} ({index}, rowid, words) SELECT 'delete', old.id, old.words"
    put_in = f"INSERT INTO {index} (rowid, words) SELECT new.id, new.words"
    for statement in (
        f"""CREATE VIRTUAL TABLE {index} USING fts5(
        words, content='{table}', content_rowid='id', detail=none, columnsize=0,
        tokenize="ascii tokenchars '='")""",
        f"""INSERT INTO {index} (rowid, words)
        SELECT id, words FROM {table} WHERE words IS NOT NULL""",  # noqa: S608  # nosec B608
        f"""CREATE TRIGGER {index}_insert AFTER INSERT ON {table}
        WHEN new.words IS NOT NULL
        BEGIN {put_in}; END""",
        f"""CREATE TRIGGER {index}_delete AFTER DELETE ON {table}
        WHEN old.words IS NOT NULL
        BEGIN {taken_out}; END""",
        f"""CREATE TRIGGER {index}_update AFTER UPDATE OF words ON {table}
        WHEN old.words IS NOT new.words
        BEGIN
            {taken_out} WHERE old.words IS NOT NULL;
            {put_in} WHERE new.words IS NOT NULL;
        END""",
    ):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Undo."""
    for table in reversed(TEXTS):
        if op.get_bind().dialect.name == "sqlite":
            for trigger in ("insert", "delete", "update"):
                op.execute(f"DROP TRIGGER {table}_words_{trigger}")
            op.execute(f"DROP TABLE {table}_words")
        else:
            op.drop_index(f"ix_{table}_words", table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN words")
