"""bench/RESULTS.md: what was measured, on what, and whether the targets are reached."""

from collections.abc import Iterator
from typing import Any

from bench.record import Figure, Record
from bench.targets import COLD, OURS, number, ratio, verdicts
from bench.work import BY_RATE, TITLES, Work

_HOW = """\
Everyone reads the same rows from the same tables: the SQLite file and the PostgreSQL database that
the service itself uses, filled once (`bench/rows.py`). Of every kind of answer one is compared
field by field before anything is timed, and who gives other information is not timed: all send the
same records with the same fields (of a matrix the first 20 rows are compared in full, and the
others counted).

Each server is one worker on core {servers}; wrk (one thread, {connections} connections) and the
clients run on core {load}. PostgreSQL runs on core {PostgreSQL}, for everyone: a server on it has a
core to itself, while with SQLite the database does its work on the core of the server. All servers
of a size run at once and have their turns one after the other, {runs} rounds of up to {seconds} s,
so that a change of weather meets them all; shown are the median and, in brackets, the least and the
most.
What answers fewer than {slow} a second gets its requests one at a time from a client of ours.
Differences below 1.3 times are ties.
"""

_NOT_ALIKE = """\
- Writing: everyone inserts the position, ends the one before it and raises the revision in one
  transaction that is on disk before it is answered. Ours also keeps the words for the search and
  reads references, dates and scales strictly; the others don't, and have no version check.
- Of the answers to agreement ours also has coverage, alpha and the cohesion of every demand; pandas
  and DuckDB compute the pairs only, and send them nowhere.
- No demand here is on a scale, and the others leave scales out of alignment and distance.
- `FastAPI: window query` loads ORM objects and finds who stands where by `row_number()`;
  `FastAPI: same SQL` sends the queries of the service and builds pydantic models of plain rows.
- PostgREST and the raw drivers have their JSON made by SQL. Datasette has no way to supersede, and
  is left out of what writes.
- Import is done by ours only; no peer has one.
"""


def page(record: Record, notes: str) -> str:
    """The whole page; `notes` is what people have to say on it."""
    parts = [
        "# Results\n\nWritten by `make bench`; nobody edits it.\n",
        _about(record.about),
        "## Targets\n",
        "\n".join(_targets(record)) + "\n",
        _problems(record),
        "".join(_work(record, work) for work in BY_RATE),
        _growth(record),
        _memory(record),
        _agreement(record),
        _import(record),
        f"## What is not alike\n\n{_NOT_ALIKE}\n",
        f"## Where the time goes\n\n{_profile(record)}",
        f"## Notes\n\n{notes}\n" if notes else "",
    ]
    return "\n".join(part for part in parts if part)


def _about(about: dict[str, Any]) -> str:
    if not about:
        return ""
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    settings = ", ".join(f"{k}={v}" for k, v in about["PostgreSQL settings"].items())
    how = _HOW.format(**about["cores"], **about["load"])
    commands = "\n".join(f"- {name}: `{command}`" for name, command in about["commands"].items())
    return f"""\
Begun {about["begun"]} at commit {about["commit"]}, with `{about["command"]}`.

| | |
|---|---|
| machine | {about["machine"]} |
| system | {about["system"]} |
| Python | {about["Python"]} |
| SQLite | {about["SQLite"]} (WAL, synchronous=FULL) |
| PostgreSQL | {settings}; fsync and synchronous_commit are on |
| PostgREST | {about["PostgREST"]} |
| wrk | {about["wrk"]} |
| packages | {packages} |

## How

{how}
{commands}
"""


def _targets(record: Record) -> Iterator[str]:
    yield "| target | on | | figures |"
    yield "|---|---|---|---|"
    for verdict in verdicts(record):
        yield f"| {verdict.target} | {verdict.engine} | {verdict.says} | {verdict.detail} |"


def _problems(record: Record) -> str:
    if not record.problems:
        return ""
    lines = "\n".join(
        f"- {name}: {' '.join(problem.split())[:400]}" for name, problem in record.problems.items()
    )
    return f"## Not measured\n\n{lines}\n"


def _spread(figure: Figure) -> str:
    if len(figure.values) == 1:
        return number(figure.median)
    return f"{number(figure.median)} ({number(figure.least)}-{number(figure.most)})"


def _work(record: Record, work: Work) -> str:
    figures = [figure for figure in record.figures if figure.work == work]
    if not figures:
        return ""
    sizes = sorted({figure.size for figure in figures})
    rows: dict[tuple[str, str], dict[int, Figure]] = {}
    for figure in figures:
        rows.setdefault((figure.engine, figure.label), {})[figure.size] = figure
    unit = "seconds an answer" if figures[0].unit == "s" else "answers a second"
    lines = [
        f"## {TITLES[work]}\n",
        f"In {unit}; last: how many times as good ours is, at {sizes[-1]:,} positions.\n",
        "| | on | " + " | ".join(f"{size:,}" for size in sizes) + " | ours is |",
        "|---|---|" + "---:|" * (len(sizes) + 1),
    ]
    for (engine, label), by_size in rows.items():
        cells = (_spread(by_size[size]) if size in by_size else "-" for size in sizes)
        base = _base(record, work, engine, sizes[-1])
        times = ratio(base, by_size.get(sizes[-1]))
        said = "" if times is None or by_size.get(sizes[-1]) is base else f"{number(times)} x"
        lines.append(f"| {label} | {engine} | {' | '.join(cells)} | {said} |")
    runs = sorted({len(figure.values) for figure in figures})
    return "\n".join([*lines, "", f"Runs: {' to '.join(map(str, (runs[0], runs[-1])))}.\n\n"])


def _base(record: Record, work: str, engine: str, size: int) -> Figure | None:
    """What others are compared to: ours without cache where it is there."""
    return record.find(work, COLD, engine, size) or record.find(work, OURS, engine, size)


def _growth(record: Record) -> str:
    if len(record.sizes()) < 2:
        return ""
    return "## Growth\n\n![Answers a second over the number of positions](growth.svg)\n"


def _memory(record: Record) -> str:
    figures = [figure for figure in record.figures if figure.work == Work.MEMORY]
    if not figures:
        return ""
    steps = list(dict.fromkeys(figure.variant for figure in figures))
    lines = [
        f"## Memory of a worker at {figures[0].size:,} positions\n",
        "Resident MB of a fresh worker, after 50 of each question, and one of the last two.\n",
        f"| | on | {' | '.join(steps)} |",
        "|---|---|" + "---:|" * len(steps),
    ]
    for name, engine in dict.fromkeys((figure.name, figure.engine) for figure in figures):
        found = (
            record.find(Work.MEMORY, name, engine, figures[0].size, variant) for variant in steps
        )
        cells = " | ".join("-" if one is None else f"{one.median:.0f}" for one in found)
        lines.append(f"| {name} | {engine} | {cells} |")
    return "\n".join([*lines, "", ""])


def _simple(record: Record, work: Work, said: str) -> str:
    figures = [figure for figure in record.figures if figure.work == work]
    if not figures:
        return ""
    lines = [f"## {TITLES[work]}\n", said, "", "| | on | | |", "|---|---|---:|---|"]
    lines += [f"| {f.label} | {f.engine} | {_spread(f)} | {f.unit} |" for f in figures]
    return "\n".join([*lines, "", ""])


def _agreement(record: Record) -> str:
    return _simple(
        record,
        Work.AGREEMENT,
        "200 countries, 6,203 roll calls, 870,109 votes; one core each, and the other one for the "
        "server of PostgreSQL. Ours is a request over "
        "HTTP, with all 19,900 pairs and all demands as JSON; the others read the gzipped CSV in "
        "a new process (the time of its imports is not counted).",
    )


def _import(record: Record) -> str:
    return _simple(
        record,
        Work.IMPORT,
        "870,109 votes from one gzipped CSV, with `negotiations import positions` as a process "
        "from its start to its end, on both cores.",
    )


def _profile(record: Record) -> str:
    if not record.profile:
        return "Not profiled.\n"
    said = "A comparison over 500 demands, cache off, on SQLite; time in each function itself:"
    return f"{said}\n\n```\n{record.profile.rstrip()}\n```\n"
