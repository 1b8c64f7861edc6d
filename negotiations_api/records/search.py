"""Full-text search: the condition that a query puts on a list of records."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from negotiations_api.models import Base, Record
from negotiations_api.models.search import Searchable
from negotiations_api.models.search_words import Unsearchable, read_terms

__all__ = ["MODELS", "Unsearchable", "is_searchable", "matching"]

MODELS: tuple[type[Record], ...] = tuple(
    sorted(
        (
            mapper.class_
            for mapper in Base.registry.mappers  # a set: in no order of its own
            if issubclass(mapper.class_, Searchable) and issubclass(mapper.class_, Record)
        ),
        key=lambda model: model.noun,
    )
)
"""The kinds of records that are found by words, by name."""


def is_searchable(model: type[Record]) -> bool:
    """Whether records of `model` are found by words."""
    return model in MODELS


def matching(session: Session, model: type[Record], text: str) -> ColumnElement[bool]:
    """The condition that a record of `model` has all the words of `text`, for a select on `model`.

    Raises Unsearchable, a ValueError, for a text without any word and for one that is too long;
    TypeError for a model that is not found by words.
    """
    if not issubclass(model, Searchable):
        raise TypeError(f"a {model.noun} is not found by words")
    terms = read_terms(text)
    # A word has nothing in it but letters, digits, marks and the sign of a stem: the quotation
    # marks are for what a query language would take a word for (AND, NEAR).
    if session.get_bind().dialect.name == "sqlite":
        phrases = (f'"{term.word}"{" *" if term.is_prefix else ""}' for term in terms)
        return model.id.in_(_found_by_fts5(model, " AND ".join(phrases)))
    lexemes = (f"'{term.word}'{':*' if term.is_prefix else ''}" for term in terms)
    return _found_by_gin(model, " & ".join(lexemes))


def _found_by_fts5(model: type[Searchable], query: str) -> Select[tuple[Any]]:
    index = table(f"{model.__tablename__}_words", column("rowid"))
    itself: ColumnElement[Any] = literal_column(index.name)  # FTS5 compares the whole table
    return select(index.c.rowid).where(itself.op("MATCH", is_comparison=True)(query))


def _found_by_gin(model: type[Searchable], query: str) -> ColumnElement[bool]:
    # To be written as the index is, or it is not used.
    vector: ColumnElement[Any] = func.array_to_tsvector(
        func.string_to_array(model.words, literal_column("' '"))
    )
    found = vector.op("@@", is_comparison=True)(cast(query, TSQUERY))
    return and_(model.words.is_not(None), found)
