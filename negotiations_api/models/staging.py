"""Rows on their way in: read and checked, batch by batch, before they become part of the record.

What is here nobody sees: an import becomes part of its negotiation all at once, in one transaction
and one revision, and what is here of it goes with that. So an import that was broken off goes on
where it was, and readers never see half of one. On PostgreSQL none of it is written to the log: if
the server crashes, or another takes its place, all of it is gone, and the import begins anew.
"""

import datetime as dt

from sqlalchemy import Column, Double, ForeignKey, Integer, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import Base, Id, Prose, Timestamp, now, string
from negotiations_api.models.identifier import new_id

_PROSE = Text().with_variant(Text(collation="C"), "postgresql")


class ImportRun(Base):
    """An import under way.

    `fingerprint` stands for the file and the options, `revision` is the revision of the negotiation
    at which its names were looked up, `lines` is how many records of the file have been read.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, default=new_id)
    fingerprint: Mapped[str] = mapped_column(string(64), unique=True)
    negotiation_id: Mapped[int] = mapped_column(
        Id, ForeignKey("negotiation.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int]
    lines: Mapped[int] = mapped_column(default=0)
    passed_over: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(Timestamp, default=now)


class ImportFault(Base):
    """What is wrong with one row of an import."""

    __tablename__ = "import_fault"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, default=new_id)
    run_id: Mapped[int] = mapped_column(
        Id, ForeignKey("import_run.id", ondelete="CASCADE"), index=True
    )
    line: Mapped[int]
    pointer: Mapped[Prose]
    detail: Mapped[Prose]


import_row = Table(
    "import_row",
    Base.metadata,
    # No foreign keys: a check for each of a million rows takes longer than all the rest.
    Column("run_id", Id, primary_key=True, autoincrement=False),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("party_id", Id, nullable=False),
    Column("demand_id", Id, nullable=False),
    Column("meeting_id", Id),
    Column("begins_on", string(10), nullable=False),
    Column("day_before", string(10), nullable=False),
    Column("last_day", string(10), nullable=False),
    Column("date", string(10), nullable=False),
    Column("until", string(10)),
    Column("stance", string(32), nullable=False),
    Column("value", Double),
    Column("reservation_value", Double),
    Column("salience", Double),
    Column("confidence", Double),
    Column("deadline", string(10)),
    Column("summary", _PROSE),
    Column("words", _PROSE),
    Column("parts", _PROSE),
    sqlite_with_rowid=False,
)
"""The rows of positions: `day_before` they begin, and the `last_day` by their own `until`, so that
the ends of a history need no arithmetic; `parts` are conditions and citations, as JSON."""
