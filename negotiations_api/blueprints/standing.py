"""Where does one party stand everywhere?"""

from operator import attrgetter

from flask import Blueprint

from negotiations_api.compare.position import Party as NamedParty
from negotiations_api.compare.standing import Standing
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.preconditions import etag
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import OnQuery, day_of
from negotiations_api.loaders.standing import load_standing, load_taking_part
from negotiations_api.models import Party
from negotiations_api.records.find import find
from negotiations_api.render.standing import standing_page, standing_table
from negotiations_api.schemas.standing import StandingSchema

blueprint = Blueprint("standing", __name__)

LOOKS = Looks(standing_page, standing_table)
ASKED = question(
    "party_positions",
    "Where does one party stand everywhere? Its positions in all negotiations on a day",
    StandingSchema,
    OnQuery,
    LOOKS,
    has_past=False,
)


@blueprint.get("/v1/parties/<party>/positions")
@operation(ASKED)
def show_standing(call: Call, party: str) -> Answer:
    """The positions of a party in every negotiation that it takes part in."""
    found = find(call.session, Party, party)
    day, undated = day_of(call)
    taking = load_taking_part(call.session, found)
    states = [call.look_at(negotiation) for negotiation, _ in taking]

    def compute() -> Standing:
        named = NamedParty(found.slug, found.name)
        whole = [one for one, (seen, _) in zip(taking, states, strict=True) if seen is call.session]
        standing = load_standing(call.session, found, day, whole)
        for one, (seen, _) in zip(taking, states, strict=True):
            if seen is not call.session:
                standing += load_standing(seen, found, day, [one])
        return Standing(named, day, tuple(sorted(standing, key=attrgetter("negotiation"))))

    negotiations = [negotiation for _, negotiation in states]
    return answer(call, ASKED, LOOKS, negotiations, compute, day=undated, version=etag(found))
