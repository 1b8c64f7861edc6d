"""What one does not see of a negotiation, taken out of a copy of it (`records/past.py`).

The rows that are limited to audiences that one is not in are deleted there, and whatever tells of
them is made what it would be without: the ends of positions, the words that records are found by,
versions, the numbers of revisions, the history. So everything is answered of the copy as ever, and
nothing of what is hidden can get in (docs/decisions/0034).
"""

from typing import Any, cast

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from negotiations_api.database.sight import Sight
from negotiations_api.models import (
    Account,
    Audience,
    Demand,
    Limitable,
    Negotiation,
    Position,
    Record,
)
from negotiations_api.models.citation import CITING, Citation
from negotiations_api.models.search import Searchable
from negotiations_api.models.search_words import kept_words
from negotiations_api.records.find import NOUNS
from negotiations_api.records.numbering import Numbering, numbering
from negotiations_api.records.retold import Retold
from negotiations_api.records.succession import Succession, supersede
from negotiations_api.records.talks import Talks


def hide(
    source: Session,
    copy: Session,
    negotiation: Negotiation,
    sight: Sight,
    revision: int,
    talks: Talks | None,
) -> None:
    """Take out of `copy`, a negotiation at `revision`, what is not seen with `sight`.

    `source` has the history. With `talks` that is copied, too, as far as it is seen.
    """
    copy.expire_all()
    _take_out(copy, sight)
    counted = numbering(source, negotiation.id, sight)
    told = Retold(source, negotiation, sight, counted, revision)
    if talks is not None:
        told.write(copy, talks)
    told.stamp_last_seen(copy)
    _count(copy, negotiation, counted, revision)


def _take_out(copy: Session, sight: Sight) -> None:
    connection = copy.connection()
    positions = _table(Position)
    succession = select(positions.c.demand_id, positions.c.party_id).where(_hidden(Position, sight))
    successions: set[Succession] = {
        (row.demand_id, row.party_id) for row in connection.execute(succession)
    }
    connection.execute(delete(positions).where(_hidden(Position, sight)))
    connection.execute(delete(_table(Account)).where(_hidden(Account, sight)))
    _take_citations_out(copy, sight)
    connection.execute(delete(_table(Demand)).where(_hidden(Demand, sight)))
    audiences = _table(Audience)
    others = audiences.c.id.not_in(sorted(sight.audiences))
    connection.execute(delete(audiences).where(others))
    supersede(copy, successions)


def _table(model: type[Any]) -> Table:
    return cast("Table", model.__table__)


def _hidden(model: type[Limitable], sight: Sight) -> ColumnElement[bool]:
    column = _table(model).c.audience_id
    return column.is_not(None) & column.not_in(sorted(sight.audiences))


def _take_citations_out(copy: Session, sight: Sight) -> None:
    """Delete what is hidden of the citations, and place those anew that they stood between."""
    connection = copy.connection()
    citations = _table(Citation)
    owners = [citations.c[f"{noun}_id"] for noun in CITING]
    rows = connection.execute(select(*owners).where(_hidden(Citation, sight)).distinct()).all()
    connection.execute(delete(citations).where(_hidden(Citation, sight)))
    for row in rows:
        for noun, owner, identifier in zip(CITING, owners, row, strict=True):
            if identifier is None:
                continue
            left = select(citations.c.id).where(owner == identifier)
            for ordinal, (one,) in enumerate(
                connection.execute(left.order_by(citations.c.ordinal)).all()
            ):
                placed = update(citations).where(citations.c.id == one)
                connection.execute(placed.values(ordinal=ordinal))
            _find_by_what_is_left(copy, NOUNS[noun], identifier)


def _find_by_what_is_left(copy: Session, model: type[Record], identifier: int) -> None:
    record: Any = copy.get(model, identifier)
    if isinstance(record, Searchable):
        table = _table(model)
        words = {"words": kept_words(record.texts())} | _as_it_is(table)
        copy.connection().execute(update(table).where(table.c.id == identifier).values(words))


def _as_it_is(table: Table) -> dict[str, Any]:
    """Not the time of the update, which changes nothing that anybody has written."""
    return {"updated_at": table.c.updated_at}


def _count(copy: Session, negotiation: Negotiation, counted: Numbering, revision: int) -> None:
    """Give the revisions the numbers that they are seen with."""
    connection = copy.connection()
    table = _table(Negotiation)
    own = update(table).where(table.c.id == negotiation.id)
    connection.execute(own.values(revision=counted.seen(revision), **_as_it_is(table)))
    if not counted.hidden:
        return
    positions = _table(Position)
    for column in (positions.c.revision, positions.c.created_revision):
        # The smaller ones first, so that no row is counted twice.
        for (one,) in connection.execute(select(column).distinct().order_by(column)).all():
            number = {column.name: counted.seen(one)} | _as_it_is(positions)
            connection.execute(update(positions).where(column == one).values(number))
