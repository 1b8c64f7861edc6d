"""kill -9 while many write: what was acknowledged is there, and nothing is there by half."""

import os
import random
import signal
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from negotiations_api.database import Access, Database
from tests.serving import Server, server
from tests.soak.connection import Connection
from tests.soak.consistency import Findings, examine
from tests.soak.databases import Crashing
from tests.soak.ledger import Ledger
from tests.soak.talks import PARTIES, load
from tests.soak.writer import Writer

TALKS = ("north", "south")
WRITERS = 6
SERVICE = "the service"
SHORTEST_S, LONGEST_S = 0.1, 0.8
"""So long they write before something is killed."""

OUTAGE_S = 0.1
"""So long they go on to write to a service whose database is gone."""


class Service:
    """The service, in which everything can be killed, and which is then started anew."""

    def __init__(self, url: str, logs: Path, workers: int | None) -> None:
        self._url = url
        self._logs = logs
        self._options = () if workers is None else ("--workers", str(workers))
        self._running: Server | None = None
        self._stack = ExitStack()

    def address(self) -> str:
        """Where it answers; it is started if it does not run."""
        if self._running is None:
            served = server(self._url, self._logs, *self._options)
            self._running = self._stack.enter_context(served)
        return self._running.address

    def kill(self) -> None:
        """Kill all its processes at once."""
        assert self._running is not None
        for process in (self._running.process.pid, *self._running.workers()):
            with suppress(ProcessLookupError):  # one that has been replaced
                os.kill(process, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """Stop it, if it runs."""
        self._running = None
        self._stack.close()


@dataclass(frozen=True)
class Outcome:
    """What came of it; `problems` says what should not have been."""

    kills: dict[str, int]
    acknowledged: int
    doubtful: int
    done: int
    refused: int
    findings: Findings
    seconds: float
    problems: tuple[str, ...]

    def __str__(self) -> str:
        killed = " + ".join(f"{number} of {what}" for what, number in self.kills.items())
        found = self.findings
        return (
            f"{sum(self.kills.values())} kills ({killed}), "
            f"{self.acknowledged:,} acknowledged writes, {len(found.lost)} lost, "
            f"{len(found.half)} by half, {len(found.gaps)} gaps, "
            f"{len(found.damage)} faults of the file; {self.doubtful:,} writes whose answer was "
            f"lost, {self.done:,} of them done; {self.refused:,} refused; {self.seconds:.0f} s"
        )


def run(
    database: Crashing,
    logs: Path,
    *,
    kills: int,
    chance: random.Random,
    workers: int | None = None,
    token: str | None = None,
) -> Outcome:
    """Kill something `kills` times: in turns the service, and what there is of the database."""
    first = load(database.url, *TALKS)
    writers = [
        Writer(PARTIES[number], Ledger(TALKS[number % len(TALKS)]), random.Random(chance.random()))
        for number in range(WRITERS)
    ]
    service = Service(database.url, logs, workers)
    victims = [*_alternating(list(database.kills))]
    findings = Findings()
    killed = dict.fromkeys(victims, 0)
    doubtful = done = 0
    began = time.monotonic()
    try:
        for number in range(kills):
            victim = victims[number % len(victims)]
            _write_until_killed(writers, service, database, victim, token, chance)
            killed[victim] += 1
            database.recover()
            address = service.address()
            is_done = _examine(database, writers, first, findings)
            doubtful += sum(writer.ledger.doubt is not None for writer in writers)
            done += sum(is_done)
            if findings or any(writer.unexpected for writer in writers):
                break  # what comes after it tells nothing new
            with Connection(address, token) as connection:
                for writer, it_is in zip(writers, is_done, strict=True):
                    writer.settle(connection, is_done=it_is)
        else:
            _examine(database, writers, first, findings)
    finally:
        service.stop()
    return Outcome(
        killed,
        sum(writer.acknowledged for writer in writers),
        doubtful,
        done,
        sum(writer.refused for writer in writers),
        findings,
        time.monotonic() - began,
        (*str(findings).splitlines(), *(one for writer in writers for one in writer.unexpected)),
    )


def _alternating(of_the_database: list[str]) -> list[str]:
    """What is killed: the service, and as often something of the database if that can be killed."""
    return [one for other in of_the_database for one in (SERVICE, other)] or [SERVICE]


def _write_until_killed(
    writers: list[Writer],
    service: Service,
    database: Crashing,
    victim: str,
    token: str | None,
    chance: random.Random,
) -> None:
    address, stopped = service.address(), threading.Event()

    def write(writer: Writer) -> None:
        with Connection(address, token) as connection:
            writer.run(connection, stopped)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        time.sleep(chance.uniform(SHORTEST_S, LONGEST_S))
        if victim == SERVICE:
            service.kill()
        else:
            database.kills[victim]()
            time.sleep(OUTAGE_S)
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _examine(
    database: Crashing, writers: list[Writer], first: dict[str, int], findings: Findings
) -> list[bool]:
    # A database of its own each time: no connection is left that would keep a file from recovery.
    looked_at = Database(database.url)
    with looked_at.transaction(Access.READ) as session:
        ledgers = [writer.ledger for writer in writers]
        is_done = examine(session, ledgers, first, findings)
    looked_at.dispose()
    return is_done
