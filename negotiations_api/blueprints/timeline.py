"""What happened, in order?"""

from flask import Blueprint

from negotiations_api.compare.period import ALWAYS
from negotiations_api.compare.timeline import EntryKind, Timeline, timeline
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.parameters import One, Within
from negotiations_api.http.query import named_by
from negotiations_api.http.question import Looks, LooksQuery, answer, question
from negotiations_api.http.selection import about_asked, check_issue
from negotiations_api.loaders.account import load_accounts
from negotiations_api.loaders.commitment import load_commitments
from negotiations_api.loaders.demand import load_demands
from negotiations_api.loaders.event import load_events
from negotiations_api.loaders.meeting import load_meetings
from negotiations_api.loaders.position import (
    load_positions,
    perhaps_in,
    with_others_of_their_successions,
)
from negotiations_api.models import Negotiation, Party
from negotiations_api.records.find import find
from negotiations_api.render.timeline import timeline_page, timeline_table
from negotiations_api.schemas.fields import Choice
from negotiations_api.schemas.timeline import TimelineSchema

blueprint = Blueprint("timeline", __name__)


class TimelineQuery(LooksQuery):
    """The parameters of a timeline."""

    party = One("party", metadata={"description": "Only what that party has a part in."})
    issue = One("issue", metadata={"description": "Only what is about that issue."})
    kind = Choice(EntryKind, metadata={"description": "Only entries of that kind."})
    period = Within(
        load_default=ALWAYS,
        metadata={"description": "Only what falls into the period: 2019, 2018-06/.., ../2019."},
    )


LOOKS = Looks(timeline_page, timeline_table, svg="timeline")
ASKED = question(
    "timeline",
    "What happened, in order? Meetings, positions, accounts, commitments, events",
    TimelineSchema,
    TimelineQuery,
    LOOKS,
)


@blueprint.get("/v1/negotiations/<negotiation>/timeline")
@operation(ASKED)
def show_timeline(call: Call, negotiation: str) -> Answer:
    """Whatever is dated, in its order."""
    opened = call.open(negotiation)
    check_issue(call)
    if "party" in call.query:
        with named_by("party"):
            find(call.session, Party, call.query["party"])
    return answer(call, ASKED, LOOKS, [opened], lambda: _timeline(call, opened))


def _timeline(call: Call, opened: Negotiation) -> Timeline:
    session, query = call.session, call.query
    # Also what was held before, so that it can be told how a position changed.
    which = with_others_of_their_successions(
        opened,
        perhaps_in(query["period"], [query["party"]] if "party" in query else None),
        about_asked(call),
    )
    return timeline(
        query["period"],
        load_demands(session, opened),
        load_positions(session, opened, which, cited=False),
        load_meetings(session, opened),
        load_accounts(session, opened),
        load_commitments(session, opened),
        load_events(session, opened),
        party=query.get("party"),
        issue=query.get("issue"),
        kind=query.get("kind"),
    )
