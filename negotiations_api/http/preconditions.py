"""The one place that makes ETags and checks preconditions (RFC 9110, section 13).

What is checked here is checked once more by the database: the version stands in the WHERE clause
of the UPDATE or DELETE (models/base.py), so that between check and write nothing slips in.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api import __version__
from negotiations_api.database.rights import visible
from negotiations_api.http.problem import Problem
from negotiations_api.http.representations import JSON
from negotiations_api.models import CatalogueRevision, Negotiation, Record
from negotiations_api.models.identifier import format_id

_TAG = '(W/)?"[!#-~]*"'
TAGS = rf"^(\*|[ \t,]*{_TAG}([ \t]*,[ \t,]*{_TAG})*[ \t,]*)$"
"""What If-Match and If-None-Match say: a star, or entity tags with commas between them, of which
there may be too many (RFC 9110, section 5.6.1)."""
LONGEST_TAGS = 8000


def reads() -> bool:
    """Whether the request under way changes nothing."""
    return request.method in {"GET", "HEAD"}


def check_headers(*, takes_match: bool) -> None:
    """Raise Problem (400) for an If-Match or If-None-Match that says nothing.

    Not ignored: a tag without its quotation marks would never match, and nobody would know why. A
    POST that makes a record has nothing that If-Match could be about, and whoever sends one there
    thinks otherwise; `takes_match` is for those that change one.
    """
    if reads():
        _check_header("If-None-Match", TAGS, 'an ETag as it came: "0SAV1NDADV516.1-0.1.0"')
    elif takes_match:
        _check_header("If-Match", TAGS, 'an ETag as it came, "0SAV1NDADV516.1-0.1.0", or *')
    elif "If-Match" in request.headers:
        raise Problem("bad-header", "If-Match: Leave it out, since this makes something new.")
    if request.method in {"PUT", "PATCH", "DELETE"}:
        _check_header("If-None-Match", r"^\*$", "*, which creates only; If-Match takes ETags")


def _check_header(name: str, pattern: str, advice: str) -> None:
    value = request.headers.get(name)
    if value is not None and (len(value) > LONGEST_TAGS or not re.match(pattern, value)):
        raise Problem("bad-header", f"{name}: Write {advice}.")


def mark(text: str) -> None:
    """Let the ETags of the answer under way tell of what the caller sees of a negotiation.

    Two callers may see different things at the same version. `text` is empty for what all see.
    """
    g.setdefault("marks", []).append(text)


def forget_marks() -> None:
    """Let the ETags of the answer under way tell of nothing yet."""
    g.pop("marks", None)


def _marks() -> str:
    marks: list[str] = g.get("marks", [])
    return f"-{'.'.join(marks)}" if any(marks) else ""


class Versioned(Protocol):
    """A record, or what was read of it: which one it is, in which version."""

    @property
    def id(self) -> int:
        """Its identity."""

    @property
    def version(self) -> int:
        """How often it has been written."""

    @property
    def hidden_versions(self) -> int:
        """So many of those the caller does not count."""

    @property
    def derived(self) -> str | None:
        """What is shown of it that others may change while its version stays."""


def etag(record: Versioned, media: str = JSON, beside: str = "") -> str:
    """The strong ETag of a record, without quotation marks.

    It begins with what a change goes by, the identity and the version; then comes what else the
    bytes depend on: the release, the representation, what others make of the record (the end of a
    position), and what is shown `beside` it.
    """
    suffix = "" if media == JSON else media.rpartition("/")[2]
    parts = (_version(record), __version__, suffix, record.derived, beside)
    return "-".join(part for part in parts if part) + _marks()


def _version(record: Versioned) -> str:
    return f"{format_id(record.id)}.{record.version - record.hidden_versions}"


def revision_etag(
    negotiations: Sequence[Negotiation] | Negotiation,
    media: str,
    *,
    day: str = "",
    question: str = "",
    version: str = "",
    revision: int | None = None,
) -> str:
    """The strong ETag of an answer that is derived from negotiations as they stand.

    `day` is for what changes with the calendar, `question` the address with its parameters, where
    there are several that an ETag might be mistaken between, `version` for what else the answer
    depends on; `revision` is for another one than was read. The release is part of it, since
    another release may say the same in other bytes.
    """
    opened = [negotiations] if isinstance(negotiations, Negotiation) else negotiations
    states = [
        f"{format_id(one.id)}-r{one.revision if revision is None else revision}" for one in opened
    ]
    if len(states) > 1:  # any number of them in a header of bounded length
        states = [hashlib.sha256(" ".join(states).encode()).hexdigest()[:32]]
    asked = f"{zlib.crc32(question.encode(errors='replace')):08x}" if question else ""
    parts = (*states, version, day, asked, media.rpartition("/")[2], __version__)
    return "-".join(part for part in parts if part) + _marks()


def catalogue_etag(session: Session, model: type[Record], media: str, question: str) -> str:
    """The strong ETag of a list of all records of `model`, which are no negotiation's."""
    revision = session.scalar(
        select(CatalogueRevision.revision).where(CatalogueRevision.noun == model.noun)
    )
    state = f"{model.noun} {revision} {media} {question} {__version__}"
    return content_etag(state.encode(errors="replace"))


def negotiations_etag(session: Session, media: str, question: str) -> str:
    """The strong ETag of a list of the negotiations that the caller sees, and of no others."""
    seen = select(Negotiation.id, Negotiation.version).where(visible(session))
    states = " ".join(f"{one}.{version}" for one, version in session.execute(seen.order_by("id")))
    state = f"{states} {media} {question} {__version__}"
    return content_etag(state.encode(errors="replace"))


def content_etag(content: bytes) -> str:
    """The strong ETag of an answer that nothing but its bytes stands for."""
    return hashlib.sha256(content).hexdigest()[:32]


def require_record_match(record: Record) -> None:
    """Refuse a change of `record` as `require_match` does, by any representation of its version.

    So also by one from before another position has moved its end: nothing of it is overwritten.
    """
    version = _version(record)
    require_match(
        etag(record), is_current=lambda tag: tag == version or tag.startswith(f"{version}-")
    )


def require_match(current: str, *, is_current: Callable[[str], bool] | None = None) -> None:
    """Refuse a change without If-Match (428), or with one that is not `current` (412).

    `is_current` tells whether another tag stands for the same state.
    """
    if request.if_none_match.star_tag:
        raise Problem("stale", "It exists already, and If-None-Match: * says to create it only.")
    if "If-Match" not in request.headers:
        raise Problem(
            "precondition-required",
            f'Send If-Match: "{current}" to change what is there now, '
            "or If-Match: * to change it whatever it is.",
        )
    matches = is_current or current.__eq__
    strong = request.if_match.as_set()
    if request.if_match.star_tag or any(tag and matches(tag) for tag in strong):
        return
    said = request.headers["If-Match"][:200]
    is_weak = any(tag and matches(tag) for tag in request.if_match.as_set(include_weak=True))
    raise Problem(
        "stale",
        f"A change needs a strong ETag, and If-Match says {said}: leave W/ out."
        if is_weak
        else f'It is at "{current}" by now, and If-Match says {said}: '
        "read it again and make the change on that.",
    )


def refuse_match() -> None:
    """Refuse to create what If-Match says is there (412)."""
    if "If-Match" in request.headers:
        raise Problem("stale", "It does not exist, and If-Match says to change what is there.")


def is_fresh(current: str) -> bool:
    """Whether the client has the representation `current` already (If-None-Match)."""
    if "If-None-Match" not in request.headers:
        return False
    return request.if_none_match.contains_weak(current)
