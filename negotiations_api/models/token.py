"""Tokens: what a caller shows to be let in, and what it is let in to.

A token is ``ngt_``, 30 characters of base62 and 6 more that are their CRC32, so that scanners of
secrets find one that was published by mistake and a typing error is told from a token that is gone.
Only its SHA-256 is kept: 178 bits of chance need no slow hash.
"""

import datetime as dt
import hashlib
import re
import secrets
import string as characters
import zlib
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from negotiations_api.compare.date import today
from negotiations_api.models.base import Base, Date, Id, Timestamp, choice, now, string
from negotiations_api.models.identifier import new_id
from negotiations_api.models.negotiation import Negotiation

PREFIX = "ngt_"
PATTERN = "^ngt_[0-9A-Za-z]{36}$"

_BASE62 = characters.digits + characters.ascii_uppercase + characters.ascii_lowercase
_DRAWN = 30
_CHECKED = 6


class Scope(StrEnum):
    """What a token lets its bearer do; each includes those before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def includes(self, other: "Scope") -> bool:
        """Whether it lets one do what `other` does."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


token_negotiation = Table(
    "token_negotiation",
    Base.metadata,
    Column("token_id", Id, ForeignKey("token.id", ondelete="CASCADE"), primary_key=True),
    # No foreign key to the negotiation: one that comes back is the one that the token was for.
    Column("negotiation_id", Id, primary_key=True, index=True),
)


class Token(Base):
    """A token. Its name is never another's, so that it stands for who recorded something.

    One that `is_limited` is for its negotiations only, also when they are gone: `negotiations` are
    those that are there, `token_negotiation` has all. After a rotation the digest of the secret
    before is `former_digest`, and good until `former_until`. `expires_on` is the last day
    (``YYYY-MM-DD``, UTC) on which it is good.
    """

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False, default=new_id)
    name: Mapped[str] = mapped_column(string(80), unique=True)
    digest: Mapped[str] = mapped_column(string(64), unique=True)
    former_digest: Mapped[str | None] = mapped_column(string(64), unique=True)
    former_until: Mapped[dt.datetime | None] = mapped_column(Timestamp)
    scope: Mapped[Scope] = mapped_column(choice(Scope, "scope"))
    is_limited: Mapped[bool]
    created_at: Mapped[dt.datetime] = mapped_column(Timestamp, default=now)
    expires_on: Mapped[Date | None]
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[dt.datetime | None] = mapped_column(Timestamp)

    negotiations: Mapped[list[Negotiation]] = relationship(
        secondary=token_negotiation,
        secondaryjoin=foreign(token_negotiation.c.negotiation_id) == Negotiation.id,
        order_by=Negotiation.slug,
    )

    @property
    def is_good(self) -> bool:
        """Whether whoever shows it is let in."""
        return self.revoked_at is None and not is_past(self.expires_on)


def is_past(expires_on: str | None) -> bool:
    """Whether the last day is over."""
    return expires_on is not None and expires_on < today()


def new_secret() -> str:
    """A token that nobody has seen."""
    drawn = "".join(secrets.choice(_BASE62) for _ in range(_DRAWN))
    return PREFIX + drawn + _check(drawn)


def is_well_formed(secret: str) -> bool:
    """Whether `secret` may be a token: it has the form of one, and its last characters fit."""
    if not re.match(PATTERN, secret) or len(secret) != len(PREFIX) + _DRAWN + _CHECKED:
        return False
    drawn = secret[len(PREFIX) : -_CHECKED]
    return secret[-_CHECKED:] == _check(drawn)


def digest_of(secret: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(drawn: str) -> str:
    """The CRC32 of `drawn` in base62, as long as the largest."""
    rest, digits = zlib.crc32(drawn.encode()), ""
    for _ in range(_CHECKED):
        rest, digit = divmod(rest, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits
