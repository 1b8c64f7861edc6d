"""What makes the application: it comes from above, since the application is above its commands."""

from typing import Protocol

from flask import Flask

from negotiations_api.config import Settings


class Factory(Protocol):
    """Makes the application, by the settings of the environment if none are given."""

    def __call__(self, settings: Settings | None = None) -> Flask:
        """The application."""
        ...
