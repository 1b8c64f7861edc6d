"""The schema of accounts and their claims."""

from typing import Any

from marshmallow import fields, validates_schema

from negotiations_api.compare.meeting import Outcome
from negotiations_api.schemas.audience import limited_to
from negotiations_api.schemas.base import AttributedSchema, StrictSchema, refuse_twins
from negotiations_api.schemas.citation import citations
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Flag,
    Reference,
    Several,
    Slug,
    line,
    prose,
)

_TWICE = (
    "The account has a claim on '{}' already; "
    "a party that contradicts itself does so in two accounts."
)


class ClaimSchema(StrictSchema):
    """What an account says on a topic."""

    topic = Slug(
        required=True,
        metadata={"description": "Shared by the accounts of a meeting, so that they compare."},
    )
    affirmed = Flag(required=True, metadata={"description": "True: affirmed. False: denied."})
    text = prose(allow_none=True, load_default=None)


class AccountSchema(AttributedSchema):
    """One party's report of a meeting."""

    slug = Slug(required=True, metadata={"examples": ["stockholm-prk-negotiator"]})
    meeting = Reference("meeting", required=True)
    party = Reference("party", required=True)
    speaker = line(allow_none=True, load_default=None)
    date = Date(required=True)
    outcome = Choice(
        Outcome,
        allow_none=True,
        load_default=None,
        metadata={"description": "The outcome that it claims."},
    )
    summary = prose(allow_none=True, load_default=None)
    claims = Several(fields.Nested(ClaimSchema), load_default=list)
    citations = citations()
    audience = limited_to()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_claim_a_topic(self, data: Any, original: Any, **_: Any) -> None:
        refuse_twins(original, "claims", "topic", _TWICE)
