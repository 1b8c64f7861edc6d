"""What a view gets and what it returns."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from negotiations_api.database.rights import check_may_write, rights_of
from negotiations_api.http.pasts import asked_revision, open_past
from negotiations_api.http.ready import RestsOn
from negotiations_api.models import Negotiation
from negotiations_api.records.find import find
from negotiations_api.records.text import Tree


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view returns.

    `body` may be a function, which computes it if it is wanted at all. `headers_of` makes headers
    of the computed body. `etag_at` makes the ETag of the revision that the call has committed. An
    answer without an ETag gets that of its bytes. `key` stands for all that its bytes depend on:
    they are kept by it, and not computed again. `rests_on` is for an answer that follows from
    nothing else and the request. `day` is today if the answer changes with the calendar, and
    `dated_path` an address that says that day, where no parameter does.
    """

    body: Any = None
    status: int = 200
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    headers_of: Callable[[Any], Mapping[str, str]] | None = None
    etag_at: Callable[[int], str] | None = None
    key: Hashable = None
    rests_on: RestsOn | None = None
    day: str = ""
    dated_path: str = ""


@dataclass(slots=True)
class Call:
    """What a view gets: the session, the query, the body, and the media type of its answer.

    `known` says which state of the record is asked, where that is another one than today's.
    """

    session: Session
    query: dict[str, Any]
    body: Tree
    media: str
    negotiation: Negotiation | None = None
    known: dict[str, Any] = field(default_factory=dict)
    past: Session | None = None

    def open(self, slug: str) -> Negotiation:
        """The negotiation of the address, locked if the call writes, or as it stood in the past.

        Raises Missing, Forbidden if the caller sees it and may not write it, and Problem (400) for
        a state that is not known. From here on the session is one on the state that is asked for.
        """
        self.negotiation = find(self.session, Negotiation, slug, lock=not reads())
        if not reads():
            check_may_write(rights_of(self.session), self.negotiation.id)
        revision = asked_revision(self.session, self.negotiation, self.known)
        if revision not in {None, self.negotiation.revision}:
            self.past = open_past(self.session, self.negotiation, revision)
            self.session = self.past
            self.negotiation = self.session.get_one(Negotiation, self.negotiation.id)
        return self.negotiation

    def close(self) -> None:
        """Have done with the past, if that was read."""
        if self.past is not None:
            self.past.close()


def reads() -> bool:
    """Whether the request under way changes nothing."""
    return request.method in {"GET", "HEAD"}
