"""The one place that reads `Accept` and `?format=`, and the media types that there are."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson
from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from negotiations_api.http.problem import Problem

JSON = "application/json"
YAML = "application/yaml"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
CSV = "text/csv"
NDJSON = "application/x-ndjson"
SVG = "image/svg+xml"
EVENTS = "text/event-stream"
TEXTS = (TEXT, MARKDOWN, CSV, SVG, EVENTS)
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


def formats(offered: Sequence[str]) -> dict[str, str]:
    """The media types among `offered` that `?format=` names, by their short names.

    Empty where there is no choice, and so no parameter.
    """
    named = {name: media for name, media in FORMATS.items() if media in offered}
    return named if len(named) > 1 else {}


def negotiate(offered: Sequence[str]) -> str:
    """The media type among `offered`, best first, that the request wants. Raises Problem (406)."""
    named = formats(offered)
    wanted = request.args.get("format") if named else None
    if wanted is not None:
        if wanted in named:
            return named[wanted]
        raise Problem(
            "not-acceptable",
            f"There is no format '{wanted[:80]}' here; there is {', '.join(named)}.",
        )
    best = _best(request.headers.get("Accept", ""), tuple(offered))
    if best is None:
        raise Problem(
            "not-acceptable",
            f"This is to be had as {', '.join(offered)}.",
            headers={"Vary": "Accept"},
        )
    return best


@lru_cache(maxsize=256)
def _best(accept: str, offered: Sequence[str]) -> str | None:
    """The one of `offered` that `accept` likes best; the first if it says nothing."""
    # Without parameters such as charset, which choose nothing here.
    said = parse_accept_header(accept, MIMEAccept)
    ranges = ((media.partition(";")[0], quality) for media, quality in said)
    accepted = MIMEAccept([(media, quality) for media, quality in ranges if "/" in media])
    return accepted.best_match(offered) if accepted else offered[0]


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
    EVENTS: "events",
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
