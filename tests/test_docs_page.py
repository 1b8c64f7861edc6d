"""The documentation in the browser: what is served, and what a browser makes of it.

Without Chromium (the package chromium of Debian), pytest says that its tests have no parameters.
"""

import re
import shutil
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from negotiations_api.app import create_app
from negotiations_api.blueprints.docs import TYPES
from negotiations_api.config import Settings
from tests.browser import Tab, browse
from tests.client import check_problem

ADDRESSES = ("/docs", *(f"/docs/{name}" for name in TYPES))
OURS = files("negotiations_api.blueprints") / "docs_page"
CHROMIUM = [path for name in ("chromium", "google-chrome") if (path := shutil.which(name))][:1]


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Flask:
    """The application on an empty database; these pages are the same on either engine."""
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    return create_app(Settings(database_url=f"sqlite:///{path}"))


@pytest.fixture
def reader(site: Flask) -> FlaskClient:
    """A client of that application; not the one that holds answers to the OpenAPI file."""
    return site.test_client()


def test_the_page_is_html_in_a_language(reader: FlaskClient) -> None:
    answer = reader.get("/docs")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "/openapi.yaml" in re.findall("<noscript>(.*?)</noscript>", answer.text, re.DOTALL)[0]


def test_the_page_has_no_script_and_no_style_in_it(reader: FlaskClient) -> None:
    page = reader.get("/docs").text
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page) == ["", ""]
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []


def test_the_policy_lets_nothing_in_from_elsewhere(reader: FlaskClient) -> None:
    policy = reader.get("/docs").headers["Content-Security-Policy"]
    directives = {name: rest for name, *rest in map(str.split, policy.split(";"))}
    assert directives.pop("img-src") == ["'self'", "data:"]
    assert directives == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_nothing_of_ours_names_another_host(reader: FlaskClient) -> None:
    for file in OURS.iterdir():
        assert "//" not in re.sub(r"^ *// .*$", "", file.read_text(), flags=re.MULTILINE), file.name


def test_what_the_page_loads_is_served_beside_it(reader: FlaskClient) -> None:
    loaded = re.findall(r'(?:src|href)="([^"]*)"', reader.get("/docs").text)
    assert set(loaded) == {*ADDRESSES[1:], "/openapi.yaml"}
    assert {reader.get(address).status_code for address in loaded} == {200}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
        ("LICENSE", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_says_what_it_is(reader: FlaskClient, name: str, kind: str) -> None:
    assert reader.get(f"/docs/{name}").content_type == kind


def test_the_licence_is_served(reader: FlaskClient) -> None:
    text = reader.get("/docs/LICENSE").text
    assert "SmartBear" in text
    assert "Apache License, Version 2.0" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_guesses_a_type(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_a_file_does_not_get_it_again(reader: FlaskClient, address: str) -> None:
    first = reader.get(address)
    assert re.fullmatch(r'"[0-9a-f]{32}"', first.headers["ETag"])
    assert first.headers["Cache-Control"] == "no-cache"
    again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = reader.get(address, headers={"If-None-Match": '"another"'})
    assert (other.status_code, other.data) == (200, first.data)


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_has_the_headers_and_no_body(reader: FlaskClient, address: str) -> None:
    same = {"X-Request-Id": "same"}
    shown, headed = reader.get(address, headers=same), reader.head(address, headers=same)
    assert headed.data == b""
    assert dict(headed.headers) == dict(shown.headers)


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("/docs/", "did you mean /docs?"),
        ("/doc", "did you mean /docs?"),
        ("/docs/swagger-ui.js", "did you mean 'swagger-ui.css'?"),
        ("/docs/license", "did you mean 'LICENSE'?"),
        ("/docs/index.html", "there is page.css"),
        ("/docs/%2e%2e%2fdocs.py", "There is n"),
        ("/docs/../docs.py", "There is n"),
        ("/docs/VERSION", "there is page.css"),
        ("/docs/\x00", "there is page.css"),
    ],
)
def test_what_is_not_there_is_told_what_is(reader: FlaskClient, address: str, advice: str) -> None:
    answer = reader.get(address)
    check_problem(answer)
    assert answer.status_code == 404
    assert advice in answer.get_json()["detail"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_rules_of_every_address_hold_here_too(reader: FlaskClient, address: str) -> None:
    refused = (
        (reader.get(f"{address}?x=1"), 400),
        (reader.get(address, headers={"Accept": "audio/ogg"}), 406),
        (reader.post(address), 405),
    )
    for answer, status in refused:
        check_problem(answer)
        assert answer.status_code == status


@pytest.fixture
def host(site: Flask) -> Iterator[str]:
    """The address of a server of that application."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def tab(request: pytest.FixtureRequest, tmp_path: Path, host: str) -> Iterator[Tab]:
    """The page in a browser (Debian has it as the package chromium)."""
    with browse(request.param, tmp_path / "profile") as opened:
        opened.call("Page.navigate", url=f"{host}/docs")
        opened.wait_for("document.querySelectorAll('.opblock').length")
        yield opened


IN_CHROMIUM = pytest.mark.parametrize("tab", CHROMIUM, indirect=True)
SHOWN = "Array.from(document.querySelectorAll('.opblock'), one => one.id)"
AT_THE_END = "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
LIST = "document.querySelector('#operations-issues-list_issues {}')"


def screens(tab: Tab) -> Iterator[set[str]]:
    """The operations of each screen, from the first to the last; only what is seen is there."""
    tab.value("scrollTo(0, 0)")
    while True:
        yield set(tab.settled(SHOWN))
        if tab.value(AT_THE_END):
            return
        tab.value("scrollBy(0, innerHeight / 2)")


@IN_CHROMIUM
def test_a_browser_shows_every_operation(tab: Tab, reader: FlaskClient) -> None:
    paths = reader.get("/openapi.json").get_json()["paths"]
    operations = [one for path in paths.values() for one in path.values()]
    ids = {f"operations-{one['tags'][0]}-{one['operationId']}" for one in operations}
    assert set().union(*screens(tab)) == ids
    assert tab.value("document.title") == "Negotiations: the API"
    assert tab.complaints() == []


@IN_CHROMIUM
def test_an_operation_is_tried_out_and_no_request_leaves_the_machine(tab: Tab, host: str) -> None:
    next(shown for shown in screens(tab) if "operations-issues-list_issues" in shown)
    for button in (".opblock-summary-control", ".try-out__btn", ".execute"):
        tab.wait_for(f"{LIST.format(button)} !== null")
        tab.value(f"{LIST.format(button)}.click()")
    answer = tab.wait_for(f"{LIST.format('.live-responses-table')}?.innerText")
    assert "sanctions-relief" in answer
    assert tab.value("location.hash") == "#/issues/list_issues"

    requested = [url for url in tab.requested() if not url.startswith("data:")]
    assert [url for url in requested if not url.startswith(f"{host}/")] == []
    assert {f"{host}/docs/swagger-ui-bundle.js", f"{host}/openapi.json"} <= set(requested)
    assert any(url.startswith(f"{host}/v1/issues") for url in requested)
    assert tab.complaints() == []


@IN_CHROMIUM
def test_an_address_of_an_operation_opens_it(tab: Tab, host: str) -> None:
    tab.call("Page.navigate", url="about:blank")
    tab.call("Page.navigate", url=f"{host}/docs#/issues/list_issues")
    tab.wait_for(f"{LIST.format('.try-out__btn')} !== null")


BREACHES = (
    "add('script', {textContent: 'window.ran = true'})",
    "add('style', {textContent: '#contract {display: none}'})",
    "add('p', {innerHTML: '<i style=\"color: red\">'})",
    "add('img', {src: 'https://example.org/badge.png'})",
    "void fetch('https://example.org/').catch(() => 0)",
)


@IN_CHROMIUM
def test_the_browser_stops_and_tells_what_the_policy_forbids(tab: Tab) -> None:
    add = "const add = (tag, all) => document.body.append("
    for breach in BREACHES:
        tab.happened.clear()
        tab.value(f"{{ {add}Object.assign(document.createElement(tag), all)); {breach} }}")
        tab.wait_for_complaint("Content Security Policy")
    assert tab.value("window.ran") is None
    assert tab.value("getComputedStyle(document.querySelector('#contract')).display") == "block"
