"""How many requests an address may send, where a limit is set.

The headers are those of draft-ietf-httpapi-ratelimit-headers. The counting is that of the library
`limits`, each process its own. Its windows are fixed: they are
what the `RateLimit` header can say exactly, and one counter an address is all that they keep.
"""

import math
import time

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from negotiations_api.http.problem import Problem

_NAME = '"default"'


def register(app: Flask, limit: str) -> None:
    """Refuse what is beyond `limit`, such as ``600/minute``, and say in each answer what is left.

    Raises ValueError for what is no limit.
    """
    item = parse(limit)
    limiter = FixedWindowRateLimiter(MemoryStorage())

    def count() -> None:
        address = request.remote_addr or "unknown"
        is_within = limiter.hit(item, address)
        window = limiter.get_window_stats(item, address)
        reset = max(math.ceil(window.reset_time - time.time()), 1)
        g.rate_limit = _headers(item, window.remaining, reset)
        if not is_within:
            raise Problem(
                "rate-limited",
                f"An address may send {item.amount:,} requests in {item.get_expiry():,} seconds; "
                f"the next ones are taken in {reset}.",
                headers={"Retry-After": str(reset)},
            )

    def tell(response: Response) -> Response:
        response.headers.update(g.get("rate_limit", {}))
        return response

    app.before_request(count)
    app.after_request(tell)
    app.extensions["rate_limit"] = item


def is_counting(app: Flask) -> bool:
    """Whether the requests to `app` are counted."""
    return "rate_limit" in app.extensions


def _headers(item: RateLimitItem, remaining: int, reset: int) -> dict[str, str]:
    return {
        "RateLimit": f"{_NAME};r={remaining};t={reset}",
        "RateLimit-Policy": f"{_NAME};q={item.amount};w={item.get_expiry()}",
    }
