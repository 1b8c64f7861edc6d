"""The settings, from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from limits import parse


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    `database_url` is an SQLAlchemy address: ``sqlite:///file.db`` (the default, in the working
    directory) or ``postgresql://user:password@host/database``, which may have several hosts with
    commas between them; what is written goes to the one that takes writes.
    `replica_urls` are the addresses of its streaming replicas, with commas between them.
    `rate_limit` is how many requests an address may send, like ``600/minute``; empty for any
    number.
    `cache_mb` is how much memory, in MiB, a process takes for what it keeps between requests: 0
    for nothing.
    """

    database_url: str = "sqlite:///negotiations.db"
    replica_urls: str = ""
    rate_limit: str = ""
    cache_mb: int = 128

    def __post_init__(self) -> None:
        """Raises ValueError for a setting that cannot be read."""
        if self.cache_mb < 0:
            raise _no_number("cache_mb", str(self.cache_mb))
        self._check_replicas()
        try:
            parse(self.rate_limit or "1/second")
        except ValueError:
            raise ValueError(
                f"NEGOTIATIONS_RATE_LIMIT is no limit ({self.rate_limit}): write 600/minute, "
                "or nothing for no limit."
            ) from None

    @property
    def replicas(self) -> tuple[str, ...]:
        """The addresses of the replicas, one each."""
        # The hosts of one address have commas between them, too.
        listed = re.split(r",\s*(?=[a-z0-9+]+://)", self.replica_urls.strip(" ,"))
        return tuple(address for address in listed if address)

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
                given[field.name] = _whole(field.name, value) if field.type is int else value
        return cls(**given)


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise _no_number(name, text) from None


def _no_number(name: str, text: str) -> ValueError:
    return ValueError(
        f"NEGOTIATIONS_{name.upper()} is no whole number ({text}): write one from 0 on."
    )
