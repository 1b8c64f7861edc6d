"""The `negotiations` command.

A subcommand is loaded when it is run: that of the questions takes as long as all the others.
"""

from collections.abc import Mapping
from importlib import import_module

import click

from negotiations_api import __version__

_MODULES: Mapping[str, tuple[str, str]] = {
    "migrate": ("database", "migrate"),
    "load": ("documents", "load"),
    "dump": ("documents", "dump"),
    "import": ("imports", "import_"),
    "token": ("tokens", "token"),
    "openapi": ("service", "openapi"),
    "serve": ("serve", "serve"),
}
"""The module that a subcommand is in, and what it is called there. All others are questions."""


class _Commands(click.Group):
    """The subcommands, by their names."""

    def list_commands(self, _: click.Context) -> list[str]:
        """All there are, in the order in which the help has them."""
        return sorted({*_MODULES, *_questions()})

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The one with that name."""
        if name not in _MODULES:
            return _questions().get(name)
        module, attribute = _MODULES[name]
        found: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return found


def _questions() -> dict[str, click.Command]:
    commands: tuple[click.Command, ...] = import_module(f"{__name__}.questions").QUESTIONS
    return {str(command.name): command for command in commands}


@click.group(cls=_Commands)
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """Keep the record of a negotiation, and see where its sides differ.

    The database is the one that NEGOTIATIONS_DATABASE_URL names; without it, the file
    negotiations.db in this directory.
    """
