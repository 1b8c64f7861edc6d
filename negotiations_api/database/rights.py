"""What a caller may see and change, as a session holds it to that.

Whoever has no caller, such as a command on the machine of the database, may do everything. What a
caller may not see is not there for it: that is asked where records are found and listed. What it
may not change is refused here, when it is about to be written, whatever the way that led there.
"""

from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import ColumnElement, event, or_, true
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history

from negotiations_api.models import Catalogued, Negotiation, Owned, Record
from negotiations_api.models.negotiation import Visibility
from negotiations_api.models.token import Scope


class Forbidden(Exception):
    """A change that the caller may not make; the text says what it would take."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may do: its scope, None for nothing; in which negotiations (ids), None for all.

    What is public it sees in any case, if it may read; what is limited to an audience, if it
    `sees_limited` or is in that (`database/sight.py`).
    """

    scope: Scope | None
    negotiations: Set[int] | None = None
    sees_limited: bool = False

    @property
    def is_unlimited(self) -> bool:
        """Whether it is for all negotiations, those to come included."""
        return self.negotiations is None

    @property
    def sees_everything(self) -> bool:
        """Whether nothing is hidden from it, in whatever negotiation."""
        return self.is_unlimited and self.sees_limited

    def may(self, scope: Scope) -> bool:
        """Whether it may do what `scope` lets one do, somewhere."""
        return self.scope is not None and self.scope.includes(scope)

    def covers(self, negotiation_id: int) -> bool:
        """Whether it is good for a negotiation."""
        return self.negotiations is None or negotiation_id in self.negotiations

    def sees(self, negotiation: Negotiation) -> bool:
        """Whether a negotiation is there for it."""
        return negotiation.visibility is Visibility.PUBLIC or self.covers(negotiation.id)

    def sees_limited_of(self, negotiation_id: int) -> bool:
        """Whether it sees of a negotiation also what is limited to an audience, whichever."""
        return self.sees_limited and self.covers(negotiation_id)

    def may_write(self, negotiation_id: int) -> bool:
        """Whether it may change a negotiation, and what that owns."""
        return self.may(Scope.WRITE) and self.covers(negotiation_id)


ALL_RIGHTS = Rights(Scope.ADMIN, sees_limited=True)


def give_rights(session: Session, rights: Rights) -> None:
    """Hold `session` to the rights of a caller."""
    session.info["rights"] = rights


def rights_of(session: Session) -> Rights:
    """What may be done by `session`."""
    rights: Rights = session.info.get("rights", ALL_RIGHTS)
    return rights


def visible(session: Session) -> ColumnElement[bool]:
    """The negotiations that are there for the caller."""
    rights = rights_of(session)
    if rights.negotiations is None:
        return true()
    is_public = Negotiation.visibility == Visibility.PUBLIC
    return or_(is_public, Negotiation.id.in_(sorted(rights.negotiations)))


@event.listens_for(Session, "before_flush")
def _refuse(session: Session, _: UOWTransaction, __: object) -> None:
    rights = rights_of(session)
    if rights == ALL_RIGHTS:
        return
    for record in session.new:
        if isinstance(record, Negotiation):
            check_may_make(rights)
        elif isinstance(record, Owned):
            check_may_write(rights, record.negotiation_id)
    changed = {record for record in session.dirty if session.is_modified(record)}
    for record in {*session.deleted, *changed}:
        if isinstance(record, Record):
            check_may_change(rights, record)
        is_changed = isinstance(record, Negotiation) and record not in session.deleted
        if is_changed and get_history(record, "visibility").deleted:
            check_may_show(rights)


def check_may_write(rights: Rights, negotiation_id: int) -> None:
    """Raise Forbidden unless a negotiation, and what it owns, may be changed."""
    if not rights.may_write(negotiation_id):
        raise Forbidden("This token is not for that negotiation: ask for one that is.")


def check_may_make(rights: Rights) -> None:
    """Raise Forbidden unless a negotiation may be made."""
    _check_all(rights, "makes a negotiation")


def check_may_change(rights: Rights, record: Record) -> None:
    """Raise Forbidden unless a record that is there may be changed or deleted."""
    if isinstance(record, Negotiation):
        check_may_write(rights, record.id)
    elif isinstance(record, Owned):
        check_may_write(rights, record.negotiation_id)
    elif isinstance(record, Catalogued):
        _check_all(rights, f"changes what all negotiations share, such as a {record.noun}")


def check_may_show(rights: Rights) -> None:
    """Raise Forbidden unless it may be said who sees a negotiation that there has been."""
    if not rights.may(Scope.ADMIN):
        raise Forbidden("Who sees a negotiation is said by a token of scope admin: ask for one.")


def _check_all(rights: Rights, what: str) -> None:
    if not (rights.may(Scope.WRITE) and rights.is_unlimited):
        raise Forbidden(f"Only a token for all negotiations {what}: ask for one.")
