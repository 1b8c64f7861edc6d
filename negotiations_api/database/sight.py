"""What a caller sees of a negotiation of which not everybody sees everything.

Records may be limited to an audience. Whoever is not in it is answered as if they were not there:
when it reads, from a state of the record that has none of them (`records/hiding.py`); when it
writes, here and where records are found.
"""

import zlib
from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, event, inspect, or_, select, true
from sqlalchemy.orm import Session, UOWTransaction

from negotiations_api.database.rights import Forbidden, Rights, rights_of
from negotiations_api.models import (
    Audience,
    AudienceMember,
    Limited,
    Negotiation,
    Owned,
    Record,
    change_audience,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one sees of a negotiation: what all see, and what is limited to `audiences` (ids).

    `negotiations` are those that its token is good for (ids), None for all. One that `is_all` sees
    whatever there is, and not all that there has been: what an audience saw that is gone.
    """

    audiences: frozenset[int]
    negotiations: frozenset[int] | None = frozenset()
    is_all: bool = False

    @property
    def mark(self) -> str:
        """What tells it from others in an ETag; nothing of one that sees what all see."""
        told = " ".join(map(str, sorted(self.audiences)))
        return f"a{zlib.crc32(told.encode()):08x}" if told else ""


SEES_ALL_MARK = "all"
"""The mark of who sees everything, whatever audiences there are."""


def sight_of(
    session: Session, negotiation: Negotiation, rights: Rights, name: str | None
) -> tuple[Sight | None, str]:
    """What a caller that is known by `name` sees of a negotiation; None for everything.

    Everything is seen by administrators, and by whoever is in every audience. The text tells what
    is seen from what others see (`Sight.mark`), and nothing of what there is beyond.
    """
    if not negotiation.is_divided:
        return None, ""
    if rights.sees_limited_of(negotiation.id):
        return None, SEES_ALL_MARK
    audiences = set(
        session.scalars(select(Audience.id).where(Audience.negotiation_id == negotiation.id))
    )
    own: frozenset[int] = frozenset()
    # A token that is not for this negotiation is in none of its audiences, whatever its name.
    if name is not None and audiences and rights.covers(negotiation.id):
        member = select(AudienceMember.audience_id).where(
            AudienceMember.name == name, AudienceMember.audience_id.in_(audiences)
        )
        own = frozenset(session.scalars(member))
    covers = rights.negotiations
    is_all = bool(own) and own == audiences
    sight = Sight(own, None if covers is None else frozenset(covers), is_all)
    # Those that there have been count, too: the history has what they alone have seen.
    ever = select(change_audience.c.audience_id).where(
        change_audience.c.negotiation_id == negotiation.id
    )
    sees_all = is_all and own.issuperset(session.scalars(ever.distinct()))
    return (None if sees_all else sight), sight.mark


def give_sight(session: Session, negotiation: Negotiation, sight: Sight | None) -> None:
    """Let `session`, which writes, find what a caller sees of a negotiation; None: everything."""
    session.info.setdefault("sights", {})[negotiation.id] = sight


def sees_all_of(session: Session, negotiation_id: int) -> bool:
    """Whether nothing that there is of a negotiation is hidden from the caller."""
    sight = sight_in(session, negotiation_id)
    return sight is None or sight.is_all


def sees(session: Session, record: Record) -> bool:
    """Whether a record is there for the caller, who sees its negotiation."""
    if isinstance(record, Audience):
        needed: int | None = record.id
    elif isinstance(record, Limited):
        needed = record.audience_id
    else:
        return True
    if needed is None:
        return True
    sight = sight_in(session, record.negotiation_id)
    return sight is None or needed in sight.audiences


def seen(
    session: Session, model: type[Record], negotiation: Negotiation | None
) -> ColumnElement[bool]:
    """Those of the records of `model` in `negotiation` that are there for the caller."""
    if negotiation is None or not issubclass(model, Audience | Limited):
        return true()
    sight = sight_in(session, negotiation.id)
    if sight is None:
        return true()
    if issubclass(model, Audience):
        return model.id.in_(sorted(sight.audiences))
    return or_(model.audience_id.is_(None), model.audience_id.in_(sorted(sight.audiences)))


def sight_in(session: Session, negotiation_id: int) -> Sight | None:
    """What the caller sees of a negotiation, as far as `session` knows; None for everything."""
    sights: dict[int, Sight | None] = session.info.get("sights", {})
    if negotiation_id in sights:
        return sights[negotiation_id]
    if rights_of(session).sees_limited_of(negotiation_id):
        return None
    # Of one that was not opened it is not known in which audiences the caller is.
    with session.no_autoflush:
        negotiation = session.get(Negotiation, negotiation_id)
    return Sight(frozenset()) if negotiation is not None and negotiation.is_divided else None


def check_sees_all(session: Session, negotiation_id: int, doing: str) -> None:
    """Raise Forbidden unless nothing of a negotiation is hidden from the caller."""
    if not sees_all_of(session, negotiation_id):
        raise Forbidden(f"{doing} takes a token that sees all of the negotiation: ask for one.")


def check_sees_history(session: Session, negotiation_id: int, doing: str) -> None:
    """Raise Forbidden unless nothing of what there has been of a negotiation is hidden, either."""
    if sight_in(session, negotiation_id) is not None:
        raise Forbidden(f"{doing} takes a token that sees all of the history: ask for one.")


def check_nothing_is_limited(session: Session, doing: str) -> None:
    """Raise Forbidden where something may be hidden from the caller, in whatever negotiation.

    It would otherwise be told that something is in the way which is not there for it.
    """
    if not rights_of(session).sees_everything and _is_any_divided(session):
        raise Forbidden(f"{doing} takes a token of scope admin where there are audiences.")


def sees_whatever_there_is(session: Session) -> bool:
    """Whether nothing is hidden from the caller, in whatever negotiation."""
    rights = rights_of(session)
    return rights.is_unlimited and (rights.sees_limited or not _is_any_divided(session))


def _is_any_divided(session: Session) -> bool:
    divided = select(Negotiation.id).where(Negotiation.is_divided).limit(1)
    return session.scalar(divided) is not None


def check_sees_enough_to_rewrite(session: Session, record: Record) -> None:
    """Raise Forbidden unless the caller sees enough to change or delete a record that is there.

    What all see is changed by whoever sees everything: others would not know what they do, and
    would be told of what they do not see.
    """
    if isinstance(record, Audience):
        if not rights_of(session).sees_limited_of(record.negotiation_id):
            raise Forbidden("Who is in an audience is said by a token of scope admin: ask for one.")
    elif isinstance(record, Owned):
        _check_limits(
            session, record, {record.audience_id if isinstance(record, Limited) else None}
        )
    elif isinstance(record, Negotiation):
        check_sees_all(session, record.id, "Changing a negotiation")


def sees_enough_to_write(session: Session, record: Owned) -> bool:
    """Whether the caller sees enough to write a record, as it was and as it is to be."""
    return _is_within(session, record, _audiences_of(record))


def check_sees_enough_to_write(session: Session, record: Record) -> None:
    """Raise Forbidden unless the caller sees enough to write a record as it is to be.

    To be asked before anything that is there is told of.
    """
    if isinstance(record, Audience):
        check_sees_enough_to_rewrite(session, record)
    elif isinstance(record, Owned):
        _check_limits(session, record, _audiences_of(record))


def _check_limits(session: Session, record: Owned, audiences: Set[int | None]) -> None:
    """Raise Forbidden unless the caller is in all `audiences` of a record, or sees everything."""
    if _is_within(session, record, audiences):
        return
    advice = "ask for another token."
    if isinstance(record, Limited):
        advice = f"limit the {record.noun} to one, or {advice}"
    raise Forbidden(
        "This token does not see all of the negotiation, and so writes only what is limited to an "
        f"audience that it is in: {advice}"
    )


def _is_within(session: Session, record: Owned, audiences: Set[int | None]) -> bool:
    sight = sight_in(session, record.negotiation_id)
    return sight is None or sight.is_all or audiences <= sight.audiences


@event.listens_for(Session, "before_flush")
def _refuse(session: Session, _: UOWTransaction, __: object) -> None:
    if rights_of(session).sees_everything:
        return
    changed = {record for record in session.dirty if session.is_modified(record)}
    for record in {*session.deleted, *changed}:
        if isinstance(record, Negotiation):
            check_sees_enough_to_rewrite(session, record)
        elif isinstance(record, Record):
            check_sees_enough_to_write(session, record)
    for record in session.new:
        if isinstance(record, Record):
            check_sees_enough_to_write(session, record)


def _audiences_of(record: Owned) -> set[int | None]:
    """The audiences of a record, as it was and as it is to be; None for all."""
    if not isinstance(record, Limited):
        return {None}
    there = inspect(record).attrs.audience_id.history
    was = {*there.unchanged, *there.deleted} if inspect(record).persistent else set()
    return {*was, None if record.audience is None else record.audience.id}
