"""Those who call a service with audiences, and what they write there."""

from typing import Any

from werkzeug.test import TestResponse

from tests.api.samples import HERE
from tests.client import Client


class As:
    """A client that shows a token."""

    def __init__(self, client: Client, secret: str | None) -> None:
        self.client = client
        self.headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}

    def send(self, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, HERE + path, json, headers=self.headers | named)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, json: Any) -> TestResponse:
        return self.send("POST", path, json)

    def patch(self, path: str, json: Any, match: str = "*") -> TestResponse:
        return self.send("PATCH", path, json, If_Match=match)

    def delete(self, path: str) -> TestResponse:
        return self.send("DELETE", path, If_Match="*")

    def slugs(self, path: str) -> list[str]:
        return [one["slug"] for one in self.get(path).get_json()["items"]]


def demand(slug: str, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "title": slug.title(), "issue": "peace-treaty", **more}


def position(date: str, stance: str, **more: Any) -> dict[str, Any]:
    return {"party": "alpha", "demand": "treaty", "date": date, "stance": stance, **more}


ALPHA = {"audience": "alpha-team"}
BETA = {"audience": "beta-team"}
