"""Citations."""

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.loaders.grouped import grouped, rows_of
from negotiations_api.models import Account, Position, Source
from negotiations_api.models.citation import Citation


@cache
def _citations_of(citing: type[Position] | type[Account]) -> Select[*tuple[Any, ...]]:
    owner = getattr(Citation, f"{citing.noun}_id")
    return (
        select(
            owner,
            Source.slug,
            Source.title,
            Source.published_on,
            Source.url,
            Citation.quotation,
            Citation.quoted,
            Citation.locator,
        )
        .join(Source, Source.id == Citation.source_id)
        .join(citing, citing.id == owner)
        .order_by(owner, Citation.ordinal)
    )


def load_citations(
    session: Session, citing: type[Position] | type[Account], wanted: ColumnElement[bool]
) -> defaultdict[int, tuple[core.Citation, ...]]:
    """The citations of the wanted records, by the id of the record, in order."""
    rows = rows_of(session, _citations_of(citing).where(wanted))
    citations: defaultdict[int, tuple[core.Citation, ...]] = defaultdict(tuple)
    for key, cited in grouped(rows).items():
        citations[key] = tuple(core.Citation(*columns) for columns in cited)
    return citations
