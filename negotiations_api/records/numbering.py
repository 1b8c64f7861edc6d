"""The revisions of a negotiation as one counts them who does not see everything of it.

A revision at which nothing has changed but what is hidden from it is none, so that the next one
follows without a gap. A negotiation that comes back after others have been under its slug, which
have counted on, goes on from there: no number stands for two states.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from negotiations_api.database.sight import Sight
from negotiations_api.models import Change, Negotiation, change_audience, change_of


@dataclass(frozen=True, slots=True)
class Numbering:
    """`hidden` are the revisions that are none, in their order.

    `away` are the spans in which others were under the slug: the revision at which it ended, and
    that at which it came back, from which on it is counted anew.
    """

    hidden: tuple[int, ...]
    away: tuple[tuple[int, int], ...] = ()

    @property
    def anew(self) -> tuple[int, ...]:
        """The revisions from which on it is counted anew."""
        return tuple(begun for _, begun in self.away)

    def is_away(self, number: int) -> bool:
        """Whether only others under the slug can have given out a number."""
        return any(self.seen(ended) < number < begun for ended, begun in self.away)

    def seen(self, revision: int) -> int:
        """The number that a revision has, or the one before it if it is none."""
        begun = bisect_right(self.anew, revision)
        before = bisect_left(self.hidden, self.anew[begun - 1]) if begun else 0
        return revision - (bisect_right(self.hidden, revision) - before)

    def last(self, number: int) -> int:
        """The last revision that has a number: what follows it, is another one."""
        begun = bisect_right(self.anew, number)
        before = bisect_left(self.hidden, self.anew[begun - 1]) if begun else 0
        end = self.anew[begun] - 1 if begun < len(self.anew) else None
        revision = number
        for hidden in self.hidden[before:]:
            if hidden > revision + 1 or revision == end:
                break
            revision += 1
        return revision


def hidden_changes(session: Session, negotiation_id: int, sight: Sight) -> set[int]:
    """The ids of the changes in the history of a negotiation that are hidden."""
    table = change_audience.c
    audiences: defaultdict[int, set[int]] = defaultdict(set)
    rows = select(table.change_id, table.audience_id).where(table.negotiation_id == negotiation_id)
    for change, audience in session.execute(rows):
        audiences[change].add(audience)
    return {change for change, alone in audiences.items() if alone.isdisjoint(sight.audiences)}


def numbering(session: Session, negotiation_id: int, sight: Sight) -> Numbering:
    """How whoever has `sight` counts the revisions of a negotiation."""
    hidden = hidden_changes(session, negotiation_id, sight)
    if not hidden:
        return Numbering(())
    own = change_of.c
    limited = select(change_audience.c.change_id).where(
        change_audience.c.negotiation_id == negotiation_id
    )
    with_limited = select(own.revision).where(
        own.negotiation_id == negotiation_id, own.change_id.in_(limited)
    )
    rows = select(own.revision, own.change_id).where(
        own.negotiation_id == negotiation_id, own.revision.in_(with_limited)
    )
    changes: defaultdict[int, set[int]] = defaultdict(set)
    for revision, change in session.execute(rows):
        changes[revision].add(change)
    return Numbering(
        tuple(sorted(one for one, made in changes.items() if made <= hidden)),
        tuple(_spans_away(session, negotiation_id)),
    )


def _spans_away(session: Session, negotiation_id: int) -> Iterator[tuple[int, int]]:
    """The spans in which a negotiation was gone, and others were under its slug."""
    its = select(change_of.c.revision, Change.after.is_(None).label("is_end")).join(
        change_of, change_of.c.change_id == Change.id
    )
    turns = its.where(
        Change.noun == Negotiation.noun,
        Change.record_id == negotiation_id,
        change_of.c.negotiation_id == negotiation_id,
        or_(Change.before.is_(None), Change.after.is_(None)),
    ).order_by(change_of.c.revision)
    ended = 0
    for revision, is_end in session.execute(turns):
        if is_end:
            ended = revision
        elif ended and revision > ended + 1:
            yield ended, revision
