"""Who stands where?"""

from flask import Blueprint

from negotiations_api.compare.matrix import matrix
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
from negotiations_api.loaders.position import holding, load_positions
from negotiations_api.render.matrix import matrix_page, matrix_table, matrix_text
from negotiations_api.schemas.matrix import MatrixSchema

blueprint = Blueprint("matrix", __name__)


LOOKS = Looks(page=matrix_page, table=matrix_table, text=matrix_text, svg="matrix")
ASKED = question(
    "matrix",
    "Who stands where? Every party's position on every demand on a day",
    MatrixSchema,
    PositionsOnQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/matrix")
@operation(ASKED)
def show_matrix(call: Call, negotiation: str) -> Answer:
    """All participants' positions on all demands."""
    opened = call.open(negotiation)
    check_issue(call)
    day, undated = day_of(call)
    return answer(
        call,
        ASKED,
        LOOKS,
        [opened],
        lambda: matrix(
            day,
            select_parties(call, opened),
            select_demands(call, opened),
            load_positions(
                call.session, opened, holding(day, call.query.get("parties")), about_asked(call)
            ),
        ),
        day=undated,
    )
