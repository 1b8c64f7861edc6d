"""The settings, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Settings:
    """What can be set from outside.

    `database_url` is an SQLAlchemy address: ``sqlite:///file.db`` (the default, in the working
    directory) or ``postgresql://user:password@host/database``.
    """

    database_url: str = "sqlite:///negotiations.db"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ``NEGOTIATIONS_DATABASE_URL``; what is not set keeps its default."""
        return cls(
            database_url=environment.get("NEGOTIATIONS_DATABASE_URL", cls.database_url),
        )
