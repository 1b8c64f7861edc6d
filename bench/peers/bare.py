"""The floor of the server: a WSGI function that sends a body which is there, of any length."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()
"""What a comparison is answered with."""

SENT = {"/": b'{"hello":"world"}', "/comparison": BODY}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Send the body of the path."""
    body = SENT[environ["PATH_INFO"]]
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
