"""kill -9 while many write: what was acknowledged is there, and nothing is there by half."""

import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from negotiations_api.database import Access, Database
from tests.replication import wait_until
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
"""So long they write before something is killed, from when each has had an answer."""

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


class Run:
    """Writers, the service that they write to, and what has been found so far."""

    def __init__(
        self,
        database: Crashing,
        logs: Path,
        chance: random.Random,
        workers: int | None = None,
        token: str | None = None,
    ) -> None:
        self._first = load(database.url, *TALKS)
        self._database = database
        self._service = Service(database.url, logs, workers)
        self._writers = [
            Writer(
                PARTIES[number], Ledger(TALKS[number % len(TALKS)]), random.Random(chance.random())
            )
            for number in range(WRITERS)
        ]
        self._victims = itertools.cycle(_alternating(list(database.kills)))
        self._chance = chance
        self._token = token
        self._killed: Counter[str] = Counter()
        self._findings = Findings()
        self._doubtful = self._done = 0
        self._began = time.monotonic()

    def kill(self) -> None:
        """Let all write, kill what is next, have it answer again, and see what is there."""
        victim = next(self._victims)
        self._write_until_killed(victim)
        self._killed[victim] += 1
        self._database.recover()
        address = self._service.address()
        is_done = self.examine()
        self._doubtful += sum(writer.ledger.doubt is not None for writer in self._writers)
        self._done += sum(is_done)
        if self.outcome().problems:
            return  # what comes of it tells nothing new
        with Connection(address, self._token) as connection:
            for writer, it_is in zip(self._writers, is_done, strict=True):
                writer.settle(connection, is_done=it_is)

    def examine(self) -> list[bool]:
        """Compare the tables with the answers; whether what is in doubt of each writer is done."""
        # A database of its own each time: no connection keeps a file from its recovery.
        looked_at = Database(self._database.url)
        with looked_at.transaction(Access.READ) as session:
            ledgers = [writer.ledger for writer in self._writers]
            is_done = examine(session, ledgers, self._first, self._findings)
        looked_at.dispose()
        return is_done

    def stop(self) -> None:
        """Stop the service."""
        self._service.stop()

    def outcome(self) -> Outcome:
        """What has come of it so far."""
        told = [one for writer in self._writers for one in writer.unexpected]
        return Outcome(
            dict(self._killed),
            sum(writer.acknowledged for writer in self._writers),
            self._doubtful,
            self._done,
            sum(writer.refused for writer in self._writers),
            self._findings,
            time.monotonic() - self._began,
            (*str(self._findings).splitlines(), *told),
        )

    def _write_until_killed(self, victim: str) -> None:
        address, stopped = self._service.address(), threading.Event()

        def write(writer: Writer) -> None:
            with Connection(address, self._token) as connection:
                writer.run(connection, stopped)

        threads = [threading.Thread(target=write, args=(writer,)) for writer in self._writers]
        goals = [writer.acknowledged + 1 for writer in self._writers]
        for thread in threads:
            thread.start()
        try:
            wait_until(
                lambda: all(
                    writer.acknowledged >= goal or not thread.is_alive()
                    for writer, goal, thread in zip(self._writers, goals, threads, strict=True)
                ),
                "all write",
            )
            time.sleep(self._chance.uniform(SHORTEST_S, LONGEST_S))
            if victim == SERVICE:
                self._service.kill()
            else:
                self._database.kills[victim]()
                time.sleep(OUTAGE_S)
        finally:
            stopped.set()
            for thread in threads:
                thread.join()


def run(
    database: Crashing,
    logs: Path,
    *,
    kills: int,
    chance: random.Random,
    workers: int | None = None,
    token: str | None = None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Kill something `kills` times: in turns the service, and what there is of the database.

    It ends with the first that leaves a fault. `tell` gets what has come of it after each ten.
    """
    crashed = Run(database, logs, chance, workers, token)
    try:
        for number in range(1, kills + 1):
            crashed.kill()
            if crashed.outcome().problems:
                break
            if number % 10 == 0:
                tell(crashed.outcome())
        else:
            crashed.examine()
    finally:
        crashed.stop()
    return crashed.outcome()


def _alternating(of_the_database: list[str]) -> list[str]:
    """What is killed: the service, and as often something of the database if that can be killed."""
    return [one for other in of_the_database for one in (SERVICE, other)] or [SERVICE]
