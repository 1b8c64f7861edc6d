"""Where the time of a comparison goes: run as a program with the address of a database."""

import cProfile
import io
import pstats
import re
import sys
import time
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.rows import COMPARED, LEFT, ON, RIGHT
from negotiations_api.app import create_app
from negotiations_api.config import Settings

TIMES, SHOWN = 40, 18


def _path() -> str:
    return f"/v1/negotiations/{COMPARED}/compare/{LEFT}@{ON}...{RIGHT}@{ON}"


def profiled(url: str) -> str:
    """The functions that take most of it, and milliseconds in each an answer."""
    client = create_app(Settings(database_url=url, cache_mb=0)).test_client()
    path = _path()
    for _ in range(3):
        client.get(path)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(TIMES):
        client.get(path)
    profile.disable()
    statistics = pstats.Stats(profile, stream=io.StringIO())
    rows = sorted(statistics.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    whole = sum(row[1][2] for row in rows)
    lines = [f"{whole / TIMES * 1000:8.2f} ms an answer (with the profiler's own cost)"]
    for (file, line, function), (_, calls, own, _, _) in rows[:SHOWN]:
        short = re.sub(r"^.*/(?=(site-packages|lib/python[0-9.]+|negotiations_api)/)", "", file)
        short = short.removeprefix("site-packages/")
        where = function if file == "~" else f"{short}:{line} {function}"
        lines.append(f"{own / TIMES * 1000:8.2f} ms {calls // TIMES:7} calls  {where}")
    return "\n".join(lines)


def statements(url: str) -> str:
    """The statements of a comparison, and the milliseconds that the engine takes for each.

    Medians of `TIMES` answers, beside that of the whole: what there would be to gain if they were
    one (docs/decisions/0033).
    """
    app = create_app(Settings(database_url=url, cache_mb=0))
    engine = app.extensions["database"].engine
    client, path = app.test_client(), _path()
    begun: list[float] = []
    took: dict[str, list[float]] = {}

    def begin(*_: Any) -> None:
        begun.append(time.perf_counter())

    def end(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        took.setdefault(" ".join(statement.split())[:70], []).append(
            time.perf_counter() - begun[-1]
        )

    client.get(path)
    sa.event.listen(engine, "before_cursor_execute", begin)
    sa.event.listen(engine, "after_cursor_execute", end)
    answers = []
    for _ in range(TIMES):
        start = time.perf_counter()
        client.get(path)
        answers.append(time.perf_counter() - start)
    lines = [f"{median(answers) * 1000:8.2f} ms an answer"]
    lines += [f"{median(times) * 1000:8.2f} ms  {text}" for text, times in took.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    print(profiled(sys.argv[1]))
    print(statements(sys.argv[1]))
