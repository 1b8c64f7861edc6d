"""The floor of the database: a WSGI function, the driver itself, and JSON made by SQL."""

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import psycopg

URL = os.environ["BENCH_DATABASE_URL"]
SQL = Path(__file__).parent.parent / "sql" / "sqlite"
IS_SQLITE = URL.startswith("sqlite")
SQLITE = {path.stem: path.read_text() for path in SQL.glob("*.sql")}
POSTGRESQL = {
    "list": "SELECT json_build_object('items', json_agg(p))::text FROM (SELECT * FROM api.positions"
    " WHERE negotiation_id = (SELECT id FROM negotiation WHERE slug = %(negotiation)s)"
    " ORDER BY date, id LIMIT 100) AS p",
    "item": "SELECT to_json(p)::text FROM api.positions AS p WHERE id = %(position)s::bigint",
    "comparison": "SELECT api.comparison(%(negotiation)s, %(left)s, %(right)s, %(on)s)::text",
    "matrix": "SELECT api.matrix(%(negotiation)s, %(on)s)::text",
}
here = threading.local()


def _answer(question: str, asked: dict[str, str]) -> str:
    if not hasattr(here, "connection"):
        here.connection = (
            sqlite3.connect(URL.removeprefix("sqlite:///"))
            if IS_SQLITE
            else psycopg.connect(URL, autocommit=True, prepare_threshold=1)
        )
    statement = (SQLITE if IS_SQLITE else POSTGRESQL)[question]
    found: str = here.connection.execute(statement, asked).fetchone()[0]
    return found


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer /question?name=value&..."""
    asked = dict(parse_qsl(environ["QUERY_STRING"]))
    body = _answer(environ["PATH_INFO"][1:], asked).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
