"""Tokens: who may read and write what."""

from typing import Any

from flask import Blueprint

from negotiations_api.compare.date import last_day
from negotiations_api.database import Access
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.representations import JSON
from negotiations_api.models import Token
from negotiations_api.models.token import Scope
from negotiations_api.records.assign import load
from negotiations_api.records.tokens import (
    Issued,
    create_token,
    find_token,
    revoke_token,
    rotate_token,
    tokens,
)
from negotiations_api.schemas.token import (
    IssuedSchema,
    RotationSchema,
    TokenSchema,
    TokensSchema,
)

blueprint = Blueprint("tokens", __name__)

_MANY = "/v1/tokens"
_ONE = f"{_MANY}/<name>"


def _contract(name: str, summary: str, **more: Any) -> Operation:
    return Operation(name=name, summary=summary, tag="tokens", scope=Scope.ADMIN, **more)


def _shown(token: Token) -> dict[str, Any]:
    # Of one that is for all negotiations there is no list, not an empty one.
    slugs = [one.slug for one in token.negotiations] if token.is_limited else None
    return dict(TokenSchema(exclude=["negotiations"]).dump(token)) | {"negotiations": slugs}


def _issued(issued: Issued) -> dict[str, Any]:
    return _shown(issued.token) | {"token": issued.secret}


@blueprint.get(_MANY)
@operation(_contract("list_tokens", "The tokens, by name", schema=TokensSchema))
def list_tokens(call: Call) -> Answer:
    """All tokens, also those that are good no more: their names stand for what they recorded."""
    return Answer({"items": [_shown(token) for token in tokens(call.session)]})


@blueprint.post(_MANY)
@operation(
    _contract(
        "create_token",
        "Make a token",
        schema=IssuedSchema,
        status=201,
        takes={JSON: TokenSchema},
        access=Access.WRITE,
        problems=("conflict",),
        is_secret=True,
    )
)
def make_token(call: Call) -> Answer:
    """Makes a token and shows its secret, this once: only a digest of it is kept."""
    given = load(TokenSchema(), call.body.value)
    issued = create_token(
        call.session,
        given["name"],
        given["scope"],
        call.body.value.get("negotiations"),  # in the order in which a fault names them
        last_day(given["expires_on"]) if given["expires_on"] else None,
    )
    location = f"{_MANY}/{issued.token.name}"
    return Answer(_issued(issued), 201, headers={"Location": location})


@blueprint.get(_ONE)
@operation(_contract("read_token", "One token", schema=TokenSchema, problems=("not-found",)))
def show_token(call: Call, name: str) -> Answer:
    """A token, without its secret."""
    return Answer(_shown(find_token(call.session, name)))


@blueprint.post(f"{_ONE}/rotate")
@operation(
    _contract(
        "rotate_token",
        "Give a token a new secret",
        schema=IssuedSchema,
        takes={JSON: RotationSchema},
        needs_body=False,
        access=Access.WRITE,
        problems=("not-found", "conflict"),
        is_secret=True,
    )
)
def renew_token(call: Call, name: str) -> Answer:
    """A new secret under the same name and with the same rights, shown this once."""
    given = load(RotationSchema(), call.body.value)
    found = find_token(call.session, name, lock=True)
    return Answer(_issued(rotate_token(call.session, found, int(given["keep_s"]))))


@blueprint.post(f"{_ONE}/revoke")
@operation(
    _contract(
        "revoke_token",
        "Let a token be good no more",
        schema=TokenSchema,
        access=Access.WRITE,
        problems=("not-found",),
    )
)
def end_token(call: Call, name: str) -> Answer:
    """From now on whoever shows it is refused. It cannot be taken back; its name stays taken."""
    found = find_token(call.session, name, lock=True)
    revoke_token(call.session, found)
    return Answer(_shown(found))
