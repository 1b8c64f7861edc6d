"""Streaming replicas that take the reads, and how far each of them has come.

How far a primary or a replica is in the stream of changes is its LSN, a number in the write-ahead
log, which only grows. Whoever writes is given the LSN behind what was written, and is answered by a
replica that has come as far, or by the primary (docs/decisions/0020).
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from itertools import count
from random import randrange
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from negotiations_api.database.engines import Access, connect, isolation
from negotiations_api.database.failures import brief

log = logging.getLogger(__name__)

WAIT_S = 0.25
"""How long a replica is waited for that has not come as far as is asked, unless a reader says."""

LONGEST_WAIT_S = 2

_POLL_S = 0.005
BEHIND_S = 1
"""For so long a replica that was waited for in vain is not waited for again."""

PAUSES_S = (0.5, 30.0)
"""How long a replica that has failed is left alone: at first, and at most."""

LSN = "[0-9A-F]{1,8}/[0-9A-F]{1,8}"
"""An LSN (log sequence number), as PostgreSQL writes it: a pattern."""

BEYOND_ALL = "FFFFFFFF/FFFFFFFF"
"""An LSN that no replica comes to: for it the primary is read."""

# What is inserted into the log may lie there for seconds before it is flushed, and only then it is
# sent to the replicas; a commit is flushed before it is acknowledged, if it is not asked otherwise.
_ASKED = text(
    "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
    " WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn()"
    " ELSE pg_current_wal_flush_lsn() END::text"
)


def parse_lsn(lsn_text: str) -> int:
    """The LSN that is written as `lsn_text`, as a number. Raises ValueError if it is none."""
    if not re.fullmatch(LSN, lsn_text):
        raise ValueError(lsn_text)
    high, _, low = lsn_text.partition("/")
    return int(high, 16) << 32 | int(low, 16)


def lsn_of(connection: Connection) -> str:
    """How far the server has come, as an LSN: all that is committed on it lies before that.

    The connection is in no transaction, before and afterwards.
    """
    # By itself: in a transaction that is to read, it would tell of a later state than is read.
    options = connection.get_execution_options()
    level = options.get("isolation_level", connection.default_isolation_level)
    access = options.get("access")
    connection.execution_options(isolation_level="AUTOCOMMIT", access=None)
    lsn: str = connection.scalar(_ASKED)
    connection.rollback()
    connection.execution_options(isolation_level=level, access=access)
    return lsn


class Replica:
    """A server to read from, which may be down, and is left alone for a while after it was."""

    def __init__(self, url: str) -> None:
        """Connect lazily to `url`; raises sqlalchemy.exc.ArgumentError for what is no address."""
        self.engine = connect(url, wanted="prefer-standby")
        self._reads = self.engine.execution_options(
            access=Access.READ, **isolation(self.engine, Access.READ)
        )
        self._lock = threading.Lock()
        self._pause_s = 0.0
        self._due = 0.0
        self._behind_until = 0.0

    def connection(self) -> Connection | None:
        """A connection to it; None if there is none to be had, or has not been a moment ago."""
        with self._lock:
            if self._pause_s and time.monotonic() < self._due:
                return None
            # While this one finds out whether it is back, the others do not.
            self._due = time.monotonic() + self._pause_s
        try:
            connection = self._reads.connect()
        except (DBAPIError, PoolTimeout) as error:
            self.leave(error)
            return None
        if self._pause_s:
            log.info("a replica is back")
        self._pause_s = 0.0
        return connection

    def comes_to(self, since: int, connection: Connection, deadline: float) -> bool:
        """Whether it comes to the LSN `since` before the deadline.

        One that has just not come to where it was waited for is behind, and is not waited for by
        everybody else, too: there are a few threads only to wait in.
        """
        is_behind = time.monotonic() < self._behind_until
        while since and parse_lsn(lsn_of(connection)) < since:
            if is_behind or time.monotonic() >= deadline:
                self._behind_until = time.monotonic() + BEHIND_S
                return False
            time.sleep(_POLL_S)
        return True

    def fail(self, error: DBAPIError) -> None:
        """Take note of what has failed on it: it is left alone if it is down."""
        if error.connection_invalidated:
            self.leave(error)
        else:
            log.warning("a replica could not answer, so the primary is asked: %s", brief(error))

    def leave(self, error: Exception) -> None:
        """Leave it alone for a while, since it has failed: each time for longer."""
        with self._lock:
            first, longest = PAUSES_S
            self._pause_s = min(max(first, 2 * self._pause_s), longest)
            self._due = time.monotonic() + self._pause_s
        log.warning("a replica is left alone for %s s: %s", self._pause_s, brief(error))


class Replicas:
    """All of them, which take turns."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Raises sqlalchemy.exc.ArgumentError for what is no address."""
        self.all = tuple(Replica(url) for url in urls)
        # Which of them is first is no secret.
        self._turns = count(randrange(len(urls)) if urls else 0)  # noqa: S311  # nosec B311

    def connection(self, since: int, wait_s: float) -> tuple[Replica, Connection] | None:
        """A connection to one that has come to the LSN `since`; None if there is none in time.

        `wait_s` is for all of them together.
        """
        deadline = time.monotonic() + wait_s
        turn = next(self._turns)
        for index in range(len(self.all)):
            replica = self.all[(turn + index) % len(self.all)]
            connection = replica.connection()
            if connection is None:
                continue
            try:
                if replica.comes_to(since, connection, deadline):
                    return replica, connection
            except DBAPIError as error:
                replica.fail(error)
            connection.close()
        return None


class ReadingSession(Session):
    """A session on a connection that is chosen when it first reads, if it does at all."""

    def __init__(self, choose: Callable[[], Connection], **options: Any) -> None:
        super().__init__(**options)
        self._choose = choose
        self._connection: Connection | None = None

    def get_bind(self, *_: Any, **__: Any) -> Connection:
        """The connection."""
        if self._connection is None:
            self._connection = self._choose()
        return self._connection

    def close(self) -> None:
        """End the transaction, and give the connection back."""
        try:
            super().close()
        finally:
            if self._connection is not None:
                self._connection.close()
