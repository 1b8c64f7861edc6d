"""What a view gets and what it returns."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from negotiations_api.database.rights import check_may_write, rights_of
from negotiations_api.database.sight import SEES_ALL_MARK, Sight, give_sight, sight_of
from negotiations_api.http.caller import caller
from negotiations_api.http.known import asked_revision
from negotiations_api.http.pasts import open_past
from negotiations_api.http.preconditions import forget_marks, mark, reads
from negotiations_api.http.ready import RestsOn
from negotiations_api.models import Negotiation
from negotiations_api.records.find import find
from negotiations_api.records.numbering import numbering
from negotiations_api.records.talks import Talks, find_talks, hides_something
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


Opened = tuple[Session, Negotiation]
"""A session on what the caller sees of a negotiation, and the negotiation in there."""


@dataclass(slots=True)
class Call:
    """What a view gets: the session, the query, the body, and the media type of its answer.

    `known` says which state of the record is asked, where that is another one than today's; `past`
    is a session on another one, and `whole` the one on all there is today. `sights` are what the
    caller sees of the negotiations of which not everybody sees everything, by their ids, and `mark`
    what tells the last one from other sights.
    """

    session: Session
    query: dict[str, Any]
    body: Tree
    media: str
    negotiation: Negotiation | None = None
    known: dict[str, Any] = field(default_factory=dict)
    past: Session | None = None
    real_revision: int = 0
    sights: dict[int, Sight | None] = field(default_factory=dict)
    mark: str = ""
    whole: Session = field(init=False)
    _opened: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.whole = self.session

    def open(self, slug: str) -> Negotiation:
        """The negotiation of the address, locked if the call writes, or as it stood in the past.

        Raises Missing, Forbidden if the caller sees it and may not write it, and Problem (400) for
        a state that is not known. From here on the session is one on the state that is asked for,
        with what the caller sees of it.
        """
        found = find(self.session, Negotiation, slug, lock=not reads())
        if not reads():
            check_may_write(rights_of(self.session), found.id)
            self.negotiation = found
            self.sight_of(found)
            return found
        self.session, self.negotiation = self.look_at(found)
        number = asked_revision(self.session, self.negotiation, self.known)
        if number is not None and number != self.negotiation.revision:
            revision, sight = number, self.sights.get(found.id)
            if sight is not None:
                revision = numbering(self.whole, found.id, sight).last(number)
            opened = self._keep(open_past(self.whole, found, revision, sight, number))
            self.session, self.negotiation = opened, opened.get_one(Negotiation, found.id)
        return self.negotiation

    def look_at(self, found: Negotiation) -> Opened:
        """A session on what the caller sees of a negotiation that was found, and it in there."""
        sight = self.sight_of(found)
        if sight is None:
            return self.session, found
        opened = self._keep(open_past(self.session, found, found.revision, sight))
        return opened, opened.get_one(Negotiation, found.id)

    def look_back(self, slug: str) -> Talks:
        """The negotiation of the address as its history knows it, also one that is gone.

        Raises Missing. From here on the session is one on what the caller sees of it.
        """
        talks = find_talks(self.session, slug)
        self.real_revision = talks.revision
        if talks.is_there:
            self.session, _ = self.look_at(find(self.session, Negotiation, slug))
            if self.past is not None:
                talks = find_talks(self.session, slug)
        former = [one for one in talks.ids if one != talks.negotiation.id or not talks.is_there]
        if not self.mark and hides_something(self.whole, *former):
            self.mark = SEES_ALL_MARK  # or they would not be told of
        self.negotiation = talks.negotiation
        return talks

    def sight_of(self, found: Negotiation) -> Sight | None:
        """What the caller sees of a negotiation; None for everything."""
        if not found.is_divided:
            give_sight(self.session, found, None)
            return None
        if found.id not in self.sights:
            known = caller()
            self.sights[found.id], told = sight_of(self.session, found, known.rights, known.name)
            mark(told)
            self.mark = told
            give_sight(self.session, found, self.sights[found.id])
        return self.sights[found.id]

    def counted(self, negotiation: Negotiation, revision: int | None = None) -> int:
        """A revision of a negotiation, or its last one, as the caller counts them."""
        real = negotiation.revision if revision is None else revision
        sight = self.sights.get(negotiation.id)
        return real if sight is None else numbering(self.session, negotiation.id, sight).seen(real)

    def see_anew(self) -> None:
        """Look up once more what the caller sees: the call has made an audience."""
        assert self.negotiation is not None
        self.session.refresh(self.negotiation, ["is_divided"])
        self.sights.clear()
        forget_marks()
        self.sight_of(self.negotiation)

    def _keep(self, opened: Session) -> Session:
        self._opened.append(opened)
        self.past = opened
        return opened

    def close(self) -> None:
        """Have done with the states that were read."""
        for opened in self._opened:
            opened.close()
