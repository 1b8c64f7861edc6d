"""A client that writes positions without a pause, and notes what it is answered."""

import datetime as dt
import itertools
import json
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.soak.connection import NDJSON, Answer, Connection, Lost
from tests.soak.ledger import Ledger, Place, Write
from tests.soak.talks import DEMANDS, SOURCE, address

AT_ONCE = 3
_FIRST_DAY = dt.date(2000, 1, 1)
_PATIENCE_S = 30


@dataclass
class Writer:
    """It creates, changes and deletes positions of a party, of which it knows each one.

    Everything that a write writes has the marker of that write.
    """

    party: str
    ledger: Ledger
    chance: random.Random
    acknowledged: int = 0
    refused: int = 0
    unexpected: list[str] = field(default_factory=list)
    _markers: Iterator[int] = field(default_factory=itertools.count)
    _days: Iterator[int] = field(default_factory=itertools.count)

    def run(self, connection: Connection, stopped: threading.Event) -> None:
        """Write until it is stopped, or does not know what has become of a write."""
        try:
            while not stopped.is_set() and self.ledger.doubt is None:
                self._write(connection)
        except Lost:
            pass  # while it read, so that nothing is in doubt
        except Exception as error:  # for the thread that looks at the outcome
            self.unexpected.append(repr(error))
            raise

    def settle(self, connection: Connection, *, is_done: bool) -> None:
        """Send the write in doubt once more: it is done once, and its answer says so."""
        write, self.ledger.doubt = self.ledger.doubt, None
        if write is None:
            return
        answer = self._send_patiently(connection, write)
        expected = write.repeated if is_done else write.success
        is_replayed = answer.headers["Idempotent-Replayed"] == "true"
        if answer.status != expected or is_replayed != (is_done and write.method == "POST"):
            self.unexpected.append(f"{write.method} again, done before: {is_done}: {answer}")
        elif answer.status < 300:  # done now, or what was answered then
            self._acknowledge(write, answer)
        else:
            self.ledger.note_untold(write)

    def _write(self, connection: Connection) -> None:
        write = self._next(connection)
        if write is None:
            return
        self.ledger.doubt = write  # until there is an answer
        try:
            answer = _send(connection, write)
        except Lost:
            return
        if answer.status == write.success:
            self.ledger.doubt = None
            self._acknowledge(write, answer)
        elif answer.may_come_again and answer.problem == "outcome-unknown":
            pass
        elif answer.may_come_again and answer.problem == "unavailable":
            self.ledger.doubt = None  # it says that nothing was written
            self.refused += 1
            time.sleep(0.02)
        else:
            self.unexpected.append(f"{write.method} {write.path}: {answer}")

    def _acknowledge(self, write: Write, answer: Answer) -> None:
        self.acknowledged += 1
        self.ledger.note(write, answer)

    def _send_patiently(self, connection: Connection, write: Write) -> Answer:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            answer = _send(connection, write)
            if answer.problem != "unavailable" or time.monotonic() > deadline:
                return answer
            time.sleep(0.05)

    def _next(self, connection: Connection) -> Write | None:
        """What to write next; None if it cannot be read what is to be changed."""
        kind = self.chance.random()
        if kind < 0.5 or len(self.ledger.paths) < 2 * AT_ONCE:
            return self._creation(1 if kind < 0.35 else AT_ONCE)
        place = self.chance.choice(list(self.ledger.paths))
        path = self.ledger.paths[place]
        read = connection.send("GET", path)
        if read.status != 200:
            if not read.may_come_again:
                self.unexpected.append(f"GET {path}: {read}")
            return None
        match = {"If_Match": read.headers["ETag"]}
        if kind < 0.6:
            return Write("DELETE", path, {place: None}, 204, 404, headers=match)
        marker = self._marker()
        return Write("PATCH", path, {place: marker}, 200, 412, says(marker), headers=match)

    def _creation(self, number: int) -> Write:
        marker = self._marker()
        days = [next(self._days) for _ in range(number)]
        places = [
            Place(
                self.ledger.negotiation,
                self.party,
                DEMANDS[day % len(DEMANDS)],
                (_FIRST_DAY + dt.timedelta(day // len(DEMANDS))).isoformat(),
            )
            for day in days
        ]
        bodies = [
            says(marker) | {"party": place.party, "demand": place.demand, "date": place.date}
            for place in places
        ]
        path = f"{address(self.ledger.negotiation)}/positions"
        leaves = dict.fromkeys(places, marker)
        key = {"Idempotency_Key": marker}
        if number == 1:
            return Write("POST", path, leaves, 201, 201, bodies[0], headers=key)
        lines = "\n".join(map(json.dumps, bodies))
        return Write("POST", path, leaves, 200, 200, lines, NDJSON, headers=key)

    def _marker(self) -> str:
        return f"{self.ledger.negotiation}-{self.party}-{next(self._markers)}"


def says(marker: str) -> dict[str, Any]:
    """A position of several rows, each of which has the marker."""
    return {
        "stance": "conditional",
        "summary": marker,
        "conditions": [
            {"kind": "precondition", "text": marker},
            {"kind": "reciprocal", "text": marker},
        ],
        "citations": [{"source": SOURCE, "quotation": marker}],
    }


def _send(connection: Connection, write: Write) -> Answer:
    return connection.send(write.method, write.path, write.body, write.media, **write.headers)
