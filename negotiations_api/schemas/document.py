"""The schema of a whole negotiation as one document."""

from collections.abc import Mapping
from dataclasses import dataclass

from marshmallow import fields

from negotiations_api.models import (
    Account,
    Audience,
    Commitment,
    Demand,
    Event,
    Issue,
    Meeting,
    Participant,
    Party,
    Position,
    Record,
    Source,
)
from negotiations_api.schemas.account import AccountSchema
from negotiations_api.schemas.audience import AudienceSchema
from negotiations_api.schemas.base import RecordSchema, StrictSchema
from negotiations_api.schemas.commitment import CommitmentSchema
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.event import EventSchema
from negotiations_api.schemas.fields import Several
from negotiations_api.schemas.issue import IssueSchema
from negotiations_api.schemas.meeting import MeetingSchema
from negotiations_api.schemas.negotiation import NegotiationSchema
from negotiations_api.schemas.participant import ParticipantSchema
from negotiations_api.schemas.party import PartySchema
from negotiations_api.schemas.position import PositionSchema
from negotiations_api.schemas.source import SourceSchema


@dataclass(frozen=True, slots=True)
class Section:
    """A list of records of one kind in a document."""

    model: type[Record]
    schema: type[RecordSchema]


SECTIONS: Mapping[str, Section] = {
    "parties": Section(Party, PartySchema),
    "issues": Section(Issue, IssueSchema),
    "sources": Section(Source, SourceSchema),
    "participants": Section(Participant, ParticipantSchema),
    "audiences": Section(Audience, AudienceSchema),
    "demands": Section(Demand, DemandSchema),
    "meetings": Section(Meeting, MeetingSchema),
    "positions": Section(Position, PositionSchema),
    "accounts": Section(Account, AccountSchema),
    "commitments": Section(Commitment, CommitmentSchema),
    "events": Section(Event, EventSchema),
}
"""The sections of a document, each after those that its records refer to."""


LONGEST_SECTION = 1_000_000
"""The most records that a section of a document has."""


def _section(schema: type[RecordSchema]) -> Several:
    return Several(fields.Nested(schema), most=LONGEST_SECTION, load_default=list)


class DocumentSchema(StrictSchema):
    """A negotiation with everything it owns, and the parties, issues and sources it uses."""

    negotiation = fields.Nested(NegotiationSchema, required=True)
    parties = _section(PartySchema)
    issues = _section(IssueSchema)
    sources = _section(SourceSchema)
    participants = _section(ParticipantSchema)
    audiences = _section(AudienceSchema)
    demands = _section(DemandSchema)
    meetings = _section(MeetingSchema)
    positions = _section(PositionSchema)
    accounts = _section(AccountSchema)
    commitments = _section(CommitmentSchema)
    events = _section(EventSchema)
