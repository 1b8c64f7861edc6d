"""Who writes by the command line."""

import getpass
from collections.abc import Callable
from typing import Any

import click

from negotiations_api.database import Authorship
from negotiations_api.models.base import LONGEST_NAME


def _author(_: click.Context, __: click.Parameter, name: str | None) -> Authorship:
    if name is None:
        return Authorship(f"cli:{_login()}"[:LONGEST_NAME])
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"write a name in one line, of at most {LONGEST_NAME} characters.")
    return Authorship(name)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "unknown"


def takes_author(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says who writes."""
    return click.option(
        "--as",
        "author",
        callback=_author,
        metavar="NAME",
        help="Who records it: a name that the history keeps. Default: cli: and the login name.",
    )(command)
