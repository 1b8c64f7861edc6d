"""What is sent stays what it is: no statement and no header is made of it.

Every parameter and every text of a body that the OpenAPI document has is sent what would be one.
"""

import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.api.attacks import (
    READS,
    TARGETS,
    WITH_BODY,
    WRITES,
    Request,
    Watch,
    good_read,
    good_write,
)
from tests.api.engines import Engines, faults
from tests.contract import contract
from tests.injection import (
    HEADER,
    MARK,
    SQL,
    Json,
    Parameter,
    Path,
    bodies,
    parameters,
    some,
    text_at,
    texts,
)

OFTEN = 8
SELDOM = 3
"""So many of a corpus come to each place; over all places each of it has its turn."""

AT_MOST_S = 8
"""What sleeps, sleeps longer."""

every_read = pytest.mark.parametrize("template", READS)
every_write = pytest.mark.parametrize("name", WRITES)
every_body = pytest.mark.parametrize("name", WITH_BODY)


@pytest.fixture(scope="module")
def watch(engines: Engines) -> Watch:
    return Watch(engines)


@pytest.fixture(scope="module")
def document(engines: Engines) -> Json:
    """The whole of the negotiation that is attacked."""
    return engines.clients[0].get("/v1/negotiations/border/document?format=json").get_json()


@pytest.fixture(scope="module", autouse=True)
def nothing_is_written(watch: Watch) -> Iterator[None]:
    """No table is missing afterwards, and no row of any is another one."""
    before = watch.contents()
    assert all(len(tables["party"]) >= 4 for tables in before)
    yield
    assert watch.contents() == before


@pytest.fixture(autouse=True)
def nothing_gets_into_a_statement(watch: Watch) -> Iterator[None]:
    """No statement has in it what was sent, which comes beside it as a parameter."""
    with watch.statements() as tainted:
        yield
    assert tainted == []


def test_every_operation_that_writes_is_attacked() -> None:
    assert set(WRITES) == set(TARGETS)


def in_time(engines: Engines, request: Request) -> Json:
    """The body of the answer, which does not keep one waiting."""
    began = time.monotonic()
    answer = request.send(engines)[0]
    assert time.monotonic() - began < AT_MOST_S
    return answer.get_json(silent=True) if answer.status_code < 300 else None


@every_read
def test_no_parameter_of_a_reader_gets_into_a_statement(engines: Engines, template: str) -> None:
    good = good_read(template)
    # The document itself takes seconds, and asks no database.
    number = 1 if template.startswith("/openapi") else OFTEN
    assert not faults(
        (f"{name} as {one}", partial(in_time, engines, good.with_parameter(one, text)))
        for index, one in enumerate(parameters("GET", template))
        for name, text in some(SQL, index, number).items()
    )


@every_write
def test_no_parameter_of_a_writer_gets_into_a_statement(
    engines: Engines, name: str, document: Json
) -> None:
    good = good_write(name, document)
    assert not faults(
        (f"{attack} as {one}", partial(in_time, engines, good.with_parameter(one, text)))
        for index, one in enumerate(parameters(*name.split(" ")))
        if one.name != "dry_run"
        for attack, text in some(SQL, index, SELDOM).items()
    )


@every_body
def test_no_text_of_a_body_gets_into_a_statement(
    engines: Engines, name: str, document: Json
) -> None:
    good = good_write(name, document)
    number = SELDOM if len(places(name)) < 40 else 1

    def send(place: Path, text: str) -> None:
        shown = text_at(in_time(engines, good.with_text(place, text)), place)
        # What is taken is kept as it is, quotation marks and all.
        assert shown in {None, text}, shown

    assert not faults(
        (f"{attack} as {place}", partial(send, place, text))
        for index, place in enumerate(places(name))
        for attack, text in some(SQL, index, number).items()
    )


def step(name: str) -> int:
    """Of a whole document every so many texts will do: each is one of a record, too."""
    return 5 if name.endswith("/document") else 1


def places(name: str) -> list[Path]:
    """The places of all texts in the bodies of an operation."""
    found = {place: None for body in bodies(*name.split(" ")).values() for place in texts(body)}
    return [place for place in found if place]


def test_the_texts_of_bodies_are_found() -> None:
    assert {("title",), ("scale", "unit"), ("addressed_to", 0), ("citations", 0, "quotation")} <= {
        *places("POST /v1/negotiations/{negotiation}/demands")
    }
    assert ("positions", 0, "conditions", 0, "text") in places(
        "PUT /v1/negotiations/{negotiation}/document"
    )


KNOWN = {
    *(name.lower() for name in contract().document["components"]["headers"]),
    *("content-type", "content-length", "accept-post", "x-content-type-options"),
    *("content-security-policy", "referrer-policy", "cross-origin-resource-policy"),
}


def injects_nothing(engines: Engines, request: Request) -> None:
    for answer in request.send(engines):
        assert {name.lower() for name, _ in answer.headers} <= KNOWN
        for name, value in answer.headers.items():
            assert value.isprintable(), (name, value)
            assert value.isascii(), (name, value)
            # An address says again what was asked, encoded; a file is called what it is of.
            may_say_it = {"Link", "Content-Disposition", "Content-Location"}
            assert MARK not in value or name in may_say_it, (name, value)


@pytest.mark.parametrize(
    ("method", "template"),
    [("GET", template) for template in READS] + [tuple(name.split(" ")) for name in WRITES],
)
def test_no_parameter_begins_a_header(
    engines: Engines, method: str, template: str, document: Json
) -> None:
    name = f"{method} {template}"
    good = good_read(template) if method == "GET" else good_write(name, document)
    number = 1 if template.startswith("/openapi") else SELDOM
    attacked: list[Parameter] = parameters(method, template)
    attacked.append(Parameter(method, template, "header", "X-Request-Id"))
    attacked.append(Parameter(method, template, "header", "Origin"))
    assert not faults(
        (f"{attack} as {one}", partial(injects_nothing, engines, good.with_parameter(one, text)))
        for index, one in enumerate(attacked)
        if one.name != "dry_run"
        for attack, text in some(HEADER, index, number).items()
    )


@every_body
def test_no_text_of_a_body_begins_a_header(engines: Engines, name: str, document: Json) -> None:
    good = good_write(name, document)
    assert not faults(
        (f"{attack} as {place}", partial(injects_nothing, engines, good.with_text(place, text)))
        for index, place in enumerate(places(name)[:: step(name)])
        for attack, text in some(HEADER, index, 1).items()
    )
