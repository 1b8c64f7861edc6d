"""Conditional requests, HEAD and OPTIONS: what has not changed is not sent, nothing is lost."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.http.openapi import build
from negotiations_api.http.operation import OperationView
from negotiations_api.models import CatalogueRevision
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client

THERE = "/v1/negotiations/us-dprk"
PLACES = {
    "negotiation": "us-dprk",
    "account": "stockholm-prk-negotiator",
    "commitment": "prk-suspends-tests",
    "demand": "cvid",
    "event": "xi-visits-pyongyang",
    "issue": "sanctions-relief",
    "meeting": "hanoi",
    "participant": "usa",
    "party": "chn",
    "source": "yonhap-2019-09-16",
    "problem": "conflict",
    "audience": "prk-team",
    "sides": "usa...prk",
    "index": "0",
}


@pytest.fixture
def talking(talks: Database, client: Client) -> Client:
    """A client of the example talks, in which every list of parts has something."""
    team = {"slug": "prk-team", "title": "The team", "members": ["desk"]}
    client.create(f"{THERE}/audiences", team)
    identifiers = [{"scheme": "cow", "value": "710"}]
    client.patch("/v1/parties/chn", {"identifiers": identifiers}, "*")
    return client


def readable(client: Client) -> list[str]:
    """Every address of the contract that can be read, of the example."""
    position = client.get(f"{THERE}/positions?stance=conditional&limit=1").get_json()["items"][0]
    places = PLACES | {"position": position["id"]}
    # Tokens are for who administers them (test_access.py).
    paths = {path: of for path, of in build(client.app)["paths"].items() if "/tokens" not in path}
    across = {"/v1/compare/{sides}": "/v1/compare/us-dprk:usa...us-dprk:prk"}
    addresses = (across.get(path, path).format(**places) for path in paths if "get" in paths[path])
    return [f"{a}?parties=usa,prk" if a.endswith("convergence") else a for a in addresses]


def test_whatever_can_be_read_is_not_sent_again_while_it_is_the_same(talking: Client) -> None:
    addresses = readable(talking)
    assert len(addresses) >= 60
    for address in addresses:
        first = talking.get(address)
        assert first.status_code == 200, (address, first.text)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/"), address
        again = talking.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers.get(name) == first.headers.get(name), (address, name)
        assert "Content-Type" not in again.headers
        several = talking.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
        assert several.status_code == 304, address
        assert talking.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_says_what_get_would_say_without_the_body(talking: Client) -> None:
    for address in readable(talking):
        same = {"X-Request-Id": "same"}
        got = talking.get(address, headers=same)
        head = talking.request("HEAD", address, headers=same)
        assert (head.status_code, head.data) == (200, b""), address
        assert dict(head.headers) == dict(got.headers), address
    missing = talking.request("HEAD", f"{THERE}/demands/cvdi")
    assert (missing.status_code, missing.data) == (404, b"")


def test_each_representation_has_an_etag_of_its_own(talking: Client) -> None:
    for address in readable(talking):
        offered = media_of(talking.app, address)
        tags = {
            media: talking.get(address, headers={"Accept": media}).headers["ETag"]
            for media in offered
        }
        assert len(set(tags.values())) == len(tags), address
        if len(tags) > 1:
            assert talking.get(address).headers["Vary"].startswith("Accept")


def media_of(app: Flask, address: str) -> list[str]:
    """The media types of the answer at an address."""
    adapter = app.url_map.bind("localhost")
    endpoint, _ = adapter.match(address.partition("?")[0], method="GET")
    view = app.view_functions[endpoint]
    assert isinstance(view, OperationView)
    return list(view.operation.renderers)


def test_an_answer_that_changes_with_the_record_has_a_new_etag(talking: Client) -> None:
    questions = ("matrix", "agreement", "roadmap", "timeline", "compare/usa...prk", "document")
    addresses = [f"{THERE}/{name}" for name in questions] + [
        f"{THERE}/positions",
        f"{THERE}/positions?format=csv",
        "/v1/parties/usa/positions",
    ]
    tags = {address: talking.get(address).headers["ETag"] for address in addresses}
    position = {"party": "usa", "demand": "cvid", "date": "2019-11", "stance": "accept"}
    talking.create(f"{THERE}/positions", position)
    for address, tag in tags.items():
        answer = talking.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200, address


@pytest.mark.parametrize("path", ["/v1/parties", "/v1/sources?format=csv", "/v1/negotiations"])
def test_a_list_of_what_is_shared_is_new_after_each_change(world: Client, path: str) -> None:
    collection = path.partition("?")[0]
    sample = next(s for s in SAMPLES if s.collection == collection)

    def is_new(tag: str) -> bool:
        return world.get(path, headers={"If-None-Match": tag}).status_code == 200

    def now() -> str:
        return world.get(path).headers["ETag"]

    tag = now()
    address = world.create(collection, sample.payload).headers["Location"]
    assert is_new(tag)
    tag = now()
    world.patch(address, sample.change, "*")
    assert is_new(tag)
    tag = now()
    world.delete(address, "*")
    assert is_new(tag)
    assert not is_new(now())


def test_an_unchanged_answer_is_not_computed(
    talking: Client, queries: Callable[[], list[str]]
) -> None:
    for name in ("matrix", "agreement", "roadmap", "compare/usa...prk", "positions?format=csv"):
        address = f"{THERE}/{name}"
        tag = talking.get(address).headers["ETag"]
        ran = len(queries())
        assert talking.get(address, headers={"If-None-Match": tag}).status_code == 304
        read = [s for s in queries()[ran:] if "FROM position" in s]
        assert read == [], name


def test_what_is_read_may_be_kept_and_what_is_written_or_wrong_may_not(talking: Client) -> None:
    for address in readable(talking):
        assert talking.get(address).headers["Cache-Control"].endswith("no-cache"), address
    assert talking.get(f"{THERE}/nothing").headers["Cache-Control"] == "no-store"
    party = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    assert talking.create("/v1/parties", party).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_options_names_the_methods_and_the_bodies(world: Client, sample: Sample) -> None:
    many = world.request("OPTIONS", sample.collection)
    assert (many.status_code, many.data) == (204, b"")
    assert many.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert many.headers["Accept-Post"].startswith("application/json")
    assert ("text/csv" in many.headers["Accept-Post"]) == (sample.noun in {"demand", "position"})
    one = world.request("OPTIONS", f"{sample.collection}/whatever")
    assert one.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    assert one.headers["Accept-Patch"] == "application/merge-patch+json, application/json"
    assert "Content-Type" not in one.headers


def test_options_of_what_is_not_there_is_not_found(client: Client) -> None:
    assert client.request("OPTIONS", "/v1/partys").status_code == 404


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_put_with_if_none_match_star_creates_only(world: Client, sample: Sample) -> None:
    if sample.key is None:
        return
    address = f"{sample.collection}/{sample.key}"
    only_new = {"If-None-Match": "*"}
    created = world.request("PUT", address, sample.payload, headers=only_new)
    assert created.status_code == 201
    again = world.request("PUT", address, sample.payload | sample.change, headers=only_new)
    assert again.status_code == 412
    assert world.get(address).headers["ETag"] == created.headers["ETag"]


def test_a_document_is_created_only_or_replaced_at_its_revision(world: Client) -> None:
    address = f"{HERE}/document"
    read = world.get(address)
    document = read.get_json()
    only_new = world.request("PUT", address, document, headers={"If-None-Match": "*"})
    assert only_new.status_code == 412
    assert world.put(address, document).status_code == 428
    assert world.put(address, document, read.headers["ETag"]).status_code == 200
    world.patch(HERE, {"title": "Other"}, "*")
    assert world.put(address, document, read.headers["ETag"]).status_code == 412


@pytest.mark.parametrize("tag", ['W/"{}"', '"x{}"', '""', '"a", "b"'])
def test_only_a_strong_etag_of_the_version_changes_a_record(world: Client, tag: str) -> None:
    address = f"{HERE}/demands/treaty"
    current = world.get(address).headers["ETag"].strip('"')
    answer = world.patch(address, {"title": "Other"}, tag.format(current))
    assert answer.status_code == 412, answer.text
    assert current in answer.get_json()["detail"]
    listed = world.patch(address, {"title": "Other"}, f'"other", "{current}"')
    assert listed.status_code == 200


@pytest.mark.parametrize("tag", ["", "rubbish", '"open', '*, "a"', ",,,", '"' + "x" * 8000 + '"'])
@pytest.mark.parametrize(
    ("method", "name"), [("GET", "If-None-Match"), ("PATCH", "If-Match"), ("DELETE", "If-Match")]
)
def test_a_precondition_that_says_nothing_is_refused(
    world: Client, method: str, name: str, tag: str
) -> None:
    body = {"title": "Other"} if method == "PATCH" else None
    answer = world.request(method, f"{HERE}/demands/treaty", body, headers={name: tag})
    assert answer.status_code == 400
    assert answer.get_json()["detail"].startswith(f"{name}: Write an ETag as it came")


def test_if_none_match_of_a_write_takes_no_etag(world: Client) -> None:
    address = f"{HERE}/demands/treaty"
    tag = world.get(address).headers["ETag"]
    body = {"title": "Other", "issue": "water"}
    answer = world.request("PUT", address, body, headers={"If-None-Match": tag})
    assert answer.status_code == 400
    assert "If-Match takes ETags" in answer.get_json()["detail"]


def test_the_version_is_compared_in_the_statement_that_writes(
    world: Client, queries: Callable[[], list[str]]
) -> None:
    ran = len(queries())
    world.patch(f"{HERE}/demands/treaty", {"title": "Other"}, "*")
    updates = [s for s in queries()[ran:] if s.startswith("UPDATE demand ")]
    assert updates
    assert all("demand.version =" in statement.partition("WHERE")[2] for statement in updates)


def test_an_answer_says_which_revision_it_is_of(talking: Client) -> None:
    revision = talking.get(f"{THERE}/matrix").headers["Negotiation-Revision"]
    for address in readable(talking):
        if address.startswith(THERE):
            assert talking.get(address).headers["Negotiation-Revision"] == revision, address
    body = json.loads(talking.get(f"{THERE}/matrix").data)
    assert body["revision"] == int(revision)


def test_the_etag_of_a_record_with_what_stands_beside_it_changes_the_record(
    world: Client,
) -> None:
    address = f"{HERE}/demands/treaty"
    tag = world.get(f"{address}?expand=issue").headers["ETag"]
    assert tag != world.get(address).headers["ETag"]
    assert world.patch(address, {"title": "Other"}, tag).status_code == 200
    assert world.patch(address, {"title": "Another"}, tag).status_code == 412


def test_a_weak_etag_is_told_to_be_weak(world: Client) -> None:
    address = f"{HERE}/demands/treaty"
    tag = world.get(address).headers["ETag"]
    answer = world.patch(address, {"title": "Other"}, f"W/{tag}")
    assert answer.status_code == 412
    assert "leave W/ out" in answer.get_json()["detail"]


def test_what_is_added_to_may_have_to_be_a_version(world: Client) -> None:
    address = f"{HERE}/demands/treaty"
    tag = world.get(address).headers["ETag"]
    more = {"source": "treaty"}
    for given, status in ((tag, 201), (tag, 412), ("*", 201)):
        answer = world.post(f"{address}/citations", more, headers={"If-Match": given})
        assert answer.status_code == status


def test_there_is_nothing_that_if_match_of_a_new_record_could_be_about(world: Client) -> None:
    party = {"slug": "fourth", "name": "Fourth", "kind": "state"}
    assert world.post("/v1/parties", party, headers={"If-Match": "*"}).status_code == 400


def test_each_change_of_what_is_shared_is_a_revision_of_its_own(
    app: Flask, database: Database
) -> None:
    def revision() -> int:
        with database.transaction(Access.READ) as session:
            found = session.get(CatalogueRevision, "party")
            return found.revision if found else 0

    def create(number: int) -> None:
        Client(app).create("/v1/parties", {"slug": f"p{number}", "name": "P", "kind": "state"})

    before = revision()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(create, range(30)))
    assert revision() == before + 30


@pytest.mark.parametrize("accept", ["text/plain", "text/csv"])
def test_an_answer_without_a_body_is_acceptable_to_everybody(world: Client, accept: str) -> None:
    headers = {"Accept": accept, "If-Match": "*"}
    for address in (f"{HERE}/demands/prisoners", "/v1/negotiations/border"):
        assert world.request("DELETE", address, headers=headers).status_code == 204
