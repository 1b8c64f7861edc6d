"""The application on both engines at once, and the operations that change something."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask
from werkzeug.test import TestResponse

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.caller import COMMAND, HERE
from tests.api.samples import SAMPLES, build_world
from tests.api.test_parts import CHANGES, PARTS
from tests.client import Client
from tests.contract import contract

NAMES = {sample.noun: sample.key or "POSITION" for sample in SAMPLES} | {
    "negotiation": "border",
    "index": "0",
    "sides": "alpha...beta",
    "problem": "malformed",
    "name": "desk",
}
"""What stands in an address for each parameter; POSITION is for the id, which differs."""

_FRESH: dict[str, dict[str, Any]] = {
    "party": {"slug": "itself", "iso_3166": None, "identifiers": []},
    "participant": {"party": "gamma"},
    "position": {"date": "2020-07"},
}
"""What tells another record of its kind from the sample; by default its slug."""


@dataclass(frozen=True)
class Target:
    """An operation that changes something, and a good body for it."""

    method: str
    template: str
    good: dict[str, Any] | None

    @property
    def path(self) -> str:
        """Its address, with names of what is there."""
        return address(self.template, negotiation=self._negotiation)

    @property
    def _negotiation(self) -> str:
        owned = self.template.count("/") > 3 and not self.template.endswith("/document")
        return "border" if owned else "rivers"

    @property
    def creates(self) -> bool:
        """Whether it makes a record, and not a part of one."""
        return self.method == "POST" and self.template.rpartition("/")[2] in COLLECTIONS.values()

    @property
    def media(self) -> list[str]:
        """The media types that it takes."""
        operation = contract().document["paths"][self.template][self.method.lower()]
        return list(operation.get("requestBody", {}).get("content", {}))

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def address(template: str, **names: str) -> str:
    """The address of something that is there."""
    path = template
    for name, value in (NAMES | names).items():
        path = path.replace(f"{{{name}}}", value)
    if template.startswith("/v1/compare"):
        path = path.replace("alpha...beta", "border:alpha...border:beta")
    return path


def targets() -> Iterator[Target]:
    """Every operation that changes a record or a part of one, and a whole document."""
    for sample in SAMPLES:
        many = sample.collection.replace("border", "{negotiation}")
        one = f"{many}/{{{sample.noun}}}"
        fresh = sample.payload | _FRESH.get(sample.noun, {"slug": "itself"})
        yield Target("POST", many, fresh)
        yield Target("PUT", one, sample.payload | sample.change)
        yield Target("PATCH", one, sample.change)
        yield Target("DELETE", one, None)
        for name in (name for name in PARTS if name in sample.payload):
            yield Target("POST", f"{one}/{name}", PARTS[name])
            yield Target("PUT", f"{one}/{name}/{{index}}", PARTS[name])
            yield Target("PATCH", f"{one}/{name}/{{index}}", CHANGES[name])
            yield Target("DELETE", f"{one}/{name}/{{index}}", None)
    rivers = next(sample for sample in SAMPLES if sample.noun == "negotiation")
    document = {"negotiation": rivers.payload}
    template = "/v1/negotiations/{negotiation}/document"
    yield Target("PUT", template, document)


class Engines:
    """The application on SQLite and on PostgreSQL, asked the same at the same time."""

    def __init__(self, *apps: Flask) -> None:
        self.clients = [Client(app) for app in apps]
        for client in self.clients:  # who may do everything has the most to be kept from
            cast("dict[str, Any]", client.flask.environ_base)[HERE] = COMMAND
        self.positions: list[str] = []

    def build(self) -> None:
        """The world of the samples, and every sample in it."""
        for client in self.clients:
            build_world(client)
            client.create("/v1/tokens", {"name": NAMES["name"], "scope": "read"})
            made = [client.create(one.collection, one.payload) for one in SAMPLES]
            self.positions += [
                answer.headers["Location"].rpartition("/")[2]
                for answer, sample in zip(made, SAMPLES, strict=True)
                if sample.noun == "position"
            ]

    def send(self, method: str, path: str, **more: Any) -> list[TestResponse]:
        """The answers of both: each as the contract has it, and both alike."""
        answers = [
            client.request(method, path.replace("POSITION", position), **more)
            for client, position in zip(self.clients, self.positions, strict=True)
        ]
        first, second = (_essence(answer) for answer in answers)
        assert first == second, f"SQLite answers {first}, PostgreSQL {second}"
        return answers

    def attack(self, target: Target, headers: Mapping[str, str], body: bytes) -> None:
        """Send what is hostile to a target, as a trial: all is done but the commit."""
        whole = {} if target.method == "POST" else {"If-Match": "*"}
        sent = {name: value for name, value in (whole | dict(headers)).items() if value}
        query = "dry_run=true"
        self.send(target.method, target.path, data=body, headers=sent, query_string=query)


def _essence(answer: TestResponse) -> tuple[int, str | None]:
    document = answer.get_json(silent=True) if answer.status_code >= 400 else None
    return answer.status_code, document["type"] if document else None


def faults(cases: Iterable[tuple[str, Callable[[], object]]]) -> str:
    """What is wrong with the answers to each of the cases; empty if nothing is."""
    found = []
    for name, run in cases:
        try:
            run()
        except AssertionError as error:
            found.append(f"{name}: {str(error)[:400]}")
    return "\n".join(found)
