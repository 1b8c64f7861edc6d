"""Who calls, and what it may do: the one place that reads `Authorization`.

A caller shows a token, of ours or of an OpenID Connect provider (`openid.py`), or none. Who shows
none may read what is public, if the settings let it. A token that is no good is refused and not
passed over: whoever sends one means to be somebody.
"""

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from sqlalchemy import bindparam, or_, select

from negotiations_api.database import Database
from negotiations_api.database.rights import ALL_RIGHTS, Forbidden, Rights
from negotiations_api.http.problem import Problem
from negotiations_api.http.provider import BadToken, Provider, Unreachable
from negotiations_api.loopback import is_loopback
from negotiations_api.models import Negotiation, Token
from negotiations_api.models.base import now
from negotiations_api.models.identifier import format_id
from negotiations_api.models.token import (
    PREFIX,
    Scope,
    digest_of,
    is_past,
    is_well_formed,
    token_negotiation,
)

REALM = 'Bearer realm="negotiations"'
HERE = "negotiations.caller"
"""What a caller is by in the environ, where it is this machine and no request from outside."""

_FOUND = select(
    Token.id,
    Token.name,
    Token.digest,
    Token.former_until,
    Token.scope,
    Token.is_limited,
    Token.expires_on,
    Token.revoked_at,
).where(or_(Token.digest == bindparam("digest"), Token.former_digest == bindparam("digest")))
_NEGOTIATIONS = select(token_negotiation.c.negotiation_id).where(
    token_negotiation.c.token_id == bindparam("token")
)

_SLUGS = select(Negotiation.id).where(Negotiation.slug.in_(bindparam("slugs", expanding=True)))


@dataclass(frozen=True, slots=True)
class Unasked:
    """What is open to those who show no token: reading what is public, and writing from here."""

    public_read: bool
    open_writing: bool


def register(app: Flask, unasked: Unasked, provider: Provider | None = None) -> None:
    """Say what in `app` is open to those who show no token, and whose tokens else are good."""
    app.extensions["unasked"] = unasked
    app.extensions["openid"] = provider


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the name that it is known by, if any, its rights, and what tells it from others.

    `key` is empty for one that shows no token.
    """

    name: str | None
    rights: Rights
    key: str = ""

    @property
    def sees_what_all_see(self) -> bool:
        """Whether it sees what is public and nothing else: what it is shown may be shown to all."""
        return self.rights == _PUBLIC


_PUBLIC = Rights(Scope.READ, frozenset())

COMMAND = Caller(None, ALL_RIGHTS, "command")
"""A command on the machine of the database."""


def caller() -> Caller:
    """Who sent the request under way. Raises Problem (401) for a token that is no good."""
    if "caller" not in g:
        try:
            g.caller = _authenticated()
        except Problem as problem:
            g.caller = problem
        else:
            g.caller_name = g.caller.name
    if isinstance(g.caller, Problem):
        raise g.caller
    known: Caller = g.caller
    return known


def known_key() -> str:
    """What tells the caller from others; empty for one that shows no token, or one that is no good.

    It may be kept in the open.
    """
    try:
        return caller().key
    except Problem:
        return ""


def require(scope: Scope | None) -> Rights:
    """The rights of the caller, who may do what `scope` lets one do; None is for whatever is open.

    Raises Problem (401) for who shows no token, and Forbidden for a token that does not let it.
    """
    if scope is None:
        return ALL_RIGHTS
    known = caller()
    if known.rights.may(scope):
        return known.rights
    if not known.key:
        raise refused(
            f"{_doing(scope)} takes a token: send it as Authorization: Bearer TOKEN. "
            "'negotiations token create' makes one."
        )
    raise Forbidden(f"{_doing(scope)} takes a token of scope {scope}: ask for one.")


def _doing(scope: Scope) -> str:
    doing = {Scope.READ: "Reading", Scope.WRITE: "Writing", Scope.ADMIN: "Administration"}
    return doing[scope]


def refused(detail: str, error: str = "") -> Problem:
    """The problem (401) with whoever calls, and the error of RFC 6750 that it is."""
    challenge = f'{REALM}, error="{error}"' if error else REALM
    return Problem("unauthorized", detail, headers={"WWW-Authenticate": challenge})


def _authenticated() -> Caller:
    if HERE in request.environ:
        here: Caller = request.environ[HERE]
        return here
    header = request.headers.get("Authorization")
    if header is None:
        return _without_token()
    scheme, _, secret = header.partition(" ")
    secret = secret.strip(" ")
    if scheme.lower() != "bearer" or not secret:
        raise refused("Authorization: Write Bearer and a token after it.", "invalid_request")
    if secret.startswith(PREFIX):
        return _by_token(secret)
    provider = current_app.extensions.get("openid")
    if provider is None or secret.count(".") != 2:
        raise _no_good("This is no token of this service: those begin with ngt_.")
    return _by_openid(provider, secret)


def _no_good(detail: str) -> Problem:
    return refused(detail, "invalid_token")


def _without_token() -> Caller:
    unasked: Unasked = current_app.extensions["unasked"]
    if unasked.open_writing and _is_from_here():
        return Caller(None, Rights(Scope.WRITE, sees_limited=True))
    scope = Scope.READ if unasked.public_read else None
    return Caller(None, Rights(scope, frozenset()))


def _is_from_here() -> bool:
    """Whether the request comes from this machine to this machine, and from no page elsewhere.

    A proxy on this machine sends what others ask for, and says so, or names the host that it is
    called by; a page in a browser here may send something too, and the browser names its origin.
    """
    forwarded = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
    if any(name in request.headers for name in forwarded):
        return False
    origin = request.headers.get("Origin")
    if origin is not None and not is_loopback(origin.partition("://")[2]):
        return False
    return is_loopback(request.remote_addr or "") and is_loopback(request.host)


def _by_token(secret: str) -> Caller:
    if not is_well_formed(secret):
        raise _no_good("The token is mistyped or cut off: it is ngt_ and 36 characters.")
    database: Database = current_app.extensions["database"]
    digest = digest_of(secret)
    found = database.quickly(_FOUND, {"digest": digest})
    if not found:
        raise _no_good("There is no such token.")
    (token,) = found
    moment = now()
    if token.revoked_at is not None:
        raise _no_good(f"Token '{token.name}' has been revoked.")
    if is_past(token.expires_on):
        raise _no_good(f"Token '{token.name}' has expired: have it replaced.")
    if token.digest != digest and (token.former_until is None or token.former_until <= moment):
        raise _no_good(f"Token '{token.name}' has been rotated: use the new one.")
    limits: frozenset[int] | None = None
    if token.is_limited:
        rows = database.quickly(_NEGOTIATIONS, {"token": token.id})
        limits = frozenset(row.negotiation_id for row in rows)
    database.uses.note(token.id, moment)
    return Caller(token.name, _rights(token.scope, limits), format_id(token.id))


def _by_openid(provider: Provider, text: str) -> Caller:
    try:
        known = provider.read(text)
    except BadToken as error:
        raise _no_good(str(error)) from None
    except Unreachable:
        raise Problem(
            "unavailable",
            "The provider of OpenID Connect does not say by which keys its tokens are checked.",
            headers={"Retry-After": "10"},
        ) from None
    limits: frozenset[int] | None = None
    if known.negotiations is not None:
        database: Database = current_app.extensions["database"]
        rows = database.quickly(_SLUGS, {"slugs": known.negotiations})
        limits = frozenset(row.id for row in rows)
    return Caller(known.name, _rights(known.scope, limits), known.name)


def _rights(scope: Scope | None, negotiations: frozenset[int] | None) -> Rights:
    return Rights(scope, negotiations, sees_limited=scope is Scope.ADMIN)
