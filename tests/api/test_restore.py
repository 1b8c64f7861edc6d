"""Bringing back what was changed or deleted: the same record, by the same rules, as a change."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from flask import Flask

from negotiations_api.records import negotiation_back
from tests.api.samples import HERE, SAMPLES, Sample
from tests.api.test_history import history
from tests.client import Client

DEMAND = f"{HERE}/demands/prisoners"
ANYTHING = {"If-Match": "*"}


def revision(client: Client) -> int:
    return int(client.get(HERE).headers["Negotiation-Revision"])


def essence(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "updated_at"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_what_was_changed_is_as_it_was(world: Client, sample: Sample) -> None:
    made = world.create(sample.collection, sample.payload)
    path = made.headers["Location"]
    changed = world.patch(path, sample.change, match="*")
    answer = world.post(f"{path}/restore", {}, headers={"If-Match": changed.headers["ETag"]})
    assert answer.status_code == 200, answer.text
    assert essence(answer.get_json()) == essence(made.get_json())
    assert history(world, path)[0]["action"] == "restored"
    # To undo that is to do it again.
    again = world.post(f"{path}/restore", {}, headers=ANYTHING)
    assert essence(again.get_json()) == essence(changed.get_json())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)
def test_what_was_deleted_comes_back_as_the_same_record(world: Client, sample: Sample) -> None:
    made = world.create(sample.collection, sample.payload)
    path = made.headers["Location"]
    world.delete(path, match="*")
    answer = world.post(f"{path}/restore", {})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == path
    assert essence(answer.get_json()) == essence(made.get_json())
    assert answer.headers["ETag"] != made.headers["ETag"]  # of another version
    assert world.get(path).headers["ETag"] == answer.headers["ETag"]
    assert history(world, path)[0]["action"] == "restored"


def test_a_record_is_as_it_was_at_a_revision(world: Client) -> None:
    first = revision(world)
    for title in ("One", "Two", "Three"):
        world.patch(DEMAND, {"title": title}, match="*")
    world.delete(DEMAND, match="*")
    answer = world.post(f"{DEMAND}/restore", {"revision": first + 2})
    assert answer.get_json()["title"] == "Two"
    answer = world.post(f"{DEMAND}/restore", {"revision": first}, headers=ANYTHING)
    assert answer.get_json()["title"] == "Prisoners"


def test_a_record_is_as_it_was_after_a_change(world: Client) -> None:
    world.patch("/v1/parties/alpha", {"name": "One"}, match="*")
    world.patch("/v1/parties/alpha", {"name": "Two"}, match="*")
    change = history(world, "/v1/parties/alpha")[1]["id"]
    answer = world.post("/v1/parties/alpha/restore", {"change": change}, headers=ANYTHING)
    assert answer.get_json()["name"] == "One"
    newest = history(world, HERE)[0]
    assert (newest["noun"], newest["action"]) == ("party", "restored")


def test_bringing_back_what_is_there_already_is_no_change(world: Client) -> None:
    now = revision(world)
    answer = world.post(f"{DEMAND}/restore", {"revision": now}, headers=ANYTHING)
    assert answer.status_code == 200
    assert revision(world) == now


def test_what_is_there_is_changed_with_if_match_only(world: Client) -> None:
    world.patch(DEMAND, {"title": "Other"}, match="*")
    assert world.post(f"{DEMAND}/restore", {}).status_code == 428
    stale = world.post(f"{DEMAND}/restore", {}, headers={"If-Match": '"0SAV1NDADV516.1"'})
    assert stale.status_code == 412
    world.delete(DEMAND, match="*")
    assert world.post(f"{DEMAND}/restore", {}, headers=ANYTHING).status_code == 412
    assert world.post(f"{DEMAND}/restore", {}).status_code == 201


def test_without_a_body_the_last_change_is_undone(world: Client) -> None:
    title = world.get(DEMAND).get_json()["title"]
    world.patch(DEMAND, {"title": "Other"}, match="*")
    assert world.post(f"{DEMAND}/restore", headers=ANYTHING).get_json()["title"] == title
    typed = ANYTHING | {"Content-Type": "application/json"}
    again = world.post(f"{DEMAND}/restore", data=b"", headers=typed)
    assert again.get_json()["title"] == "Other"
    typeless = world.post(f"{DEMAND}/restore", data=b"{}", headers=ANYTHING)
    assert typeless.status_code == 415


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "delete it to undo that"),
        ({"revision": 1}, "was not there at revision 1"),
        ({"revision": 99999}, "give that or an earlier one"),
        ({"revision": "1"}, "whole number"),
        ({"revision": 1.5}, "whole number"),
        ({"change": "0SAV1NDADV516"}, "no change '0SAV1NDADV516'"),
        ({"change": 7}, "Write the id of a change"),
        ({"change": "0SAV1NDADV516", "revision": 1}, "either revision or change"),
        ({"revison": 1}, "did you mean 'revision'"),
    ],
)
def test_a_state_that_never_was_is_refused(
    world: Client, body: dict[str, Any], detail: str
) -> None:
    answer = world.post(f"{DEMAND}/restore", body, headers=ANYTHING)
    assert answer.status_code == 422
    assert detail in answer.get_json()["detail"]


def test_what_no_negotiation_owns_has_no_revisions(world: Client) -> None:
    answer = world.post("/v1/parties/alpha/restore", {"revision": 1}, headers=ANYTHING)
    assert answer.status_code == 422
    assert "name a change" in answer.get_json()["detail"]


def test_what_never_was_does_not_come_back(world: Client) -> None:
    assert world.post(f"{HERE}/demands/never/restore", {}).status_code == 404
    assert world.post("/v1/parties/omega/restore", {}).status_code == 404
    assert world.post("/v1/negotiations/never/restore", {}).status_code == 404
    assert world.post(f"{HERE}/positions/0SAV1NDADV516/restore", {}).status_code == 404


def test_what_stands_in_its_place_is_in_the_way(world: Client) -> None:
    change = history(world, DEMAND)[0]["id"]
    world.delete(DEMAND, match="*")
    payload = {"slug": "prisoners", "title": "Another", "issue": "peace-treaty"}
    world.create(f"{HERE}/demands", payload)
    answer = world.post(f"{DEMAND}/restore", {"change": change}, headers=ANYTHING)
    assert answer.status_code == 409
    assert answer.get_json()["others"][0]["href"] == DEMAND


def test_a_position_from_the_same_day_is_in_the_way(world: Client) -> None:
    payload = {"party": "alpha", "demand": "prisoners", "date": "2019", "stance": "accept"}
    path = world.create(f"{HERE}/positions", payload).headers["Location"]
    world.delete(path, match="*")
    other = world.create(f"{HERE}/positions", payload).headers["Location"]
    answer = world.post(f"{path}/restore", {})
    assert answer.status_code == 409
    assert answer.get_json()["others"][0]["href"] == other


def test_what_refers_to_what_is_gone_does_not_come_back(world: Client) -> None:
    payload = {"party": "alpha", "demand": "prisoners", "date": "2019", "stance": "accept"}
    path = world.create(f"{HERE}/positions", payload).headers["Location"]
    world.delete(path, match="*")
    world.delete(DEMAND, match="*")
    answer = world.post(f"{path}/restore", {})
    assert answer.status_code == 422
    assert "As it was, it cannot be now: /demand" in answer.get_json()["detail"]
    world.post(f"{DEMAND}/restore", {})
    assert world.post(f"{path}/restore", {}).status_code == 201


def test_a_position_comes_back_among_the_others_of_its_party(world: Client) -> None:
    def take(date: str) -> str:
        payload = {"party": "alpha", "demand": "prisoners", "date": date, "stance": "accept"}
        return world.create(f"{HERE}/positions", payload).headers["Location"]

    first, second = take("2018"), take("2019")
    world.delete(second, match="*")
    assert world.get(first).get_json()["ends_on"] is None
    world.post(f"{second}/restore", {})
    assert world.get(first).get_json()["ends_on"] == "2018-12-31"


def test_what_is_tried_out_does_not_come_back(world: Client) -> None:
    world.delete(DEMAND, match="*")
    assert world.post(f"{DEMAND}/restore?dry_run=true", {}).status_code == 201
    assert world.get(DEMAND).status_code == 404


def test_a_negotiation_comes_back_with_all_that_it_owned(world: Client) -> None:
    for sample in SAMPLES:
        world.create(sample.collection, sample.payload)
    before = world.get(f"{HERE}/document").get_json()
    ids = {
        name: [one["id"] for one in world.get(f"{HERE}/{name}").get_json()["items"]]
        for name in before
        if name not in {"negotiation", "parties", "issues", "sources"}
    }
    last = revision(world)
    world.delete(HERE, match="*")
    assert world.post(f"{HERE}/restore", {"revision": 1}).status_code == 422
    answer = world.post(f"{HERE}/restore", {})
    assert answer.status_code == 201, answer.text
    assert revision(world) == last + 2
    assert world.get(f"{HERE}/document").get_json() == before
    for name, known in ids.items():
        assert [one["id"] for one in world.get(f"{HERE}/{name}").get_json()["items"]] == known
    restored = history(world, HERE, since=last + 2, limit=1000)
    assert {one["action"] for one in restored} == {"restored"}


def test_the_deletion_says_which_of_those_that_had_the_name_comes_back(world: Client) -> None:
    patches = [world.patch(DEMAND, {"text": text}, match="*") for text in ("One.", "Two.")]
    first = world.get(DEMAND).get_json()
    world.delete(DEMAND, match="*")
    deletion = history(world, DEMAND)[0]["id"]
    payload = {"slug": "prisoners", "title": "Another", "issue": "peace-treaty"}
    world.create(f"{HERE}/demands", payload)
    world.delete(DEMAND, match="*")
    answer = world.post(f"{DEMAND}/restore", {"change": deletion})
    assert answer.status_code == 201, answer.text
    assert (answer.get_json()["id"], answer.get_json()["text"]) == (first["id"], "Two.")
    # No tag comes to stand for two states of it.
    assert answer.headers["ETag"] not in {patch.headers["ETag"] for patch in patches}


def test_a_negotiation_comes_back_although_its_name_was_taken_meanwhile(world: Client) -> None:
    before = world.get(f"{HERE}/document").get_json()
    identity = world.get(HERE).get_json()["id"]
    world.delete(HERE, match="*")
    deletion = history(world, HERE)[0]
    assert deletion["action"] == "deleted"
    world.create("/v1/negotiations", {"slug": "border", "title": "Another"})
    in_the_way = world.post(f"{HERE}/restore", {"change": deletion["id"]}, headers=ANYTHING)
    assert in_the_way.status_code == 409
    assert in_the_way.get_json()["others"][0]["href"] == HERE
    last = revision(world)
    world.delete(HERE, match="*")
    made = history(world, HERE, since=last)[-1]
    assert made["action"] == "created"
    no_deletion = world.post(f"{HERE}/restore", {"change": made["id"]})
    assert no_deletion.status_code == 422
    assert no_deletion.get_json()["errors"][0]["pointer"] == "/change"
    answer = world.post(f"{HERE}/restore", {"change": deletion["id"]})
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["id"] == identity
    assert world.get(f"{HERE}/document").get_json() == before
    world.delete(HERE, match="*")
    assert world.post(f"{HERE}/restore", {}).get_json()["id"] == identity


def test_no_tag_stands_for_two_states_of_what_came_back_before(world: Client) -> None:
    said = {"party": "alpha", "demand": "prisoners", "date": "2019", "stance": "accept"}
    position = world.create(f"{HERE}/positions", said).headers["Location"]
    paths = (HERE, DEMAND, position)
    world.delete(HERE, match="*")
    deletion = history(world, HERE)[0]["id"]
    world.post(f"{HERE}/restore")
    changes = ({"title": "One"}, {"title": "One"}, {"summary": "One."})
    for path, change in zip(paths, changes, strict=True):
        assert world.patch(path, change, match="*").status_code == 200
    tags = {path: world.get(path).headers["ETag"] for path in paths}
    world.delete(HERE, match="*")
    assert world.post(f"{HERE}/restore", {"change": deletion}).status_code == 201
    for path, change in zip(paths, changes, strict=True):
        assert world.get(path, headers={"If-None-Match": tags[path]}).status_code == 200
        other = dict.fromkeys(change, "Two.")
        assert world.patch(path, other, match=tags[path]).status_code == 412
        assert world.patch(path, other, match="*").headers["ETag"] != tags[path]


def test_a_negotiation_comes_back_with_any_number_of_positions_at_once(
    world: Client, queries: Callable[[], list[str]]
) -> None:
    count = 200
    conditions = [
        {"kind": "precondition", "demands": ["treaty", "withdrawal"], "text": None},
        {"kind": "reciprocal", "demands": [], "text": "in good faith"},
    ]
    for number in range(count):
        said: dict[str, Any] = {"stance": "accept", "summary": f"Statement {number}"}
        if number % 3 == 0:
            said = {"stance": "conditional", "conditions": conditions, "meeting": "summit"}
        if number % 5 == 0:
            said |= {"citations": [{"source": "treaty", "quotation": f"Quoted {number}"}]}
        if number % 7 == 0:
            said |= {"until": f"{1800 + number // 2}-06"}
        party = ("alpha", "beta")[number % 2]
        place = {"party": party, "demand": "prisoners", "date": str(1800 + number // 2)}
        world.create(f"{HERE}/positions", place | said)
    listed = f"{HERE}/positions?limit=1000"
    before = world.get(listed).get_json()["items"]
    tags = [world.get(f"{HERE}/positions/{one['id']}").headers["ETag"] for one in before[:3]]
    found = world.get(f"{listed}&q=quoted&fields=id").get_json()["items"]
    assert len(found) == count // 5
    world.delete(HERE, match="*")
    ran = len(queries())
    assert world.post(f"{HERE}/restore", {}).status_code == 201
    assert len(queries()) - ran < count  # none of them by a statement of its own
    assert [essence(one) for one in world.get(listed).get_json()["items"]] == [
        essence(one) for one in before
    ]
    assert world.get(f"{listed}&q=quoted&fields=id").get_json()["items"] == found
    for one, tag in zip(before, tags, strict=False):
        path = f"{HERE}/positions/{one['id']}"
        assert world.get(path).headers["ETag"] != tag
        assert [was["action"] for was in history(world, path)] == ["restored", "deleted", "created"]


def test_a_position_that_cites_what_is_gone_keeps_its_negotiation_from_coming_back(
    world: Client,
) -> None:
    position = {"party": "alpha", "demand": "treaty", "date": "2020", "stance": "accept"}
    world.create(f"{HERE}/positions", position | {"citations": [{"source": "treaty"}]})
    world.delete(HERE, match="*")
    world.delete("/v1/sources/treaty", match="*")
    answer = world.post(f"{HERE}/restore", {})
    assert answer.status_code == 422
    said = "As it was, it cannot be now: /positions/0/citations/0/source: There is no source"
    assert said in answer.get_json()["detail"]
    assert world.get(HERE).status_code == 404
    assert world.post("/v1/sources/treaty/restore", {}).status_code == 201
    assert world.post(f"{HERE}/restore", {}).status_code == 201


def test_what_is_too_large_to_come_back_is_told_how_it_does(
    world: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(negotiation_back, "MOST_RECORDS", 3)
    world.delete(HERE, match="*")
    answer = world.post(f"{HERE}/restore", {})
    assert answer.status_code == 409
    assert "load it from a document" in answer.get_json()["detail"]


def test_what_is_limited_to_an_audience_comes_back_so(app: Flask, world: Client) -> None:
    outsider = Client(app)
    cast("dict[str, Any]", outsider.flask.environ_base)["REMOTE_ADDR"] = "192.0.2.7"
    audience = {"slug": "team", "title": "A team", "members": ["desk"]}
    world.create(f"{HERE}/audiences", audience)
    place = {"party": "alpha", "demand": "prisoners", "stance": "accept"}
    citations = [{"source": "treaty"}, {"source": "treaty", "locator": "2", "audience": "team"}]
    for said in (
        {"date": "2019", "audience": "team"},
        {"date": "2020"},
        {"date": "2020", "audience": "team", "stance": "reject"},
        {"date": "2021", "citations": citations},
    ):
        world.create(f"{HERE}/positions", place | said)
    addresses = (f"{HERE}/positions?limit=100", f"{HERE}/positions?limit=100&on=2020-06")

    def told(client: Client) -> list[Any]:
        return [
            [essence(one) for one in client.get(path).get_json()["items"]] for path in addresses
        ]

    before = told(world), told(outsider)
    assert [len(one) for one in before[0]] == [4, 1]
    assert [len(one) for one in before[1]] == [2, 1]
    world.delete(HERE, match="*")
    assert world.post(f"{HERE}/restore", {}).status_code == 201
    assert (told(world), told(outsider)) == before
