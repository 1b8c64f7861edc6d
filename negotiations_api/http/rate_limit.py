"""How many requests a caller may send, where a limit is set.

A caller is a token, where the request has one, and else an address. The headers are those of
draft-ietf-httpapi-ratelimit-headers. It is counted by each process on its own, or in a Redis by all
together (`windows.py`). Windows are fixed: they are what the `RateLimit` header can say exactly,
and one counter a caller is all that they keep (docs/decisions/0030).
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError

from negotiations_api.http.caller import known_key
from negotiations_api.http.problem import Problem
from negotiations_api.http.windows import InMemory, InRedis, NotCounted, TooBusy, Windows

log = logging.getLogger(__name__)

PAUSE_S = 5
"""So long a Redis that has failed is left alone,"""

SILENCE_S = 60
"""and so long nothing more is logged of it."""

UNCOUNTED = "negotiations.uncounted"
"""In the environ of what is a part of a request that has been counted, or refused already."""

_OF_ONE = 64
"""So many bits of an address of IPv6 are a network: whoever has one address of it has all."""

_NAME = '"default"'


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a caller: whether this request is within, how many more are, until when."""

    is_within: bool
    remaining: int
    reset_s: int


class Counter:
    """Counts requests, each for its caller. Where they cannot be counted, they are let through."""

    def __init__(self, item: RateLimitItem, windows: Windows) -> None:
        self.item = item
        self._windows = windows
        self._paused_until = self._silent_until = 0.0

    def count(self, *caller: str) -> Allowance | None:
        """Count a request; None if it could not be counted."""
        if time.monotonic() < self._paused_until:
            return None
        try:
            counted, left_s = self._windows.count(self.item.key_for(*caller))
        except TooBusy:
            return None
        except NotCounted as error:
            self._leave_alone(time.monotonic(), error)
            return None
        remaining = max(self.item.amount - counted, 0)
        return Allowance(counted <= self.item.amount, remaining, max(math.ceil(left_s), 1))

    def _leave_alone(self, now: float, error: NotCounted) -> None:
        self._paused_until = now + PAUSE_S
        if now >= self._silent_until:
            self._silent_until = now + SILENCE_S
            log.warning("requests are not counted, and all let through: %s", error)


def register(app: Flask, limit: str, storage: str = "") -> None:
    """Refuse what is beyond `limit`, such as ``600/minute``, and say in each answer what is left.

    `storage` is the address of the Redis that counts; empty for the memory of this process. Who
    shows a token that is no good is counted by its address. Raises ValueError for what is no limit
    or no storage.
    """
    item = parse(limit)
    counter = Counter(item, _windows(storage, item.get_expiry()))

    def count() -> None:
        if UNCOUNTED in request.environ:
            return
        token = known_key()
        caller = ("token", token) if token else ("address", _counted(request.remote_addr))
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
    app.extensions["rate_limit_waits"] = bool(storage)


def is_counting(app: Flask) -> bool:
    """Whether the requests to `app` are counted."""
    return "rate_limit" in app.extensions


def has_to_wait(app: Flask) -> bool:
    """Whether what counts the requests to `app` may have to be waited for."""
    return bool(app.extensions.get("rate_limit_waits"))


def _windows(address: str, seconds: int) -> Windows:
    """Where the counters are; nothing is connected to yet."""
    if not address:
        return InMemory(seconds)
    try:
        return InRedis(address, seconds)
    except (ImportError, ConfigurationError):
        raise ValueError(
            "NEGOTIATIONS_RATE_LIMIT_STORAGE needs the Python package redis, which is not "
            "installed: pip install 'negotiations-api[redis]'."
        ) from None


def _counted(address: str | None) -> str:
    """What is counted for an address: itself, or the network that somebody with IPv6 has.

    An address of IPv4 is the same also where it is written as one of IPv6.
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(known), _OF_ONE), strict=False))


def _headers(item: RateLimitItem, counted: Allowance) -> dict[str, str]:
    return {
        "RateLimit": f"{_NAME};r={counted.remaining};t={counted.reset_s}",
        "RateLimit-Policy": f"{_NAME};q={item.amount};w={item.get_expiry()}",
    }
