"""The contract in a browser: a page of ours and Swagger UI, every file of it from this service.

These addresses are for people and stand in no OpenAPI file: a generated client has no use for a
script, and the page is there while the database is not, as no other answer is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response

from negotiations_api.http.preconditions import content_etag, is_fresh
from negotiations_api.http.problem import Problem
from negotiations_api.http.query import read_query
from negotiations_api.http.representations import content_type, negotiate
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import near_miss

blueprint = Blueprint("docs", __name__)

PAGE = "page.html"
OURS = Path(__file__).parent / "docs_page"

TYPES: Mapping[str, str] = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
    "LICENSE": "text/plain",
}
"""The files that are served beside the page, and what they are."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the arrows and locks in Swagger UI's style sheet
        "connect-src 'self'",  # the OpenAPI file, and what is tried out
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    etag: str


@cache
def _read(name: str) -> _File:
    """A file of ours, or else of Swagger UI's; there is no other under a name from outside."""
    path = OURS / name
    content = (path if path.exists() else _swagger_ui() / name).read_bytes()
    return _File(content, content_etag(content))


def _swagger_ui() -> Path:
    """Where the package keeps the files of Swagger UI; its own code is not imported."""
    spec = find_spec("flask_swagger_ui")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "dist"


def _respond(name: str, media: str) -> Response:
    """A file, or 304 for who has it. It may be another one after an upgrade: it is asked for anew.

    Raises Problem (400) for query parameters, of which there are none, and 406.
    """
    negotiate((media,))
    read_query(StrictSchema())
    file = _read(name)
    if is_fresh(file.etag):
        response = Response(status=304)
    else:
        response = Response(file.content, content_type=content_type(media))
    response.set_etag(file.etag)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/docs")
def show_docs() -> Response:
    """The page."""
    response = _respond(PAGE, "text/html")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/docs/<file>")
def show_docs_file(file: str) -> Response:
    """A file that the page needs, or the licence of Swagger UI."""
    if file not in TYPES:
        near = near_miss(file[:80], TYPES) or f"; there is {', '.join(TYPES)}."
        raise Problem("not-found", f"There is no file '{file[:80]}' here{near}")
    return _respond(file, TYPES[file])
