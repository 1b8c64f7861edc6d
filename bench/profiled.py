"""Where the time of a comparison goes: run as a program with the address of a database."""

import cProfile
import io
import pstats
import re
import sys

from bench.rows import COMPARED, LEFT, ON, RIGHT
from negotiations_api.app import create_app
from negotiations_api.config import Settings

TIMES, SHOWN = 40, 18


def profiled(url: str) -> str:
    """The functions that take most of it, and milliseconds in each an answer."""
    client = create_app(Settings(database_url=url, cache_mb=0)).test_client()
    path = f"/v1/negotiations/{COMPARED}/compare/{LEFT}@{ON}...{RIGHT}@{ON}"
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


if __name__ == "__main__":
    print(profiled(sys.argv[1]))
