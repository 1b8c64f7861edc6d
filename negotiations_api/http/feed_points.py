"""Up to where a feed has been seen: the point that a client gives back to go on from there.

It is a revision, or within it up to a change. Where not everybody sees the same, it says what its
client saw, too: whoever sees something else counts other revisions, and would miss some of it.
"""

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app
from marshmallow import ValidationError, fields
from sqlalchemy import and_, func, select

from negotiations_api.database import Database
from negotiations_api.database.rights import rights_of
from negotiations_api.database.sight import SEES_ALL_MARK
from negotiations_api.http.call import Call
from negotiations_api.models import Negotiation, change_audience, change_of
from negotiations_api.models.identifier import format_id, parse_id
from negotiations_api.records.history import Entry, HistoryPoint, point_of
from negotiations_api.records.numbering import numbering
from negotiations_api.records.talks import Talks
from negotiations_api.schemas.fields import Strict

_TEXT = r"[0-9]{1,9}(\.[0-7][0-9A-HJKMNP-TV-Z]{12})?(~[0-9a-z]{1,9})?"
POINT = f"^{_TEXT}$"
NO_OR_POINT = f"^({_TEXT})?$"
"""What Last-Event-ID says, which clients send empty where they have seen no event."""
LONGEST = 33

_POINT = re.compile(POINT)
_WHOLE = 2**63 - 1
"""Greater than the id of every change: what follows is the next revision."""


@dataclass(frozen=True, slots=True)
class MarkedPoint:
    """A point, and the mark of what its client saw (`Sight.mark`); none of what all see."""

    point: HistoryPoint
    mark: str = ""

    def __str__(self) -> str:
        revision, change = self.point
        within = "" if change == _WHOLE else f".{format_id(change)}"
        return f"{revision}{within}{self.mark and f'~{self.mark}'}"


NOTHING = MarkedPoint((0, _WHOLE))
"""The point before all that there is."""


class PointField(Strict, fields.String):
    """A point in a feed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.describe(maxLength=LONGEST, pattern=POINT, examples=["1"])

    def read(self, value: Any) -> MarkedPoint:
        """The point that is meant. Raises ValidationError."""
        seen = read_point(str(value))
        if seen is None:
            raise ValidationError(
                "Give a revision, like 12, or a place as next has it: 12.0SAV1NDADV516."
            )
        return seen


def read_point(text: str) -> MarkedPoint | None:
    """The point in a feed that `text` stands for; None if it stands for none."""
    if not _POINT.fullmatch(text):
        return None
    point, _, mark = text.partition("~")
    revision, _, change = point.partition(".")
    return MarkedPoint((int(revision), parse_id(change) or 0 if change else _WHOLE), mark)


def fault_of(seen: MarkedPoint, call: Call, talks: Talks) -> str | None:
    """Why the feed of `talks` cannot go on from a point, if so."""
    if seen == NOTHING:
        return None
    if not _counts_alike(seen, call, talks) or _was_away(seen, call, talks):
        said = f"What you see of '{talks.slug}' is not what was seen when that was given: "
        if seen.mark or not call.mark:
            return f"{said}begin anew, from 0 on."
        return f"{said}begin anew, from 0 on, or say {seen}~{call.mark} if it is."
    if seen.point[0] > talks.revision:
        return f"'{talks.slug}' is at revision {talks.revision}: give that or an earlier one."
    return None


def _counts_alike(seen: MarkedPoint, call: Call, talks: Talks) -> bool:
    """Whether the caller counts the revisions up to a point as whoever was given that."""
    if seen.mark == call.mark:
        return True
    # Others might be told whether there are audiences that they are not in.
    if not all(rights_of(call.whole).sees_limited_of(one) for one in talks.ids):
        return False
    if seen.mark:
        return seen.mark == SEES_ALL_MARK
    # Before anything was hidden, all counted alike.
    hidden = select(func.min(change_of.c.revision)).join(
        change_audience,
        and_(
            change_audience.c.negotiation_id == change_of.c.negotiation_id,
            change_audience.c.change_id == change_of.c.change_id,
        ),
    )
    first = call.session.scalar(hidden.where(change_of.c.negotiation_id.in_(talks.ids)))
    return first is None or seen.point[0] < first


def _was_away(seen: MarkedPoint, call: Call, talks: Talks) -> bool:
    """Whether the point is another negotiation's, whose client has not been told how this ended."""
    sight = call.sights.get(talks.negotiation.id)
    if not talks.is_there or sight is None:
        return False
    counted = numbering(call.whole, talks.negotiation.id, sight)
    return counted.is_away(seen.point[0])


def is_behind(call: Call, talks: Talks) -> bool:
    """Whether this is answered from a replica that has not got yet what the primary has."""
    database: Database = current_app.extensions["database"]
    if not database.replicas.all:
        return False
    asked = select(Negotiation.revision).where(Negotiation.id == talks.negotiation.id)
    return any(row.revision > call.real_revision for row in database.quickly(asked, {}))


def points_after(taken: list[Entry], found: list[Entry], mark: str) -> list[MarkedPoint]:
    """Where to go on after each of the changes that are taken of those that were found."""
    points = []
    for index, entry in enumerate(taken):
        following = found[index + 1] if index + 1 < len(found) else None
        is_last = following is None or following.revision != entry.revision
        points.append(
            MarkedPoint((entry.revision or 0, _WHOLE) if is_last else point_of(entry), mark)
        )
    return points
