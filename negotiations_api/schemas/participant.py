"""The schema of participants."""

from negotiations_api.compare.participant import Role
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.fields import Choice, Number, Reference


class ParticipantSchema(RecordSchema):
    """A party in a negotiation."""

    key = ("party",)

    party = Reference("party", required=True)
    role = Choice(Role, required=True)
    supports = Reference("participant", allow_none=True, load_default=None)
    weight = Number(
        0,
        100,
        allow_none=True,
        load_default=None,
        metadata={"description": "Its capability, from 0 to 100."},
    )
