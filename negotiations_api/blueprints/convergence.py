"""Do parties come closer?"""

from flask import Blueprint

from negotiations_api.compare.convergence import Convergence, convergence
from negotiations_api.compare.date import FOREVER, today
from negotiations_api.compare.period import ALWAYS
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.parameters import Listed, Within
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import (
    DemandsQuery,
    MeasureQuery,
    about_asked,
    check_issue,
    select_demands,
    select_parties,
)
from negotiations_api.loaders.position import load_positions, taken
from negotiations_api.models import Negotiation
from negotiations_api.render.convergence import convergence_page, convergence_table
from negotiations_api.schemas.convergence import ConvergenceSchema

blueprint = Blueprint("convergence", __name__)


class ConvergenceQuery(MeasureQuery, DemandsQuery):
    """The parameters of a convergence."""

    parties = Listed(
        "participant",
        fewest=2,
        metadata={"description": "Only those parties: two or more, with commas between them."},
    )
    period = Within(
        load_default=ALWAYS,
        metadata={"description": "From when to when: 2018-06/2019-10-05; by default all the time."},
    )


LOOKS = Looks(convergence_page, convergence_table, svg="convergence")
ASKED = question(
    "convergence",
    "Do parties come closer? A measure at every date on which one of their positions changed",
    ConvergenceSchema,
    ConvergenceQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/convergence")
@operation(ASKED)
def show_convergence(call: Call, negotiation: str) -> Answer:
    """How the agreement of parties, by default of the principals, has moved."""
    opened = call.open(negotiation)
    check_issue(call)
    # Without an end it is about all that has happened; what ends in the future has not ended yet.
    day = today() if call.query["period"].last_day == FOREVER else ""
    return answer(call, ASKED, LOOKS, [opened], lambda: _convergence(call, opened, day), day=day)


def _convergence(call: Call, opened: Negotiation, day: str) -> Convergence:
    parties = select_parties(call, opened, principals_only=True)
    slugs = [party.slug for party in parties]
    return convergence(
        parties,
        select_demands(call, opened),
        load_positions(call.session, opened, taken(ALWAYS, slugs), about_asked(call), cited=False),
        period=call.query["period"],
        measure=call.query["measure"],
        weights=call.query["weights"],
        today=day or None,
    )
