"""Functions of SQL that each engine writes in its own way."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Dialect, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class rfc3339(FunctionElement[str]):  # noqa: N801  # a function of SQL
    """A `Timestamp` as text, in UTC and milliseconds, made by the engine."""

    inherit_cache = True
    type = String()


@compiles(rfc3339, "sqlite")
def _rfc3339_sqlite(element: rfc3339, compiler: SQLCompiler, **kwargs: Any) -> str:
    stored = compiler.process(element.clauses, **kwargs)  # 2019-04-12 09:30:00.123000
    return f"substr({stored}, 1, 10) || 'T' || substr({stored}, 12, 12) || 'Z'"


@compiles(rfc3339, "postgresql")
def _rfc3339_postgresql(element: rfc3339, compiler: SQLCompiler, **kwargs: Any) -> str:
    stored = compiler.process(element.clauses, **kwargs)
    return f"""to_char({stored} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


class Ids(TypeDecorator[Sequence[int]]):
    """Any number of ids as one parameter: an array, or JSON on SQLite, which has none."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of integers, or text."""
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String() if is_sqlite else ARRAY(BigInteger()))

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        """The ids as the engine takes them."""
        return json.dumps(value) if dialect.name == "sqlite" else value


class is_among(FunctionElement[bool]):  # noqa: N801  # a function of SQL
    """Whether a column is one of some `Ids`: with a parameter each, no two texts would be alike."""

    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:
        """Itself: a comparison, which would find no index if it were compared with true."""
        return self


@compiles(is_among, "sqlite")
def _is_among_sqlite(element: is_among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, ids = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # Both are written by SQLAlchemy, values as parameters.
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # nosec B608


@compiles(is_among, "postgresql")
def _is_among_postgresql(element: is_among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, ids = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{column} = ANY ({ids})"
