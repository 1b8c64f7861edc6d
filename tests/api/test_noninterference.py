"""What is hidden makes no difference: two databases that differ in nothing else answer alike.

The same story is written into both, in one of them without what is limited to audiences that a
caller is not in. Whatever that caller asks for, each byte and each header is the same.
"""

import datetime as dt
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from negotiations_api import upgrade
from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database, history
from negotiations_api.models import base, identifier
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.api.engines import NAMES
from tests.api.samples import SAMPLES, Sample, build_world
from tests.client import Client
from tests.conftest import create_database
from tests.contract import contract
from tests.histories import check_history

HERE = "/v1/negotiations/border"
VIEWERS = {"nobody": (), "alpha-team": ("alpha",), "both-teams": ("alpha", "beta")}
"""Who asks, and the audiences that it is in; there is one more, gamma, that nobody is in."""

TOKENS = ("desk", "alpha-team", "both-teams")
"""Those who show a token; the first of them is in no audience."""


@dataclass(frozen=True)
class Step:
    """A change of the record, seen by an audience alone, or by all."""

    audience: str | None
    make: Callable[[Client], TestResponse]


def post(audience: str | None, path: str, body: dict[str, Any]) -> Step:
    limited = body if audience is None or path == "/audiences" else body | {"audience": audience}
    return Step(audience, lambda client: client.post(f"{HERE}{path}", limited))


def create(sample: Sample) -> Step:
    return Step(None, lambda client: client.post(sample.collection, sample.payload))


def patch(audience: str | None, path: str, body: dict[str, Any]) -> Step:
    return Step(audience, lambda client: client.patch(f"{HERE}{path}", body, "*"))


def team(name: str, *members: str) -> Step:
    body = {"slug": name, "title": f"The team of {name}", "members": list(members)}
    return post(name, "/audiences", body)


def demand(slug: str, **more: Any) -> dict[str, Any]:
    return {"slug": slug, "title": f"On {slug}", "issue": "peace-treaty", **more}


def position(party: str, of: str, date: str, stance: str, **more: Any) -> dict[str, Any]:
    return {"party": party, "demand": of, "date": date, "stance": stance, **more}


def cited(client: Client, audience: str, quotation: str, source: str = "treaty") -> TestResponse:
    """Add a citation for an audience to what all see, between the others."""
    path = f"{HERE}/demands/treaty"
    there = client.get(path).get_json()["citations"]
    mine = {"source": source, "quotation": quotation, "audience": audience}
    return client.patch(path, {"citations": [mine, *there]}, "*")


def of_position(client: Client, **which: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in which.items())
    (found, *_) = client.get(f"{HERE}/positions?{query}").get_json()["items"]
    return f"{HERE}/positions/{found['id']}"


SECRET = {"conditions": [{"kind": "precondition", "demands": ["cellar"], "text": None}]}
STORY = (
    *(create(sample) for sample in SAMPLES if sample.noun != "audience"),
    post(None, "/positions", position("alpha", "treaty", "2020-01", "demand", summary="At once.")),
    post(None, "/positions", position("alpha", "prisoners", "2020-01", "accept")),
    post(None, "/positions", position("beta", "treaty", "2020-01", "reject")),
    team("alpha", "alpha-team", "both-teams"),
    patch(None, "/demands/treaty", {"title": "A treaty, at last"}),
    team("beta", "both-teams"),
    team("gamma"),
    # A position that supersedes what all see, and is superseded by what all see.
    post("alpha", "/positions", position("alpha", "treaty", "2020-07", "accept")),
    post("beta", "/positions", position("alpha", "treaty", "2020-07", "reject", summary="No.")),
    post(None, "/positions", position("alpha", "treaty", "2020-09", "demand")),
    post("gamma", "/positions", position("alpha", "treaty", "2020-09", "reserve")),
    # Demands of which nobody else knows, and all that hangs on them.
    post("beta", "/demands", demand("cellar", text="Dig a cellar.", addressed_to=["alpha"])),
    post("beta", "/demands", demand("cellar-door", part_of="cellar")),
    post("beta", "/positions", position("beta", "cellar", "2020-02", "demand")),
    post("beta", "/positions", position("alpha", "treaty", "2020-11", "conditional", **SECRET)),
    post("gamma", "/demands", demand("attic")),
    # Accounts that contradict the others.
    post(
        "alpha",
        "/accounts",
        {
            "slug": "summit-alpha-secret",
            "meeting": "summit",
            "party": "alpha",
            "date": "2020-03",
            "outcome": "broke_down",
            "claims": [{"topic": "border-opened", "affirmed": False, "text": "Never."}],
        },
    ),
    # Citations of what all see.
    Step("alpha", lambda client: cited(client, "alpha", "Whispered in the corridor.")),
    Step("gamma", lambda client: cited(client, "gamma", "Overheard.")),
    patch(None, "/demands/treaty", {"text": "All along the river."}),
    Step(
        "beta",
        lambda client: client.patch(
            of_position(client, party="alpha", demand="prisoners"),
            {"citations": [{"source": "treaty", "quotation": "Wink.", "audience": "beta"}]},
            "*",
        ),
    ),
    # Changes, deletions and what comes back.
    Step(
        "beta",
        lambda client: client.patch(
            of_position(client, party="beta", demand="cellar"), {"stance": "reserve"}, "*"
        ),
    ),
    Step("beta", lambda client: client.delete(f"{HERE}/demands/cellar-door", "*")),
    Step("beta", lambda client: client.post(f"{HERE}/demands/cellar-door/restore", {})),
    Step("gamma", lambda client: client.delete(f"{HERE}/demands/attic", "*")),
    Step(None, lambda client: client.patch("/v1/parties/alpha", {"name": "Alphaland"}, "*")),
    # A source that only a hidden citation uses.
    Step("gamma", lambda client: cited(client, "gamma", "From a leak.", "daily")),
    Step(None, lambda client: client.patch("/v1/sources/daily", {"author": "Another"}, "*")),
    patch("beta", "/audiences/beta", {"title": "Another title"}),
    post(None, "/positions", position("beta", "treaty", "2020-10", "accept")),
    Step("gamma", lambda client: cited(client, "gamma", "Overheard again.")),
)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Set the clock, and the ids that are made: the same in both databases.

    Those of changes are made apart: more parts are written before them where more is hidden.
    """

    def freeze(step: int) -> None:
        moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=step)
        clock = SimpleNamespace(datetime=SimpleNamespace(now=lambda _: moment), UTC=dt.UTC)
        monkeypatch.setattr(base, "dt", clock)
        monkeypatch.setattr(identifier, "_last", 0)
        monkeypatch.setattr(identifier, "secrets", SimpleNamespace(randbits=lambda _: 0))
        steps = SimpleNamespace(expovariate=lambda _: 0)
        monkeypatch.setattr(identifier, "_random", steps)
        monkeypatch.setattr(identifier, "time", SimpleNamespace(time=moment.timestamp))
        of_changes = itertools.count(2**60 + step * 2**20)
        monkeypatch.setattr(history, "new_id", lambda: next(of_changes))

    return freeze


Make = Callable[[], Flask]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes applications, each on a database of its own, on the same engine."""
    names = (f"{tmp_path.name}-{number}" for number in itertools.count())
    made: list[Database] = []

    def make() -> Flask:
        if request.param == "sqlite":
            path = tmp_path / f"{next(names)}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            app = create_app(Settings(database_url=f"sqlite:///{path}"))
        else:
            server = request.getfixturevalue("postgresql_server")
            app = create_app(Settings(database_url=create_database(server, next(names))))
            upgrade.upgrade(app.extensions["database"])
        made.append(app.extensions["database"])
        return app

    yield make
    for database in made:
        check_history(database)
        database.dispose()


def told(app: Flask, freeze: Callable[[int], None], audiences: tuple[str, ...] | None) -> Client:
    """A client of `app` after the story, or after what `audiences` see of it."""
    database: Database = app.extensions["database"]
    freeze(0)
    with database.transaction(Access.WRITE) as session:
        secrets = {
            "admin": create_token(session, "admin", Scope.ADMIN).secret,
            **{name: create_token(session, name, Scope.READ).secret for name in TOKENS},
        }
    client = Client(app)
    app.config["secrets"] = secrets
    environ = client.flask.environ_base
    environ |= {"HTTP_AUTHORIZATION": f"Bearer {secrets['admin']}", "HTTP_X_REQUEST_ID": "world"}
    freeze(1)
    build_world(client)
    for number, step in enumerate(STORY, start=2):
        if audiences is None or step.audience is None or step.audience in audiences:
            freeze(number)
            environ["HTTP_X_REQUEST_ID"] = f"step-{number}"
            answer = step.make(client)
            assert answer.status_code < 300, (number, answer.text)
    freeze(1000)
    del environ["HTTP_AUTHORIZATION"], environ["HTTP_X_REQUEST_ID"]
    return client


def ask(client: Client, viewer: str, path: str) -> tuple[int, bytes, dict[str, str]]:
    secrets = client.app.config["secrets"]
    headers = {"Authorization": f"Bearer {secrets[viewer]}"} if viewer in secrets else {}
    answer = client.get(path, headers=headers)
    kept = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status_code, answer.data, kept


HIDDEN = ("cellar", "cellar-door", "attic", "summit-alpha-secret", "gamma", "beta")
VARIANTS = (
    *("?format=csv", "?format=text", "?format=ndjson", "?format=markdown", "?count=exact"),
    *("?on=2020-08-15", "?on=2020-11-15", "?q=cellar", "?q=whispered", "?q=wink", "?q=treaty"),
    *("?audience=alpha", "?audience=beta", "?demand=cellar", "?sort=-date", "?limit=2"),
    *("?sort=-updated_at", "?known_on=2024", "?known_on=2023", "?by=admin", "?expand=source"),
    *(f"?revision={number}" for number in (19, 22, 25, 28, 31, 34, 37, 99)),
    *(f"?after={number}" for number in (0, 25)),
)


def addresses(client: Client) -> list[str]:
    """Every GET of the OpenAPI document, of what is there and of what is hidden."""
    plain = list(dict.fromkeys(_plain(client)))
    varied = [one for one in plain if "border" in one and not any(name in one for name in HIDDEN)]
    # One revision after the other: each is made once.
    return plain + [one + variant for variant in VARIANTS for one in varied]


def _plain(client: Client) -> Iterator[str]:
    paths = contract().document["paths"]
    ids = [one["id"] for one in client.get(f"{HERE}/positions").get_json()["items"]]
    for template in (path for path, methods in paths.items() if "get" in methods):
        if template.startswith("/v1/tokens"):
            continue
        names = NAMES | {"position": ids[0]}
        for name in names:
            slot = f"{{{name}}}"
            if slot in template and name in {"demand", "account", "audience"}:
                for other in HIDDEN:
                    filled = template.replace(slot, other)
                    yield _filled(filled, names)
            if slot in template and name == "position":
                yield from (_filled(template.replace(slot, one), names) for one in ids[1:])
        yield _filled(template, names)


def _filled(template: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        template = template.replace(f"{{{name}}}", value)
    if template.startswith("/v1/compare"):
        template = template.replace("alpha...beta", "border:alpha...border:beta")
    return template


@pytest.mark.parametrize("viewer", VIEWERS)
def test_what_is_hidden_makes_no_difference_to_any_answer(
    fresh: Make, frozen: Callable[[int], None], viewer: str
) -> None:
    whole = told(fresh(), frozen, None)
    part = told(fresh(), frozen, VIEWERS[viewer])
    asked = addresses(part)
    assert len(asked) > 1000
    differing = []
    statuses = set()
    for path in asked:
        first, second = ask(whole, viewer, path), ask(part, viewer, path)
        statuses.add(first[0])
        if first != second:
            differing.append((path, first, second))
    assert not differing, f"{len(differing)} of {len(asked)}:\n" + "\n".join(
        f"{path}: {_difference(first, second)}" for path, first, second in differing[:5]
    )
    assert statuses >= {200, 400, 404}


def _difference(first: Any, second: Any) -> str:
    """What two answers differ in, at the first place where they do."""
    one, other = repr(first), repr(second)
    place = next(i for i, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1)
    start = max(place - 100, 0)
    return f"\n  {one[start : place + 100]}\n  {other[start : place + 100]}"


def test_the_story_differs_for_each(fresh: Make, frozen: Callable[[int], None]) -> None:
    """The test above would find it if nothing were hidden."""
    client = told(fresh(), frozen, None)
    documents = {
        viewer: ask(client, viewer, f"{HERE}/document")[1] for viewer in (*VIEWERS, "desk", "admin")
    }
    assert documents["nobody"] == documents["desk"]
    assert len(set(documents.values())) == 4
    assert b"cellar" in documents["both-teams"]
    assert b"cellar" not in documents["alpha-team"]
    assert b"Overheard" in documents["admin"]
    assert b"Overheard" not in documents["both-teams"]
