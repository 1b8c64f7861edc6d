"""Audiences: who sees what, within a negotiation, not everybody sees."""

from sqlalchemy import Connection, ForeignKey, Index, event, text, update
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column, relationship

from negotiations_api.models.base import Base, Id, Line, Owned, OwnedBySlug, Part, unique_slug
from negotiations_api.models.negotiation import Negotiation


class AudienceMember(Part):
    """A member of an audience: the name that a caller is known by, such as that of its token."""

    __tablename__ = "audience_member"

    audience_id: Mapped[int] = mapped_column(
        Id, ForeignKey("audience.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[Line] = mapped_column(index=True)


class Audience(OwnedBySlug):
    """A group of callers to whom records may be limited, such as the team of a party.

    It is seen by its members, as what is limited to it.
    """

    __tablename__ = "audience"
    __table_args__ = unique_slug()
    noun = "audience"

    title: Mapped[Line]

    members: Mapped[list[AudienceMember]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=AudienceMember.ordinal
    )


def by_audience() -> Index:
    """An index of what is limited to an audience, which most is not."""
    is_limited = text("audience_id IS NOT NULL")
    return Index(None, "audience_id", postgresql_where=is_limited, sqlite_where=is_limited)


class Limitable(Base):
    """What may be limited to an audience; without one it is for all who see what it belongs to."""

    __abstract__ = True

    audience_id: Mapped[int | None] = mapped_column(Id, ForeignKey("audience.id"), sort_order=15)

    @declared_attr
    def audience(cls) -> Mapped[Audience | None]:
        """The audience that it is limited to, if it is."""
        return relationship(Audience)


class Limited(Owned, Limitable):
    """A record that may be limited to an audience."""

    __abstract__ = True

    def exposed(self, place: str, other: "Limited | None") -> list[tuple[str, str]]:
        """What is wrong if it refers to `other`, at a JSON Pointer: it must be seen by no more."""
        return exposed(place, other, self.audience, "/audience")


def exposed(
    place: str, other: Limited | None, audience: Audience | None, advice_at: str = ""
) -> list[tuple[str, str]]:
    """What is wrong with a record for `audience` that refers to `other`, at a JSON Pointer.

    Who sees the one must see the other. A record that can have an audience has it at `advice_at`.
    """
    if other is None or other.audience is None or other.audience is audience:
        return []
    limit = other.audience.slug
    said = f"{other.noun.capitalize()} '{other.key}' is limited to '{limit}': "
    if advice_at:
        return [(advice_at, f"{said}what refers to it at {place} is limited to '{limit}', too.")]
    return [(place, f"{said}name it only in what is limited to that, too.")]


@event.listens_for(Audience, "after_insert")
def _divide(_: Mapper[Audience], connection: Connection, audience: Audience) -> None:
    """Remember that not everybody may see everything of the negotiation, for good."""
    own = Negotiation.__table__
    connection.execute(
        update(Negotiation)
        .where(own.c.id == audience.negotiation_id, own.c.is_divided.is_(False))
        .values(is_divided=True, updated_at=own.c.updated_at)
    )
