"""Do the accounts of a meeting contradict each other?"""

from flask import Blueprint

from negotiations_api.compare.contradictions import ComparedAccounts, compare_accounts
from negotiations_api.compare.participant import Role
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, LooksQuery, answer, question
from negotiations_api.loaders.account import load_accounts
from negotiations_api.loaders.meeting import load_meetings
from negotiations_api.loaders.participant import load_participants
from negotiations_api.models import Meeting, Negotiation
from negotiations_api.records.find import find
from negotiations_api.render.contradictions import contradictions_page, contradictions_table
from negotiations_api.schemas.contradictions import ComparedAccountsSchema

blueprint = Blueprint("contradictions", __name__)

LOOKS = Looks(contradictions_page, contradictions_table)
ASKED = question(
    "compare_accounts",
    "Do the accounts of a meeting contradict each other? Topic by topic, contradictions first",
    ComparedAccountsSchema,
    LooksQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/meetings/<meeting>/accounts/compare")
@operation(ASKED)
def show_contradictions(call: Call, negotiation: str, meeting: str) -> Answer:
    """What each account of a meeting affirms, denies or leaves out."""
    opened = call.open(negotiation)
    found = find(call.session, Meeting, meeting, opened)
    return answer(call, ASKED, LOOKS, [opened], lambda: _compared(call, opened, found.slug))


def _compared(call: Call, opened: Negotiation, meeting: str) -> ComparedAccounts:
    participants = load_participants(call.session, opened)
    (found,) = load_meetings(call.session, opened, meeting)
    return compare_accounts(
        found,
        load_accounts(call.session, opened, meeting),
        {one.slug for one in participants if one.role is Role.PRINCIPAL},
    )
