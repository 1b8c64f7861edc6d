"""The one place that reads a request's body: its type, its size, its encoding."""

import zlib
from collections.abc import Mapping, Sequence
from shlex import quote

from flask import request
from marshmallow import Schema
from werkzeug.exceptions import RequestEntityTooLarge

from negotiations_api.http import representations
from negotiations_api.http.problem import Problem
from negotiations_api.records.loaded import load_rows
from negotiations_api.records.rows import read_csv, read_ndjson
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml
from negotiations_api.records.text import Tree

MERGE_PATCH = "application/merge-patch+json"
LARGEST = 1024 * 1024
LARGEST_DOCUMENT = 64 * LARGEST
MOST_VALUES = 2_000_000
"""How many commas and opening brackets a body has at most."""

ROWS = (representations.NDJSON, representations.CSV)
"""The types of bodies with many records."""

_GZIP = 31
_WINDOW_BITS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": 15}
"""How zlib reads each Content-Encoding that is taken."""


def is_sent() -> bool:
    """Whether the request has a body, which may turn out to be empty."""
    return bool(request.content_length or "Transfer-Encoding" in request.headers)


def read_bytes(accepted: Sequence[str], largest: int = LARGEST) -> bytes:
    """The body as it was before any Content-Encoding. Raises Problem (400, 413, 415).

    `largest` bounds what was sent and what comes of it, so that a small body cannot grow.
    """
    media = request.mimetype
    if media not in accepted:
        sent = f"'{media[:80]}'" if media else "nothing"
        match = "" if request.method == "POST" else "-H 'If-Match: *' "
        raise Problem(
            "unsupported-media-type",
            f"Content-Type says {sent}; this takes {' or '.join(accepted)}. "
            f"With curl: curl -X {request.method} -H 'Content-Type: {accepted[0]}' "
            f"{match}--data-binary @FILE {quote(request.url)}",
            headers={
                "Accept-Patch" if request.method == "PATCH" else "Accept": ", ".join(accepted)
            },
        )
    if media in ROWS:
        largest = max(largest, LARGEST_DOCUMENT)
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in {"utf-8", "utf8"}:
        raise Problem("unsupported-media-type", f"Send the text as UTF-8, not as '{charset[:40]}'.")
    # One more than is taken: of a body in chunks, whose length nobody says, the rest is cut off.
    request.max_content_length = largest + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(largest) from None
    if len(body) > largest:
        raise _too_large(largest)
    return _decoded(body, largest)


def parse_body(body: bytes, takes: Mapping[str, type[Schema]]) -> Tree:
    """What a body says, by its type: one value, or many records as loaded rows.

    Raises Malformed for what is no JSON, or no YAML, Invalid for what are no rows, and Problem
    (413) for more values than can be held: a body of nothing but braces takes 30 times its size.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Problem(
            "too-large", f"At most {MOST_VALUES:,} values are taken here: send less at a time."
        )
    match request.mimetype:
        case representations.YAML:
            return read_yaml(body)
        case representations.NDJSON:
            schema = takes[representations.NDJSON]()
            return Tree(load_rows(schema, read_ndjson(body)))
        case representations.CSV:
            schema = takes[representations.CSV]()
            return Tree(load_rows(schema, read_csv(body, schema)))
        case _:
            return Tree(read_json(body))


def _decoded(body: bytes, largest: int) -> bytes:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding not in _WINDOW_BITS:
        raise Problem(
            "unsupported-media-type",
            f"Content-Encoding says '{encoding[:80]}'; send the body as it is, or as gzip or "
            "deflate.",
            headers={"Accept-Encoding": "gzip, deflate"},
        )
    plain = bytearray()
    rest = body
    while True:  # gzip may have several members (RFC 1952, section 2.2)
        reader = zlib.decompressobj(_WINDOW_BITS[encoding])
        try:
            plain += reader.decompress(rest, largest + 1 - len(plain))
        except zlib.error:
            break
        if len(plain) > largest:
            raise _too_large(largest)
        if not reader.eof:
            break
        if not reader.unused_data:
            return bytes(plain)
        if _WINDOW_BITS[encoding] != _GZIP:
            break
        rest = reader.unused_data
    raise Problem("malformed", f"The body is not whole, or no {encoding}: compress it again.")


def _too_large(largest: int) -> Problem:
    return Problem("too-large", f"At most {largest:,} bytes are taken here: send less at a time.")
