"""The schemas of tokens."""

from types import MappingProxyType
from typing import Any, ClassVar

from marshmallow import Schema, fields

from negotiations_api.models.token import PATTERN, Scope
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import (
    Choice,
    Date,
    Flag,
    Moment,
    Number,
    Pattern,
    References,
    Several,
)

NAME_PATTERN = "[A-Za-z0-9]([A-Za-z0-9._@-]{0,78}[A-Za-z0-9])?"
LONGEST_KEPT_S = 7 * 24 * 60 * 60


def name(**kwargs: Any) -> Pattern:
    """What a token is called, and so whoever records something by it."""
    advice = "no name of a token: write letters, digits and . _ @ - between them, like seoul-desk"
    return Pattern(80, NAME_PATTERN, advice, **kwargs)


class TokenSchema(StrictSchema):
    """A token, without its secret."""

    example: ClassVar[MappingProxyType[str, Any]] = MappingProxyType(
        {"name": "seoul-desk", "scope": "write", "negotiations": ["us-dprk"], "expires_on": "2027"}
    )

    name = name(required=True)
    scope = Choice(Scope, required=True)
    negotiations = References(
        "negotiation",
        allow_none=True,
        load_default=None,
        metadata={"description": "Which negotiations it is for; null for all."},
    )
    expires_on = Date(
        allow_none=True,
        load_default=None,
        metadata={"description": "Until the end of which date it is good (UTC)."},
    )
    is_good = Flag(dump_only=True)
    created_at = Moment(dump_only=True)
    revoked_at = Moment(dump_only=True, allow_none=True)
    last_used_at = Moment(
        dump_only=True,
        allow_none=True,
        metadata={"description": "When it was last used, to a minute or so."},
    )


class IssuedSchema(TokenSchema):
    """A token with its secret, which is shown this once."""

    token = fields.String(
        dump_only=True,
        required=True,
        metadata={"pattern": PATTERN, "maxLength": 40, "minLength": 40},
    )


class RotationSchema(StrictSchema):
    """How a token gets a new secret."""

    example: ClassVar[MappingProxyType[str, Any]] = MappingProxyType({"keep_s": 3600})

    keep_s = Number(
        0,
        LONGEST_KEPT_S,
        load_default=0,
        metadata={"description": "For how many seconds the secret before is good, too."},
    )


class TokensSchema(Schema):
    """All tokens that the caller administers."""

    items = Several(fields.Nested(TokenSchema), required=True)
