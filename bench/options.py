"""What can be chosen on the command line."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from bench.work import Work

ROOT = Path(__file__).parent.parent
PROFILE = "profile"
_LONG = (Work.AGREEMENT, Work.IMPORT)
"""They need all votes, however quick the rest of it is."""


@dataclass(frozen=True)
class Options:
    """A run. `seconds` is the longest that a run of wrk takes, `minutes` all of it."""

    sizes: tuple[int, ...]
    only: frozenset[str]
    runs: int
    seconds: int
    minutes: float
    resume: bool
    report: bool
    unga: Path | None
    work: Path
    out: Path
    server_core: int
    load_core: int
    database_core: int

    def wants(self, part: str) -> bool:
        """Whether a piece of work is to be measured."""
        return part in self.only


def read(arguments: list[str] | None = None) -> Options:
    """The options of a command line; exits with a message where they make no sense."""
    everything = [*Work, PROFILE]
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure the service and its peers side by side."
    )
    parser.add_argument(
        "--quick", action="store_true", help="10,000 positions, 2 short runs, no votes"
    )
    parser.add_argument("--sizes", help="how many positions, like 10000,100000,1000000")
    parser.add_argument("--only", help=f"some of {','.join(everything)}")
    parser.add_argument("--runs", type=int, help="how many runs the median is of (5)")
    parser.add_argument("--seconds", type=int, help="how long a run may take (2)")
    parser.add_argument("--minutes", type=float, help="what would begin later is left out (35)")
    parser.add_argument("--resume", action="store_true", help="take up the last run")
    parser.add_argument("--report", action="store_true", help="only write what was measured anew")
    parser.add_argument("--unga", type=Path, help="a directory with the UN votes (docs: unga)")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--out", type=Path, help="where RESULTS.md goes (bench/)")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--load-core", type=int, default=1)
    parser.add_argument("--database-core", type=int, default=1, help="of PostgreSQL")
    given = parser.parse_args(arguments)
    some = [part for part in everything if not given.quick or part not in _LONG]
    only = frozenset(given.only.split(",")) if given.only else frozenset(map(str, some))
    if unknown := only - set(everything):
        parser.error(f"--only knows {','.join(everything)}, not {','.join(sorted(unknown))}")
    try:
        sizes = tuple(sorted(int(size) for size in given.sizes.split(","))) if given.sizes else ()
    except ValueError:
        parser.error(f"--sizes takes numbers like 10000,100000, not {given.sizes}")
    if any(size <= 0 or size % 10_000 for size in sizes):
        parser.error("--sizes takes multiples of 10,000")
    return Options(
        sizes=sizes or ((10_000,) if given.quick else (10_000, 100_000, 1_000_000)),
        only=only,
        runs=given.runs or (2 if given.quick else 5),
        seconds=given.seconds or (1 if given.quick else 2),
        minutes=given.minutes or (6 if given.quick else 35),
        resume=given.resume,
        report=given.report,
        unga=given.unga,
        work=given.work,
        # A part of it is not what the page promises, and goes elsewhere unless one says so.
        out=given.out or (given.work if given.quick or given.only or sizes else ROOT / "bench"),
        server_core=given.server_core,
        load_core=given.load_core,
        database_core=given.database_core,
    )
