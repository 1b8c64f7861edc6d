"""Tokens on the machine of the database, where whoever may read its file may do everything."""

import re

import click

from negotiations_api.cli.database import fail, session
from negotiations_api.compare.date import is_date, last_day
from negotiations_api.database import Access
from negotiations_api.models import Token
from negotiations_api.models.token import Scope
from negotiations_api.records.faults import Invalid
from negotiations_api.records.tokens import (
    create_token,
    find_token,
    revoke_token,
    rotate_token,
    tokens,
)
from negotiations_api.schemas.token import LONGEST_KEPT_S, NAME_PATTERN


@click.group()
def token() -> None:
    """Who may read and write what over HTTP: make tokens, list, rotate and revoke them."""


def _name(_: click.Context, __: click.Parameter, value: str) -> str:
    if not re.fullmatch(NAME_PATTERN, value):
        raise click.BadParameter("write letters, digits and . _ @ - between them, like seoul-desk.")
    return value


def _day(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_date(value):
        raise click.BadParameter("write a day (2027-01-31), a month or a year.")
    return last_day(value) if value else None


@token.command()
@click.option("--name", required=True, callback=_name, help="What it, and its bearer, is called.")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    required=True,
    help="What it lets one do; write includes read, admin all.",
)
@click.option(
    "--negotiation",
    "negotiations",
    multiple=True,
    help="A negotiation that it is for; may be given again. Default: all of them.",
)
@click.option("--expires", callback=_day, help="The last date on which it is good. Default: none.")
def create(name: str, scope: str, negotiations: tuple[str, ...], expires: str | None) -> None:
    """Make a token, and print it: this once, since only a digest of it is kept."""
    with session(Access.WRITE) as opened:
        try:
            issued = create_token(opened, name, Scope(scope), negotiations or None, expires)
        except Invalid as error:
            fail(" ".join(fault.detail for fault in error.faults))
        said = _description(issued.token)
    _print(said, issued.secret)


@token.command("list")
def list_() -> None:
    """List the tokens, also those that are good no more."""
    rows = [("name", "scope", "negotiations", "until", "last used", "")]
    with session(Access.READ) as opened:
        for one in tokens(opened):
            slugs = " ".join(talks.slug for talks in one.negotiations) if one.is_limited else "all"
            used = f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never"
            state = "revoked" if one.revoked_at else "" if one.is_good else "expired"
            rows.append((one.name, one.scope.value, slugs, one.expires_on or "-", used, state))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@token.command()
@click.argument("name")
@click.option(
    "--keep",
    "keep_s",
    type=click.IntRange(0, LONGEST_KEPT_S),
    default=0,
    show_default=True,
    help="For how many seconds the one before is good, too.",
)
def rotate(name: str, keep_s: int) -> None:
    """Give a token a new secret, and print it."""
    with session(Access.WRITE) as opened:
        issued = rotate_token(opened, find_token(opened, name, lock=True), keep_s)
        said = _description(issued.token)
    _print(said, issued.secret)


@token.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Let a token be good no more. Its name stays taken, for what it has recorded."""
    with session(Access.WRITE) as opened:
        revoke_token(opened, find_token(opened, name, lock=True))
    click.echo(f"Token {name} is good no more.", err=True)


def _description(found: Token) -> str:
    is_for = ", ".join(one.slug for one in found.negotiations) if found.is_limited else "all"
    return f"Token {found.name}, scope {found.scope.value}, negotiations: {is_for or 'none'}."


def _print(said: str, secret: str) -> None:
    """The secret alone on standard output, to be taken by a shell; what it is beside that."""
    click.echo(f"{said} It is shown this once:", err=True)
    click.echo(secret)
