"""Which state of the record a request asks for: today's, or one of the past.

Two axes: `on` says of which day the record speaks (valid time), `revision` and `known_on` which
state of the record is asked (record time).
"""

from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy.orm import Session

from negotiations_api.compare.date import first_day, last_day, today
from negotiations_api.http.parameters import Whole
from negotiations_api.http.problem import bad_query
from negotiations_api.models import Negotiation
from negotiations_api.records.revisions import first_known, revision_on
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.change import LARGEST_REVISION
from negotiations_api.schemas.fields import Date

KNOWN = ("revision", "known_on")
"""The parameters that say it."""


class KnownQuery(StrictSchema):
    """Which state of the record is asked."""

    revision = Whole(
        0,
        LARGEST_REVISION,
        metadata={
            "description": "The record as it stood at that revision of the negotiation.",
            "examples": [1],
        },
    )
    known_on = Date(
        metadata={"description": "The record as it stood at the end of that date (UTC)."}
    )

    @validates_schema(skip_on_field_errors=False)
    def _one_state_only(self, given: dict[str, Any], **_: Any) -> None:
        if "revision" in given and "known_on" in given:
            raise ValidationError("Give either revision or known_on.", "known_on")


def asked_revision(session: Session, negotiation: Negotiation, known: dict[str, Any]) -> int | None:
    """The revision that is asked for; None for today's. Raises Problem (400) for one not known."""
    if "known_on" in known:
        if first_day(known["known_on"]) > today():
            said = f"{known['known_on']} has not come yet (UTC): give today or an earlier date."
            raise bad_query({"known_on": said})
        day = last_day(known["known_on"])
        revision = revision_on(session, negotiation, day)
        if revision is None:
            raise bad_query({"known_on": f"Nothing is known of what was recorded by {day}."})
        return revision
    revision = known.get("revision")
    if revision is None:
        return None
    first = first_known(session, negotiation)
    if not first <= revision <= negotiation.revision:
        span = f"{first} to {negotiation.revision}"
        raise bad_query({"revision": f"'{negotiation.slug}' has the revisions {span}: give one."})
    return int(revision)
