"""Who may see and change what: every operation, for every kind of caller, on both engines.

The operations are those of the OpenAPI document, so that none can be forgotten.
"""

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.models import Token
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import (
    create_token,
    find_token,
    revoke_token,
    rotate_token,
)
from tests.api.engines import address
from tests.api.samples import SAMPLES
from tests.client import Client
from tests.contract import contract

OPEN = {
    "guide",
    "openapi_json",
    "openapi_yaml",
    "problem",
    "document_schema",
}
"""The operations that say nothing of the record, and so ask nobody for a token."""

ADMINISTRATION = {"list_tokens", "create_token", "read_token", "rotate_token", "revoke_token"}


@dataclass(frozen=True)
class Operation:
    """An operation of the OpenAPI document."""

    name: str
    method: str
    template: str
    security: list[dict[str, Any]]

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    @property
    def needs(self) -> Scope | None:
        if self.name in OPEN:
            return None
        if self.name in ADMINISTRATION:
            return Scope.ADMIN
        return Scope.READ if self.reads else Scope.WRITE


OPERATIONS = [
    Operation(operation["operationId"], method.upper(), template, operation["security"])
    for template, methods in contract().document["paths"].items()
    for method, operation in methods.items()
    if method in {"get", "post", "put", "patch", "delete"}
]
IDS = [operation.name for operation in OPERATIONS]


@pytest.fixture
def closed(database: Database) -> Flask:
    """The application as it is installed: what is public can be read, and nothing written."""
    app = create_app(Settings(database_url="sqlite://"))
    app.extensions["database"] = database
    return app


@pytest.fixture
def secrets(database: Database, world: Client) -> dict[str, str]:
    """A token of each kind, by its name; `world` has the negotiations border and rivers."""
    samples = {sample.noun: sample for sample in SAMPLES}
    world.create("/v1/negotiations", samples["negotiation"].payload)
    with database.transaction(Access.WRITE) as session:
        made = {
            "reader": create_token(session, "reader", Scope.READ),
            "writer": create_token(session, "writer", Scope.WRITE),
            "admin": create_token(session, "admin", Scope.ADMIN),
            "elsewhere": create_token(session, "elsewhere", Scope.WRITE, ["rivers"]),
            "expired": create_token(session, "expired", Scope.ADMIN, None, "2020-01-31"),
            "revoked": create_token(session, "revoked", Scope.ADMIN),
            "rotated": create_token(session, "rotated", Scope.ADMIN),
        }
        revoke_token(session, find_token(session, "revoked"))
        rotate_token(session, find_token(session, "rotated"))
    issued = {name: one.secret for name, one in made.items()}
    last = issued["admin"][-1]
    return issued | {"mistyped": issued["admin"][:-1] + ("a" if last != "a" else "b")}


def ask(client: Client, operation: Operation, secret: str | None) -> int:
    """The status that an operation is answered with; nothing of the body is as it should be."""
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    path = address(operation.template, negotiation="border").replace("{name}", "reader")
    answer = client.request(operation.method, path, headers=headers)
    return answer.status_code


def allowed(operation: Operation, *scopes: Scope) -> bool:
    return operation.needs is None or operation.needs in scopes


@pytest.mark.parametrize("who", ["nobody", "reader", "writer", "admin"])
def test_each_scope_is_let_in_to_what_it_is_for(
    closed: Flask, secrets: dict[str, str], who: str
) -> None:
    client = Client(closed)
    scopes = {
        "nobody": [Scope.READ],
        "reader": [Scope.READ],
        "writer": [Scope.READ, Scope.WRITE],
        "admin": list(Scope),
    }[who]
    refusal = 401 if who == "nobody" else 403
    wrong = {
        operation.name: status
        for operation in OPERATIONS
        if (
            (status := ask(client, operation, secrets.get(who))) in {401, 403}
            and (allowed(operation, *scopes) or status != refusal)
        )
        or (not allowed(operation, *scopes) and status != refusal)
    }
    assert wrong == {}


@pytest.mark.parametrize("who", ["expired", "revoked", "rotated", "mistyped", "nonsense"])
def test_a_token_that_is_no_good_is_refused_everywhere(
    closed: Flask, secrets: dict[str, str], who: str
) -> None:
    client = Client(closed)
    statuses = {
        operation.name: ask(client, operation, secrets.get(who, "nonsense"))
        for operation in OPERATIONS
        if operation.name not in OPEN
    }
    assert set(statuses.values()) == {401}, statuses


def test_a_token_for_other_negotiations_writes_none_but_those(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client = Client(closed)
    wrong = {}
    for operation in OPERATIONS:
        if "{negotiation}" not in operation.template or operation.reads:
            continue
        status = ask(client, operation, secrets["elsewhere"])
        if status not in {403, 415}:  # a body that cannot be read is told of before
            wrong[operation.name] = status
    assert wrong == {}


def test_the_document_says_which_operations_ask_for_a_token() -> None:
    said = {operation.name: operation.security for operation in OPERATIONS}
    asked: dict[Scope | None, list[dict[str, Any]]] = {
        None: [{}],
        Scope.READ: [{}, {"token": []}],
        Scope.WRITE: [{"token": []}],
        Scope.ADMIN: [{"token": []}],
    }
    assert said == {operation.name: asked[operation.needs] for operation in OPERATIONS}


def test_closed_reading_leaves_nothing_of_the_record_to_be_read(
    database: Database, secrets: dict[str, str]
) -> None:
    app = create_app(Settings(database_url="sqlite://", public_read=False))
    app.extensions["database"] = database
    client = Client(app)
    for operation in OPERATIONS:
        status = ask(client, operation, None)
        assert (status == 401) == (operation.name not in OPEN), operation
    assert client.get("/v1/negotiations", headers=bearer(secrets["reader"])).status_code == 200


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def private(world: Client, secrets: dict[str, str], closed: Flask) -> Client:
    """The negotiation border, private, for whoever shows no token."""
    client = Client(closed)
    answer = client.request(
        "PATCH",
        "/v1/negotiations/border",
        {"visibility": "private"},
        headers=bearer(secrets["admin"]) | {"If-Match": "*"},
    )
    assert answer.status_code == 200, answer.text
    return client


def test_what_is_private_is_not_there_for_others(private: Client, secrets: dict[str, str]) -> None:
    """Hidden and missing are answered alike, word for word but for the name."""
    for operation in OPERATIONS:
        if not operation.template.startswith(("/v1/negotiations/{negotiation}", "/v1/compare")):
            continue
        template = operation.template.replace("{name}", "reader")
        hidden = address(template, negotiation="border")
        missing = hidden.replace("/border", "/bordel").replace("border:", "bordel:")
        for secret in (None, secrets["elsewhere"]):
            headers = {} if secret is None else bearer(secret)
            answers = [
                private.request(operation.method, path, headers=headers)
                for path in (hidden, missing)
            ]
            first, second = (
                (one.status_code, one.text.replace("bordel", "border")) for one in answers
            )
            assert first == second, operation


def test_nothing_counts_lists_or_suggests_what_is_private(
    private: Client, secrets: dict[str, str]
) -> None:
    listed = private.get("/v1/negotiations?count=exact")
    assert [one["slug"] for one in listed.get_json()["items"]] == ["rivers"]
    assert listed.headers["Total-Count"] == "1"
    assert "border" not in private.get("/v1/negotiations?format=csv").text
    assert "border" not in private.get("/v1/negotiations/borde").text
    assert "border" not in private.get("/v1/parties/alpha/positions").text
    seen = private.get("/v1/negotiations/border", headers=bearer(secrets["reader"]))
    assert seen.get_json()["visibility"] == "private"
    assert seen.headers["Cache-Control"] == "private, no-cache"


def test_the_list_of_negotiations_has_the_same_etag_whatever_is_hidden(
    private: Client, secrets: dict[str, str]
) -> None:
    before = private.get("/v1/negotiations").headers["ETag"]
    admin = bearer(secrets["admin"])
    talks = {"slug": "secret", "title": "Secret talks", "visibility": "private"}
    made = private.request("POST", "/v1/negotiations", talks, headers=admin)
    assert made.status_code == 201, made.text
    assert private.get("/v1/negotiations").headers["ETag"] == before


def test_only_an_administrator_says_who_sees_a_negotiation(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client = Client(closed)
    change = {"visibility": "private"}
    for who, status in (("writer", 403), ("admin", 200)):
        headers = bearer(secrets[who]) | {"If-Match": "*"}
        answer = client.request("PATCH", "/v1/negotiations/border", change, headers=headers)
        assert answer.status_code == status
    # Written anew without a word of it, it stays closed.
    headers = bearer(secrets["writer"]) | {"If-Match": "*"}
    answer = client.request("PUT", "/v1/negotiations/border", {"title": "Border"}, headers=headers)
    assert (answer.status_code, answer.get_json()["visibility"]) == (200, "private")
    document = client.get("/v1/negotiations/border/document", headers=headers).get_json()
    assert document["negotiation"]["visibility"] == "private"


def test_a_limited_token_adds_to_what_all_share_and_changes_none_of_it(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client = Client(closed)
    headers = bearer(secrets["elsewhere"])
    source = {"slug": "note", "title": "A note"}
    assert client.request("POST", "/v1/sources", source, headers=headers).status_code == 201
    change = headers | {"If-Match": "*"}
    for method, body in (("PATCH", {"title": "Another"}), ("PUT", source), ("DELETE", None)):
        answer = client.request(method, "/v1/sources/note", body, headers=change)
        assert answer.status_code == 403, (method, answer.text)
    talks = {"slug": "new", "title": "New"}
    assert client.request("POST", "/v1/negotiations", talks, headers=headers).status_code == 403
    for slug in ("new", "border"):
        path = f"/v1/negotiations/{slug}/document"
        document = {"negotiation": talks | {"slug": slug}}
        answer = client.request("PUT", path, document, headers=headers)
        assert answer.status_code == 403, answer.text


def test_a_document_by_a_limited_token_changes_nothing_that_all_share(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client = Client(closed)
    headers = bearer(secrets["elsewhere"]) | {"If-Match": "*"}
    document = client.get("/v1/negotiations/rivers/document").get_json()
    party = {"slug": "alpha", "name": "Renamed", "kind": "state"}
    changed = document | {"parties": [party]}
    path = "/v1/negotiations/rivers/document"
    answer = client.request("PUT", path, changed, headers=headers)
    assert answer.status_code == 403, answer.text
    assert client.get("/v1/parties/alpha").get_json()["name"] != "Renamed"
    added = document | {"parties": [party | {"slug": "omega"}]}
    assert client.request("PUT", path, added, headers=headers).status_code == 200


def test_the_same_key_of_two_callers_is_two_keys(closed: Flask, secrets: dict[str, str]) -> None:
    client = Client(closed)
    answers = [
        client.request(
            "POST",
            "/v1/sources",
            {"slug": f"of-{who}", "title": "A note"},
            headers=bearer(secrets[who]) | {"Idempotency-Key": "one"},
        )
        for who in ("writer", "admin")
    ]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_open_writing_is_for_this_machine_only(database: Database, world: Client) -> None:
    app = create_app(Settings(database_url="sqlite://", open_writing=True))
    app.extensions["database"] = database
    client = Client(app)

    def status(**more: Any) -> int:
        source = {"slug": "note", "title": "A note"}
        return client.post("/v1/sources?dry_run=true", source, **more).status_code

    assert status() == 201
    assert status(headers={"Origin": "http://localhost:8000"}) == 201
    assert status(environ_overrides={"REMOTE_ADDR": "192.0.2.7"}) == 401
    assert status(headers={"X-Forwarded-For": "192.0.2.7"}) == 401
    assert status(headers={"Origin": "https://example.org"}) == 401
    assert status(headers={"Host": "negotiations.example"}) == 401


def test_the_last_use_of_a_token_is_known_without_a_write_for_each(
    closed: Flask, secrets: dict[str, str], database: Database, queries: Any
) -> None:
    client = Client(closed)
    before = len(queries())
    for _ in range(3):
        client.get("/v1/negotiations", headers=bearer(secrets["reader"]))
    assert not [one for one in queries()[before:] if one.startswith("UPDATE")]
    database.uses.flush()
    with database.transaction(Access.READ) as session:
        used = session.scalar(sa.select(Token.last_used_at).where(Token.name == "reader"))
    assert used is not None


@pytest.fixture
def admin(closed: Flask, secrets: dict[str, str]) -> dict[str, str]:
    return bearer(secrets["admin"])


def test_tokens_are_made_listed_rotated_and_revoked_over_http(
    closed: Flask, admin: dict[str, str]
) -> None:
    client = Client(closed)
    wanted = {"name": "desk", "scope": "write", "negotiations": ["rivers"], "expires_on": "2999"}
    made = client.request("POST", "/v1/tokens", wanted, headers=admin)
    assert made.status_code == 201, made.text
    assert made.get_json()["expires_on"] == "2999-12-31"
    secret = made.get_json()["token"]
    path = made.headers["Location"]
    assert "token" not in client.get(path, headers=admin).get_json()
    names = [one["name"] for one in client.get("/v1/tokens", headers=admin).get_json()["items"]]
    assert "desk" in names
    assert names == sorted(names)
    again = client.request("POST", "/v1/tokens", wanted, headers=admin)
    assert again.status_code == 409

    rotated = client.request("POST", f"{path}/rotate", {"keep_s": 60}, headers=admin)
    fresh = rotated.get_json()["token"]
    for one in (secret, fresh):
        assert client.get("/v1/negotiations", headers=bearer(one)).status_code == 200
    revoked = client.request("POST", f"{path}/revoke", headers=admin)
    assert (revoked.status_code, revoked.get_json()["is_good"]) == (200, False)
    for one in (secret, fresh):
        assert client.get("/v1/negotiations", headers=bearer(one)).status_code == 401
    assert client.request("POST", f"{path}/rotate", {}, headers=admin).status_code == 409


def test_the_answer_with_a_secret_is_kept_nowhere(closed: Flask, admin: dict[str, str]) -> None:
    client = Client(closed)
    headers = admin | {"Idempotency-Key": "one"}
    wanted = {"name": "desk", "scope": "read"}
    answer = client.request("POST", "/v1/tokens", wanted, headers=headers)
    assert answer.status_code == 400
    assert "kept nowhere" in answer.get_json()["detail"]


def test_a_limited_administrator_has_to_do_with_its_negotiations_only(
    closed: Flask, secrets: dict[str, str], database: Database
) -> None:
    with database.transaction(Access.WRITE) as session:
        limited = create_token(session, "limited", Scope.ADMIN, ["rivers"]).secret
    client, headers = Client(closed), bearer(limited)
    listed = client.get("/v1/tokens", headers=headers).get_json()["items"]
    assert [one["name"] for one in listed] == ["elsewhere", "limited"]
    assert client.get("/v1/tokens/writer", headers=headers).status_code == 404
    for negotiations, status in ((None, 403), (["border"], 403), (["rivers"], 201)):
        wanted = {"name": "new", "scope": "write", "negotiations": negotiations}
        answer = client.request("POST", "/v1/tokens", wanted, headers=headers)
        assert answer.status_code == status, answer.text


def test_a_limited_administrator_is_told_which_negotiations_are_not_its_own(
    closed: Flask, secrets: dict[str, str], database: Database
) -> None:
    with database.transaction(Access.WRITE) as session:
        limited = create_token(session, "limited", Scope.ADMIN, ["rivers"]).secret
    wanted = {"name": "new", "scope": "write", "negotiations": ["rivers", "border"]}
    answer = Client(closed).request("POST", "/v1/tokens", wanted, headers=bearer(limited))
    assert answer.status_code == 403
    assert answer.get_json()["detail"].endswith("leave out 'border'.")


def test_a_token_for_what_is_not_there_is_refused_with_its_place(
    closed: Flask, admin: dict[str, str]
) -> None:
    wanted = {"name": "new", "scope": "write", "negotiations": ["rivesr", "rivers", "nope"]}
    answer = Client(closed).request("POST", "/v1/tokens", wanted, headers=admin)
    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert [error["pointer"] for error in errors] == ["/negotiations/0", "/negotiations/2"]
    assert "did you mean 'rivers'" in errors[0]["detail"]


def test_where_there_are_no_parameters_one_that_is_sent_is_told_so(
    closed: Flask, admin: dict[str, str]
) -> None:
    answer = Client(closed).get("/v1/tokens?format=text", headers=admin)
    assert answer.status_code == 400
    (error,) = answer.get_json()["errors"]
    assert error == {
        "parameter": "format",
        "detail": "Leave it out: there are no parameters here.",
    }


def test_a_token_whose_negotiations_are_gone_is_good_for_none(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client = Client(closed)
    headers = bearer(secrets["admin"]) | {"If-Match": "*"}
    gone = client.request("DELETE", "/v1/negotiations/rivers", headers=headers)
    assert gone.status_code == 204
    headers = bearer(secrets["elsewhere"]) | {"If-Match": "*"}
    answer = client.request("PATCH", "/v1/negotiations/border", {"title": "x"}, headers=headers)
    assert answer.status_code == 403


def test_a_token_is_for_its_negotiation_again_when_that_comes_back(
    private: Client, secrets: dict[str, str], database: Database
) -> None:
    with database.transaction(Access.WRITE) as session:
        limits = {"insider": ["border"], "both": ["border", "rivers"], "rivers": ["rivers"]}
        made = {
            name: bearer(create_token(session, name, Scope.ADMIN, slugs).secret)
            for name, slugs in limits.items()
        }
    admin = bearer(secrets["admin"])

    def known(who: dict[str, str]) -> dict[str, list[str]]:
        listed = private.get("/v1/tokens", headers=who).get_json()["items"]
        return {one["name"]: one["negotiations"] for one in listed if one["name"] in limits}

    def reads(path: str) -> int:
        return private.get(path, headers=made["insider"]).status_code

    title = {"title": "Other"}
    assert known(admin) == limits
    assert reads("/v1/negotiations/border") == 200
    gone = private.request("DELETE", "/v1/negotiations/border", headers=admin | {"If-Match": "*"})
    assert gone.status_code == 204

    assert known(admin) == {"insider": [], "both": ["rivers"], "rivers": ["rivers"]}
    assert reads("/v1/negotiations/border") == reads("/v1/negotiations/border/history") == 404
    # Who is for the one that is there must not get hold of what may be for another one again.
    assert known(made["rivers"]) == {"rivers": ["rivers"]}
    stolen = private.request("POST", "/v1/tokens/both/rotate", {}, headers=made["rivers"])
    assert stolen.status_code == 404
    assert set(known(made["both"])) == set(limits)

    back = private.request("POST", "/v1/negotiations/border/restore", {}, headers=admin)
    assert back.status_code == 201, back.text
    assert known(admin) == limits
    assert reads("/v1/negotiations/border") == reads("/v1/negotiations/border/history") == 200
    headers = made["insider"] | {"If-Match": "*"}
    for slug, status in (("border", 200), ("rivers", 403)):
        path = f"/v1/negotiations/{slug}"
        assert private.request("PATCH", path, title, headers=headers).status_code == status
    assert private.get("/v1/negotiations/border").status_code == 404


def test_what_stands_for_shared_records_says_nothing_of_hidden_ones(
    private: Client, secrets: dict[str, str]
) -> None:
    """Who recorded a party with a private negotiation, and why, is not told to all."""
    document = {
        "negotiation": {"slug": "secret", "title": "Secret", "visibility": "private"},
        "parties": [{"slug": "envoy", "name": "Envoy", "kind": "person"}],
        "participants": [{"party": "envoy", "role": "mediator"}],
    }
    headers = bearer(secrets["admin"]) | {"Change-Reason": "a back channel"}
    path = "/v1/negotiations/secret/document"
    assert private.request("PUT", path, document, headers=headers).status_code == 201
    for secret, told in ((None, None), (secrets["reader"], "a back channel")):
        shown = private.get(
            "/v1/parties/envoy/history", headers={} if secret is None else bearer(secret)
        ).get_json()["items"][0]
        assert shown["reason"] == told
        assert (shown["by"] is None) == (told is None)


def test_no_filter_tells_the_name_that_is_hidden(private: Client, secrets: dict[str, str]) -> None:
    document = {
        "negotiation": {"slug": "secret", "title": "Secret", "visibility": "private"},
        "parties": [{"slug": "envoy", "name": "Envoy", "kind": "person"}],
        "participants": [{"party": "envoy", "role": "mediator"}],
    }
    headers = bearer(secrets["admin"])
    path = "/v1/negotiations/secret/document"
    assert private.request("PUT", path, document, headers=headers).status_code == 201

    def found(secret: str | None, **query: str) -> list[Any]:
        shown = private.get(
            "/v1/parties/envoy/history",
            query_string=query,
            headers={} if secret is None else bearer(secret),
        )
        items: list[Any] = shown.get_json()["items"]
        return items

    for secret in (None, secrets["elsewhere"]):
        assert len(found(secret)) == 1
        assert found(secret, by="admin") == []
    assert len(found(secrets["reader"], by="admin")) == 1


def test_who_added_what_all_share_is_told_only_where_a_negotiation_shows_it(
    private: Client, secrets: dict[str, str], database: Database
) -> None:
    """A source may have been added for talks that are private, and is shown by none yet."""
    with database.transaction(Access.WRITE) as session:
        insider = create_token(session, "insider", Scope.READ, ["border"]).secret
    headers = bearer(secrets["admin"]) | {"Change-Reason": "for the back channel"}
    source = {"slug": "memo", "title": "A memo"}
    assert private.request("POST", "/v1/sources", source, headers=headers).status_code == 201
    event = {"slug": "visit", "title": "Visit", "kind": "visit", "date": "2020"} | {
        "citations": [{"source": "memo"}]
    }
    public = "/v1/negotiations/rivers/events"
    hidden = "/v1/negotiations/border/events"
    reason = ["for the back channel"]

    def told(secret: str | None) -> list[str | None]:
        shown = private.get(
            "/v1/sources/memo/history", headers={} if secret is None else bearer(secret)
        ).get_json()["items"]
        for one in shown:
            assert (one["reason"] is None) == (one["by"] is None) == (one["request_id"] is None)
        return [one["reason"] for one in shown]

    def change(path: str, reason: str) -> None:
        match = bearer(secrets["admin"]) | {"If-Match": "*", "Change-Reason": reason}
        private.request("POST", path, event, headers=bearer(secrets["admin"]))
        answer = private.request("PATCH", "/v1/sources/memo", {"title": reason}, headers=match)
        assert answer.status_code == 200, answer.text

    assert told(None) == told(insider) == [None]
    assert told(secrets["reader"]) == reason
    change(public, "shown to all")
    assert told(None) == told(insider) == ["shown to all", None]
    change(hidden, "shown by two")
    assert told(None) == told(secrets["elsewhere"]) == [None, "shown to all", None]
    assert told(insider) == ["shown by two", "shown to all", None]
    assert told(secrets["reader"]) == ["shown by two", "shown to all", *reason]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/negotiations/rivers/history?noun=party",
        "/v1/negotiations/rivers/history?noun=party&format=csv",
        "/v1/negotiations/rivers/changes",
        "/v1/parties/alpha/history?action=changed",
    ],
)
def test_the_tag_of_a_history_is_another_one_where_others_are_told_by_whom(
    private: Client, secrets: dict[str, str], path: str
) -> None:
    admin = bearer(secrets["admin"])
    taking_part = {"party": "alpha", "role": "principal"}
    private.request("POST", "/v1/negotiations/rivers/participants", taking_part, headers=admin)
    change = admin | {"If-Match": "*"}
    private.request("PATCH", "/v1/parties/alpha", {"name": "The first"}, headers=change)
    seen = private.get(path)
    told = private.get(path, headers=admin | {"If-None-Match": seen.headers["ETag"]})
    assert told.status_code == 200
    assert told.data != seen.data
    open_to_all = {"visibility": "public"}
    private.request("PATCH", "/v1/negotiations/border", open_to_all, headers=change)
    then = private.get(path, headers={"If-None-Match": seen.headers["ETag"]})
    assert then.status_code == 200
    assert then.data != seen.data


def test_a_hidden_negotiation_under_the_slug_of_one_that_is_gone_does_not_show(
    closed: Flask, secrets: dict[str, str]
) -> None:
    client, admin = Client(closed), bearer(secrets["admin"]) | {"If-Match": "*"}
    assert client.request("DELETE", "/v1/negotiations/rivers", headers=admin).status_code == 204
    seen = client.get("/v1/negotiations/rivers/history").text
    talks = {"slug": "rivers", "title": "Again", "visibility": "private"}
    token = bearer(secrets["admin"])
    assert client.request("POST", "/v1/negotiations", talks, headers=token).status_code == 201
    client.request("PATCH", "/v1/negotiations/rivers", {"title": "Once more"}, headers=admin)
    assert client.get("/v1/negotiations/rivers/history").text == seen
    assert client.get("/v1/negotiations/rivers/changes").get_json()["revision"] == len(
        client.get("/v1/negotiations/rivers/history").get_json()["items"]
    )


def test_an_answer_depends_on_the_token(closed: Flask) -> None:
    answer = Client(closed).get("/v1/negotiations")
    assert "Authorization" in answer.headers["Vary"]
