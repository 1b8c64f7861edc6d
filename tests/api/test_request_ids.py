"""The id of a request is in its answer, whatever the answer is, and in what is logged of it."""

import logging
import re

import pytest
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.http.request_ids import HEADER, WithRequestId
from tests.api.samples import HERE
from tests.client import Client

NEW = re.compile("[0-9a-f]{32}")

ASKED = {
    "a list": ("GET", "/v1/parties"),
    "a record": ("GET", f"{HERE}/demands/treaty"),
    "its headers": ("HEAD", f"{HERE}/demands/treaty"),
    "a question": ("GET", f"{HERE}/matrix"),
    "what changes": ("DELETE", f"{HERE}/demands/prisoners"),
    "nothing": ("GET", "/nothing"),
    "a wrong parameter": ("GET", "/v1/parties?x=1"),
    "a method that is not there": ("DELETE", "/v1/parties"),
    "which methods there are": ("OPTIONS", "/v1/parties"),
    "the page for a browser": ("GET", "/docs"),
}


@pytest.mark.parametrize("name", ASKED)
def test_an_id_that_was_sent_comes_back(world: Client, name: str) -> None:
    method, path = ASKED[name]
    answer = world.flask.open(path, method=method, headers={HEADER: "A-z_0.9", "If-Match": "*"})
    assert answer.headers.getlist(HEADER) == ["A-z_0.9"]


@pytest.mark.parametrize("name", ASKED)
def test_without_one_there_is_a_new_one_each_time(world: Client, name: str) -> None:
    method, path = ASKED[name]
    made = [world.flask.open(path, method=method).headers[HEADER] for _ in range(2)]
    assert all(NEW.fullmatch(one) for one in made)
    assert made[0] != made[1]


def test_who_has_the_answer_is_told_the_id_too(world: Client) -> None:
    tag = world.get(f"{HERE}/matrix").headers["ETag"]
    answer = world.get(f"{HERE}/matrix", headers={"If-None-Match": tag, HEADER: "mine"})
    assert (answer.status_code, answer.headers[HEADER]) == (304, "mine")


def test_an_answer_that_is_given_again_has_the_id_of_the_second_request(world: Client) -> None:
    party = {"slug": "p", "name": "P", "kind": "state"}
    told = [
        world.post("/v1/parties", party, headers={"Idempotency-Key": "k", HEADER: one})
        for one in ("first", "second")
    ]
    assert [answer.headers.getlist(HEADER) for answer in told] == [["first"], ["second"]]
    assert told[1].headers["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "sent", ["", " ", "a b", "a,b", "x" * 129, "é", "a/b", "<b>", "a\tb", "${x}", '"a"', "a;b"]
)
def test_what_is_no_id_is_replaced(client: Client, sent: str) -> None:
    answer = client.get("/v1/parties", headers={HEADER: sent})
    assert answer.status_code == 200
    assert NEW.fullmatch(answer.headers[HEADER])


def test_of_several_ids_none_is_taken(client: Client) -> None:
    answer = client.get("/v1/parties", headers=[(HEADER, "one"), (HEADER, "two")])
    assert NEW.fullmatch(answer.headers[HEADER])


@pytest.fixture
def failing() -> Flask:
    """An application with an address that fails."""
    app = create_app(Settings(database_url="sqlite://"))

    @app.get("/fails/<name>")
    def fail(name: str) -> str:
        raise RuntimeError(f"something about {name}")

    return app


def test_what_is_logged_of_a_failure_has_the_id_of_its_answer(
    failing: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.handler.addFilter(WithRequestId())
    as_served = logging.Formatter("[%(request_id)s] %(message)s")
    monkeypatch.setattr(caplog.handler, "formatter", as_served)
    answer = failing.test_client().get("/fails/x")
    assert answer.status_code == 500
    assert caplog.text.startswith(
        f"[{answer.headers[HEADER]}] unexpected RuntimeError on GET '/fails/x'\n"
        "builtins.RuntimeError, raised from\n"
    )
    assert 'raise RuntimeError(f"something about {name}")' in caplog.text  # the line of the code
    assert "something about x" not in caplog.text


def test_a_path_begins_no_line_of_the_log(failing: Flask, caplog: pytest.LogCaptureFixture) -> None:
    failing.test_client().get("/fails/x%0D%0A[ERROR]%20forged%E2%80%A8%1B[2J")
    assert "\\r\\n[ERROR] forged\\u2028\\x1b[2J" in caplog.text
    assert not [line for line in caplog.text.splitlines() if line.startswith("[ERROR] forged")]


def test_where_there_is_no_request_a_line_says_so() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", None, None)
    assert WithRequestId().filter(record)
    assert record.request_id == "-"  # type: ignore[attr-defined]
