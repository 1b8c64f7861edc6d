"""Parties: whoever can hold a position."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from negotiations_api.models.base import Catalogued, Date, Id, Line, Part, choice, dates, string


class PartyKind(StrEnum):
    """What sort of actor a party is."""

    STATE = "state"
    BLOC = "bloc"
    ORGANISATION = "organisation"
    ARMED_GROUP = "armed_group"
    GOVERNMENT_BODY = "government_body"
    POLITICAL_PARTY = "political_party"
    PERSON = "person"


class PartyName(Part):
    """Another name of a party."""

    __tablename__ = "party_name"

    party_id: Mapped[int] = mapped_column(
        Id, ForeignKey("party.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[Line]


class PartyIdentifier(Part):
    """An identifier of a party in a scheme, such as ``cow`` 732."""

    __tablename__ = "party_identifier"
    __table_args__ = (UniqueConstraint("party_id", "scheme"),)

    party_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id", ondelete="CASCADE"))
    scheme: Mapped[str] = mapped_column(string(80))
    value: Mapped[Line]


class Membership(Part):
    """A party's time in a bloc or organisation; open at either end where that is not known."""

    __tablename__ = "membership"
    __table_args__ = (
        *dates("since", "until"),
        CheckConstraint("party_id <> organisation_id", name="not_of_itself"),
    )

    party_id: Mapped[int] = mapped_column(
        Id, ForeignKey("party.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(Id, ForeignKey("party.id"), index=True)
    since: Mapped[Date | None]
    until: Mapped[Date | None]

    party: Mapped["Party"] = relationship(foreign_keys=organisation_id)


class Party(Catalogued):
    """Whoever can hold a position: a state, a bloc, an organisation, a person."""

    __tablename__ = "party"
    noun = "party"

    name: Mapped[Line]
    kind: Mapped[PartyKind] = mapped_column(choice(PartyKind, "kind"))
    iso_3166: Mapped[str | None] = mapped_column(string(8), index=True)

    other_names: Mapped[list[PartyName]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=PartyName.ordinal
    )
    identifiers: Mapped[list[PartyIdentifier]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=PartyIdentifier.ordinal
    )
    member_of: Mapped[list[Membership]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=Membership.ordinal,
        foreign_keys=Membership.party_id,
    )

    def refusals(self) -> list[tuple[str, str]]:
        """No party is a member of itself."""
        return [
            (
                f"/member_of/{index}/party",
                f"A party is no member of itself: name another than '{self.slug}'.",
            )
            for index, membership in enumerate(self.member_of)
            if membership.party is self
        ]
