"""`python -m tests.soak`: each of the three, as long as is asked for, on either engine."""

import random
import sys

import click

from tests.soak import crashes, idempotency, updates
from tests.soak.databases import ENGINES, opened

_engine = click.option(
    "--engine",
    "engines",
    type=click.Choice(ENGINES),
    multiple=True,
    default=ENGINES,
    help="Default: both, one after the other.",
)
_workers = click.option(
    "--workers", type=click.IntRange(min=1), help="Default: what `negotiations serve` chooses."
)
_token = click.option("--token", help="Sent with every request, as a Bearer token.")
_seed = click.option("--seed", type=int, default=1, show_default=True)


@click.group()
def soak() -> None:
    """Load a served database, kill it, and say what was lost; status 1 if anything was."""


@soak.command("updates")
@click.option("--requests", type=click.IntRange(min=1), default=10_000, show_default=True)
@click.option("--clients", type=click.IntRange(min=1), default=4, show_default=True)
@click.option(
    "--mixed",
    is_flag=True,
    help="A position, a demand, a negotiation and a party in turns, and not one position.",
)
@_engine
@_workers
@_token
def lost_updates(
    requests: int,
    clients: int,
    mixed: bool,
    engines: tuple[str, ...],
    workers: int | None,
    token: str | None,
) -> None:
    """Count up by PATCH, from many clients at once."""
    for engine in engines:
        with opened(engine, random.Random()) as (database, logs):
            told = updates.run(
                database.url,
                logs,
                requests=requests,
                clients=clients,
                is_mixed=mixed,
                workers=workers,
                token=token,
            )
        _tell(engine, told)


@soak.command("idempotency")
@click.option("--times", type=click.IntRange(min=2), default=100, show_default=True)
@click.option("--keys", type=click.IntRange(min=1), default=5, show_default=True)
@_engine
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@_token
def repeated_posts(
    times: int, keys: int, engines: tuple[str, ...], workers: int, token: str | None
) -> None:
    """Send one POST with one Idempotency-Key many times at once; then with other keys."""
    for engine in engines:
        with opened(engine, random.Random()) as (database, logs):
            told = idempotency.run(
                database.url, logs, times=times, keys=keys, workers=workers, token=token
            )
        _tell(engine, told)


@soak.command("crashes")
@click.option("--kills", type=click.IntRange(min=1), default=100, show_default=True)
@_engine
@_workers
@_seed
@_token
def kill_under_load(
    kills: int, engines: tuple[str, ...], workers: int | None, seed: int, token: str | None
) -> None:
    """Write without a pause, kill -9, start anew, and compare the tables with the answers."""
    for engine in engines:
        chance = random.Random(seed)
        with opened(engine, chance) as (database, logs):
            told = crashes.run(
                database,
                logs,
                kills=kills,
                chance=chance,
                workers=workers,
                token=token,
                tell=lambda so_far: click.echo(f"... {so_far}", err=True),
            )
        _tell(engine, told)


def _tell(engine: str, told: updates.Outcome | idempotency.Outcome | crashes.Outcome) -> None:
    click.echo(f"{engine}: {told}")
    if told.problems:
        sys.exit("\n".join(told.problems[:100]))


if __name__ == "__main__":
    soak()
