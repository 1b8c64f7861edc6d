"""What a question is asked about: which demands, which parties, which day or period."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from negotiations_api.compare.date import last_day, today
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.participant import Participant as NamedParticipant
from negotiations_api.compare.participant import Role
from negotiations_api.compare.position import Demand as NamedDemand
from negotiations_api.http.call import Opened
from negotiations_api.http.operation import Call
from negotiations_api.http.parameters import Listed, One, Within
from negotiations_api.http.query import named_by
from negotiations_api.http.question import LooksQuery
from negotiations_api.loaders.demand import load_demands
from negotiations_api.loaders.participant import load_participants
from negotiations_api.loaders.position import Which, about
from negotiations_api.models import Demand, Issue, Negotiation, Participant
from negotiations_api.records.find import find
from negotiations_api.schemas.fields import Choice, Date


class DemandsQuery(LooksQuery):
    """Which demands."""

    issue = One("issue", metadata={"description": "Only the demands of that issue."})
    demand = One("demand", metadata={"description": "Only that demand."})


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


class OnQuery(LooksQuery):
    """On which day."""

    on = Date(metadata={"description": "On which date; today if none is given."})


class PartiesQuery(LooksQuery):
    """Which parties."""

    parties = Listed(
        "participant",
        metadata={"description": "Only those parties: slugs with commas between them."},
    )


class PositionsOnQuery(OnQuery, DemandsQuery, PartiesQuery):
    """Which positions, on which day."""


class WhenQuery(OnQuery):
    """On which day, or over which period."""

    period = Within(
        metadata={
            "description": "Instead of on: the positions taken in a period, each party's last on a "
            "demand. A date (2019), or two with a slash, of which either may be open (2018-06/.., "
            "../.. for all)."
        }
    )

    @validates_schema(skip_on_field_errors=False)
    def _one_of_them(self, given: dict[str, Any], **_: Any) -> None:
        if "on" in given and "period" in given:
            raise ValidationError("Give either on or period.", "period")


def day_of(call: Call) -> tuple[str, str]:
    """The day that is asked about, and today if the answer changes with the calendar."""
    asked = call.query.get("on")
    now = today()
    return (last_day(asked), "") if asked else (now, now)


def check_issue(call: Call) -> None:
    """Raises Problem (400) if the query asks for an issue that is not there.

    Before the answer, also before it is 304: an issue that no demand is about may go without any
    negotiation's revision telling of it.
    """
    if "issue" in call.query:
        with named_by("issue"):
            find(call.session, Issue, call.query["issue"])


def is_asked(call: Call, demand: NamedDemand) -> bool:
    """Whether the query asks for a demand."""
    issue, slug = call.query.get("issue"), call.query.get("demand")
    return issue in {None, demand.issue.slug} and slug in {None, demand.slug}


def load_known_demands(call: Call, *states: Opened) -> list[list[NamedDemand]]:
    """All demands of each negotiation. Raises Problem if none has the one asked for."""
    asked = call.query.get("demand")
    demands = [load_demands(session, negotiation) for session, negotiation in states]
    if asked is not None and all(known.slug != asked for own in demands for known in own):
        session, negotiation = states[0]
        with named_by("demand"):
            find(session, Demand, asked, negotiation)
    return demands


def select_demands(call: Call, negotiation: Negotiation) -> list[NamedDemand]:
    """The demands that the query asks for. Raises Problem for one that is not there."""
    (demands,) = load_known_demands(call, (call.session, negotiation))
    if "issue" not in call.query and "demand" not in call.query:
        return demands
    return [demand for demand in demands if is_asked(call, demand)]


def about_asked(call: Call) -> Which:
    """The positions on the demands that the query asks for."""
    return about(call.query.get("issue"), call.query.get("demand"))


def select_parties(
    call: Call, negotiation: Negotiation, *, principals_only: bool = False
) -> list[NamedParticipant]:
    """The parties that the query asks for, in its order; without any, all or the principals.

    Raises Problem (400) for a party that takes no part.
    """
    participants = load_participants(call.session, negotiation)
    asked = call.query.get("parties")
    if asked is None:
        return [p for p in participants if not principals_only or p.role is Role.PRINCIPAL]
    by_slug = {participant.slug: participant for participant in participants}
    for slug in asked:
        if slug not in by_slug:
            with named_by("parties"):
                find(call.session, Participant, slug, negotiation)
    return [by_slug[slug] for slug in asked]
