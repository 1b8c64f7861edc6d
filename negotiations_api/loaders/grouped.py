"""Rows of columns, and such as belong to other rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session


def rows_of(session: Session, statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """All rows of columns that `statement` selects.

    By the connection: what loads instances would take three times as long over them.
    """
    return session.connection().execute(statement).all()


def grouped(rows: Iterable[Any]) -> defaultdict[int, list[tuple[Any, ...]]]:
    """Rows by their first column, which the groups leave out."""
    found: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


def slugs(session: Session, pairs: Select[Any]) -> defaultdict[int, tuple[str, ...]]:
    """The slugs that belong to each key; `pairs` selects (key, slug), in the order wanted."""
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for key, slug in rows_of(session, pairs):
        found[key] += (slug,)
    return found


def slugs_by_id(session: Session, pairs: Select[int, str]) -> dict[int, str]:
    """Slugs by id; `pairs` selects (id, slug)."""
    return {row[0]: row[1] for row in rows_of(session, pairs)}
