"""A negotiation that was deleted and came back: it shows nobody more than it did before."""

from typing import Any

import pytest
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.api.callers import ALPHA, As, demand, position
from tests.api.samples import HERE
from tests.client import Client


@pytest.fixture
def team(closed: Flask, database: Database, world: Client) -> dict[str, As]:
    """An administrator, who writes and somebody without a token, where there is no audience yet."""
    with database.transaction(Access.WRITE) as session:
        secrets = {
            scope.value: create_token(session, scope.value, scope).secret
            for scope in (Scope.ADMIN, Scope.WRITE)
        }
    client = Client(closed)
    return {name: As(client, secret) for name, secret in secrets.items()} | {
        "nobody": As(client, None)
    }


def deletion(admin: As) -> dict[str, Any]:
    """The body that asks for the state which the last deletion has ended."""
    items = admin.get("/history?noun=negotiation&action=deleted").get_json()["items"]
    return {"change": items[0]["id"]}


def test_its_history_is_seen_by_who_sees_it_today(team: dict[str, As]) -> None:
    admin, nobody = team["admin"], team["nobody"]
    assert admin.delete("").status_code == 204
    assert nobody.get("/history").status_code == 200
    assert admin.post("/restore", {}).status_code == 201
    assert admin.patch("", {"visibility": "private"}).status_code == 200
    assert admin.post("/demands", demand("cellar")).status_code == 201
    paths = ("", "/history", "/changes", "/demands/cellar/history", "/demands?revision=1")
    assert [nobody.get(path).status_code for path in paths] == [404] * 5
    assert admin.delete("").status_code == 204
    assert [nobody.get(path).status_code for path in paths] == [404] * 5
    assert admin.get("/history").status_code == 200


def test_what_was_hidden_stays_hidden_whichever_state_comes_back(team: dict[str, As]) -> None:
    admin, nobody = team["admin"], team["nobody"]
    admin.delete("")
    before = deletion(admin)
    admin.post("/restore", {})
    admin.post("/audiences", {"slug": "alpha-team", "title": "Of alpha"})
    hidden = admin.post("/positions", position("2020", "accept", summary="In the cellar", **ALPHA))
    revision = hidden.headers["Negotiation-Revision"]
    admin.delete("")
    assert admin.post("/restore", before).status_code == 201
    paths = (
        "/history?limit=1000",
        "/changes?limit=1000",
        "/history?format=csv",
        f"/positions?revision={revision}",
        f"/positions/{hidden.get_json()['id']}/history",
    )
    assert "cellar" in admin.get(paths[0]).text
    answers = [nobody.get(path) for path in paths]
    assert [answer.status_code for answer in answers][:3] == [200, 200, 200]
    assert not [answer.text for answer in answers if "cellar" in answer.text]


def test_an_audience_that_is_gone_is_not_told_of(team: dict[str, As]) -> None:
    admin, nobody = team["admin"], team["nobody"]
    admin.post("/audiences", {"slug": "moles", "title": "The moles", "members": ["mole"]})
    admin.post("/demands", demand("attic"))
    last = int(nobody.get("").headers["Negotiation-Revision"])
    asked = f"/matrix?on=2020&revision={last}"
    seen = nobody.get(asked)
    assert "immutable" in seen.headers["Cache-Control"]
    admin.delete("/audiences/moles")
    told = nobody.get("/history").get_json()["items"]
    admin.delete("")
    admin.post("/restore", {})
    assert nobody.get(asked).data == seen.data
    again = nobody.get("/history?limit=1000").get_json()["items"]
    assert again[-len(told) :] == told
    assert "mole" not in nobody.get("/history?limit=1000").text


def test_only_an_administrator_brings_back_one_that_others_saw(team: dict[str, As]) -> None:
    admin, writer, nobody = team["admin"], team["write"], team["nobody"]
    admin.delete("")
    before = deletion(admin)
    admin.post("/restore", {})
    admin.patch("", {"visibility": "private"})
    assert writer.delete("").status_code == 204
    assert writer.post("/restore", before).status_code == 403
    assert nobody.get("/history").status_code == 404
    assert writer.post("/restore", {}).status_code == 201
    assert writer.get("").get_json()["visibility"] == "private"
    assert nobody.get("").status_code == 404
    writer.delete("")
    assert admin.post("/restore", before).get_json()["visibility"] == "public"


def test_no_number_of_a_revision_stands_for_two_states(team: dict[str, As]) -> None:
    """Also where another negotiation has been under its slug since, and counted on."""
    admin, nobody = team["admin"], team["nobody"]
    admin.post("/audiences", {"slug": "alpha-team", "title": "Of alpha"})
    for number in range(4):
        admin.post("/demands", demand(f"cellar-{number}", **ALPHA))
    admin.delete("")
    before = deletion(admin)
    again = {"slug": "border", "title": "Another"}
    admin.client.request("POST", "/v1/negotiations", again, headers=admin.headers)
    admin.post("/events", {"slug": "visit", "title": "Visit", "kind": "visit", "date": "2020"})
    asked = f"/events?revision={nobody.get('').headers['Negotiation-Revision']}"
    seen = nobody.get(asked)
    following = nobody.get("/changes?limit=1000").get_json()["next"].removeprefix(HERE)
    admin.delete("")
    assert admin.post("/restore", before).status_code == 201
    for number in range(6):
        admin.post("/demands", demand(f"attic-{number}"))
        later = nobody.get(asked)
        assert later.status_code == 400 or later.data == seen.data
    # Who followed the other one has not been told how this one ended.
    assert "begin anew" in nobody.get(following).get_json()["detail"]
    told = nobody.get("/changes?limit=1000").get_json()["items"]
    attic = [one for one in told if (one["key"] or "").startswith("attic")]
    assert [one["key"] for one in attic] == [f"attic-{number}" for number in range(6)]
    assert len({one["revision"] for one in attic}) == 6
    revisions = [one["revision"] for one in told]
    assert revisions == sorted(revisions)
    assert not [one for one in told if (one["key"] or "").startswith("cellar")]


def test_who_sees_everything_follows_whatever_is_under_a_slug(team: dict[str, As]) -> None:
    admin = team["admin"]
    admin.post("/audiences", {"slug": "alpha-team", "title": "Of alpha"})
    admin.post("/demands", demand("cellar", **ALPHA))
    admin.delete("")
    before = deletion(admin)
    again = {"slug": "border", "title": "Another"}
    admin.client.request("POST", "/v1/negotiations", again, headers=admin.headers)
    following = admin.get("/changes?limit=1000").get_json()["next"].removeprefix(HERE)
    admin.delete("")
    admin.post("/restore", before)
    told = admin.get(following)
    assert told.status_code == 200
    items = told.get_json()["items"]
    assert items[0]["action"] == "deleted"
    assert "cellar" in [one["key"] for one in items]


def test_an_audience_that_has_seen_something_stays_with_its_members_of_late(
    team: dict[str, As],
) -> None:
    admin, nobody = team["admin"], team["nobody"]
    admin.delete("")
    first = deletion(admin)
    admin.post("/restore", {})
    audience = {"slug": "alpha-team", "title": "Of alpha", "members": ["one"]}
    admin.post("/audiences", audience)
    admin.delete("")
    second = deletion(admin)
    admin.post("/restore", {})
    admin.post("/demands", demand("cellar", **ALPHA))
    admin.patch("/audiences/alpha-team", {"members": ["two"]})
    for state in (first, second):
        admin.delete("")
        assert admin.post("/restore", state).status_code == 201
        assert admin.get("/audiences/alpha-team").get_json()["members"] == ["two"]
        assert admin.get("/demands/cellar").status_code == 404
        assert nobody.get("/demands/cellar/history").status_code == 404
    back = admin.post("/demands/cellar/restore", {})
    assert (back.status_code, back.get_json()["audience"]) == (201, "alpha-team")
    assert nobody.get("/demands/cellar").status_code == 404


def test_what_is_kept_of_it_is_forgotten(team: dict[str, As]) -> None:
    admin = team["admin"]
    for party, stance in (("alpha", "accept"), ("beta", "reject")):
        for name in ("treaty", "withdrawal"):
            said = position("2020", stance, demand=name) | {"party": party}
            last = admin.post("/positions", said).get_json()["id"]

    def agreement(query: str = "") -> list[Any]:
        pairs: list[Any] = admin.get(f"/agreement?on=2021{query}").get_json()["pairs"]
        return pairs

    before = agreement()
    admin.delete(f"/positions/{last}")
    admin.delete("")
    admin.post("/restore", {})
    revision = admin.get("").headers["Negotiation-Revision"]
    after = agreement()
    assert after != before
    admin.patch("", {"summary": "Once more"})
    assert agreement() == after == agreement(f"&revision={revision}")


def test_no_revision_is_told_as_others_count_it(callers: dict[str, As]) -> None:
    admin, nobody = callers["admin"], callers["nobody"]
    for year in range(2001, 2006):
        admin.post("/positions", position(str(year), "accept", **ALPHA))
    admin.delete("")
    admin.post("/restore", {})
    changes = nobody.get("/history?noun=negotiation").get_json()["items"]
    (gone,) = [one["revision"] for one in changes if one["action"] == "deleted"]
    refused = nobody.get(f"/matrix?revision={gone}")
    assert refused.status_code == 400
    assert f"was not there at revision {gone}: " in refused.get_json()["detail"]
