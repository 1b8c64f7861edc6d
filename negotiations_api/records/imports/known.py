"""What the rows of positions may refer to: the slugs of a negotiation, looked up once."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare.position import Scale
from negotiations_api.models import (
    Audience,
    Demand,
    Meeting,
    Negotiation,
    Participant,
    Party,
    Record,
    Source,
)
from negotiations_api.records.hints import Hints
from negotiations_api.schemas.fields import near_miss


@dataclass
class Known:
    """The ids of what rows may refer to, by noun and slug, and the scales of demands by their id.

    The id of a participant is that of its party. `limited` demands are not for all.
    """

    negotiation_id: int
    negotiation: str
    revision: int
    ids: Mapping[str, Mapping[str, int]]
    limited: Set[str]
    scales: Mapping[int, Scale]
    hints: Hints = field(init=False)

    def __post_init__(self) -> None:
        self.hints = Hints(
            lambda noun, slug: self._hint(noun, slug, near_miss(slug, self.ids[noun])),
            lambda noun, slug: self._hint(noun, slug, ""),
        )

    def record(self, noun: str, slug: str) -> Record:
        """What stands for a record where a row is read: no session knows it."""
        identifier = self.ids[noun][slug]
        match noun:
            case "participant":
                return Participant(party_id=identifier, party=Party(id=identifier, slug=slug))
            case "demand":
                return Demand(id=identifier, slug=slug, scale=self.scales.get(identifier))
            case "meeting":
                return Meeting(id=identifier, slug=slug)
            case _:
                return Source(id=identifier, slug=slug)

    def _hint(self, noun: str, slug: str, near: str) -> str:
        """What to say of a reference that leads nowhere, with what is `near` to it."""
        if noun == Audience.noun or (noun == Demand.noun and slug in self.limited):
            return (
                "What is limited to an audience is not imported: record such positions over HTTP, "
                f"POST /v1/negotiations/{self.negotiation}/positions."
            )
        if noun == Participant.noun and not near:
            return (
                f"'{slug}' is no participant of '{self.negotiation}': make it one first "
                f"(negotiations import parties FILE --negotiation {self.negotiation})."
            )
        where = "" if noun == Source.noun else f" of '{self.negotiation}'"
        return f"There is no {noun} '{slug}'{where}{near or ': make it first.'}"


def load_known(session: Session, negotiation: Negotiation) -> Known:
    """What the positions of a negotiation may refer to."""
    owner = negotiation.id
    scale = Demand.__table__.c
    demands = session.execute(
        select(
            *(Demand.id, Demand.slug, Demand.audience_id),
            *(column for column in scale if column.name.startswith("scale")),
        ).where(Demand.negotiation_id == owner)
    ).all()
    pairs = {
        "participant": select(Party.slug, Party.id)
        .join(Participant, Participant.party_id == Party.id)
        .where(Participant.negotiation_id == owner),
        "meeting": select(Meeting.slug, Meeting.id).where(Meeting.negotiation_id == owner),
        "source": select(Source.slug, Source.id),
    }
    ids = {
        noun: {row.slug: row.id for row in session.execute(statement)}
        for noun, statement in pairs.items()
    }
    ids["demand"] = {one.slug: one.id for one in demands if one.audience_id is None}
    ids["audience"] = {}
    limited = {one.slug for one in demands if one.audience_id is not None}
    scales = {
        demand.id: Scale(
            demand.scale_min,
            demand.scale_max,
            demand.scale_unit,
            demand.scale_min_means,
            demand.scale_max_means,
        )
        for demand in demands
        if demand.scale_min is not None
    }
    return Known(owner, negotiation.slug, negotiation.revision, ids, limited, scales)
