"""Negotiations: the talks, which own everything but parties, issues and sources."""

from enum import StrEnum

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from negotiations_api.models.base import Catalogued, Date, Line, Prose, choice, dates


class NegotiationStatus(StrEnum):
    """Where the talks are."""

    PLANNED = "planned"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CONCLUDED = "concluded"
    COLLAPSED = "collapsed"


class Visibility(StrEnum):
    """Who sees a negotiation: everybody, or those whose tokens are good for it."""

    PUBLIC = "public"
    PRIVATE = "private"


class Negotiation(Catalogued):
    """The talks. `revision` counts the committed changes to all that the negotiation shows.

    `removed_at` is the revision at which a position of it was last deleted. It `is_divided` once it
    has had an audience: from then on it is looked up who sees what of it.
    """

    __tablename__ = "negotiation"
    __table_args__ = dates("starts_on", "ends_on")
    noun = "negotiation"

    title: Mapped[Line]
    summary: Mapped[Prose | None]
    status: Mapped[NegotiationStatus] = mapped_column(choice(NegotiationStatus, "status"))
    starts_on: Mapped[Date | None]
    ends_on: Mapped[Date | None]
    visibility: Mapped[Visibility] = mapped_column(
        choice(Visibility, "visibility"),
        default=Visibility.PUBLIC,
        server_default=Visibility.PUBLIC.value,
        sort_order=12,
    )
    revision: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=11)
    is_divided: Mapped[bool] = mapped_column(default=False, server_default=false(), sort_order=13)
