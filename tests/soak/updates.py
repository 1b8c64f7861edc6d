"""Lost updates: many clients count up in the same records, by read, change and PATCH."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.serving import server
from tests.soak.connection import Answer, Connection
from tests.soak.talks import DEMANDS, PARTIES, address, load

TALKS = "counted"
HERE = address(TALKS)


@dataclass(frozen=True)
class Place:
    """A field of a record, in which each client keeps a count of its own."""

    path: str
    field: str

    def counts(self, answer: Answer) -> dict[str, int]:
        """The counts that are read there."""
        counts: dict[str, int] = json.loads(answer.json()[self.field])
        return counts


@dataclass
class Client:
    """A client that counts up; whoever was faster makes it read again."""

    name: str
    connection: Connection
    places: Sequence[Place]
    acknowledged: Counter[Place] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    revisions: list[int] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def run(self, first: int, times: int) -> None:
        """Count up so many times, in one place after the other."""
        try:
            for number in range(first, first + times):
                self._count_up(self.places[number % len(self.places)])
        except Exception as error:  # for the thread that looks at the outcome
            self.unexpected.append(repr(error))
            raise

    def _count_up(self, place: Place) -> None:
        while True:
            read = self.connection.send("GET", place.path)
            if read.status != 200:
                self._wait(read)
                continue
            counts = place.counts(read)
            counts[self.name] = counts.get(self.name, 0) + 1
            change = {place.field: json.dumps(counts)}
            match = {"If_Match": read.headers["ETag"]}
            answer = self.connection.send("PATCH", place.path, change, **match)
            self.statuses[f"{answer.status} {answer.problem}".strip()] += 1
            if answer.status == 200:
                self.acknowledged[place] += 1
                if answer.revision is not None:
                    self.revisions.append(answer.revision)
                return
            if answer.status != 412:
                self._wait(answer)

    def _wait(self, answer: Answer) -> None:
        if not answer.may_come_again or answer.problem == "outcome-unknown":
            raise AssertionError(f"neither 200, 412 nor a 503 that may come again: {answer}")
        time.sleep(int(answer.headers["Retry-After"]))


@dataclass(frozen=True)
class Outcome:
    """What came of it; `problems` says what should not have been."""

    acknowledged: int
    lost: int
    statuses: Counter[str]
    seconds: float
    problems: tuple[str, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.statuses.total():,} PATCHes ({told}), {self.acknowledged:,} acknowledged, "
            f"{self.lost} lost, {self.seconds:.0f} s"
        )


def run(
    url: str,
    directory: Path,
    *,
    requests: int,
    clients: int = 4,
    is_mixed: bool = False,
    workers: int | None = None,
    token: str | None = None,
) -> Outcome:
    """Have `requests` PATCHes acknowledged, on one position, or on four records if it is mixed."""
    load(url, TALKS)
    options = () if workers is None else ("--workers", str(workers))
    with ExitStack() as stack:
        running = stack.enter_context(server(url, directory, *options))
        one, *others = (
            stack.enter_context(Connection(running.address, token)) for _ in range(clients + 1)
        )
        places = _places(one)[: None if is_mixed else 1]
        before = {place: _version(one.send("GET", place.path)) for place in places}
        revision = _revision(one)
        everyone = [
            Client(str(number), connection, places) for number, connection in enumerate(others)
        ]
        one.close()  # the service would, before all have counted
        began = time.monotonic()
        _run_all(everyone, requests)
        seconds = time.monotonic() - began
        after = {place: one.send("GET", place.path) for place in places}
        made = _revision(one) - revision
    problems, lost = _compare(everyone, before, after)
    total = sum(client.acknowledged.total() for client in everyone)
    revisions = [number for client in everyone for number in client.revisions]
    if made != total or len(set(revisions)) != len(revisions):
        problems.append(f"{total} were acknowledged, and {made} revisions made")
    statuses = sum((client.statuses for client in everyone), Counter[str]())
    return Outcome(total, lost, statuses, seconds, tuple(problems))


def _compare(
    clients: Sequence[Client], before: Mapping[Place, int], after: Mapping[Place, Answer]
) -> tuple[list[str], int]:
    """What is wrong with the counts and the versions; and how many updates are lost."""
    problems = [fault for client in clients for fault in client.unexpected]
    lost = 0
    for place, answer in after.items():
        counts = place.counts(answer)
        for client in clients:
            missing = client.acknowledged[place] - counts.get(client.name, 0)
            if missing:
                problems.append(f"{place.path}: {missing} of client {client.name} are lost")
                lost += abs(missing)
        versions = _version(answer) - before[place]
        acknowledged = sum(client.acknowledged[place] for client in clients)
        if versions != acknowledged:
            problems.append(f"{place.path}: {versions} versions by {acknowledged} updates")
    return problems, lost


def _places(connection: Connection) -> list[Place]:
    """A field of a record of each kind of transaction, which count nothing yet."""
    position = {"party": PARTIES[0], "demand": DEMANDS[0], "date": "2000", "stance": "accept"}
    made = connection.send("POST", f"{HERE}/positions", position)
    places = [
        Place(made.headers["Location"], "summary"),
        Place(f"{HERE}/demands/{DEMANDS[1]}", "text"),
        Place(HERE, "summary"),
        Place(f"/v1/parties/{PARTIES[0]}", "name"),  # shared: it holds up all other writers
    ]
    for place in places:
        answer = connection.send("PATCH", place.path, {place.field: "{}"}, If_Match="*")
        assert answer.status == 200, answer
    return places


def _run_all(clients: Sequence[Client], requests: int) -> None:
    shares = [len(range(number, requests, len(clients))) for number in range(len(clients))]
    threads = [
        threading.Thread(target=client.run, args=(number, share))
        for number, (client, share) in enumerate(zip(clients, shares, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _version(answer: Answer) -> int:
    """The version that an ETag begins with, behind the id."""
    return int(answer.headers["ETag"].strip('"').partition("-")[0].rpartition(".")[2])


def _revision(connection: Connection) -> int:
    revision = connection.send("GET", f"{HERE}/demands?limit=1").revision
    assert revision is not None
    return revision
