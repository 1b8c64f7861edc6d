"""What could be done, in which order, and what blocks the rest?"""

from typing import Any

from flask import Blueprint
from marshmallow import ValidationError, fields

from negotiations_api.compare.roadmap import (
    Assumption,
    Concession,
    MalformedAssumption,
    Roadmap,
    parse_assumption,
    roadmap,
)
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.parameters import Repeated
from negotiations_api.http.problem import bad_query
from negotiations_api.http.query import named_by
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import OnQuery, day_of
from negotiations_api.loaders.commitment import load_commitments
from negotiations_api.loaders.demand import load_demands
from negotiations_api.loaders.participant import load_participants
from negotiations_api.loaders.position import holding, load_positions, of_addressees
from negotiations_api.models import Demand, Negotiation, Participant
from negotiations_api.records.find import find
from negotiations_api.render.roadmap import roadmap_page, roadmap_table
from negotiations_api.schemas.fields import SLUG, Strict
from negotiations_api.schemas.roadmap import RoadmapSchema

blueprint = Blueprint("roadmap", __name__)


class Assumed(Strict, fields.String):
    """A concession to try: demand:party:accept or demand:party:reciprocal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        words = "|".join(Concession)
        self.describe(
            maxLength=180,
            pattern=f"^{SLUG.pattern}:{SLUG.pattern}:({words})$",
            examples=["sanctions-relief:usa:reciprocal", "peace-treaty:usa:accept"],
        )

    def read(self, value: Any) -> Assumption:
        """The concession. Raises ValidationError."""
        try:
            return parse_assumption(str(value))
        except MalformedAssumption as error:
            raise ValidationError(f"{error}.") from None


class RoadmapQuery(OnQuery):
    """The parameters of a roadmap."""

    assume = Repeated(
        Assumed(),
        load_default=list,
        metadata={
            "description": "Concessions to try, any number: demand:party:accept, or "
            "demand:party:reciprocal, which makes preconditions reciprocal."
        },
    )


LOOKS = Looks(roadmap_page, roadmap_table, svg="roadmap")
ASKED = question(
    "roadmap",
    "What could be done, in which order, what blocks the rest, and what would open it?",
    RoadmapSchema,
    RoadmapQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/roadmap")
@operation(ASKED)
def show_roadmap(call: Call, negotiation: str) -> Answer:
    """The steps that are possible, and the deadlocks."""
    opened = call.open(negotiation)
    day, undated = day_of(call)
    return answer(call, ASKED, LOOKS, [opened], lambda: _roadmap(call, opened, day), day=undated)


def _roadmap(call: Call, opened: Negotiation, day: str) -> Roadmap:
    parties = load_participants(call.session, opened)
    demands = load_demands(call.session, opened)
    with named_by("assume"):
        for assumption in call.query["assume"]:
            if all(demand.slug != assumption.demand for demand in demands):
                find(call.session, Demand, assumption.demand, opened)
            if all(party.slug != assumption.party for party in parties):
                find(call.session, Participant, assumption.party, opened)
    try:
        return roadmap(
            day,
            parties,
            demands,
            load_positions(call.session, opened, holding(day), of_addressees(), cited=False),
            load_commitments(call.session, opened),
            call.query["assume"],
        )
    except MalformedAssumption as error:
        raise bad_query({"assume": f"{error}."}) from None
