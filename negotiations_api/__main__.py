"""The `negotiations` command: above the application, which few of the subcommands load."""

from importlib import import_module
from typing import TYPE_CHECKING

from negotiations_api.cli import cli
from negotiations_api.config import Settings

if TYPE_CHECKING:
    from flask import Flask


def main() -> None:
    """Run the command."""
    cli(obj=_create_app)


def _create_app(settings: Settings | None = None) -> "Flask":
    made: Flask = import_module("negotiations_api.app").create_app(settings)
    return made


if __name__ == "__main__":
    main()
