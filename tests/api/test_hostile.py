"""Whatever is sent to whatever address, the client is told what is wrong, alike on both engines."""

import itertools
import json
from functools import partial

import pytest

from tests.api.engines import NAMES, Engines, Target, address, faults, targets
from tests.api.samples import HERE
from tests.contract import contract
from tests.hostile import BODIES, BREAKS_DATABASES, COMPRESSED, LARGE, MEMBERS, VALUES
from tests.hostile_requests import HEADERS, QUERIES, SEGMENTS

TARGETS = list(targets())
READ = [path for path, methods in contract().document["paths"].items() if "get" in methods]

every_write = pytest.mark.parametrize("target", TARGETS, ids=str)
every_body = pytest.mark.parametrize("target", [t for t in TARGETS if t.good], ids=str)
every_read = pytest.mark.parametrize("template", READ)


def as_json(target: Target, place: str | None = None, text: str = "") -> bytes:
    """The good body of a target, with other JSON text in one place of it, or more at its end."""
    members = [
        f"{json.dumps(name)}: {text if name == place else json.dumps(value)}"
        for name, value in (target.good or {}).items()
    ]
    return ("{" + ", ".join([*members, *([text] if place is None and text else [])]) + "}").encode()


def content(target: Target) -> dict[str, str]:
    """The header that says what the body of a target is."""
    return {"Content-Type": target.media[0]} if target.media else {}


def test_the_corpus_is_large() -> None:
    parts = (BODIES, LARGE, VALUES, MEMBERS, COMPRESSED, HEADERS, QUERIES, SEGMENTS)
    assert sum(len(part) for part in parts) >= 150


def test_every_operation_that_takes_a_body_is_attacked() -> None:
    taking = {
        f"{method.upper()} {path}"
        for path, methods in contract().document["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }
    # Those of tokens, and what is brought back, are in test_injection.py.
    taking = {one for one in taking if "/tokens" not in one and not one.endswith("/restore")}
    assert taking == {str(target) for target in TARGETS if target.good is not None}


@every_write
def test_a_good_request_is_accepted_so_that_only_what_is_hostile_is_refused(
    engines: Engines, target: Target
) -> None:
    headers = content(target) | ({} if target.method == "POST" else {"If-Match": "*"})
    for client, position in zip(engines.clients, engines.positions, strict=True):
        path = target.path.replace("POSITION", position) + "?dry_run=true"
        answer = client.request(target.method, path, data=as_json(target), headers=headers)
        assert answer.status_code in {200, 201, 204}, answer.text


@every_body
def test_a_hostile_body_is_refused(engines: Engines, target: Target) -> None:
    whole = (
        (f"{name} as {media}", partial(engines.attack, target, {"Content-Type": media}, body))
        for media in target.media
        for name, body in {**BODIES, **(LARGE if target.creates else {})}.items()
    )
    packed = {**content(target), "Content-Encoding": "gzip"}
    compressed = (
        (name, partial(engines.attack, target, packed, body)) for name, body in COMPRESSED.items()
    )
    assert not faults(itertools.chain(whole, compressed))


@every_body
def test_a_hostile_value_is_refused_or_kept(engines: Engines, target: Target) -> None:
    assert target.good is not None
    places = list(target.good)
    # Over all targets each value comes to every place; parts and changes take turns at the values.
    first, step = TARGETS.index(target), 1 if target.creates else 3
    spoilt = {
        f"{name} as {place}": as_json(target, place, VALUES[name])
        for index, name in enumerate(list(VALUES)[first % step :: step], first)
        for place in [places[index % len(places)]]
    }
    spoilt |= {name: as_json(target, text=text) for name, text in MEMBERS.items()}
    headers = content(target)
    assert not faults(
        (name, partial(engines.attack, target, headers, body)) for name, body in spoilt.items()
    )


@pytest.mark.parametrize("target", [t for t in TARGETS if t.creates], ids=str)
@pytest.mark.parametrize("name", BREAKS_DATABASES)
def test_what_breaks_databases_breaks_none_in_any_place(
    engines: Engines, target: Target, name: str
) -> None:
    headers = content(target)
    assert not faults(
        (place, partial(engines.attack, target, headers, as_json(target, place, VALUES[name])))
        for place in target.good or {}
    )


@every_write
def test_hostile_headers_are_refused_or_ignored(engines: Engines, target: Target) -> None:
    good = as_json(target) if target.good else b""
    sent = {name: content(target) | dict(headers) for name, headers in HEADERS.items()}
    assert not faults(
        (name, partial(engines.attack, target, headers, good)) for name, headers in sent.items()
    )
    if target.method == "POST":  # a trial has no need of its Idempotency-Key
        assert not faults(
            (name, partial(engines.send, "POST", target.path, headers=headers, data=b"[]"))
            for name, headers in sent.items()
            if name.startswith("Idempotency-Key")
        )


@every_read
def test_a_hostile_query_is_refused(engines: Engines, template: str) -> None:
    path = address(template)
    assert not faults(
        (name, partial(engines.send, "GET", path, query_string=query))
        for name, query in QUERIES.items()
    )


@pytest.mark.parametrize("template", READ[::4])
def test_hostile_headers_of_a_reader_are_refused_or_ignored(
    engines: Engines, template: str
) -> None:
    headers = {name: sent for name, sent in HEADERS.items() if "Content" not in name}
    assert not faults(
        (name, partial(engines.send, "GET", address(template), headers=sent))
        for name, sent in headers.items()
    )


@pytest.mark.parametrize(
    ("method", "template"),
    sorted(
        {("GET", path) for path in READ if "{" in path}
        | {(target.method, target.template) for target in TARGETS if "{" in target.template}
    ),
)
def test_a_hostile_address_leads_nowhere(engines: Engines, method: str, template: str) -> None:
    paths = {
        f"{name} as {place}": address(template, **{place: segment})
        for place in NAMES
        if f"{{{place}}}" in template
        for name, segment in SEGMENTS.items()
    }
    paths["a slash more"] = address(template) + "/"
    paths["two slashes"] = address(template).replace("/v1/", "/v1//")
    assert not faults(
        (name, partial(engines.send, method, path, json=None if method == "GET" else []))
        for name, path in paths.items()
    )


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{HERE}/demands/fence", {"part_of": "fence"}),
        (f"{HERE}/demands/treaty", {"part_of": "fence"}),
        (f"{HERE}/participants/delta", {"supports": "delta"}),
        ("/v1/parties/gamma", {"member_of": [{"party": "gamma"}]}),
        ("/v1/parties/alpha", {"member_of": [{"party": "gamma", "since": "1990"}]}),
    ],
)
def test_what_goes_in_a_circle_is_refused_or_kept_alike(
    engines: Engines, path: str, change: dict[str, object]
) -> None:
    before = engines.clients[0].get(path).get_json()
    engines.send("PATCH", path, json=change, headers={"If-Match": "*"})
    engines.send("PUT", path, json=before, headers={"If-Match": "*"})
