"""How close is every pair of parties?"""

from flask import Blueprint

from negotiations_api.compare.agreement import Agreement, agreement
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import Period
from negotiations_api.compare.table import tabulate
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, LooksQuery, answer, question
from negotiations_api.http.selection import (
    DemandsQuery,
    PartiesQuery,
    WhenQuery,
    day_of,
    select_demands,
    select_parties,
)
from negotiations_api.loaders.position import holding, load_stances, taken
from negotiations_api.models import Negotiation
from negotiations_api.render.agreement import agreement_page, agreement_table
from negotiations_api.schemas.agreement import AgreementSchema
from negotiations_api.schemas.fields import Choice

blueprint = Blueprint("agreement", __name__)


class MeasureQuery(LooksQuery):
    """By which measure."""

    measure = Choice(
        Measure,
        load_default=Measure.SHARE,
        metadata={"description": "The measure of agreement, or of distance."},
    )
    weights = Choice(
        Weights,
        load_default=Weights.EQUAL,
        metadata={"description": "salience: a demand counts as much as it matters to the pair."},
    )


class AgreementQuery(WhenQuery, MeasureQuery, DemandsQuery, PartiesQuery):
    """The parameters of an agreement."""


LOOKS = Looks(agreement_page, agreement_table, svg="agreement")
ASKED = question(
    "agreement",
    "How close is every pair of parties, on a day or over a period?",
    AgreementSchema,
    AgreementQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/agreement")
@operation(ASKED)
def show_agreement(call: Call, negotiation: str) -> Answer:
    """The agreement of every pair of participants."""
    opened = call.open(negotiation)
    period = call.query.get("period")
    day, undated = day_of(call)
    if period is not None:
        undated = ""
    return answer(
        call, ASKED, LOOKS, [opened], lambda: _agreement(call, opened, day, period), day=undated
    )


def _agreement(call: Call, opened: Negotiation, day: str, period: Period | None) -> Agreement:
    parties = select_parties(call, opened)
    demands = select_demands(call, opened)
    which = holding(day) if period is None else taken(period)
    table = tabulate(
        [party.slug for party in parties], demands, load_stances(call.session, opened, which)
    )
    return agreement(
        table,
        demands,
        parties,
        measure=call.query["measure"],
        weights=call.query["weights"],
        on=day if period is None else None,
        period=period,
    )
