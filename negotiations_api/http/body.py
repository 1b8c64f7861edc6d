"""The one place that reads a request's body."""

from collections.abc import Sequence

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from negotiations_api.http.problem import Problem
from negotiations_api.http.representations import JSON, YAML
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml
from negotiations_api.records.text import Tree

MERGE_PATCH = "application/merge-patch+json"
LARGEST = 1024 * 1024
LARGEST_DOCUMENT = 64 * LARGEST


def read_body(accepted: Sequence[str], largest: int = LARGEST) -> Tree:
    """The body, strictly read. Raises Problem (413, 415), and Malformed for what is no JSON."""
    media = request.mimetype
    if media not in accepted:
        sent = f"'{media[:80]}'" if media else "nothing"
        raise Problem(
            "unsupported-media-type",
            f"Content-Type says {sent}; this takes {' or '.join(accepted)}. "
            f"With curl: curl -H 'Content-Type: {accepted[0]}' --data-binary @FILE ...",
            headers={
                "Accept-Patch" if request.method == "PATCH" else "Accept": ", ".join(accepted)
            },
        )
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Problem("unsupported-media-type", "Send the body without a Content-Encoding.")
    request.max_content_length = largest
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem("too-large", f"At most {largest:,} bytes are taken here.") from None
    if media == YAML:
        return read_yaml(body)
    assert media in {JSON, MERGE_PATCH}
    return Tree(read_json(body))
