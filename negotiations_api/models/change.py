"""Changes of the record: what was written, when and by whom, before and after. Only added to."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import (
    LONGEST_NAME,
    Base,
    Id,
    Prose,
    Timestamp,
    choice,
    now,
    string,
)
from negotiations_api.models.identifier import new_id

LONGEST_REASON = 500
LONGEST_REQUEST_ID = 128


class Action(StrEnum):
    """What has been done to a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    IMPORTED = "imported"


class Change(Base):
    """One record written in one transaction; or, imported, any number of new ones.

    `before` and `after` are what its schema shows of it, as JSON, with its version; nothing where
    it is not there. `key` is what stands for it in addresses, `negotiation` the slug of the one
    that owns it. What many new records are imported by has neither id nor key; its `after` tells
    which they are.
    """

    __tablename__ = "change"
    __table_args__ = (Index(None, "noun", "key"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, default=new_id)
    at: Mapped[dt.datetime] = mapped_column(Timestamp, default=now)
    action: Mapped[Action] = mapped_column(choice(Action, "action"))
    noun: Mapped[str] = mapped_column(string(32))
    record_id: Mapped[int | None] = mapped_column(Id)
    key: Mapped[str | None] = mapped_column(string(80))
    negotiation: Mapped[str | None] = mapped_column(string(80))
    before: Mapped[Prose | None]
    after: Mapped[Prose | None]
    who: Mapped[str | None] = mapped_column(string(LONGEST_NAME))
    request_id: Mapped[str | None] = mapped_column(string(LONGEST_REQUEST_ID))
    reason: Mapped[str | None] = mapped_column(string(LONGEST_REASON))


change_of = Table(
    "change_of",
    Base.metadata,
    # No foreign key to the negotiation, whose history stays when it has been deleted.
    Column("negotiation_id", Id, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column(
        "change_id", Id, ForeignKey("change.id"), primary_key=True, autoincrement=False, index=True
    ),
    sqlite_with_rowid=False,
)
"""The revisions that show a change: one of each negotiation whose revision it has raised."""

change_audience = Table(
    "change_audience",
    Base.metadata,
    Column("negotiation_id", Id, primary_key=True, autoincrement=False),
    Column("change_id", Id, ForeignKey("change.id"), primary_key=True, autoincrement=False),
    # No foreign key to the audience either, which goes with its negotiation.
    Column("audience_id", Id, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""The audiences that alone see a change in the history of a negotiation; without any, all do."""

REFUSAL = "the history of the record is added to only"


def guards(dialect: str) -> tuple[str, ...]:
    """The statements that let the engine refuse to change or to delete what is in the history."""
    tables = ("change", "change_of", "change_audience")
    if dialect == "postgresql":
        made = "CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql AS "
        return (
            f"{made} $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
            *(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION keep_history()"
                for table in tables
            ),
            *(
                f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION keep_history()"
                for table in tables
            ),
        )
    refuses = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    is_there = "EXISTS (SELECT 1 FROM change WHERE id = NEW.id)"
    return (
        *(
            f"CREATE TRIGGER {table}_kept_on_{verb} BEFORE {verb.upper()} ON {table} {refuses}"
            for table in tables
            for verb in ("update", "delete")
        ),
        # INSERT OR REPLACE deletes, and no trigger on deletes runs for it. A row of the others is
        # its key and nothing else, so that one in its place is the same.
        f"CREATE TRIGGER change_kept_on_insert BEFORE INSERT ON change WHEN {is_there} {refuses}",
    )


@event.listens_for(Base.metadata, "after_create")
def _create_guards(_: object, connection: Connection, *, tables: list[Table], **__: object) -> None:
    if change_audience in tables:
        for statement in guards(connection.dialect.name):
            connection.exec_driver_sql(statement)
