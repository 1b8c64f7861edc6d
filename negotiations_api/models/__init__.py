"""The tables: a file per noun, and further files for what several nouns share."""

from negotiations_api.models.account import Account
from negotiations_api.models.audience import Audience, AudienceMember, Limitable, Limited
from negotiations_api.models.base import Attributed, Base, Catalogued, Owned, Part, Record
from negotiations_api.models.catalogue import CatalogueRevision
from negotiations_api.models.change import Action, Change, change_audience, change_of
from negotiations_api.models.commitment import Commitment
from negotiations_api.models.demand import Demand
from negotiations_api.models.event import Event
from negotiations_api.models.issue import Issue
from negotiations_api.models.kept_answer import KeptAnswer
from negotiations_api.models.meeting import Meeting
from negotiations_api.models.negotiation import Negotiation
from negotiations_api.models.participant import Participant
from negotiations_api.models.party import Party
from negotiations_api.models.position import Position
from negotiations_api.models.position_revisions import coming_revision
from negotiations_api.models.source import Source
from negotiations_api.models.staging import ImportFault, ImportRun
from negotiations_api.models.token import Token

__all__ = [
    "Account",
    "Action",
    "Attributed",
    "Audience",
    "AudienceMember",
    "Base",
    "CatalogueRevision",
    "Catalogued",
    "Change",
    "Commitment",
    "Demand",
    "Event",
    "ImportFault",
    "ImportRun",
    "Issue",
    "KeptAnswer",
    "Limitable",
    "Limited",
    "Meeting",
    "Negotiation",
    "Owned",
    "Part",
    "Participant",
    "Party",
    "Position",
    "Record",
    "Source",
    "Token",
    "change_audience",
    "change_of",
    "coming_revision",
]
