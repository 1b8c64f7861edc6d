"""How many requests a caller may send, where a limit is set.

A caller is a token, where the request has one, and else an address. The headers are those of
draft-ietf-httpapi-ratelimit-headers. The counting is that of the library `limits`: by each process
on its own, or in a Redis by all together. Its windows are fixed: they are what the `RateLimit`
header can say exactly, and one counter a caller is all that they keep (docs/decisions/0030).
"""

import logging
import math
import time
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from negotiations_api.http.caller import known_key
from negotiations_api.http.problem import Problem

log = logging.getLogger(__name__)

WAIT_S = 0.25
"""So long a Redis may take for an answer: requests wait for it."""

PAUSE_S = 5
"""So long a Redis that has failed is left alone,"""

SILENCE_S = 60
"""and so long nothing more is logged of it."""

_NAME = '"default"'


@dataclass(frozen=True, slots=True)
class Count:
    """What is left to a caller: whether this request is within, how many more are, until when."""

    is_within: bool
    remaining: int
    reset_s: int


class Counter:
    """Counts requests, each for its caller. Where they cannot be counted, they are let through."""

    def __init__(self, item: RateLimitItem, storage: Storage) -> None:
        self.item = item
        self._windows = FixedWindowRateLimiter(storage)
        self._paused_until = self._silent_until = 0.0

    def count(self, *caller: str) -> Count | None:
        """Count a request; None if it could not be counted."""
        now = time.monotonic()
        if now < self._paused_until:
            return None
        try:
            is_within = self._windows.hit(self.item, *caller)
            window = self._windows.get_window_stats(self.item, *caller)
        except StorageError as error:
            self._leave_alone(now, error.storage_error)
            return None
        reset_s = max(math.ceil(window.reset_time - time.time()), 1)
        return Count(is_within, window.remaining, reset_s)

    def _leave_alone(self, now: float, error: Exception) -> None:
        self._paused_until = now + PAUSE_S
        if now >= self._silent_until:
            self._silent_until = now + SILENCE_S
            log.warning(
                "requests are not counted, and all let through: %s: %s", type(error).__name__, error
            )


def register(app: Flask, limit: str, storage: str = "") -> None:
    """Refuse what is beyond `limit`, such as ``600/minute``, and say in each answer what is left.

    `storage` is the address of the Redis that counts; empty for the memory of this process. Who
    shows a token that is no good is counted by its address. Raises ValueError for what is no limit
    or no storage.
    """
    counter = Counter(parse(limit), _storage(storage))

    def count() -> None:
        token = known_key()
        caller = ("token", token) if token else ("address", request.remote_addr or "unknown")
        counted = counter.count(*caller)
        if counted is None:
            return
        g.rate_limit = _headers(counter.item, counted)
        if not counted.is_within:
            most, window_s = counter.item.amount, counter.item.get_expiry()
            raise Problem(
                "rate-limited",
                f"{'A token' if token else 'An address'} may send {most:,} requests in "
                f"{window_s:,} seconds; the next ones are taken in {counted.reset_s}.",
                headers={"Retry-After": str(counted.reset_s)},
            )

    def tell(response: Response) -> Response:
        response.headers.update(g.get("rate_limit", {}))
        return response

    app.before_request(count)
    app.after_request(tell)
    app.extensions["rate_limit"] = counter


def is_counting(app: Flask) -> bool:
    """Whether the requests to `app` are counted."""
    return "rate_limit" in app.extensions


def _storage(address: str) -> Storage:
    """Where the counters are; nothing is connected to yet."""
    if not address:
        return MemoryStorage()
    try:
        from redis.backoff import NoBackoff  # noqa: PLC0415  # an extra, which may be missing
        from redis.retry import Retry  # noqa: PLC0415

        # What fails is left alone for a while, and not tried again by a request that waits for it.
        options: dict[str, Any] = {
            "socket_timeout": WAIT_S,
            "socket_connect_timeout": WAIT_S,
            "retry": Retry(NoBackoff(), 0),
        }
        made = storage_from_string(address, wrap_exceptions=True, **options)
    except (ImportError, ConfigurationError):
        raise ValueError(
            "NEGOTIATIONS_RATE_LIMIT_STORAGE needs the Python package redis, which is not "
            "installed: pip install 'negotiations-api[redis]'."
        ) from None
    assert isinstance(made, Storage)
    return made


def _headers(item: RateLimitItem, counted: Count) -> dict[str, str]:
    return {
        "RateLimit": f"{_NAME};r={counted.remaining};t={counted.reset_s}",
        "RateLimit-Policy": f"{_NAME};q={item.amount};w={item.get_expiry()}",
    }
