"""The id of a request, by which its answer and what is logged of it find each other.

A client, or a proxy before the service, may send one; every answer has it as `X-Request-Id`.
"""

import logging
import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, g, has_request_context, request

HEADER = "X-Request-Id"
LONGEST = 128
PATTERN = f"^[A-Za-z0-9._-]{{1,{LONGEST}}}$"

SENT = HEADER.lower().encode()
"""The header as a server has it."""

NONE = "-"
"""Stands in the log where there is no request."""

_ENVIRON = "negotiations.request_id"
_ID = re.compile(f"[A-Za-z0-9._-]{{1,{LONGEST}}}")


def request_id() -> str:
    """The id of the request under way: the one that the client sent, or else a new one."""
    if "request_id" not in g:
        g.request_id = request.environ.get(_ENVIRON) or _taken(request.headers.getlist(HEADER))
    made: str = g.request_id
    return made


def id_of(headers: Sequence[tuple[bytes, bytes]]) -> str:
    """The id of a request with these headers (as ASGI has them), before the application sees it."""
    return _taken([value.decode("latin-1") for name, value in headers if name == SENT])


def known(made: str) -> dict[str, Any]:
    """What tells the application, in its environ, the id that the request has got."""
    return {_ENVIRON: made}


def _taken(sent: Sequence[str]) -> str:
    """What was sent, if it is one id that a log can show as it is; else a new one, of 128 bits."""
    if len(sent) == 1 and _ID.fullmatch(sent[0]):
        return sent[0]
    return secrets.token_hex(16)


def register(app: Flask) -> None:
    """Let every answer of `app` say the id of its request."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response


class WithRequestId(logging.Filter):
    """Lets the format of a log say `request_id`; a line may bring its own (`extra`)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take every record."""
        if not hasattr(record, "request_id"):
            record.request_id = request_id() if has_request_context() else NONE
        return True
