"""What is kept in memory between requests, within bounds (`NEGOTIATIONS_CACHE_MB`).

Everything is kept by the revision of its negotiation, which a request reads in the transaction that
it is answered from: so what is kept is never older than what the record says.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import cast

from flask import Flask, current_app

from negotiations_api.loaders.ledger import Ledgers

_SHARE_OF_ANSWERS = 0.25
_LARGEST_SHARE = 0.125


class Answers:
    """The bytes of answers, those that were asked for last, as many as fit into `room` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The answer that is kept for `key`, if there is one."""
        with self._lock:
            answer = self._kept.get(key)
            if answer is not None:
                self._kept.move_to_end(key)
            return answer

    def keep(self, key: Hashable, answer: bytes) -> None:
        """Keep an answer, unless it would leave little room for others."""
        if len(answer) > self.room * _LARGEST_SHARE:
            return
        with self._lock:
            self.taken += len(answer) - len(self._kept.pop(key, b""))
            self._kept[key] = answer
            while self.taken > self.room:
                _, gone = self._kept.popitem(last=False)
                self.taken -= len(gone)


def register(app: Flask, megabytes: int) -> None:
    """Give `app` so much memory for what it keeps; none for 0."""
    room = megabytes * 1024 * 1024
    app.extensions["answers"] = Answers(int(room * _SHARE_OF_ANSWERS))
    app.extensions["ledgers"] = Ledgers(int(room * (1 - _SHARE_OF_ANSWERS)))


def answers() -> Answers:
    """The answers that the application keeps."""
    return cast("Answers", current_app.extensions["answers"])


def ledgers() -> Ledgers:
    """The ledgers that the application keeps."""
    return cast("Ledgers", current_app.extensions["ledgers"])
