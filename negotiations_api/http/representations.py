"""The one place that reads `Accept` and `?format=`, and the media types that there are."""

import re
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


_NOT_IN_A_NAME = re.compile("[^A-Za-z0-9._@-]+")
_ENDINGS = {
    JSON: "json",
    SCHEMA_JSON: "schema.json",
    NDJSON: "ndjson",
    YAML: "yaml",
    TEXT: "txt",
    MARKDOWN: "md",
    CSV: "csv",
    SVG: "svg",
}


def disposition(path: str, media: str) -> str:
    """The Content-Disposition header: what to call the file, after the address it comes from."""
    steps = [_NOT_IN_A_NAME.sub("-", step).strip(".-") for step in path.split("/")]
    name = "-".join(step for step in steps if step not in {"", "v1", "negotiations"})[:120]
    ending = f".{_ENDINGS[media]}"
    return f'inline; filename="{(name or "negotiations").removesuffix(ending)}{ending}"'


def content_type(media: str) -> str:
    """The Content-Type header of a media type."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
