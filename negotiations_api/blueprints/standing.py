"""Where does one party stand everywhere?"""

from flask import Blueprint
from sqlalchemy import select

from negotiations_api.compare import position as core
from negotiations_api.compare.standing import Standing, StandingInNegotiation, held
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import OnQuery, day_of
from negotiations_api.loaders.demand import load_demands
from negotiations_api.loaders.position import holding, load_positions
from negotiations_api.models import Negotiation, Participant, Party
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
)


@blueprint.get("/v1/parties/<party>/positions")
@operation(ASKED)
def show_standing(call: Call, party: str) -> Answer:
    """The positions of a party in every negotiation that it takes part in."""
    found = find(call.session, Party, party)
    day, undated = day_of(call)
    taking_part = call.session.execute(
        select(Negotiation, Participant)
        .join(Participant, Participant.negotiation_id == Negotiation.id)
        .where(Participant.party_id == found.id)
        .order_by(Negotiation.slug)
    ).all()

    def compute() -> Standing:
        return Standing(
            core.Party(found.slug, found.name),
            day,
            tuple(
                StandingInNegotiation(
                    negotiation.slug,
                    negotiation.title,
                    participant.role,
                    held(
                        load_demands(call.session, negotiation),
                        load_positions(call.session, negotiation, holding(day, [found.slug])),
                    ),
                )
                for negotiation, participant in taking_part
            ),
        )

    negotiations = [negotiation for negotiation, _ in taking_part]
    version = f"{found.slug}.{found.version}"
    return answer(call, ASKED, LOOKS, negotiations, compute, day=undated, version=version)
