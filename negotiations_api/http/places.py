"""Up to where a feed has been seen: the place that a client gives back to go on from there.

It is a revision, or within it up to a change. Where not everybody sees the same, it says what its
client saw, too: whoever sees something else counts other revisions, and would miss some of it.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app
from marshmallow import ValidationError, fields
from sqlalchemy import select

from negotiations_api.database import Database
from negotiations_api.http.call import Call
from negotiations_api.models import Negotiation
from negotiations_api.models.identifier import format_id, parse_id
from negotiations_api.records.history import Entry, Place, place_of
from negotiations_api.records.talks import Talks
from negotiations_api.schemas.fields import Strict

_TEXT = r"[0-9]{1,9}(\.[0-7][0-9A-HJKMNP-TV-Z]{12})?(~[0-9a-z]{1,9})?"
PLACE = f"^{_TEXT}$"
NO_OR_PLACE = f"^({_TEXT})?$"
"""What Last-Event-ID says, which clients send empty where they have seen no event."""
LONGEST = 33

_PLACE = re.compile(PLACE)
_WHOLE = 2**63 - 1
"""Greater than the id of every change: what follows is the next revision."""

_EVERYTHING = "all"
"""The mark of who sees everything (database/sight.py)."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A place, and the mark of what its client saw; none of what all see."""

    place: Place
    mark: str = ""

    def __str__(self) -> str:
        revision, change = self.place
        within = "" if change == _WHOLE else f".{format_id(change)}"
        return f"{revision}{within}{self.mark and f'~{self.mark}'}"


NOTHING = Seen((0, _WHOLE))
"""The place before all that there is."""


class SeenField(Strict, fields.String):
    """A place in a feed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(maxLength=LONGEST, pattern=PLACE, examples=["1"])

    def read(self, value: Any) -> Seen:
        """The place that is meant. Raises ValidationError."""
        seen = read_place(str(value))
        if seen is None:
            raise ValidationError(
                "Give a revision, like 12, or a place as next has it: 12.0SAV1NDADV516."
            )
        return seen


def read_place(text: str) -> Seen | None:
    """The place in a feed that `text` stands for; None if it stands for none."""
    if not _PLACE.fullmatch(text):
        return None
    place, _, mark = text.partition("~")
    revision, _, change = place.partition(".")
    return Seen((int(revision), parse_id(change) or 0 if change else _WHOLE), mark)


def fault_of(seen: Seen, call: Call, talks: Talks) -> str | None:
    """Why the feed of `talks` cannot go on from a place, if so."""
    if seen == NOTHING:
        return None
    mark = call.mark
    # The revisions of who sees everything are the real ones, as before there were audiences.
    if seen.mark != mark and (seen.mark, mark) != ("", _EVERYTHING):
        return (
            f"What you see of '{talks.slug}' is not what was seen when that was given: "
            "begin anew, from 0 on."
        )
    if seen.place[0] > talks.revision and not _is_behind(call, talks):
        return f"'{talks.slug}' is at revision {talks.revision}: give that or an earlier one."
    return None


def _is_behind(call: Call, talks: Talks) -> bool:
    """Whether this answer is from a replica that has not got all yet."""
    database: Database = current_app.extensions["database"]
    if not database.replicas.all:
        return False
    asked = select(Negotiation.revision).where(Negotiation.id == talks.negotiation.id)
    now = [row.revision for row in database.quickly(asked, {})]
    return now != [call.real_revision]


def places_after(taken: list[Entry], found: list[Entry], mark: str) -> list[Seen]:
    """Where to go on after each of the changes that are taken of those that were found."""
    places = []
    for index, entry in enumerate(taken):
        following = found[index + 1] if index + 1 < len(found) else None
        is_last = following is None or following.revision != entry.revision
        places.append(Seen((entry.revision or 0, _WHOLE) if is_last else place_of(entry), mark))
    return places
