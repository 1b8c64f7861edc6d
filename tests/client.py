"""A client of the API that holds every answer to the contract, so that no test has to."""

import json as json_text
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from negotiations_api.http.problem import MEDIA_TYPE, TYPES
from tests.contract import contract, has_page

_POINTER = re.compile(r"(/([^~/]|~[01])*)*")


class Client:
    """Sends requests, with JSON bodies, and checks the shape of what comes back."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.flask = app.test_client()

    def request(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """Send a request; check that its answer is one that the contract allows."""
        if json is not None:
            more["json"] = json
        answer = self.flask.open(path, method=method, **more)
        assert answer.status_code < 500, answer.text
        contract().check(answer)
        if answer.status_code >= 400 and method != "HEAD":
            check_problem(answer)
            check_pointers(answer, more.get("json", _json(more.get("data"))))
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        """GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """POST."""
        return self.request("POST", path, json, **more)

    def put(self, path: str, json: Any = None, match: str | None = None) -> TestResponse:
        """PUT, with If-Match if `match` is given."""
        return self.request("PUT", path, json, headers=_if_match(match))

    def patch(self, path: str, json: Any = None, match: str | None = None) -> TestResponse:
        """PATCH, with If-Match if `match` is given."""
        return self.request("PATCH", path, json, headers=_if_match(match))

    def delete(self, path: str, match: str | None = None) -> TestResponse:
        """DELETE, with If-Match if `match` is given."""
        return self.request("DELETE", path, headers=_if_match(match))

    def create(self, path: str, json: Any) -> TestResponse:
        """POST what must succeed."""
        answer = self.post(path, json)
        assert answer.status_code == 201, answer.text
        return answer


def _if_match(tag: str | None) -> dict[str, str]:
    return {} if tag is None else {"If-Match": tag}


def check_problem(answer: TestResponse) -> None:
    """Every error is a problem document (RFC 9457) of a known type, with something to read."""
    assert answer.content_type == MEDIA_TYPE, answer.content_type
    document = answer.get_json()
    assert set(document) <= {"type", "title", "status", "detail", "errors", "others"}
    kind = document["type"].removeprefix("/problems/")
    assert TYPES[kind].status == document["status"] == answer.status_code
    assert TYPES[kind].title == document["title"]
    assert has_page(document["type"])
    assert len(document["detail"]) > 10, document
    for error in document.get("errors", []):
        assert set(error) <= {"pointer", "parameter", "line", "detail"}
        assert len(error["detail"]) > 10, error
        assert "pointer" in error or "parameter" in error
        assert _POINTER.fullmatch(error.get("pointer", "")), error
    for other in document.get("others", []):
        assert other["href"].startswith("/v1/")


def check_pointers(answer: TestResponse, sent: Any) -> None:
    """Each pointer of an error (RFC 6901) leads into what was sent, or to where it would stand."""
    if sent is _NOT_JSON or answer.status_code != 422:
        return
    for error in answer.get_json().get("errors", []):
        if error.get("pointer"):
            place = sent
            for step in error["pointer"].split("/")[1:-1]:
                name = step.replace("~1", "/").replace("~0", "~")
                try:
                    place = place[int(name)] if isinstance(place, list) else place[name]
                except (LookupError, TypeError, ValueError):
                    raise AssertionError(f"{error} points to nothing in {sent}"[:2000]) from None


_NOT_JSON = object()


def _json(body: Any) -> Any:
    """The value of a body that was sent as bytes or text, if it is JSON."""
    try:
        return json_text.loads(body)
    except (TypeError, ValueError, RecursionError):
        return _NOT_JSON
