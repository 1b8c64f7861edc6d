"""The `negotiations` command: above the application, which few of the subcommands load."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from negotiations_api.cli import cli
from negotiations_api.config import Settings

if TYPE_CHECKING:
    from flask import Flask


class Factory:
    """Makes the application, for the commands."""

    # Imported here, since it takes longer than most of the subcommands do.

    def app(self, settings: Settings | None = None) -> "Flask":
        """The application, by the settings of the environment if none are given."""
        from negotiations_api.app import create_app  # noqa: PLC0415

        return create_app(settings)

    def worker(self) -> Callable[[], Any]:
        """What a process that serves is to call."""
        from negotiations_api.worker import create_worker  # noqa: PLC0415

        return create_worker


def main() -> None:
    """Run the command."""
    cli(obj=Factory())


if __name__ == "__main__":
    main()
