"""The questions on the command line, of the local database and of a server."""

import json
import re
import threading
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from werkzeug.serving import make_server

from negotiations_api.__main__ import Factory
from negotiations_api.cli import cli
from negotiations_api.database import Database
from tests.client import Client

COMMANDS = {
    "diff": ["us-dprk", "usa@2019-01-31", "usa@2019-03-31"],
    "across": ["us-dprk:usa@2019-01-31", "us-dprk:prk@2019-03-31"],
    "matrix": ["us-dprk", "--on", "2019-10"],
    "agreement": ["us-dprk", "--on", "2019-10", "--measure", "kappa"],
    "convergence": ["us-dprk", "--parties", "usa,prk", "--period", "2018-06/.."],
    "compromise": ["us-dprk", "--on", "2019-10"],
    "timeline": ["us-dprk", "--party", "prk", "--kind", "meeting"],
    "accounts": ["us-dprk", "stockholm"],
    "roadmap": ["us-dprk", "--on", "2019-10", "--assume", "cvid:prk:accept"],
    "positions": ["prk", "--on", "2019-10"],
}


def ask(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, obj=Factory(), env={"NEGOTIATIONS_DATABASE_URL": url})


@pytest.fixture
def url(talks: Database) -> str:
    """The address of the example talks."""
    return talks.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def server(talks: Database, app: Flask) -> Iterator[str]:
    """The address of a server of the example talks."""
    served = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def test_every_question_is_a_command() -> None:
    assert set(COMMANDS) < set(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("form", ["text", "json", "markdown", "csv"])
def test_the_local_database_and_a_server_give_the_same_answer(
    url: str, server: str, form: str
) -> None:
    for command, arguments in COMMANDS.items():
        asked = [command, *arguments, "--format", form]
        local, remote = ask(url, *asked), ask("sqlite://", *asked, "--server", server)
        assert local.exit_code == remote.exit_code == 0, local.output + remote.output
        assert local.stdout_bytes == remote.stdout_bytes
        assert local.output


def test_the_answer_is_that_of_the_service(url: str, client: Client) -> None:
    local = ask(url, "roadmap", "us-dprk", "--on", "2019-10", "--format", "json")
    assert (
        json.loads(local.output)
        == client.get("/v1/negotiations/us-dprk/roadmap?on=2019-10").get_json()
    )


def test_concessions_may_be_assumed_one_after_the_other(url: str) -> None:
    assumed = ["sanctions-relief:usa:reciprocal", "peace-treaty:usa:accept"]
    options = [word for concession in assumed for word in ("--assume", concession)]
    local = ask(url, "roadmap", "us-dprk", "--on", "2019-10", "--format", "json", *options)
    shown = json.loads(local.output)["assumed"]
    assert {f"{a['demand']}:{a['party']}:{a['concession']}" for a in shown} == set(assumed)


def test_text_is_as_wide_and_as_coloured_as_asked_for(url: str) -> None:
    plain = ask(url, "roadmap", "us-dprk", "--on", "2019-10", "--width", "60").output
    colored = ask(
        url, "roadmap", "us-dprk", "--on", "2019-10", "--width", "60", "--color", "always"
    ).output
    assert max(len(line) for line in plain.splitlines()) <= 60
    assert colored != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["agreement", "us-dpkr"], "did you mean 'us-dprk'?"),
        (["agreement", "us-dprk", "--period", "2019/2018"], "ends before it begins"),
        (["accounts", "us-dprk", "stokholm"], "did you mean 'stockholm'?"),
        (["roadmap", "us-dprk", "--assume", "cvid:prk"], "cvid:prk"),
        (["positions", "../sources"], "There is"),
        (["matrix", "us-dprk", "--server", "127.0.0.1:1"], "write http://"),
        (["matrix", "us-dprk", "--server", "http://127.0.0.1:1"], "does not answer"),
        (["matrix", "us-dprk", "--server", "http://127.0.0.1:x"], "does not answer"),
        (["matrix", "\udcff"], "There is no negotiation"),
        (["matrix", "us-dprk", "--issue", ""], "issue"),
    ],
)
def test_what_cannot_be_answered_ends_with_a_sentence(
    url: str, arguments: list[str], advice: str
) -> None:
    ran = ask(url, *arguments)
    assert ran.exit_code == 1, ran.output
    assert advice in ran.stderr
    assert ran.stdout == ""


def test_a_server_may_be_named_with_its_version(url: str, server: str) -> None:
    asked = ["matrix", "us-dprk", "--on", "2019"]
    assert ask(url, *asked, "--server", f"{server}/v1/").stdout == ask(url, *asked).stdout != ""


@pytest.mark.parametrize("status", [200, 404])
def test_a_server_that_is_none_of_ours_is_told_so(url: str, status: int) -> None:
    other = Flask("other")
    other.errorhandler(404)(lambda _: ("<p>\x1b[31m</p>", status))
    served = make_server("127.0.0.1", 0, other)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    ran = ask(url, "matrix", "us-dprk", "--server", f"http://127.0.0.1:{served.server_port}")
    served.shutdown()
    thread.join()
    served.server_close()
    assert ran.exit_code == 1
    assert "is none of this service's" in ran.stderr


def test_an_option_that_is_mistyped_is_told_what_is_right(url: str) -> None:
    ran = ask(url, "agreement", "us-dprk", "--mesure", "s")
    assert ran.exit_code == 2
    assert "--measure" in ran.stderr
