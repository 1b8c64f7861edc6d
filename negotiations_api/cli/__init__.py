"""The `negotiations` command."""

import click

from negotiations_api import __version__
from negotiations_api.cli.database import migrate
from negotiations_api.cli.documents import dump, load
from negotiations_api.cli.imports import import_
from negotiations_api.cli.questions import QUESTIONS
from negotiations_api.cli.serve import serve
from negotiations_api.cli.service import openapi
from negotiations_api.cli.tokens import token


@click.group()
@click.version_option(__version__)
@click.pass_context
def cli(context: click.Context) -> None:
    """Keep the record of a negotiation, and see where its sides differ.

    The database is the one that NEGOTIATIONS_DATABASE_URL names; without it, the file
    negotiations.db in this directory.
    """


for command in (migrate, load, dump, import_, *QUESTIONS, token, openapi, serve):
    cli.add_command(command)
