"""Where requests are computed: in how many threads, and how many may wait for one.

What is quick and reads is computed where requests arrive, in the thread of the event loop: handing
it to another thread and back costs as much as a tenth of it. All else goes by a lane, which has
threads of its own, so that it holds up neither what is quick nor what goes by the other lane
(docs/decisions/0018).
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qsl

from negotiations_api.http.incoming import Environ, Receive, while_there
from negotiations_api.http.known import KNOWN
from negotiations_api.http.problem import Problem
from negotiations_api.models.token import PREFIX

MOST_WAITING = 128
"""So many requests wait for a thread of their lane; what is beyond is refused at once."""

SLOW_S = 0.05
"""What takes the processor as long is slow;"""

FIRST_SLOW_S = 0.5
"""at the first time, when statements are compiled and caches are empty, what takes as long."""

TRUSTED_AFTER = 20
_MOST_SHAPES = 10_000
_RETRY_AFTER_S = 1

ON_ARRIVAL = "negotiations.on_arrival"
"""Whether a request is computed where all of them arrive, so that nothing of it may take long."""

ELSEWHERE = "negotiations.elsewhere"
"""That it has to be computed elsewhere, since it would take long."""

WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
"""The methods that write."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads read, read what takes long, and write.

    Whether what is known to be quick to read needs none.
    """

    reads: int
    long_reads: int
    writes: int
    reads_on_arrival: bool


OF_ENGINE: Mapping[str, Threads] = {
    # A read waits for nobody. One writes at a time anyway, here in the order of arrival, and never
    # two in a process, which some versions of SQLite do not withstand.
    "sqlite": Threads(reads=1, long_reads=2, writes=1, reads_on_arrival=True),
    # While one waits for the database, others are computed.
    "postgresql": Threads(reads=4, long_reads=2, writes=4, reads_on_arrival=False),
}


class Lane:
    """A few threads, and the requests that wait for them. Used from the event loop only."""

    def __init__(self, name: str, threads: int, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._slots = threads + most_waiting

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, in a thread; raises Problem (503) if too many wait already."""
        if self._slots == 0:
            raise Problem(
                "unavailable",
                "As many requests are waiting as can be; this one was not begun: try again.",
                headers={"Retry-After": str(_RETRY_AFTER_S)},
            )
        self._slots -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._slots += 1


class Times:
    """Whether addresses take long, by their shape, in each negotiation.

    Names within a negotiation make no difference. What took long counts as slow until it has been
    quick `TRUSTED_AFTER` times in a row, where it holds up nobody.
    """

    def __init__(self) -> None:
        self._quick_runs_left: dict[tuple[str, ...], int] = {}

    def is_slow(self, path: str) -> bool | None:
        """Whether what has that shape takes long; None if it has never been read."""
        left = self._quick_runs_left.get(_shape(path))
        return None if left is None else left > 0

    def note(self, path: str, seconds: float) -> None:
        """Remember how long it took to compute."""
        if len(self._quick_runs_left) >= _MOST_SHAPES:
            self._quick_runs_left.clear()
        shape = _shape(path)
        left = self._quick_runs_left.get(shape)
        if seconds >= (FIRST_SLOW_S if left is None else SLOW_S):
            self._quick_runs_left[shape] = TRUSTED_AFTER
        else:
            self._quick_runs_left[shape] = max((left or 0) - 1, 0)


def _shape(path: str) -> tuple[str, ...]:
    """How many steps there are, every other of them, and whose it is.

    As in /v1/{noun}/owner/{noun}/name/{noun}.
    """
    steps = path.split("/")
    return (str(len(steps)), *steps[2::2], *(steps[3:4] if len(steps) > 4 else ()))


class Lanes:
    """The lanes that requests go by, and which of them: by what they ask for.

    `waits` says that whatever is computed may have to wait, so that nothing is where it arrives.
    """

    def __init__(self, engine: str, *, waits: bool) -> None:
        threads = OF_ENGINE[engine]
        self._reads = Lane("read", threads.reads)
        self._long_reads = Lane("read long", threads.long_reads)
        self._writes = Lane("write", threads.writes)
        self._looks_on_arrival = threads.reads_on_arrival
        self._computes_on_arrival = threads.reads_on_arrival and not waits
        self._times = Times()

    async def look(self, work: Callable[[], T]) -> T:
        """What `work` returns, which reads a row or two. Raises Problem (503)."""
        return work() if self._looks_on_arrival else await self._reads.run(work)

    async def compute(self, environ: Environ, receive: Receive, work: Callable[[Environ], T]) -> T:
        """What `work` makes of a request. Raises Problem (503), and Gone if the client has gone."""
        if environ["REQUEST_METHOD"] in WRITES:
            return await self._writes.run(partial(work, environ))
        read = partial(self._timed, work, environ)
        is_slow = _is_surely_long(environ) or self._times.is_slow(environ["PATH_INFO"])
        if is_slow:
            async with while_there(receive, read) as unless_gone:
                return await self._long_reads.run(unless_gone)
        if self._computes_on_arrival and is_slow is not None and not _asks_elsewhere(environ):
            here = {**environ, ON_ARRIVAL: True}
            answer = self._timed(work, here)
            if ELSEWHERE not in here:
                environ |= here
                return answer
        return await self._reads.run(read)

    def _timed(self, work: Callable[[Environ], T], environ: Environ) -> T:
        # Not the time that passes: beside something slow all is slow, and would be sent after it.
        started = time.thread_time()
        answer = work(environ)
        self._times.note(environ["PATH_INFO"], time.thread_time() - started)
        return answer


def _is_surely_long(environ: Environ) -> bool:
    """Whether it counts as long before it was ever timed.

    That is what may be a whole list, since only JSON and text come in pages, and what is of the
    past.
    """
    asked = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
    if any(name in asked for name in KNOWN):
        return True
    wanted = f"{asked.get('format', '')} {environ.get('HTTP_ACCEPT', '')}".lower()
    return "csv" in wanted or "ndjson" in wanted


def _asks_elsewhere(environ: Environ) -> bool:
    """Whether its token may be another service's, whose keys may have to be fetched."""
    _, _, shown = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return bool(shown) and not shown.strip(" ").startswith(PREFIX)
