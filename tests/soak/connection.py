"""Requests over a connection that is kept, and what they were answered."""

import http.client
import json
from dataclasses import dataclass
from email.message import Message
from typing import Any, Self
from urllib.parse import urlsplit

JSON = "application/json"
NDJSON = "application/x-ndjson"
_EACH_S = 60


class Lost(Exception):
    """The connection broke off before the answer was there: what was asked may have been done."""


@dataclass(frozen=True)
class Answer:
    """What a request was answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def problem(self) -> str:
        """The kind of problem that it is; empty if it is none."""
        is_problem = self.headers.get_content_type() == "application/problem+json"
        return str(self.json()["type"]).removeprefix("/problems/") if is_problem else ""

    @property
    def may_come_again(self) -> bool:
        """Whether it is a refusal for now (503), which says when to come again."""
        return self.status == 503 and int(self.headers.get("Retry-After", 0)) > 0

    @property
    def revision(self) -> int | None:
        """The revision that the request has made or read, if it is about one negotiation."""
        revision = self.headers["Negotiation-Revision"]
        return None if revision is None else int(revision)

    def json(self) -> Any:
        """The value of the body."""
        return json.loads(self.body)

    def __str__(self) -> str:
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


class Connection:
    """A connection to a server, opened by the first request, and again by the next if it breaks."""

    def __init__(self, address: str, token: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=_EACH_S)
        self._always = {"Authorization": f"Bearer {token}"} if token else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Connect, so that the first request need not."""
        self._connection.connect()

    def send(
        self, method: str, path: str, body: Any = None, media: str = JSON, **headers: str
    ) -> Answer:
        """Send a request, with a value as JSON, or a text as it is. Raises Lost."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None
        if body is not None:
            content = (body if isinstance(body, str) else json.dumps(body)).encode()
            named["Content-Type"] = media
        try:
            self._connection.request(method, path, content, self._always | named)
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Lost(f"{method} {path}: {error!r}") from error

    def close(self) -> None:
        """Close it; the next request opens it anew."""
        self._connection.close()
