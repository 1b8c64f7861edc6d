"""Datasette: the questions as canned queries; what it does besides is off."""

import json
from pathlib import Path

_SQL = Path(__file__).parent.parent / "sql" / "sqlite"
SETTINGS = {
    "default_cache_ttl": "0",
    "sql_time_limit_ms": "120000",
    "default_facet_size": "0",
    "allow_facet": "off",
    "suggest_facets": "off",
    "allow_download": "off",
}


def write_metadata(directory: Path, database: str) -> Path:
    """A metadata file with the queries of `database`; returns its path."""
    queries = {path.stem: {"sql": path.read_text()} for path in sorted(_SQL.glob("*.sql"))}
    path = directory / "datasette.json"
    path.write_text(json.dumps({"databases": {database: {"queries": queries}}}))
    return path
