"""What is asked of the database before all else, by the shortest way.

A transaction of a session takes four round trips on PostgreSQL before it is over, and on both
engines some ten times what a statement takes that the driver is given at once.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Row, Select, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from negotiations_api.database.engines import Access, without_transactions
from negotiations_api.models import Negotiation

REVISION = select(Negotiation.revision).where(Negotiation.id == bindparam("negotiation"))


class Quick:
    """Connections for such questions, of which the revision is the one that is asked most."""

    def __init__(self, engine: Engine) -> None:
        """To the same server as `engine`, lazily."""
        self._engine = without_transactions(engine)
        self._reading = self._engine.execution_options(access=Access.READ)
        compiled = REVISION.compile(dialect=engine.dialect)
        self._statement = str(compiled)
        self._is_positional = bool(compiled.positional)
        driver: Any = engine.dialect.loaded_dbapi
        self._errors: tuple[type[Exception], ...] = (driver.Error, SQLAlchemyError)

    def revision_of(self, negotiation_id: int) -> int | None:
        """The revision of a negotiation as it is committed; None if it is gone, or on any error."""
        given: Any = (negotiation_id,)
        if not self._is_positional:
            given = {"negotiation": negotiation_id}
        try:
            connection = self._engine.raw_connection()
        except self._errors:
            return None
        try:
            cursor = connection.cursor()
            cursor.execute(self._statement, given)
            row = cursor.fetchone()
            cursor.close()
        except self._errors:
            connection.invalidate()
            return None
        finally:
            connection.close()
        return None if row is None else int(row[0])

    def rows(
        self, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any]
    ) -> list[Row[*tuple[Any, ...]]]:
        """The rows of any statement that reads. Raises SQLAlchemyError."""
        with self._reading.connect() as connection:
            return list(connection.execute(statement, given).all())

    def forget(self) -> None:
        """Have done with the connections: the server may be another one by the next."""
        self._engine.dispose()
