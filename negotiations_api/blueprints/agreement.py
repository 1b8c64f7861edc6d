"""How close is every pair of parties?"""

from flask import Blueprint

from negotiations_api.compare.agreement import Agreement, agreement
from negotiations_api.compare.ledger import Ledger
from negotiations_api.compare.period import Period
from negotiations_api.http.caches import ledgers
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import (
    DemandsQuery,
    MeasureQuery,
    PartiesQuery,
    WhenQuery,
    check_issue,
    day_of,
    select_demands,
    select_parties,
)
from negotiations_api.loaders.ledger import load_ledger, load_table
from negotiations_api.models import Negotiation
from negotiations_api.render.agreement import agreement_page, agreement_table
from negotiations_api.schemas.agreement import AgreementSchema

blueprint = Blueprint("agreement", __name__)


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
    check_issue(call)
    period = call.query.get("period")
    day, undated = day_of(call)
    if period is not None:
        undated = ""
    return answer(
        call, ASKED, LOOKS, [opened], lambda: _agreement(call, opened, day, period), day=undated
    )


def _ledger(call: Call, opened: Negotiation) -> Ledger:
    """What is measured of the positions: kept, of today's; read, of the past."""
    if call.past is not None:
        return load_ledger(call.past, opened)
    return ledgers().of(call.session, opened)


def _agreement(call: Call, opened: Negotiation, day: str, period: Period | None) -> Agreement:
    parties = select_parties(call, opened)
    demands = select_demands(call, opened)
    slugs = [party.slug for party in parties]
    return agreement(
        load_table(_ledger(call, opened), call.session, opened, slugs, demands, period or day),
        demands,
        parties,
        measure=call.query["measure"],
        weights=call.query["weights"],
        on=day if period is None else None,
        period=period,
    )
