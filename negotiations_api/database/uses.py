"""When tokens were last used: noted in memory, and written down now and then by a thread.

A write for each request would make of every read a write; a minute more or less does not matter.
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from negotiations_api.models import Token

EVERY_S = 60.0


class Uses:
    """The uses of tokens that are not written down yet."""

    def __init__(
        self, write: Callable[[Mapping[int, dt.datetime]], None], every_s: float = EVERY_S
    ) -> None:
        """`write` is given those there are, by the ids of the tokens, every `every_s` seconds."""
        self._write = write
        self._every_s = every_s
        self._latest: dict[int, dt.datetime] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def note(self, token_id: int, moment: dt.datetime) -> None:
        """Note that a token is used."""
        with self._lock:
            self._latest[token_id] = moment
            if self._timer is None:
                self._timer = threading.Timer(self._every_s, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write down what has been noted; what cannot be written is noted no more."""
        with self._lock:
            noted, self._latest = self._latest, {}
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        if noted:
            self._write(noted)


def write_uses(session: Session, noted: Mapping[int, dt.datetime]) -> None:
    """Write down the uses of tokens, by their ids, that are later than what is there."""
    for token_id, moment in sorted(noted.items()):
        is_earlier = or_(Token.last_used_at.is_(None), Token.last_used_at < moment)
        session.execute(
            update(Token)
            .where(Token.id == token_id, is_earlier)
            .values(last_used_at=moment)
            .execution_options(synchronize_session=False)
        )
