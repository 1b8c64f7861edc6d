"""The UN votes: their files, and their rows as the record has them."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from bench.rows import DEMAND, NEGOTIATION, PARTICIPANT, PARTY, POSITION, Row, Table
from negotiations_api.compare.date import FOREVER

SLUG = "unga"
NOT_WITH_BENCH = (
    "The UN votes are not there: give --unga (make bench UNGA=) the directory with countries.csv, "
    "roll_calls.csv.gz and votes.csv.gz (examples/unga says where they are from)."
)
STANCES = {"yes": "accept", "abstain": "reserve", "no": "reject"}
MAP = "country=party,rcid=demand,date=date,vote=stance:yes=accept,abstain=reserve,no=reject"
"""How the file of `write_import` maps to positions."""

_FIRST_ID = 920_000_000_000_000_000
_TIMES = (1, "2026-11-01 12:00:00.000000", "2026-11-01 12:00:00.000000")


def votes_file(directory: Path | None) -> Path:
    """The file of the votes; raises FileNotFoundError with what to do if it is not there."""
    found = directory / "votes.csv.gz" if directory else None
    if found is None or not found.exists():
        raise FileNotFoundError(NOT_WITH_BENCH)
    return found


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open("rb") as file:
        raw = gzip.GzipFile(fileobj=file) if path.suffix == ".gz" else file
        yield from csv.DictReader(io.TextIOWrapper(raw, newline=""))


def tables(directory: Path, *, positions: bool) -> Iterator[tuple[Table, Iterator[Row]]]:
    """The votes as rows, with or without the positions themselves."""
    number = iter(range(_FIRST_ID, _FIRST_ID + 2_000_000))
    negotiation = next(number)
    countries = {line["country"]: line["name"] for line in _read(directory / "countries.csv")}
    party_of = {slug: next(number) for slug in countries}
    calls = {line["rcid"]: line for line in _read(directory / "roll_calls.csv.gz")}
    demand_of = {rcid: next(number) for rcid in calls}
    yield PARTY, ((party_of[s], s, name, "state", *_TIMES) for s, name in countries.items())
    yield (
        NEGOTIATION,
        iter([(negotiation, SLUG, "UN General Assembly votes", "active", 1, *_TIMES)]),
    )
    yield (
        PARTICIPANT,
        ((next(number), negotiation, party, "principal", *_TIMES) for party in party_of.values()),
    )
    yield (
        DEMAND,
        (
            (demand_of[rcid], negotiation, rcid, f"Roll call {rcid}", 9, None, *_TIMES)
            for rcid in calls
        ),
    )
    if positions:
        yield (
            POSITION,
            (
                (
                    *(next(number), negotiation, party_of[line["country"]]),
                    *(demand_of[line["rcid"]], day := calls[line["rcid"]]["date"], None),
                    *(day, FOREVER, STANCES[line["vote"]], None, None, None, None, None, None),
                    *_TIMES,
                )
                for line in _read(directory / "votes.csv.gz")
            ),
        )


TABLES = (PARTY, NEGOTIATION, PARTICIPANT, DEMAND, POSITION)
"""What `tables` fills."""


def write_import(directory: Path, path: Path) -> int:
    """Write a file of votes with the date of each, to be imported; return how many there are."""
    dates = {line["rcid"]: line["date"] for line in _read(directory / "roll_calls.csv.gz")}
    count = 0
    with gzip.open(path, "wt", newline="", compresslevel=6) as lines:
        writer = csv.writer(lines)
        writer.writerow(("rcid", "country", "vote", "date"))
        for line in _read(directory / "votes.csv.gz"):
            writer.writerow((line["rcid"], line["country"], line["vote"], dates[line["rcid"]]))
            count += 1
    return count
