"""What all records share: names of constraints, types of columns, identity, version and times."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    UniqueConstraint,
)
from sqlalchemy import DateTime as _DateTime
from sqlalchemy import Text as _Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from negotiations_api.models.identifier import new_id

LONGEST_NAME = 200
"""The longest name of who has written something."""


class Timestamp(TypeDecorator[dt.datetime]):
    """A moment in UTC, aware on both engines (SQLite keeps no time zone)."""

    impl = _DateTime(timezone=True)
    cache_ok = True

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Attach UTC where the engine has dropped it."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def string(length: int) -> TypeEngine[str]:
    """Text up to `length`, which both engines sort and compare by code point."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def choice(enum: type[StrEnum], name: str) -> Enum:
    """A column that takes the values of `enum` only, by a check constraint called `name`."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


Id = BigInteger().with_variant(Integer, "sqlite")

Slug = Annotated[str, mapped_column(string(80))]
Line = Annotated[str, mapped_column(string(500))]
Prose = Annotated[str, mapped_column(_Text().with_variant(_Text(collation="C"), "postgresql"))]
Date = Annotated[str, mapped_column(string(10))]
"""An imprecise date (compare/date.py), which sorts by its first day as the text that it is."""


def now() -> dt.datetime:
    """This moment in UTC, in whole milliseconds, as it is shown: so that it is found by that."""
    moment = dt.datetime.now(dt.UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def between(column: str, low: int, high: int) -> CheckConstraint:
    """A check that `column`, where it has a value, lies between `low` and `high`."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")


def dates(*columns: str) -> tuple[CheckConstraint, ...]:
    """Checks that the columns, where they have a value, are as long as an imprecise date."""
    return tuple(
        CheckConstraint(f"length({column}) IN (4, 7, 10)", name=f"{column}_precision")
        for column in columns
    )


def unique_slug() -> tuple[UniqueConstraint, UniqueConstraint]:
    """One slug in a negotiation, and a target for foreign keys that stay within it."""
    return UniqueConstraint("negotiation_id", "slug"), UniqueConstraint("negotiation_id", "id")


def in_negotiation(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key from `column` to a record of `table` in the same negotiation."""
    return ForeignKeyConstraint(
        ["negotiation_id", column], [f"{table}.negotiation_id", f"{table}.id"]
    )


class Base(DeclarativeBase):
    """The declarative base; every constraint has a name that a migration can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Part(Base):
    """A row that lives and dies with the record that owns it, in the order of `ordinal`."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(
        Id, primary_key=True, autoincrement=False, default=new_id, sort_order=-9
    )
    ordinal: Mapped[int] = mapped_column(default=0, sort_order=9)


class Record(Base):
    """A record with an address of its own: identity, version and times.

    `noun` is its name in addresses, messages and documents. The version goes into the ETag and
    into the WHERE clause of every UPDATE and DELETE, so that a lost update cannot happen.
    """

    __abstract__ = True

    noun: ClassVar[str]

    id: Mapped[int] = mapped_column(
        Id, primary_key=True, autoincrement=False, default=new_id, sort_order=-9
    )
    version: Mapped[int] = mapped_column(default=1, sort_order=7)
    created_at: Mapped[dt.datetime] = mapped_column(Timestamp, default=now, sort_order=8)
    updated_at: Mapped[dt.datetime] = mapped_column(
        Timestamp, default=now, onupdate=now, sort_order=9
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    hidden_versions = 0  # no column
    """So many versions the caller does not count, since what changed is hidden from it."""

    @property
    def key(self) -> str:
        """What stands for the record in addresses and documents."""
        raise AttributeError(f"{type(self).__name__} has no key")

    @property
    def derived(self) -> str | None:
        """What is shown of it that others may change while its version stays; None for nothing."""
        return None

    def is_in_circle(self, relationship: str) -> bool:
        """Whether following `relationship`, which leads to one record, comes back to this one."""
        seen: set[int] = set()
        step = getattr(self, relationship)
        while step is not None and id(step) not in seen:
            if step is self:
                return True
            seen.add(id(step))
            step = getattr(step, relationship)
        return False

    def touch(self) -> None:
        """Make a new version of the record at the next flush, also if only its parts changed."""
        self.updated_at = now()

    def refusals(self) -> list[tuple[str, str]]:
        """What is wrong with the record as a whole, as (JSON Pointer, what would be right)."""
        return []


class Catalogued(Record):
    """A record that all negotiations share, with a slug of its own."""

    __abstract__ = True

    slug: Mapped[Slug] = mapped_column(unique=True, sort_order=-7)

    @property
    def key(self) -> str:
        """Its slug."""
        return self.slug


class Attributed(Record):
    """A record that tells who recorded it, and who has last changed it.

    The names are those of `database/authorship.py`, which sets them; None where nobody is known.
    """

    __abstract__ = True

    recorded_by: Mapped[str | None] = mapped_column(string(LONGEST_NAME), sort_order=13)
    changed_by: Mapped[str | None] = mapped_column(string(LONGEST_NAME), sort_order=14)


class Owned(Record):
    """A record that a negotiation owns."""

    __abstract__ = True

    negotiation_id: Mapped[int] = mapped_column(
        Id, ForeignKey("negotiation.id", ondelete="CASCADE"), sort_order=-8
    )


class OwnedBySlug(Owned):
    """A record that a negotiation owns, with a slug that is unique in it."""

    __abstract__ = True

    slug: Mapped[Slug] = mapped_column(sort_order=-7)

    @property
    def key(self) -> str:
        """Its slug."""
        return self.slug


def kinds() -> dict[str, type[Record]]:
    """Every kind of record, by its noun."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return {model.noun: model for model in mapped if issubclass(model, Record)}
