"""Agreement of every pair of 200 countries over 870,109 votes: ours against pandas and DuckDB."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import orjson

from bench import database, postgresql, votes
from bench.contenders import serve
from bench.load import Client, Plan, on_core
from bench.options import ROOT, Options
from bench.record import Figure
from bench.server import free_port, running
from bench.work import Work

Pairs = dict[tuple[str, str], tuple[float, int]]
"""The share of agreement and the number of common votes, by two countries in order."""

OTHERS = (
    ("pandas", "matrix products", ("pandas_agreement",)),
    ("DuckDB", "self-join", ("duckdb_agreement", "joined")),
    ("DuckDB", "bits", ("duckdb_agreement", "bits")),
)

_ON = [f"{year}-12-31" for year in range(2020, 2036)]
"""Days on which all votes hold: with the same answer but not the same question."""


def measure(options: Options, server: str, told: dict[str, str]) -> Iterator[Figure]:
    """Seconds, of one question at a time; `told` takes what is wrong."""
    directory = votes.votes_file(options.unga).parent
    expected: Pairs = {}
    for name, how, command in OTHERS:
        runs, pairs = _other(options, command)
        expected = expected or pairs
        if wrong := _difference(expected, pairs):
            told[f"{Work.AGREEMENT}: {name}, {how}"] = wrong
            continue
        yield _figure(name, f"{how}, with reading", "file", [a + b for a, b in runs])
        yield _figure(name, f"{how}, without", "file", [b for _, b in runs])
    file = database.made_once(options.work, "unga", lambda: votes.tables(directory, positions=True))
    address = postgresql.create_database(server, "unga")
    database.migrated(address)
    database.fill_postgresql(address, file, votes.TABLES)
    for engine, url in (("SQLite", f"sqlite:///{file}"), ("PostgreSQL", address)):
        yield from _ours(options, engine, url, expected, told)
    postgresql.drop_database(server, "unga")


def _figure(name: str, variant: str, engine: str, values: list[float]) -> Figure:
    return Figure(Work.AGREEMENT, name, variant, engine, 0, "s", tuple(values))


def _other(options: Options, command: Sequence[str]) -> tuple[list[tuple[float, float]], Pairs]:
    """The seconds of reading and of computing, each run in a process of its own; and the pairs."""
    file = votes.votes_file(options.unga)
    times = []
    for _ in range(options.runs):
        finished = subprocess.run(
            [
                *("taskset", "-c", str(options.server_core), sys.executable),
                *("-m", f"bench.peers.{command[0]}", str(file), *command[1:]),
            ],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        said = json.loads(finished.stdout)
        times.append((said["read"], said["computed"]))
    return times, {(a, b): (value, n) for a, b, value, n in said["pairs"]}


def _ours(
    options: Options, engine: str, url: str, expected: Pairs, told: dict[str, str]
) -> Iterator[Figure]:
    ways: list[tuple[str, dict[str, str], list[tuple[str, bool]]]] = [
        ("ours, cache off", {"NEGOTIATIONS_CACHE_MB": "0"}, [("", True)]),
        ("ours", {}, [("positions in the table cache", True), ("asked again", False)]),
    ]
    for name, settings, variants in ways:
        with ExitStack() as stack:
            port = free_port()
            environment = {"NEGOTIATIONS_DATABASE_URL": url, **settings}
            log = options.work / f"unga-{engine}.log"
            started = running(serve(port), environment, port, options.server_core, log)
            client = Client(stack.enter_context(started).address, timeout=300)
            stack.callback(client.close)
            path = f"/v1/negotiations/{votes.SLUG}/agreement?on="
            with on_core(options.load_core):
                reply = client.send(Plan([path + "2020-12-30"]))
                if wrong := _difference(expected, _pairs(orjson.loads(reply.body))):
                    told[f"{Work.AGREEMENT}: {name} on {engine}"] = wrong
                    continue
                for variant, is_new in variants:
                    days = _ON[: options.runs] if is_new else _ON[:1] * options.runs
                    taken = [client.send(Plan([path + day])).seconds for day in days]
                    yield _figure(name, variant, engine, taken)


def _pairs(said: dict[str, Any]) -> Pairs:
    return {
        (min(pair["left"], pair["right"]), max(pair["left"], pair["right"])): (
            pair["value"],
            pair["n"],
        )
        for pair in said.get("pairs", ())
        if pair["n"]
    }


def _difference(expected: Pairs, pairs: Pairs) -> str | None:
    """Where the pairs differ first, but for the rounding of floats."""
    if len(expected) != len(pairs):
        return f"gives {len(pairs)} pairs, not {len(expected)}"
    for pair, (value, n) in expected.items():
        given = pairs.get(pair)
        if given is None or given[1] != n or not math.isclose(given[0], value, abs_tol=1e-9):
            return f"gives {given} for {pair}, not {(value, n)}"
    return None
