"""Headers that keep a browser from making of an answer what it is not."""

from flask import Flask, Response

from negotiations_api.http.representations import SVG

_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_OF_PICTURES = f"{_NOTHING}; style-src 'unsafe-inline'; img-src data:"
"""Pictures are drawn with styles and images of their own; no script runs in them."""


def register(app: Flask) -> None:
    """Protect every answer of `app` that does not say how itself."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(
        "Content-Security-Policy", _OF_PICTURES if response.mimetype == SVG else _NOTHING
    )
    return response
