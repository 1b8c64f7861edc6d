"""The problems in the OpenAPI file: one of each type, as the example talks give rise to it."""

from collections.abc import Mapping
from typing import Any

from negotiations_api.http.json_schema import Json
from negotiations_api.http.problem import TYPES

_PARAMETER = "There is no parameter 'knd' here; did you mean 'kind'?"
_STANCE = "Choose one of demand, accept, conditional, reserve, reject; did you mean 'accept'?"

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "malformed": {"detail": "'slug' stands twice in one object."},
    "bad-query": {
        "detail": f"knd: {_PARAMETER}",
        "errors": [{"parameter": "knd", "detail": _PARAMETER}],
    },
    "bad-header": {
        "detail": "Idempotency-Key: Give 1 to 255 printable ASCII characters without spaces, such "
        "as a UUID."
    },
    "bad-side": {
        "detail": "A comparison has two sides with three dots between them, like usa...prk or "
        "prk@2018-06-12...prk@2019-10-05, not 'usa..prk'."
    },
    "unauthorized": {
        "detail": "Writing takes a token: send it as Authorization: Bearer TOKEN. 'negotiations "
        "token create' makes one."
    },
    "forbidden": {"detail": "Writing takes a token of scope write: ask for one."},
    "not-found": {
        "detail": "There is no demand 'sanction-relief' in 'us-dprk'; did you mean "
        "'sanctions-relief' or 'partial-sanctions-relief'?"
    },
    "method-not-allowed": {"detail": "PUT does nothing at /v1/issues; there is GET, HEAD, POST."},
    "not-acceptable": {"detail": "There is no format 'xml' here; there is json, text."},
    "too-slow": {
        "detail": "A body has 20 seconds to arrive, and one more for each 65,536 bytes of it: send "
        "it faster, or less at a time."
    },
    "conflict": {
        "detail": "Issue 'peace-treaty' cannot go while others refer to it: change or delete those "
        "first.",
        "others": [
            {"noun": "demand", "href": "/v1/negotiations/us-dprk/demands/peace-treaty"},
            {"noun": "demand", "href": "/v1/negotiations/us-dprk/demands/peace-regime"},
        ],
    },
    "in-flight": {"detail": "The first request with this key has not been answered yet."},
    "stale": {"detail": "It exists already, and If-None-Match: * says to create it only."},
    "too-large": {"detail": "At most 1,048,576 bytes are taken here: send less at a time."},
    "unsupported-media-type": {
        "detail": "Content-Type says nothing; this takes application/json. With curl: curl -X POST "
        "-H 'Content-Type: application/json' --data-binary @FILE http://localhost/v1/issues"
    },
    "invalid": {
        "detail": f"/stance: {_STANCE}",
        "errors": [{"pointer": "/stance", "detail": _STANCE}],
    },
    "key-reused": {
        "detail": "Idempotency-Key 6b5d4f0e came with another address, body or format before: give "
        "each request a key of its own."
    },
    "precondition-required": {
        "detail": 'Send If-Match: "05SRWV8QS9HKA.1" to change what is there now, or If-Match: * to '
        "change it whatever it is."
    },
    "rate-limited": {
        "detail": "An address may send 600 requests in 60 seconds; the next ones are taken in 12."
    },
    "internal": {"detail": "Something that should not happen has happened, and is logged."},
    "unavailable": {"detail": "The database did not answer in time; nothing was written."},
    "outcome-unknown": {
        "detail": "The connection to the database was lost while it was committing: everything was "
        "written, or nothing. Send it again with the same Idempotency-Key: what has been done is "
        "not done twice."
    },
}
"""What is special to a problem of each type, beside its type, title and status."""


def problem_example(kind: str) -> Json:
    """A problem of that type, as an example in the OpenAPI file."""
    known = TYPES[kind]
    value = {"type": f"/problems/{kind}", "title": known.title, "status": known.status}
    return {"summary": known.title, "value": {**value, **EXAMPLES[kind]}}
