"""Headers that keep a browser from making of an answer what it is not, and from telling of it.

Not `Strict-Transport-Security`: it counts only where TLS is spoken, which is the business of a
proxy (docs/decisions/0030).
"""

from functools import partial

from flask import Flask, Response

from negotiations_api.http.representations import SVG

_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_OF_PICTURES = f"{_NOTHING}; style-src 'unsafe-inline'; img-src data:"
"""Pictures are drawn with styles and images of their own; no script runs in them."""


def register(app: Flask, *, is_open: bool = False) -> None:
    """Protect every answer of `app` that does not say how itself.

    If it `is_open`, pages of any origin may show what it answers, as they may read it.
    """
    app.after_request(partial(_protect, "cross-origin" if is_open else "same-origin"))


def _protect(shown_to: str, response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Resource-Policy", shown_to)
    policy = _OF_PICTURES if response.mimetype == SVG else _NOTHING
    headers.setdefault("Content-Security-Policy", policy)
    return response
