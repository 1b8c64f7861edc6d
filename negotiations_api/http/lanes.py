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
from typing import TypeVar

from negotiations_api.http.problem import Problem

MOST_WAITING = 128
"""So many requests wait for a thread of their lane; what is beyond is refused at once."""

SLOW_S = 0.05
REMEMBERED_S = 60
_MOST_SHAPES = 1_000
_RETRY_AFTER_S = 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads read and how many write; and whether what is quick to read needs none."""

    reads: int
    writes: int
    reads_on_arrival: bool


OF_ENGINE: Mapping[str, Threads] = {
    # A read waits for nobody. One writes at a time anyway, here in the order of arrival, and never
    # two in a process, which some versions of SQLite do not withstand.
    "sqlite": Threads(reads=2, writes=1, reads_on_arrival=True),
    # While one waits for the database, others are computed.
    "postgresql": Threads(reads=4, writes=4, reads_on_arrival=False),
}


class Lane:
    """A few threads, and the requests that wait for them. Used from the event loop only."""

    def __init__(self, threads: int, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(threads)
        self._places = threads + most_waiting

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, in a thread; raises Problem (503) if too many wait already."""
        if self._places == 0:
            raise Problem(
                "unavailable",
                "As many requests are waiting as can be; this one was not begun: try again.",
                headers={"Retry-After": str(_RETRY_AFTER_S)},
            )
        self._places -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._places += 1


class SlowAddresses:
    """Which addresses took long lately, by their shape: what is the same but for the names in it.

    So ``/v1/negotiations/us-dprk/agreement`` is known to be slow from the agreement of other talks.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], float] = {}

    def has(self, path: str) -> bool:
        """Whether one of that shape took long in the last minute."""
        last = self._last.get(_shape(path))
        return last is not None and time.monotonic() - last < REMEMBERED_S

    def note(self, path: str, seconds: float) -> None:
        """Remember how long it took."""
        if seconds < SLOW_S:
            return
        if len(self._last) >= _MOST_SHAPES:
            self._last.clear()
        self._last[_shape(path)] = time.monotonic()


def _shape(path: str) -> tuple[str, ...]:
    """Every other step, as in /v1/{noun}/name/{noun}/name; and whether a name comes last."""
    steps = path.split("/")
    return (*steps[2::2], str(len(steps)))
