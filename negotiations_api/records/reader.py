"""Records as their schema shows them, read without making instances of them.

What is shown of a record is worked out once, from its schema and the mapping of its model: one
select of columns for the records, with the slugs of what they refer to, and one for each list of
parts. Of a schema that does more than that, it is dumped by the schema itself, of instances. Either
way it is what `Schema.dump` makes of the record (docs/decisions/0022).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from sqlalchemy import Row, Select, SQLColumnExpression, bindparam, null
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database.rights import rights_of
from negotiations_api.models import Negotiation, Owned, Position, Record
from negotiations_api.models.identifier import format_id
from negotiations_api.records.columns import Columns
from negotiations_api.records.find import (
    eager,
    find,
    found_by,
    in_scope,
    key_column,
    key_value,
    missing,
)
from negotiations_api.records.shown import Object, show_rows
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import SLUG
from negotiations_api.schemas.shown import Particular

_AT_ONCE = 500

Rows = Sequence[Row[*tuple[Any, ...]]]
"""Rows of a reader's select: what is shown comes first, and what else was asked for last."""


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A record that was found: what stands for it, and its row."""

    noun: str
    id: int
    version: int
    derived: str | None
    key: str
    row: Row[*tuple[Any, ...]]
    negotiation: Negotiation | None
    """The one that owns it, as far as it was read: what `_OWNER` has of it; in no session."""
    hidden_versions: ClassVar[int] = 0  # it is read where nothing else is there


_OWNER = ("id", "slug", "revision", "visibility", "is_divided")
"""What is read of the negotiation that owns a record."""


class Reader:
    """Reads records of `model` as `schema` shows them."""

    def __init__(self, model: type[Record], schema: RecordSchema) -> None:
        self.model = model
        self.schema = schema
        columns = Columns(model)
        try:
            self._shown: Object | None = columns.object(schema)
        except Particular:
            self._shown = None
            self._options = eager(schema, model)
        self._columns = columns

    def select(self, statement: Select[Any], *also: SQLColumnExpression[Any]) -> Select[Any]:
        """`statement`, which selects records, with what is shown of them, and `also`."""
        if self._shown is None:
            return statement.with_only_columns(self.model, *also).options(*self._options)
        return self._columns.select(statement, *also)

    def rows(
        self, session: Session, statement: Select[Any], given: Mapping[str, Any] | None = None
    ) -> Rows:
        """The rows of a statement that `select` made, with the parameters `given`."""
        if self._shown is None:
            return session.execute(statement, given).unique().all()
        # By the connection: there are no instances that the session would have to know.
        return session.connection().execute(statement, given).all()

    def dump(self, session: Session, rows: Rows) -> list[dict[str, Any]]:
        """What is shown of the records of `rows`, with their parts."""
        if self._shown is None:
            dumped: list[dict[str, Any]] = self.schema.dump([row[0] for row in rows], many=True)
            return dumped
        return list(show_rows(session.connection(), self._shown, rows))

    def read(self, session: Session, statement: Select[Any]) -> list[dict[str, Any]]:
        """What is shown of the records that `statement` selects."""
        return self.dump(session, self.rows(session, self.select(statement)))

    def named(
        self, session: Session, negotiation: Negotiation | None, slugs: Iterable[str]
    ) -> list[dict[str, Any]]:
        """What is shown of the records that `slugs` stand for, in their order."""
        shown: list[dict[str, Any]] = []
        column = key_column(self.model)
        for some in batched(sorted(slugs), _AT_ONCE):
            named = in_scope(self.model, negotiation).where(column.in_(some))
            shown += self.read(session, named.order_by(column))
        return shown

    def find(self, session: Session, key: str, negotiation: str | None) -> FoundRow:
        """The record that `key` stands for, in the negotiation with that slug, without its parts.

        Raises Missing, for the negotiation or for the record in it.
        """
        value = key_value(self.model, key)
        given = {"key": value, "negotiation": negotiation}
        may_be = value is not None and (negotiation is None or SLUG.fullmatch(negotiation))
        for row in self.rows(session, self._one, given) if may_be else ():
            owner: Negotiation | None = None
            if row.owner_id is not None:
                owner = Negotiation(**{name: getattr(row, f"owner_{name}") for name in _OWNER})
                if not rights_of(session).sees(owner):
                    break
            return FoundRow(
                self.model.noun,
                row.found_id,
                row.found_version,
                row.found_derived,
                format_id(row.found_id) if self.model is Position else row.found_key,
                row,
                owner,
            )
        owned_by = None if negotiation is None else find(session, Negotiation, negotiation)
        raise missing(session, self.model, key, owned_by)

    @cached_property
    def _one(self) -> Select[Any]:
        column = found_by(self.model)
        statement = in_scope(self.model, None).where(column == bindparam("key"))
        if issubclass(self.model, Owned):
            # In one statement with the record: on its own it takes longer than all of this.
            statement = statement.join(Negotiation, Negotiation.id == self.model.negotiation_id)
            statement = statement.where(Negotiation.slug == bindparam("negotiation"))
        also: dict[str, SQLColumnExpression[Any]] = {
            "found_id": self.model.id,
            "found_version": self.model.version,
            "found_derived": Position.last_day if self.model is Position else null(),
            "found_key": column,
        }
        is_owned = issubclass(self.model, Owned)
        for name in _OWNER:
            also[f"owner_{name}"] = getattr(Negotiation, name) if is_owned else null()
        return self.select(statement, *(one.label(name) for name, one in also.items()))


@lru_cache(maxsize=1024)
def reader_of(
    model: type[Record], schema: type[RecordSchema], only: frozenset[str] | None = None
) -> Reader:
    """The reader of records of `model` as `schema` shows them, or `only` some of its fields."""
    if only is None:
        return Reader(model, schema())
    return Reader(model, schema(only=[name for name in schema().fields if name in only]))
