"""What the search finds records by: their words, kept with them, and an index of those.

The words (`search_words`) are a column of the record, written by the flush that writes the record,
so that a write which is rolled back is not found and a change is found at once. The index is an
FTS5 table kept by triggers on SQLite, and a GIN index on PostgreSQL; neither cuts or folds a word.
What is written past the session (a bulk insert) brings its words itself: `kept_words`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from sqlalchemy import Connection, Table, event, inspect
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from negotiations_api.models.base import Base, Prose
from negotiations_api.models.search_words import STEM, kept_words


class Searchable(Base):
    """A record that is found by words.

    `searched_by` names the attributes with the texts, those of its parts as `parts.attribute`.
    """

    __abstract__ = True

    searched_by: ClassVar[tuple[str, ...]]

    # Deferred: it is as long as all the texts together, and nobody reads it.
    words: Mapped[Prose | None] = mapped_column(deferred=True, sort_order=10)

    def texts(self) -> Iterator[str | None]:
        """The texts that it is found by."""
        for path in self.searched_by:
            name, _, attribute = path.partition(".")
            value = getattr(self, name)
            yield from (getattr(part, attribute) for part in value) if attribute else (value,)


def search_index(table: str, dialect: str) -> tuple[str, ...]:
    """The statements that make the index of the words of `table`; without words a row has none."""
    if dialect == "postgresql":
        # An array made a vector as it is, past the engine's parsers.
        vector = "array_to_tsvector(string_to_array(words, ' '))"
        index = f"CREATE INDEX ix_{table}_words ON {table} USING gin ({vector})"
        return (f"{index} WHERE words IS NOT NULL",)
    index = f"{table}_words"
    taken_out = f"INSERT INTO {index} ({index}, rowid, words) SELECT 'delete', old.id, old.words"
    put_in = f"INSERT INTO {index} (rowid, words) SELECT new.id, new.words"
    return (
        # The ascii tokenizer takes every character beyond ASCII as one of a word, and folds none.
        f"""CREATE VIRTUAL TABLE {index} USING fts5(
        words, content='{table}', content_rowid='id', detail=none, columnsize=0,
        tokenize="ascii tokenchars '{STEM}'")""",
        f"""CREATE TRIGGER {index}_insert AFTER INSERT ON {table}
        WHEN new.words IS NOT NULL
        BEGIN {put_in}; END""",
        f"""CREATE TRIGGER {index}_delete AFTER DELETE ON {table}
        WHEN old.words IS NOT NULL
        BEGIN {taken_out}; END""",
        # One trigger, since the old words have to go before the new ones come.
        f"""CREATE TRIGGER {index}_update AFTER UPDATE OF words ON {table}
        WHEN old.words IS NOT new.words
        BEGIN
            {taken_out} WHERE old.words IS NOT NULL;
            {put_in} WHERE new.words IS NOT NULL;
        END""",
    )


def is_described(name: str | None, kind: str, _: Any = None) -> bool:
    """Whether the models describe a table or index of that name, for Alembic's `include_name`.

    What the search index is made of is in no model: it has its own statements on each engine.
    """
    tables = [table.name for table in _searched(Base.metadata.sorted_tables)]
    if kind == "index":
        return name not in {f"ix_{table}_words" for table in tables}
    parts = ("", "_config", "_data", "_idx")
    of_fts5 = {f"{table}_words{part}" for table in tables for part in parts}
    return kind != "table" or name not in of_fts5


def _searched(tables: Iterable[Table]) -> list[Table]:
    models = (mapper.class_ for mapper in Base.registry.mappers)
    searched = {model.__table__ for model in models if issubclass(model, Searchable)}
    return [table for table in tables if table in searched]


@event.listens_for(Base.metadata, "after_create")
def _create_indexes(_: Any, connection: Connection, *, tables: Any, **__: Any) -> None:
    for table in _searched(tables):
        for statement in search_index(table.name, connection.dialect.name):
            connection.exec_driver_sql(statement)


@event.listens_for(Base.metadata, "before_drop")
def _drop_indexes(_: Any, connection: Connection, *, tables: Any, **__: Any) -> None:
    if connection.dialect.name == "sqlite":
        for table in _searched(tables):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table.name}_words")


@event.listens_for(Session, "before_flush")
def _keep_words(session: Session, _: UOWTransaction, __: Any) -> None:
    """Write anew the words of the records of which the flush writes the texts."""
    for record in session.new:
        if isinstance(record, Searchable):
            record.words = kept_words(record.texts())
    for record in session.dirty:
        if isinstance(record, Searchable) and _is_rewritten(record):
            record.words = kept_words(record.texts())


def _is_rewritten(record: Searchable) -> bool:
    """Whether a text of the record changes, or it is touched: then those of its parts may have.

    Whatever else is written of it changes none of that, and must not load its parts.
    """
    state = inspect(record)
    of_its_own = (path for path in record.searched_by if "." not in path)
    return any(state.attrs[name].history.added for name in ("updated_at", *of_its_own))
