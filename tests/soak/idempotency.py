"""One POST with one Idempotency-Key, sent many times at once: it is done once.

Once one of them has been answered, so is whoever sends it again: nobody is told to wait any more.
"""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from negotiations_api.database import Access, Database
from negotiations_api.models import Position
from tests.serving import server
from tests.soak.connection import Answer, Connection
from tests.soak.talks import DEMANDS, PARTIES, address, load

TALKS = "repeated"
HERE = address(TALKS)
_PATIENCE_S = 60


@dataclass(frozen=True)
class Outcome:
    """What came of it; `problems` says what should not have been."""

    keys: int
    sent: int
    rows: int
    statuses: Counter[str]
    seconds: float
    problems: tuple[str, ...]

    def __str__(self) -> str:
        told = ", ".join(f"{count:,} x {status}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.keys} keys, {self.sent:,} POSTs at once ({told}), "
            f"{self.rows} rows, {self.seconds:.0f} s"
        )


def run(
    url: str,
    directory: Path,
    *,
    times: int,
    keys: int = 1,
    workers: int = 2,
    token: str | None = None,
) -> Outcome:
    """Send `times` requests at once with one key; the same with other keys, one after another."""
    load(url, TALKS)
    statuses: Counter[str] = Counter()
    problems: list[str] = []
    began = time.monotonic()
    with server(url, directory, "--workers", str(workers)) as running:
        for number in range(keys):
            before = _revision(running.address, token)
            answers = _send_at_once(running.address, token, times, number, statuses, problems)
            after = _revision(running.address, token)
            problems += _differences(answers, times)
            if after != before + 1:
                problems.append(f"key {number}: from revision {before} to {after}")
    rows = _rows(url)
    if rows != keys:
        problems.append(f"{rows} rows by {keys} keys")
    seconds = time.monotonic() - began
    return Outcome(keys, keys * times, rows, statuses, seconds, tuple(problems))


def _send_at_once(
    address: str,
    token: str | None,
    times: int,
    number: int,
    statuses: Counter[str],
    problems: list[str],
) -> list[Answer]:
    """The last answer to each of the requests; `statuses` counts all."""
    key = str(uuid.uuid4())
    position = {
        "party": PARTIES[number % len(PARTIES)],
        "demand": DEMANDS[0],
        "date": str(1900 + number // len(PARTIES)),
        "stance": "accept",
        "summary": key,
    }
    barrier = threading.Barrier(times)
    lock = threading.Lock()
    last: list[Answer] = []
    is_answered = threading.Event()

    def send() -> None:
        with Connection(address, token) as connection:
            connection.open()
            barrier.wait(_PATIENCE_S)
            deadline = time.monotonic() + _PATIENCE_S
            while True:
                was_answered = is_answered.is_set()
                answer = connection.send("POST", f"{HERE}/positions", position, Idempotency_Key=key)
                if answer.status == 201:
                    is_answered.set()
                waits = answer.problem == "in-flight" and time.monotonic() < deadline
                with lock:
                    statuses[f"{answer.status} {_kind(answer)}"] += 1
                    if was_answered and answer.problem == "in-flight":
                        problems.append(f"key {number}: had been answered, and then {answer}")
                    if not waits:
                        last.append(answer)
                        return
                # Not all in step, or they would only meet one another again.
                time.sleep(int(answer.headers["Retry-After"]) * random.uniform(1, 2))

    threads = [threading.Thread(target=send) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return last


def _kind(answer: Answer) -> str:
    if answer.problem:
        return answer.problem
    return "replayed" if _is_replayed(answer) else "created"


def _is_replayed(answer: Answer) -> bool:
    return answer.headers["Idempotent-Replayed"] == "true"


def _differences(answers: Sequence[Answer], times: int) -> list[str]:
    """What keeps the answers from being one, given once and replayed to all others."""
    problems = [f"{answer}" for answer in answers if answer.status != 201]
    said = {(answer.headers["Location"], answer.headers["ETag"], answer.body) for answer in answers}
    if len(said) != 1:
        problems.append(f"{len(said)} answers to one request")
    if len(answers) != times or sum(map(_is_replayed, answers)) != times - 1:
        problems.append(f"of {len(answers)}, {sum(map(_is_replayed, answers))} were replayed")
    return problems


def _revision(address: str, token: str | None) -> int:
    with Connection(address, token) as connection:
        revision = connection.send("GET", f"{HERE}/positions?limit=1").revision
    assert revision is not None
    return revision


def _rows(url: str) -> int:
    database = Database(url)
    with database.transaction(Access.READ) as session:
        rows = session.scalar(select(func.count()).select_from(Position)) or 0
    database.dispose()
    return rows
