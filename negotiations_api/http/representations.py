"""The one place that reads `Accept` and `?format=`, and the media types that there are."""

from collections.abc import Sequence
from typing import Any

import orjson
from flask import request

from negotiations_api.http.problem import Problem

JSON = "application/json"
YAML = "application/yaml"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
SVG = "image/svg+xml"
TEXTS = (TEXT, MARKDOWN, CSV, SVG)
"""What is text for people or other programs, and has no schema of ours."""

SCHEMA_JSON = "application/schema+json"

FORMATS = {
    "json": JSON,
    "yaml": YAML,
    "text": TEXT,
    "markdown": MARKDOWN,
    "csv": CSV,
    "ndjson": NDJSON,
    "svg": SVG,
}
"""The short names that `?format=` takes."""


def negotiate(offered: Sequence[str]) -> str:
    """The media type among `offered`, best first, that the request wants. Raises Problem (406)."""
    by_name = {name: media for name, media in FORMATS.items() if media in offered}
    wanted = request.args.get("format")
    if wanted is not None:
        if wanted in by_name:
            return by_name[wanted]
        choices = ", ".join(by_name) or "no other than the default"
        raise Problem(
            "not-acceptable", f"There is no format '{wanted[:80]}' here; there is {choices}."
        )
    if not request.accept_mimetypes:
        return offered[0]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        raise Problem(
            "not-acceptable",
            f"This is to be had as {', '.join(offered)}.",
            headers={"Vary": "Accept"},
        )
    return best


def json_bytes(value: Any) -> bytes:
    """`value` as JSON, with a newline at its end."""
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def content_type(media: str) -> str:
    """The Content-Type header of a media type."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
