"""Counting in windows of time, a key each: in the memory of this process, or in a Redis.

A window begins with the first that is counted in it, and is forgotten when it ends.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Protocol

from limits.storage import RedisStorage, storage_from_string

MOST_KEYS = 100_000
"""So many windows are in memory; beyond, the one that began first is forgotten before it ends."""

WAIT_S = 0.25
"""So long a Redis may take until it has counted, with all that is needed for that."""

MOST_AT_ONCE = 16
"""So many wait for a Redis at a time, those among them for whom nobody waits any more."""

Window = tuple[int, float]
"""How many have been counted in it, with the last one, and in how many seconds it ends."""

# One journey there and back. A window without an end would never let anybody in again.
_COUNT = b"""
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = ARGV[1] * 1000
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}
"""


class NotCounted(Exception):
    """What should count could not, for the reason that it says."""


class TooBusy(NotCounted):
    """This process has so much to compute that it did not come to it in time."""


class Windows(Protocol):
    """What counts."""

    def count(self, key: str) -> Window:
        """Count one more in the window of `key`. Raises NotCounted."""
        ...


class InMemory:
    """Windows in the memory of this process."""

    def __init__(self, seconds: int, most: int = MOST_KEYS) -> None:
        """`seconds` is how long a window is, `most` how many there are."""
        self._seconds = seconds
        self._most = most
        self._lock = Lock()
        # They are all as long, so they end in the order in which they have begun.
        self._windows: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def count(self, key: str) -> Window:
        """Count one more in the window of `key`."""
        with self._lock:
            now = time.monotonic()
            while self._windows and next(iter(self._windows.values()))[1] <= now:
                self._windows.popitem(last=False)
            counted, ends = self._windows.get(key, (0, now + self._seconds))
            if not counted and len(self._windows) >= self._most:
                self._windows.popitem(last=False)
            self._windows[key] = (counted + 1, ends)
            return counted + 1, ends - now


class InRedis:
    """Windows in a Redis, which counts for several processes.

    It is asked in threads of its own, so that nobody waits for it longer than WAIT_S: the name of
    its machine has to be looked up, and a connection to be made, and no timeout is for all of that.
    """

    def __init__(self, address: str, seconds: int) -> None:
        """Nothing is connected to yet. Raises ImportError if the package redis is missing."""
        from redis import RedisError  # noqa: PLC0415  # an extra, which may be missing
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        # What fails is left alone for a while, and not tried again by a request that waits for it.
        options: dict[str, Any] = {
            "socket_timeout": WAIT_S,
            "socket_connect_timeout": WAIT_S,
            "retry": Retry(NoBackoff(), 0),
        }
        storage = storage_from_string(address, **options)
        assert isinstance(storage, RedisStorage)
        self._storage = storage
        self._count: Callable[..., Any] = storage.get_connection().register_script(_COUNT)
        self._seconds = seconds
        self._errors = RedisError
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="redis")

    def count(self, key: str) -> Window:
        """Count one more in the window of `key`. Raises NotCounted."""
        key = self._storage.prefixed_key(key)
        computed_s = time.process_time()
        counting = self._threads.submit(self._count, [key], [self._seconds])
        try:
            count, left_ms = counting.result(WAIT_S)
        except TimeoutError:
            counting.cancel()
            # A crowd would have its limits lifted, if a Redis were left alone for what it does.
            is_busy = time.process_time() - computed_s > WAIT_S / 2
            raise (TooBusy if is_busy else NotCounted)(f"no answer in {WAIT_S:g} seconds") from None
        except self._errors as error:
            raise NotCounted(f"{type(error).__name__}: {error}") from None
        return count, left_ms / 1000
