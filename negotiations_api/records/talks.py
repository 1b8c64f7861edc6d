"""A negotiation as its history knows it, also one that has been deleted."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from negotiations_api.database.rights import rights_of, visible
from negotiations_api.models import Change, Negotiation, change_audience, change_of
from negotiations_api.models.negotiation import Visibility
from negotiations_api.records.find import find
from negotiations_api.records.seen import read_state
from negotiations_api.schemas.fields import SLUG


@dataclass(frozen=True, slots=True)
class Talks:
    """A negotiation as its history knows it, also one that has been deleted.

    `ids` are those of all that there have been under the slug, `revision` is the last one.
    """

    slug: str
    ids: tuple[int, ...]
    revision: int
    is_there: bool

    @property
    def negotiation(self) -> Negotiation:
        """What stands for it where answers are dated; in no session."""
        return Negotiation(id=self.ids[-1], slug=self.slug, revision=self.revision)


def find_talks(session: Session, slug: str) -> Talks:
    """The negotiation that `slug` stands for, or stood for.

    Raises Missing, for what never was, and for what the caller may not see.
    """
    there = None
    known: set[int] = set()
    if SLUG.fullmatch(slug):
        there = session.execute(
            select(Negotiation.id, Negotiation.revision).where(
                Negotiation.slug == slug, visible(session)
            )
        ).first()
        known = set(_former(session, slug))
    if there is None:
        if not known:
            find(session, Negotiation, slug)  # raises, with what may be meant
        shown = change_of.c.negotiation_id.in_(known)
        last = session.scalar(select(func.max(change_of.c.revision)).where(shown)) or 0
        return Talks(slug, tuple(sorted(known)), last, is_there=False)
    return Talks(slug, (*sorted(known - {there.id}), there.id), there.revision, is_there=True)


def _former(session: Session, slug: str) -> Iterator[int]:
    """The ids of the negotiations that ended under `slug`, but for those that were private then.

    Or of which something was hidden. Those are told of to whoever sees everything.
    """
    rights = rights_of(session)
    gone = (
        select(Change.record_id, Change.before)
        .join(change_of, change_of.c.change_id == Change.id)
        .where(Change.noun == Negotiation.noun, Change.key == slug, Change.after.is_(None))
        .where(
            change_of.c.negotiation_id == Change.record_id,
            Change.record_id.not_in(select(Negotiation.id)),  # what came back is what it is today
        )
        .order_by(change_of.c.revision)
    )
    last = {row.record_id: row.before for row in session.execute(gone)}
    for identifier, before in last.items():
        state = read_state(Negotiation.noun, before) or {}
        is_public = state.get("visibility") == Visibility.PUBLIC.value
        if not (is_public or rights.is_unlimited):
            continue
        if rights.sees_everything or not hides_something(session, identifier):
            yield identifier


def hides_something(session: Session, *ids: int) -> bool:
    """Whether not everybody saw everything of the negotiations with these ids."""
    alone = select(change_audience.c.change_id).where(change_audience.c.negotiation_id.in_(ids))
    return session.scalar(alone.limit(1)) is not None
