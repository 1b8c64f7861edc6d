"""Requests with something in one place of them that was meant for another place."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from werkzeug.test import TestResponse

from negotiations_api.database import Database
from tests.api.engines import Engines, Target, address, targets
from tests.injection import MARK, Json, Parameter, Path, bodies, operations, with_text

OTHERS = (
    Target("POST", "/v1/tokens", {"name": "new", "scope": "read", "negotiations": ["border"]}),
    Target("POST", "/v1/tokens/{name}/rotate", {"keep_s": 60}),
    Target("POST", "/v1/tokens/{name}/revoke", None),
    *(
        Target("POST", template, {"revision": 1})
        for method, template, _ in operations()
        if method == "POST" and template.endswith("/restore")
    ),
)
"""What writes and is no operation on a record or a part."""

TARGETS = {str(target): target for target in (*targets(), *OTHERS)}
READS = [template for method, template, _ in operations() if method == "GET"]
WRITES = [f"{method} {template}" for method, template, _ in operations() if method != "GET"]
WITH_BODY = [name for name in WRITES if bodies(*name.split(" "))]


@dataclass
class Request:
    """A request that is answered well as it stands."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    body: Json = None

    def with_parameter(self, parameter: Parameter, text: str) -> "Request":
        """The same, with a text in the place of a parameter."""
        query, headers, path = list(self.query), dict(self.headers), self.path
        if parameter.where == "query":
            query = [(name, value) for name, value in query if name != parameter.name]
            query.append((parameter.name, text))
        elif parameter.where == "header":
            headers[parameter.name] = text
        else:
            path = address(parameter.template, **{parameter.name: quote(text, safe="")})
        return Request(self.method, path, headers, query, self.body)

    def with_text(self, place: Path, text: str) -> "Request":
        """The same, with a text in a place of its body."""
        changed = with_text(self.body, place, text)
        return Request(self.method, self.path, self.headers, self.query, changed)

    def send(self, engines: Engines) -> list[TestResponse]:
        """The answers of both engines: as the contract has them, and alike."""
        # A header as it would come from a server that lets anything through.
        raw = {
            f"HTTP_{name.upper().replace('-', '_')}": value.encode().decode("latin-1")
            for name, value in self.headers.items()
        }
        more: dict[str, Any] = {} if self.body is None else {"json": self.body}
        return engines.send(
            self.method, self.path, query_string=dict(self.query), environ_overrides=raw, **more
        )


def good_read(template: str) -> Request:
    """A good request to read what is at an address."""
    return Request("GET", address(template))


def good_write(name: str, document: Json) -> Request:
    """A good request that changes something, as a trial; `document` is what a whole one has."""
    target = TARGETS[name]
    body = document if target.template.endswith("/document") else _whole(target)
    is_new = target.method == "POST" and not target.template.endswith("/restore")
    headers = {} if is_new else {"If-Match": "*"}
    path = address(target.template) if body is document else target.path
    return Request(target.method, path, headers, [("dry_run", "true")], body)


def _whole(target: Target) -> Json:
    """A body with all its fields, also for a change of some of them."""
    put = TARGETS.get(f"PUT {target.template}")
    return target.good if target.method != "PATCH" or put is None else put.good


class Watch:
    """What happens in the databases of both engines."""

    def __init__(self, engines: Engines) -> None:
        self.databases: list[Database] = [c.app.extensions["database"] for c in engines.clients]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Those that have the mark in them, and not beside them as a parameter."""
        found: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if MARK in statement:
                found.append(statement)

        with ExitStack() as stack:
            for database in self.databases:
                sa.event.listen(database.engine, "before_cursor_execute", note)
                stack.callback(sa.event.remove, database.engine, "before_cursor_execute", note)
            yield found

    def contents(self) -> list[dict[str, list[str]]]:
        """Every row of every table, as it would be printed."""
        return [_contents(database.engine) for database in self.databases]


def _contents(engine: sa.Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        quoted = engine.dialect.identifier_preparer.quote
        return {
            name: sorted(
                str(row) for row in connection.exec_driver_sql(f"SELECT * FROM {quoted(name)}")
            )
            for name in sorted(sa.inspect(connection).get_table_names())
        }
