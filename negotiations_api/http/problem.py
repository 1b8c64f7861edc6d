"""Problem documents (RFC 9457): what goes wrong, by stable type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: its status, its title, and what to do about it."""

    status: int
    title: str
    advice: str


TYPES: Mapping[str, ProblemType] = {
    "malformed": ProblemType(
        400, "The body cannot be read", "Mend the text at the place that the detail names."
    ),
    "bad-query": ProblemType(
        400,
        "A query parameter is wrong",
        "Each entry of errors names a parameter and says what it takes.",
    ),
    "bad-header": ProblemType(
        400, "A header cannot be read", "The detail names the header and says what it takes."
    ),
    "bad-side": ProblemType(
        400,
        "A side of the comparison is wrong",
        "Write left...right; each side is party or party@date.",
    ),
    "unauthorized": ProblemType(
        401,
        "It takes a token, or another one",
        "Send a token that is good as Authorization: Bearer TOKEN; the detail says what is wrong.",
    ),
    "forbidden": ProblemType(
        403,
        "The token does not allow it",
        "The detail says which token it takes; whoever administers the service makes them.",
    ),
    "not-found": ProblemType(
        404, "There is no such thing", "The detail names what is there and what may be meant."
    ),
    "method-not-allowed": ProblemType(
        405, "The address does not take this method", "Use one that the Allow header names."
    ),
    "not-acceptable": ProblemType(
        406,
        "There is no such representation",
        "Ask for one of those that the detail names, by Accept or by ?format=.",
    ),
    "too-slow": ProblemType(408, "The body came too slowly", "Send it faster, or less at a time."),
    "conflict": ProblemType(
        409,
        "The state of the record does not allow it",
        "The detail says what is in the way; others has the addresses.",
    ),
    "in-flight": ProblemType(
        409,
        "A request with this Idempotency-Key is under way",
        "Send the same request again after the seconds in Retry-After, to get its answer.",
    ),
    "stale": ProblemType(
        412,
        "The record is another one by now",
        "Read it again, make your change on that, and send its new ETag as If-Match.",
    ),
    "too-large": ProblemType(413, "The body is too large", "Send less at a time."),
    "unsupported-media-type": ProblemType(
        415, "The body is of another type", "Name the type in Content-Type as the detail says."
    ),
    "invalid": ProblemType(
        422,
        "The content breaks the rules of the record",
        "Each entry of errors has a JSON Pointer to what is wrong and says what would be right.",
    ),
    "key-reused": ProblemType(
        422,
        "This Idempotency-Key was sent with another request",
        "Make a new key for a new request; keep a key for sending the same request again.",
    ),
    "precondition-required": ProblemType(
        428,
        "A change needs a precondition",
        "Send the ETag that reading the record gives as If-Match, so that no change is lost.",
    ),
    "rate-limited": ProblemType(
        429, "Too many requests", "Send the next request after the seconds in Retry-After."
    ),
    "internal": ProblemType(500, "The service has failed", "It is logged; try again later."),
    "unavailable": ProblemType(
        503, "The service cannot answer now", "Try again after the seconds in Retry-After."
    ),
    "outcome-unknown": ProblemType(
        503,
        "It is not known whether it was written",
        "A POST with an Idempotency-Key: send it again, with the same key, after the seconds in "
        "Retry-After. All else: read what is there first. It was written whole or not at all.",
    ),
}
"""Every problem that leaves the service. A type, once published, keeps its name and meaning."""


class Problem(Exception):
    """A problem on its way to the client."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        others: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.others = others
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return TYPES[self.kind].status

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.kind}",
            "title": TYPES[self.kind].title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = list(self.errors)
        if self.others:
            document["others"] = list(self.others)
        return document


def bad_query(errors: Mapping[str, str]) -> Problem:
    """The problem with query parameters: what is wrong with each, by its name."""
    return Problem(
        "bad-query",
        " ".join(f"{name[:80]}: {detail}" for name, detail in errors.items()),
        errors=[{"parameter": name, "detail": detail} for name, detail in errors.items()],
    )
