"""The settings, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from limits import parse


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    `database_url` is an SQLAlchemy address: ``sqlite:///file.db`` (the default, in the working
    directory) or ``postgresql://user:password@host/database``.
    `rate_limit` is how many requests an address may send, like ``600/minute``; empty for any
    number.
    """

    database_url: str = "sqlite:///negotiations.db"
    rate_limit: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for a limit that cannot be read."""
        try:
            parse(self.rate_limit or "1/second")
        except ValueError:
            raise ValueError(
                f"NEGOTIATIONS_RATE_LIMIT is no limit ({self.rate_limit}): write 600/minute, "
                "or nothing for no limit."
            ) from None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ``NEGOTIATIONS_`` and the name in capitals; what is not set keeps its default."""
        names = (field.name for field in fields(cls))
        given = {name: environment.get(f"NEGOTIATIONS_{name.upper()}") for name in names}
        return cls(**{name: value for name, value in given.items() if value is not None})
