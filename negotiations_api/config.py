"""The settings, from the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from negotiations_api.loopback import is_safe

_NO_TIME = re.compile(r"(/|per)\s*0+\s*[a-z]", re.IGNORECASE)
_REDIS = re.compile(r"(rediss?://|redis\+unix:///)\S+")
_ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    `database_url` is an SQLAlchemy address: ``sqlite:///file.db`` (the default, in the working
    directory) or ``postgresql://user:password@host/database``, which may have several hosts with
    commas between them; what is written goes to the one that takes writes.
    `replica_urls` are the addresses of its streaming replicas, with commas between them.
    `rate_limit` is how many requests a token, or an address without one, may send, like
    ``600/minute``; empty for any number. `rate_limit_storage` is the Redis that counts them for all
    processes together, like ``redis://host:6379/0``; empty for each process on its own.
    `cors_origins` are the origins whose pages may read answers, like ``https://example.org``, with
    commas between them; ``*`` for any, empty for none.
    `cache_mb` is how much memory, in MiB, a process takes for what it keeps between requests: 0
    for nothing.
    `public_read` is whether those who show no token may read what is public.
    `open_writing` is whether they may write, too: from this machine, on an address of its own.
    `oidc_issuer` is an OpenID Connect provider, whose tokens for `oidc_audience` are good; its keys
    are at `oidc_jwks_url`, or where it says. The others name the claims that are read.
    """

    database_url: str = "sqlite:///negotiations.db"
    replica_urls: str = ""
    rate_limit: str = ""
    rate_limit_storage: str = ""
    cors_origins: str = ""
    cache_mb: int = 128
    public_read: bool = True
    open_writing: bool = False
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks_url: str = ""
    oidc_name_claim: str = "sub"
    oidc_scope_claim: str = "scope"
    oidc_negotiations_claim: str = "negotiations"

    def __post_init__(self) -> None:
        """Raises ValueError for a setting that cannot be read."""
        if self.cache_mb < 0:
            raise _no_number("cache_mb", str(self.cache_mb))
        self._check_replicas()
        self._check_storage()
        self._check_origins()
        self._check_provider()
        self._check_rate_limit()

    @property
    def replicas(self) -> tuple[str, ...]:
        """The addresses of the replicas, one each."""
        # The hosts of one address have commas between them, too.
        listed = re.split(r",\s*(?=[a-z0-9+]+://)", self.replica_urls.strip(" ,"))
        return tuple(address for address in listed if address)

    @property
    def origins(self) -> frozenset[str]:
        """The origins whose pages may read answers, one each."""
        named = (origin.strip() for origin in self.cors_origins.split(","))
        return frozenset(origin for origin in named if origin)

    def _check_rate_limit(self) -> None:
        if not self.rate_limit:
            return
        from limits import parse_many  # noqa: PLC0415  # takes a sixth of the start of a command

        advice = "write 600/minute, or nothing for no limit."
        try:
            limits = parse_many(self.rate_limit)
        except ValueError:
            raise ValueError(
                f"NEGOTIATIONS_RATE_LIMIT is no limit ({self.rate_limit}): {advice}"
            ) from None
        if len(limits) > 1:
            raise ValueError(
                f"NEGOTIATIONS_RATE_LIMIT has several limits ({self.rate_limit}), and one is kept "
                f"to: {advice}"
            )
        if limits[0].amount == 0 or _NO_TIME.search(self.rate_limit):
            raise ValueError(
                f"NEGOTIATIONS_RATE_LIMIT is a limit of nothing ({self.rate_limit}): {advice}"
            )

    def _check_storage(self) -> None:
        # The address is not shown: it may have a password.
        if self.rate_limit_storage and not _REDIS.match(self.rate_limit_storage):
            raise ValueError(
                "NEGOTIATIONS_RATE_LIMIT_STORAGE is no address of a Redis: write "
                "redis://HOST:6379/0 (rediss:// for TLS, redis+unix:///FILE for a socket), or "
                "nothing to count in each process."
            )

    def _check_origins(self) -> None:
        wrong = sorted(one for one in self.origins if not _ORIGIN.fullmatch(one))
        if "*" in self.origins and len(self.origins) > 1:
            wrong = ["*"]
        if wrong:
            raise ValueError(
                f"NEGOTIATIONS_CORS_ORIGINS has what is no origin ({wrong[0]}): write "
                "https://example.org, as the browser sends it, with commas between several, or * "
                "alone for every origin."
            )

    def _check_provider(self) -> None:
        if bool(self.oidc_issuer) != bool(self.oidc_audience):
            raise ValueError(
                "NEGOTIATIONS_OIDC_ISSUER and NEGOTIATIONS_OIDC_AUDIENCE go together: without the "
                "audience, what the provider gives out for any other service would be good here."
            )
        for url in filter(None, (self.oidc_issuer, self.oidc_jwks_url)):
            if not is_safe(url):
                raise ValueError(
                    f"NEGOTIATIONS_OIDC_ISSUER or NEGOTIATIONS_OIDC_JWKS_URL is {url[:200]}: write "
                    "an address that begins with https://."
                )

    def _check_replicas(self) -> None:
        if not self.replicas:
            return
        if not self.database_url.startswith("postgresql"):
            raise ValueError(
                "NEGOTIATIONS_REPLICA_URLS is for PostgreSQL, and NEGOTIATIONS_DATABASE_URL names "
                "no PostgreSQL: SQLite has no replicas, so leave NEGOTIATIONS_REPLICA_URLS out, or "
                "write postgresql://USER@HOST/NAME in both."
            )
        if any(not address.startswith("postgresql") for address in self.replicas):
            raise ValueError(
                "NEGOTIATIONS_REPLICA_URLS names a replica that is no PostgreSQL: write "
                "postgresql://USER@HOST/NAME for each, with commas between them."
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ``NEGOTIATIONS_`` and the name in capitals; what is not set keeps its default."""
        given: dict[str, Any] = {}
        for field in fields(cls):
            value = environment.get(f"NEGOTIATIONS_{field.name.upper()}")
            if value is not None:
                given[field.name] = _READ.get(field.type, _text)(field.name, value)
        return cls(**given)


def _text(_: str, text: str) -> str:
    return text


def _truth(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError(f"NEGOTIATIONS_{name.upper()} is '{text[:80]}': write true or false.")
    return text == "true"


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _no_number(name, text) from None


def _no_number(name: str, text: str) -> ValueError:
    return ValueError(
        f"NEGOTIATIONS_{name.upper()} is no whole number ({text}): write one from 0 on."
    )


_READ: Mapping[Any, Callable[[str, str], Any]] = {int: _whole, bool: _truth}
"""What reads a setting of a type; any other is text."""
