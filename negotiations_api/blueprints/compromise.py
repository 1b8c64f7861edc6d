"""What could be agreed on demands with a scale?"""

from flask import Blueprint

from negotiations_api.compare.compromise import compromises
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import (
    PositionsOnQuery,
    about_asked,
    check_issue,
    day_of,
    select_demands,
    select_parties,
)
from negotiations_api.loaders.position import holding, load_positions, on_scales
from negotiations_api.render.compromise import compromise_page, compromise_table
from negotiations_api.schemas.compromise import CompromisesSchema

blueprint = Blueprint("compromise", __name__)


LOOKS = Looks(compromise_page, compromise_table)
ASKED = question(
    "compromise",
    "What could be agreed on demands with a scale? Mean, median, bargain, zone of agreement",
    CompromisesSchema,
    PositionsOnQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/compromise")
@operation(ASKED)
def show_compromise(call: Call, negotiation: str) -> Answer:
    """What the values of the parties on scales come to."""
    opened = call.open(negotiation)
    check_issue(call)
    day, undated = day_of(call)
    return answer(
        call,
        ASKED,
        LOOKS,
        [opened],
        lambda: compromises(
            day,
            select_parties(call, opened),
            select_demands(call, opened),
            load_positions(
                call.session,
                opened,
                holding(day, call.query.get("parties")),
                about_asked(call),
                on_scales(),
            ),
        ),
        day=undated,
    )
