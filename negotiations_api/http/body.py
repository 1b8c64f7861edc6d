"""The one place that reads a request's body: its type, its size, its encoding."""

import zlib
from collections.abc import Mapping, Sequence

from flask import request
from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge

from negotiations_api.http import representations
from negotiations_api.http.problem import Problem
from negotiations_api.records.rows import read_csv, read_ndjson
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml
from negotiations_api.records.text import Tree

MERGE_PATCH = "application/merge-patch+json"
LARGEST = 1024 * 1024
LARGEST_DOCUMENT = 64 * LARGEST

ROWS = (representations.NDJSON, representations.CSV)
"""The types of bodies with many records."""

_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""How zlib reads each Content-Encoding that is taken."""


def read_bytes(accepted: Sequence[str], largest: int = LARGEST) -> bytes:
    """The body as it was before any Content-Encoding. Raises Problem (400, 413, 415).

    `largest` bounds what was sent and what comes of it, so that a small body cannot grow.
    """
    media = request.mimetype
    if media not in accepted:
        sent = f"'{media[:80]}'" if media else "nothing"
        raise Problem(
            "unsupported-media-type",
            f"Content-Type says {sent}; this takes {' or '.join(accepted)}. "
            f"With curl: curl -X {request.method} -H 'Content-Type: {accepted[0]}' "
            f"--data-binary @FILE {request.base_url}",
            headers={
                "Accept-Patch" if request.method == "PATCH" else "Accept": ", ".join(accepted)
            },
        )
    if media in ROWS:
        largest = max(largest, LARGEST_DOCUMENT)
    request.max_content_length = largest
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(largest) from None
    return _decoded(body, largest)


def parse_body(body: bytes, takes: Mapping[str, type[Schema]]) -> Tree:
    """What a body says, by its type: one value, or the rows of many records.

    Raises Malformed for what is no JSON, or no YAML, and Invalid for what are no rows.
    """
    match request.mimetype:
        case representations.YAML:
            return read_yaml(body)
        case representations.NDJSON:
            return Tree(read_ndjson(body))
        case representations.CSV:
            return Tree(read_csv(body, takes[representations.CSV]()))
        case _:
            return Tree(read_json(body))


def _decoded(body: bytes, largest: int) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding not in _WINDOW_BITS:
        raise Problem(
            "unsupported-media-type",
            f"Content-Encoding says '{encoding[:80]}'; send the body as it is, or as gzip.",
            headers={"Accept-Encoding": "gzip, deflate"},
        )
    reader = zlib.decompressobj(_WINDOW_BITS[encoding])
    try:
        plain = reader.decompress(body, largest + 1)
    except zlib.error:
        plain = b""
    if len(plain) > largest:
        raise _too_large(largest)
    if not reader.eof or reader.unused_data:
        raise Problem("malformed", f"The body is not whole, or no {encoding}: compress it again.")
    return plain


def _too_large(largest: int) -> Problem:
    return Problem("too-large", f"At most {largest:,} bytes are taken here: send less at a time.")
