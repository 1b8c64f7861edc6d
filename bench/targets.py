"""What we want to reach, as ratios of figures of one run, and whether it is reached."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.record import Figure, Record
from bench.work import Work

OURS, COLD = "ours", "ours, cache off"
FASTAPI = ("FastAPI, sync", "FastAPI, async")
ENGINES = ("SQLite", "PostgreSQL")
NOISE = 1.3
"""Differences below this are ties: so much do runs of the same thing differ here."""

FLAT = 1.5
"""What is asked of the same demands may take this much longer in a table 100 times as large: an
index of a million entries is a level or two deeper, and less of it is in the caches."""


@dataclass(frozen=True)
class Verdict:
    """A target, on an engine and at a size, and what became of it. `ratio` None: not measured.

    It is reached where the ratio is at least `wanted`.
    """

    target: str
    engine: str
    wanted: float
    ratio: float | None
    detail: str

    @property
    def is_reached(self) -> bool:
        """Whether it is."""
        return self.ratio is not None and self.ratio >= self.wanted

    @property
    def says(self) -> str:
        """Reached, or missed, and by how much."""
        if self.ratio is None:
            return "not measured"
        if self.is_reached:
            return f"**reached**: {self.ratio:.2f} (wanted {self.wanted:.2f})"
        short = (1 - self.ratio / self.wanted) * 100
        tie = " (a tie, within the noise)" if self.ratio * NOISE >= self.wanted else ""
        return f"**missed by {short:.0f} %**{tie}: {self.ratio:.2f} (wanted {self.wanted:.2f})"


def ratio(ours: Figure | None, other: Figure | None) -> float | None:
    """How many times as good as the other one ours is; None if one is not there."""
    if ours is None or other is None:
        return None
    if ours.more_is_better:
        return ours.median / other.median
    return other.median / ours.median


def verdicts(record: Record) -> Iterator[Verdict]:
    """Each target, on each engine it is set for, at the largest size that was measured."""
    size = max(record.sizes(), default=0)
    for engine in ENGINES:
        yield from _of_engine(record, engine, size)
    yield from _agreement(record)
    for engine in ENGINES:
        yield _memory(record, engine, size)
    for engine in ENGINES:
        yield _growth(record, engine)
    for engine, least in (("SQLite", 40_000), ("PostgreSQL", 60_000)):
        yield _import(record, engine, least)


def _of_engine(record: Record, engine: str, size: int) -> Iterator[Verdict]:
    def versus(
        target: str, wanted: float, work: Work, name: str, *others: tuple[Work, str, str | None]
    ) -> Verdict:
        ours = record.find(work, name, engine, size)
        found = [
            figure
            for at, other, variant in others
            for where in (engine, "SQLite")  # floors run beside SQLite only
            if (figure := record.find(at, other, where, size, variant)) is not None
            and (where == engine or at is Work.HELLO)
        ]
        best = max(found, key=lambda figure: figure.median, default=None)
        return Verdict(target, engine, wanted, ratio(ours, best), _both(ours, best))

    def fastapi(work: Work, variant: str | None = None) -> list[tuple[Work, str, str | None]]:
        return [(work, name, variant) for name in FASTAPI]

    yield versus("list of 100: 3.5 x FastAPI", 3.5, Work.LIST, COLD, *fastapi(Work.LIST))
    yield versus("item: 1.5 x FastAPI", 1.5, Work.ITEM, COLD, *fastapi(Work.ITEM))
    yield versus(
        "cold comparison: 8 x FastAPI with a window query",
        8,
        Work.COMPARISON,
        COLD,
        *fastapi(Work.COMPARISON, "window query"),
    )
    yield versus(
        "cold comparison: 2 x FastAPI with the same SQL",
        2,
        Work.COMPARISON,
        COLD,
        *fastapi(Work.COMPARISON, "same SQL"),
    )
    if engine == "PostgreSQL":
        for work, target in ((Work.LIST, "list of 100"), (Work.COMPARISON, "cold comparison")):
            yield versus(
                f"{target}: not behind PostgREST", 1, work, COLD, (work, "PostgREST", None)
            )
    hello = (Work.HELLO, "Flask hello", None)
    yield versus("warm comparison: half of Flask hello", 0.5, Work.WARM, OURS, hello)
    yield versus("304: half of Flask hello", 0.5, Work.UNCHANGED, OURS, hello)


def _both(ours: Figure | None, other: Figure | None) -> str:
    return " : ".join(
        "-" if figure is None else f"{figure.label} {number(figure.median)} {figure.unit}"
        for figure in (ours, other)
    )


def number(value: float) -> str:
    """A figure with three digits, or all that stand before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _agreement(record: Record) -> Iterator[Verdict]:
    ways = (
        (OURS, "positions in the table cache", "as it is served"),
        (COLD, "", "cache off"),
    )
    for name, variant, how in ways:
        for engine in ENGINES:
            for other in ("pandas", "DuckDB"):
                ours = record.find(Work.AGREEMENT, name, engine, 0, variant)
                theirs = [
                    figure
                    for figure in record.figures
                    if (figure.work, figure.name) == (Work.AGREEMENT, other)
                    and figure.variant.endswith("with reading")
                ]
                best = min(theirs, key=lambda figure: figure.median, default=None)
                yield Verdict(
                    f"agreement over the UN votes, {how}: ahead of {other} with its reading",
                    engine,
                    1,
                    ratio(ours, best),
                    _both(ours, best),
                )


def _memory(record: Record, engine: str, size: int) -> Verdict:
    most = 150.0
    variant = "after lists, items, comparisons"
    used = record.find(Work.MEMORY, COLD, engine, size, variant)
    kept = record.find(Work.MEMORY, OURS, engine, size, variant)
    return Verdict(
        f"memory of a worker at {size:,} positions, without the table cache: under 150 MB",
        engine,
        1,
        most / used.median if used else None,
        f"{_both(used, kept)} ({variant})",
    )


def _growth(record: Record, engine: str) -> Verdict:
    sizes = record.sizes() or [0]
    small, large = (
        record.find(Work.COMPARISON, COLD, engine, size) for size in (sizes[0], sizes[-1])
    )
    grown = ratio(large, small) if len(sizes) > 1 else None
    return Verdict(
        f"cost of a comparison does not grow with the table: {sizes[0]:,} to {sizes[-1]:,} "
        f"positions, at most {FLAT} times",
        engine,
        1 / FLAT,
        grown,
        _both(large, small),
    )


def _import(record: Record, engine: str, least: int) -> Verdict:
    rate = record.find(Work.IMPORT, OURS, engine, 0, "rows a second")
    peak = record.find(Work.IMPORT, OURS, engine, 0, "peak memory")
    return Verdict(
        f"import of the UN votes: {least:,} rows/s, under 300 MB",
        engine,
        1,
        min(rate.median / least, 300 / peak.median) if rate and peak else None,
        _both(rate, peak),
    )
