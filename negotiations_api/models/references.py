"""Who refers to a record, read off the foreign keys: so that no list of them can be forgotten.

A foreign key that cascades joins a part to its owner, or a record to its negotiation; every other
one is a reference, which keeps what it refers to from being deleted.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Select, Table, and_, func, null, select
from sqlalchemy.orm import Session

from negotiations_api.models.audience import Audience, Limited
from negotiations_api.models.base import Base, Catalogued, Owned, Record, kinds
from negotiations_api.models.negotiation import Negotiation


def referring(
    session: Session, record: Record, limit: int = 5, *, beyond: Audience | None = None
) -> list[Record]:
    """Up to `limit` records of each noun, and way of referring, that refer to `record`.

    With `beyond`, only those that others than that audience see.
    """
    found: dict[tuple[str, int], Record] = {}
    for owner, _, statement in _references(record):
        those = select(owner).where(owner.id.in_(statement))
        if beyond is not None and issubclass(owner, Limited):
            those = those.where(owner.audience_id.is_distinct_from(beyond.id))
        for other in session.scalars(those.limit(limit)):
            if other is not record:
                found[other.noun, other.id] = other
    return [found[key] for key in sorted(found)]


def showing(session: Session, record: Record) -> set[int]:
    """The ids of the negotiations that show `record`, a party, issue or source."""
    shown: set[int] = set()
    for owner, _, statement in _owned_references(session, record):
        negotiations = select(owner.negotiation_id).where(owner.id.in_(statement))
        shown.update(session.scalars(negotiations.distinct()))
    return shown


def shown_to(session: Session, noun: str, identifier: int, negotiation_id: int) -> set[int]:
    """The audiences (ids) that alone are shown a party, issue or source in a negotiation.

    None at all if it shows it to everybody, or does not show it.
    """
    to: set[int | None] = set()
    record = session.get_one(kinds()[noun], identifier)
    for owner, table, statement in _owned_references(session, record):
        own = {one for one in (table, owner.__table__) if "audience_id" in one.c}
        limit = func.coalesce(*(one.c.audience_id for one in own), null()) if own else null()
        owned = statement.where(owner.__table__.c.negotiation_id == negotiation_id)
        to.update(session.scalars(owned.with_only_columns(limit).distinct()))
    return set() if None in to else {one for one in to if one is not None}


def _owned_references(
    session: Session, record: Record
) -> Iterator[tuple[type[Owned], Table, Select[Any]]]:
    """Each kind of record of negotiations that can refer to `record`, itself or by what all share.

    Otherwise like `_references`.
    """
    waiting, seen = [record], {record.id}
    while waiting:
        for owner, table, statement in _references(waiting.pop()):
            if issubclass(owner, Owned):
                yield owner, table, statement
                continue
            # A party is shown with the organisations that it is a member of, and so on.
            for other in session.scalars(select(owner).where(owner.id.in_(statement))):
                if other.id not in seen:
                    seen.add(other.id)
                    waiting.append(other)


def _references(record: Record) -> Iterator[tuple[type[Record], Table, Select[Any]]]:
    """Each kind of record that can refer to `record`, by way of which table.

    With a select of the ids of those that do.
    """
    records = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    target = type(record).__table__
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table is not target or constraint.ondelete == "CASCADE":
                continue
            refers = and_(
                *(
                    element.parent == getattr(record, element.column.key)
                    for element in constraint.elements
                )
            )
            for path in _paths_to_owner(table, records):
                owner = path[-1].referred_table if path else table
                statement = select(owner.c.id).where(refers)
                for step in path:
                    statement = statement.where(
                        *(element.parent == element.column for element in step.elements)
                    )
                yield records[owner], table, statement


def _paths_to_owner(
    table: Any, records: dict[Any, type[Any]]
) -> Iterator[tuple[ForeignKeyConstraint, ...]]:
    """The cascading foreign keys that lead from a row of `table` to the record that owns it."""
    if issubclass(records.get(table, Base), Record):
        yield ()
        return
    assert isinstance(table, Table)
    for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name)):
        if constraint.ondelete == "CASCADE":
            for rest in _paths_to_owner(constraint.referred_table, records):
                yield (constraint, *rest)


def negotiations_touched(session: Session, record: Record) -> set[int]:
    """The ids of the negotiations whose revision a change of `record` raises."""
    if isinstance(record, Owned):
        return {record.negotiation_id}
    if isinstance(record, Negotiation):
        return {record.id}
    return set() if record in session.new else showing(session, record)


def is_shared(record: Record) -> bool:
    """Whether it is a party, issue or source, which negotiations show and none owns."""
    return isinstance(record, Catalogued) and not isinstance(record, Negotiation)
