"""What a log may say of a failure: all that helps, and nothing of what was read or written."""

import traceback
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout

_MOST_CAUSES = 10

_OF_THE_SERVER = ("08", "25", "40", "53", "55", "57", "58")
"""The classes of SQLSTATE that tell how the server is, and never what is in the record: no
connection, no writing here, a deadlock, no room, a lock, a shutdown, a broken disk."""


def brief(error: BaseException) -> str:
    """What went wrong with the database, in one line.

    The driver's own words are left out where they may have values in them: a row that a constraint
    refuses, or what was searched for.
    """
    driver: Any = getattr(error, "orig", None) or error
    if hasattr(driver, "diag"):  # of psycopg
        words = _of_postgresql(driver)
    elif hasattr(driver, "sqlite_errorname"):
        # Said of what SQLite was asked for; all else it says of files, locks and constraints.
        says_much = driver.sqlite_errorname == "SQLITE_ERROR"
        words = [driver.sqlite_errorname, *([] if says_much else [str(driver)])]
    else:
        words = [str(driver)] if isinstance(driver, PoolTimeout) else []
    return " ".join(" ".join([type(driver).__name__, *words]).split())


def _of_postgresql(driver: Any) -> list[str]:
    state = driver.sqlstate
    if state is None:  # of libpq: no server, or not any more
        return [str(driver)]
    if state[:2] in _OF_THE_SERVER:
        return [state, driver.diag.message_primary or ""]
    return [state, *([f"of {driver.diag.constraint_name}"] if driver.diag.constraint_name else [])]


def trace(error: BaseException) -> str:
    """Where an error was raised, and those that led to it; by their types, without their words.

    What an exception says may be what a client has sent.
    """
    return "".join(_steps(error)).rstrip()


def _steps(error: BaseException) -> Iterator[str]:
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            return
        yield f"{type(cause).__module__}.{type(cause).__qualname__}, raised from\n"
        yield from traceback.format_tb(cause.__traceback__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
