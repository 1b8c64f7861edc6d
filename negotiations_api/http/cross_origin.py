"""Which pages of other origins may read answers: none, unless some are named (CORS).

Never with credentials of the browser's own (cookies, certificates): a page that is let in sends the
token that it was given, in `Authorization`, as any other client does.
"""

from flask import Flask, Response, request

from negotiations_api.http import authorship, consistency, idempotency, request_ids, waiting
from negotiations_api.http.operation import DRY_RUN

ANY = "*"
KEPT_S = 3600
"""So long a browser may keep what it was told of an address before it asks again."""

SENT = (
    *("Accept", "Authorization", "Content-Encoding", "Content-Type"),
    *("If-Match", "If-None-Match", consistency.PREFER, consistency.HEADER),
    *(idempotency.HEADER, authorship.HEADER, waiting.LAST_EVENT, request_ids.HEADER),
)
"""The headers that a page may send."""

READ = (
    *("Allow", "Accept-Patch", "Accept-Post", "Content-Disposition", "ETag", "Link", "Location"),
    *("Content-Location", "Negotiation-Revision", "WWW-Authenticate"),
    *("Total-Count", "RateLimit", "RateLimit-Policy", "Retry-After"),
    *(consistency.HEADER, DRY_RUN, idempotency.REPLAYED, request_ids.HEADER),
)
"""The headers that a page may read, beside those that it always may."""


def register(app: Flask, origins: frozenset[str]) -> None:
    """Let pages of these origins read the answers of `app`; `*` stands for those of any."""

    def tell(response: Response) -> Response:
        if ANY in origins:
            response.headers["Access-Control-Allow-Origin"] = ANY
        else:
            response.vary.add("Origin")
            origin = request.headers.get("Origin")
            if origin not in origins:
                return response
            response.headers["Access-Control-Allow-Origin"] = origin
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = ", ".join(SENT)
            response.headers["Access-Control-Max-Age"] = str(KEPT_S)
        else:
            response.headers["Access-Control-Expose-Headers"] = ", ".join(READ)
        return response

    app.after_request(tell)
