"""Tokens: made, found, rotated, revoked."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from negotiations_api.database.rights import Forbidden, Rights, rights_of
from negotiations_api.models import Negotiation, Token
from negotiations_api.models.base import now
from negotiations_api.models.token import Scope, digest_of, new_secret, token_negotiation
from negotiations_api.records.faults import Conflict, Fault, Invalid, Missing, pointer
from negotiations_api.records.find import find, near_names
from negotiations_api.schemas.token import NAME_PATTERN


@dataclass(frozen=True, slots=True)
class Issued:
    """A token with its secret, which is nowhere else."""

    token: Token
    secret: str


def create_token(
    session: Session,
    name: str,
    scope: Scope,
    negotiations: Iterable[str] | None = None,
    expires_on: str | None = None,
) -> Issued:
    """A new token, for all negotiations or for some (slugs), flushed.

    It is good until the end of the day `expires_on` (``YYYY-MM-DD``, UTC), None for as long as it
    is not revoked.
    Raises Conflict for a name that is taken, Invalid for negotiations that are not there, and
    Forbidden for one who may not give away what it would be good for.
    """
    found = None if negotiations is None else _named(session, negotiations)
    _check_may_give(rights_of(session), scope, found)
    if session.scalar(select(Token.id).where(Token.name == name)) is not None:
        raise Conflict(
            f"There is a token '{name}' already, or was: names are not used again, since they "
            "stand for who recorded what. Give another one, or rotate that."
        )
    secret = new_secret()
    token = Token(
        name=name,
        digest=digest_of(secret),
        scope=scope,
        is_limited=found is not None,
        expires_on=expires_on,
        negotiations=found or [],
    )
    session.add(token)
    session.flush()
    return Issued(token, secret)


def _named(session: Session, slugs: Iterable[str]) -> list[Negotiation]:
    """The negotiations of a new token, each once, by slug. Raises Invalid."""
    found: dict[str, Negotiation] = {}
    faults: list[Fault] = []
    for index, slug in enumerate(slugs):
        try:
            found[slug] = find(session, Negotiation, slug)
        except Missing as error:
            faults.append(Fault(pointer("negotiations", index), str(error.args[0])))
    if faults:
        raise Invalid(faults)
    return [found[slug] for slug in sorted(found)]


def _check_may_give(
    rights: Rights, scope: Scope, negotiations: Iterable[Negotiation] | None
) -> None:
    if not rights.may(Scope.ADMIN):
        raise Forbidden(f"Only a token of scope admin makes one of scope {scope}: ask for one.")
    if rights.is_unlimited:
        return
    if negotiations is None:
        raise Forbidden("This token is for some negotiations: name those that the new one is for.")
    foreign = [f"'{one.slug}'" for one in negotiations if not rights.covers(one.id)]
    if foreign:
        raise Forbidden(
            "This token is for some negotiations, and gives no other ones: leave out "
            f"{', '.join(foreign)}."
        )


def tokens(session: Session) -> list[Token]:
    """The tokens that the caller administers, by name; also those that are good no more."""
    found = session.scalars(
        select(Token).options(selectinload(Token.negotiations)).order_by(Token.name)
    )
    return _administered(session, found.all())


def find_token(session: Session, name: str, *, lock: bool = False) -> Token:
    """The token with a name. Raises Missing, also for one that the caller does not administer."""
    statement = select(Token).where(Token.name == name)
    token = None
    if re.fullmatch(NAME_PATTERN, name):
        token = session.scalar(statement.with_for_update() if lock else statement)
    if token is None or not _administered(session, [token]):
        known = [one.name for one in tokens(session)]
        raise Missing(f"There is no token '{name[:80]}'{near_names(name, known)}")
    return token


def _administered(session: Session, found: Sequence[Token]) -> list[Token]:
    """Those that lie within the rights of the caller: who is limited has to do with the likes only.

    That goes by all that a token was made for: what is gone may come back.
    """
    rights = rights_of(session)
    if rights.is_unlimited:
        return list(found)
    limits: dict[int, set[int]] = defaultdict(set)
    for token_id, negotiation_id in session.execute(select(token_negotiation)):
        limits[token_id].add(negotiation_id)
    return [one for one in found if limits[one.id] and all(map(rights.covers, limits[one.id]))]


def rotate_token(session: Session, token: Token, keep_s: int = 0) -> Issued:
    """A new secret for `token`; the one before is good for `keep_s` seconds more.

    Raises Conflict for a token that is revoked or expired: it would not come back to life.
    """
    if not token.is_good:
        raise Conflict(f"Token '{token.name}' is good no more: make another one.")
    secret = new_secret()
    token.former_digest = token.digest if keep_s else None
    token.former_until = now() + dt.timedelta(seconds=keep_s) if keep_s else None
    token.digest = digest_of(secret)
    session.flush()
    return Issued(token, secret)


def revoke_token(session: Session, token: Token) -> None:
    """Let `token` be good no more; its name stays, for what it has recorded."""
    if token.revoked_at is None:
        token.revoked_at = now()
        session.flush()
