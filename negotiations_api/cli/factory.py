"""What makes the application: it comes from above, since the application is above its commands."""

from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask

from negotiations_api.config import Settings


class Factory(Protocol):
    """Makes the application. Nothing of it is loaded before it is asked for."""

    def app(self, settings: Settings | None = None) -> Flask:
        """The application, by the settings of the environment if none are given."""
        ...

    def worker(self) -> Callable[[], Any]:
        """What a process that serves is to call: it returns an ASGI application."""
        ...
