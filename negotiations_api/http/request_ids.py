"""The id of a request, which its answer, the log and the history of the record name."""

import re
import uuid

from flask import g, request

HEADER = "X-Request-Id"
PATTERN = "^[A-Za-z0-9._-]{1,128}$"

_ID = re.compile(PATTERN)


def request_id() -> str:
    """The id of the request under way: the one that the client sent, or else a new one."""
    if "request_id" not in g:
        sent = request.headers.get(HEADER, "")
        g.request_id = sent if _ID.match(sent) else uuid.uuid4().hex
    known: str = g.request_id
    return known
