"""Which columns a schema shows of a model: worked out once, from the schema and the mapping."""

from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any

from marshmallow import Schema, missing
from marshmallow.fields import Field
from sqlalchemy import (
    ColumnElement,
    Enum,
    FromClause,
    Select,
    SQLColumnExpression,
    String,
    bindparam,
    inspect,
    literal_column,
    select,
)
from sqlalchemy import type_coerce as coerced
from sqlalchemy.ext.hybrid import HybridExtensionType
from sqlalchemy.orm import Mapper, RelationshipProperty

from negotiations_api.models import Participant, Party
from negotiations_api.models.base import Timestamp
from negotiations_api.models.functions import Ids, is_among, rfc3339
from negotiations_api.records.shown import Composite, Object, Parts, Shown, Value
from negotiations_api.schemas.fields import Choice, Moment, Reference
from negotiations_api.schemas.shown import (
    Particular,
    is_list,
    is_part,
    is_plucked,
    show_of,
    shown_fields,
    shows_as,
)


def _key(relationship: RelationshipProperty[Any]) -> tuple[ColumnElement[Any], Any]:
    """The column that is referred to, and the one that refers to it."""
    if len(relationship.synchronize_pairs) != 1:
        raise Particular(f"{relationship.key} is joined by more than a key")
    return relationship.synchronize_pairs[0]


class Columns:
    """The columns of a select on a model, and the joins that they need.

    What is asked of it raises Particular if the schema and the mapping do not tell.
    """

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        self.mapper: Mapper[Any] = inspect(model)
        self.columns: list[ColumnElement[Any]] = []
        self.joins: list[tuple[FromClause, ColumnElement[bool]]] = []

    def select(self, statement: Select[Any], *also: SQLColumnExpression[Any]) -> Select[Any]:
        """`statement`, a select on the model, with these columns, and `also` at the end."""
        for target, on in self.joins:
            statement = statement.outerjoin(target, on)
        return statement.with_only_columns(*self.columns, *also, maintain_column_froms=True)

    def object(self, schema: Schema) -> Object:
        """What `schema` shows."""
        shown = {
            name: value
            for name, attribute, field in shown_fields(schema)
            if (value := self._field(attribute, field)) is not None
        }
        if not shown:
            raise Particular(f"{type(schema).__name__} shows nothing")
        return Object(tuple(shown), tuple(shown.values()))

    def _add(self, column: ColumnElement[Any]) -> int:
        """The index of `column`."""
        for index, known in enumerate(self.columns):
            if known is column:
                return index
        self.columns.append(column)
        return len(self.columns) - 1

    def _field(self, attribute: str, field: Field[Any]) -> Shown | None:
        """What `field` shows; None if there is nothing for it."""
        mapper = self.mapper
        if attribute in mapper.column_attrs:
            return self._value(field, mapper.columns[attribute])
        if attribute in mapper.composites:
            return self._composite(attribute, field)
        if attribute in mapper.relationships:
            relationship = mapper.relationships[attribute]
            return (self._list if relationship.uselist else self._slug)(relationship, field)
        if attribute in mapper.all_orm_descriptors:
            descriptor = mapper.all_orm_descriptors[attribute]
            if descriptor.extension_type is HybridExtensionType.HYBRID_PROPERTY:
                return self._value(field, getattr(self.model, attribute))
        if hasattr(self.model, attribute) or field.dump_default is not missing:
            raise Particular(f"{attribute} is worked out of records")
        return None

    def _value(self, field: Field[Any], column: ColumnElement[Any]) -> Value:
        stored = column.type
        if shows_as(field, Choice) and isinstance(stored, Enum) and stored.enum_class is not None:
            words = [str(member.value) for member in stored.enum_class]
            if words == stored.enums:  # what is stored is what is shown
                return Value(self._add(coerced(column, String)), None)
        if shows_as(field, Moment) and isinstance(stored, Timestamp):
            return Value(self._add(rfc3339(column)), None)
        return Value(self._add(column), show_of(field))

    def _composite(self, attribute: str, field: Field[Any]) -> Composite:
        composite = self.mapper.composites[attribute]
        made, is_none = composite.composite_class, composite.return_none_on
        if not is_part(field) or not is_dataclass(made) or not callable(is_none):
            raise Particular(f"{attribute} is no part of known columns")
        shown = list(shown_fields(field.schema))  # type: ignore[attr-defined]  # is a Nested
        if not {name for _, name, _ in shown} <= {one.name for one in fields_of(made)}:
            raise Particular(f"{attribute} shows more than its columns")
        values = tuple(Value(index, show_of(one)) for index, (_, _, one) in enumerate(shown))
        return Composite(
            tuple(self._add(column) for column in composite.columns),
            is_none,
            made,
            tuple(name for _, name, _ in shown),
            Object(tuple(name for name, _, _ in shown), values),
        )

    def _slug(self, relationship: RelationshipProperty[Any], field: Field[Any]) -> Value:
        """The slug of the one record that `relationship` leads to."""
        target = relationship.mapper
        remote, local = _key(relationship)
        if target.class_ is Participant and remote is Participant.__table__.c.party_id:
            # A participant goes by its party's slug, and is referred to by its party.
            target, remote = inspect(Party), Party.__table__.c.id
        elif not (remote == local).compare(relationship.primaryjoin):
            raise Particular(f"{relationship.key} is joined by more than a key")
        if not shows_as(field, Reference) or "slug" not in target.columns:
            raise Particular(f"{relationship.key} shows more than a slug")
        table = target.local_table.alias()
        self.joins.append((table, table.c[remote.name] == local))
        return Value(self._add(table.c.slug), None)

    def _list(self, relationship: RelationshipProperty[Any], field: Field[Any]) -> Parts:
        """The parts that `relationship` leads to, or the slugs of the records."""
        own, owner = _key(relationship)
        if not is_list(field) or not (own == owner).compare(relationship.primaryjoin):
            raise Particular(f"{relationship.key} is no list by a key")
        below = Columns(relationship.mapper.class_)
        below._add(owner)
        shown = below._entry(field.inner)  # type: ignore[attr-defined]  # is a List
        statement = select(relationship.mapper.local_table)
        if relationship.secondary is not None:
            statement = statement.join(relationship.secondary, relationship.secondaryjoin)
        wanted = is_among(owner, bindparam("owners", type_=Ids()))
        statement = statement.where(wanted).order_by(*(relationship.order_by or ()))
        # No EXISTS: PostgreSQL may answer that by reading all owners of parts that there are.
        first: Select[Any] = select(literal_column("1")).where(owner == own).limit(1)
        is_any = self._add(first.correlate(own.table).scalar_subquery())
        return Parts(self._add(own), is_any, below.select(statement), shown)

    def _entry(self, inner: Any) -> Shown:
        """What is shown of each entry of a list."""
        if shows_as(inner, Reference) and "slug" in self.mapper.columns:
            return Value(self._add(self.mapper.columns["slug"]), None)
        if is_part(inner):
            return self.object(inner.schema)
        if is_plucked(inner):
            (value,) = self.object(inner.schema).fields
            return value
        raise Particular(f"a list of {type(inner).__name__} shows entries in its own way")
