"""Audiences: what of a negotiation only some see, and what they may write of it."""

import json
from typing import Any

import pytest
from flask import Flask

from negotiations_api.database import Access, Database
from negotiations_api.models.token import Scope
from negotiations_api.records.tokens import create_token
from tests.api.callers import ALPHA, BETA, As, demand, position
from tests.api.samples import HERE
from tests.client import Client


def stances(caller: As, query: str = "") -> list[str]:
    found = caller.get(f"/positions?party=alpha&demand=treaty{query}").get_json()["items"]
    return [one["stance"] for one in found]


def test_an_audience_is_seen_by_its_members(callers: dict[str, As]) -> None:
    seen = {name: caller.slugs("/audiences") for name, caller in callers.items()}
    assert seen == {
        "admin": ["alpha-team", "beta-team"],
        "both": ["alpha-team", "beta-team"],
        "alpha": ["alpha-team"],
        "beta": ["beta-team"],
        "writer": [],
        "nobody": [],
    }
    assert callers["beta"].get("/audiences/alpha-team").status_code == 404
    assert callers["beta"].get("/audiences/beta-team").get_json()["members"] == ["beta", "both"]


def test_only_an_administrator_says_who_is_in_an_audience(callers: dict[str, As]) -> None:
    body = {"slug": "third", "title": "Third", "members": ["writer"]}
    for name in ("alpha", "both", "writer"):
        assert callers[name].post("/audiences", body).status_code == 403
    for name in ("alpha", "both"):
        refused = callers[name].patch("/audiences/alpha-team", {"members": [name, "writer"]})
        assert refused.status_code == 403
    assert callers["admin"].patch("/audiences/alpha-team", {"members": []}).status_code == 200
    assert callers["alpha"].slugs("/audiences") == []


def test_what_one_says_to_all_and_to_some_may_begin_on_the_same_day(
    callers: dict[str, As],
) -> None:
    admin = callers["admin"]
    assert admin.post("/positions", position("2020-02", "reject")).status_code == 201
    assert admin.post("/positions", position("2020-02", "accept", **ALPHA)).status_code == 201
    assert admin.post("/positions", position("2020-02", "reserve", **BETA)).status_code == 201
    twin = admin.post("/positions", position("2020-02-01", "demand", **ALPHA))
    assert twin.status_code == 409
    standing = {name: stances(caller, "&on=2020-03") for name, caller in callers.items()}
    assert standing == {
        "admin": ["reserve"],
        "both": ["reserve"],
        "alpha": ["accept"],
        "beta": ["reserve"],
        "writer": ["reject"],
        "nobody": ["reject"],
    }
    assert sorted(stances(callers["alpha"])) == ["accept", "reject"]


def test_what_is_kept_of_answers_is_kept_apart(callers: dict[str, As]) -> None:
    callers["admin"].post("/positions", position("2020-02", "reject"))
    callers["admin"].post("/positions", position("2020-03", "accept", **ALPHA))
    path = "/matrix?on=2020-04&format=csv"
    told = [(name, callers[name].get(path)) for name in ("admin", "alpha", "nobody", "beta") * 3]
    texts = {name: {one.text for other, one in told if other == name} for name, _ in told}
    assert all(len(text) == 1 for text in texts.values())
    assert texts["admin"] == texts["alpha"] != texts["nobody"] == texts["beta"]
    tags = {name: answer.headers["ETag"] for name, answer in told}
    assert len(set(tags.values())) == 4
    again = callers["nobody"].get(path, If_None_Match=tags["alpha"])
    assert again.status_code == 200
    assert callers["nobody"].get(path, If_None_Match=tags["nobody"]).status_code == 304


def test_who_does_not_see_everything_writes_what_is_limited_to_its_audience(
    callers: dict[str, As],
) -> None:
    alpha = callers["alpha"]
    for body in (position("2020-02", "reject"), position("2020-02", "reject", audience=None)):
        assert alpha.post("/positions", body).status_code == 403
    made = alpha.post("/positions", position("2020-02", "accept", **ALPHA))
    assert made.status_code == 201, made.text
    path = f"/positions/{made.get_json()['id']}"
    assert alpha.patch(path, {"stance": "reject"}).status_code == 200
    assert alpha.patch(path, {"audience": None}).status_code == 403
    unknown = alpha.patch(path, BETA)
    assert (unknown.status_code, unknown.get_json()["errors"][0]["pointer"]) == (422, "/audience")
    missing = alpha.patch(path, {"audience": "zeta-team"})
    assert unknown.text == missing.text.replace("zeta-team", "beta-team")
    assert alpha.patch("/demands/treaty", {"title": "Mine"}).status_code == 403
    assert alpha.delete("/demands/withdrawal").status_code == 403
    assert alpha.send("DELETE", "", If_Match="*").status_code == 403
    assert alpha.post(f"{path}/restore", {}).status_code == 403
    assert alpha.delete(path).status_code == 204
    assert callers["both"].patch("/demands/treaty", {"title": "Ours"}).status_code == 200


def test_who_is_in_no_audience_writes_nothing_then(callers: dict[str, As]) -> None:
    """Otherwise what it may not write would tell what is hidden."""
    refused = callers["writer"].post("/demands", demand("new"))
    assert refused.status_code == 403
    assert "does not see all" in refused.get_json()["detail"]
    assert callers["writer"].send("PUT", "/document", {"negotiation": {}}).status_code == 403


def test_what_is_hidden_is_missing_for_whoever_would_write_it(callers: dict[str, As]) -> None:
    admin, alpha = callers["admin"], callers["alpha"]
    admin.post("/demands", demand("cellar", **BETA))
    made = admin.post("/positions", position("2020-02", "accept", demand="cellar", **BETA))
    assert made.status_code == 201, made.text
    path = f"/positions/{made.get_json()['id']}"
    for method, body in (("PATCH", {"stance": "reject"}), ("DELETE", None)):
        hidden = alpha.send(method, path, body, If_Match="*")
        missing = alpha.send(method, "/positions/0SAV1NDADV516", body, If_Match="*")
        assert hidden.status_code == missing.status_code == 404
    assert alpha.patch("/demands/cellar", {"title": "x"}).status_code == 404
    refused = alpha.post("/positions", position("2020-02", "accept", demand="cellar", **ALPHA))
    assert refused.status_code == 422
    assert "There is no demand 'cellar'" in refused.text
    taken = alpha.post("/demands", demand("cellar", **ALPHA))
    assert taken.status_code == 409
    assert "others" not in taken.get_json()


def test_the_end_that_is_shown_to_who_writes_is_the_one_that_it_sees(
    callers: dict[str, As],
) -> None:
    admin, alpha = callers["admin"], callers["alpha"]
    made = alpha.post("/positions", position("2020-02", "accept", **ALPHA))
    admin.post("/positions", position("2020-03", "reject", **BETA))
    path = f"/positions/{made.get_json()['id']}"
    assert admin.get(path).get_json()["ends_on"] == "2020-02-29"
    assert alpha.get(path).get_json()["ends_on"] is None
    changed = alpha.patch(path, {"summary": "Yes."})
    assert changed.get_json()["ends_on"] is None
    assert changed.headers["ETag"] == alpha.get(path).headers["ETag"]
    told = {
        changed.headers["Negotiation-Revision"],
        alpha.get(path).headers["Negotiation-Revision"],
    }
    assert len(told) == 1
    stale = alpha.patch(path, {"summary": "No."}, match='"0SAV1NDADV516.1"')
    assert stale.status_code == 412
    assert "2020-02-29" not in stale.text
    assert admin.get(path).get_json()["ends_on"] == "2020-02-29"


def test_nothing_refers_to_what_fewer_see(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    assert admin.post("/demands", demand("cellar", **ALPHA)).status_code == 201
    waits = {"conditions": [{"kind": "precondition", "demands": ["cellar"]}]}
    refused: list[tuple[str, dict[str, Any], str]] = [
        ("/positions", position("2020-02", "accept", demand="cellar"), "/audience"),
        ("/positions", position("2020-02", "accept", demand="cellar", **BETA), "/audience"),
        ("/positions", position("2020-02", "conditional", **waits), "/conditions/0/demands"),
        ("/demands", demand("part", part_of="cellar"), "/audience"),
        (
            "/meetings",
            {
                "slug": "m",
                "title": "M",
                "starts_on": "2020",
                "level": "envoy",
                "agenda": ["cellar"],
            },
            "/agenda/0",
        ),
        (
            "/commitments",
            {
                "slug": "c",
                "party": "alpha",
                "demand": "cellar",
                "status": "pledged",
                "date": "2020",
            },
            "/demand",
        ),
        (
            "/demands",
            demand("d", citations=[{"source": "treaty", **ALPHA}], **ALPHA),
            "/citations/0/audience",
        ),
    ]
    for path, body, pointer in refused:
        answer = admin.post(path, body)
        assert answer.status_code == 422, (path, answer.text)
        assert pointer in {error["pointer"] for error in answer.get_json()["errors"]}
    for path, body, _ in refused[2:4]:
        assert admin.post(path, body | ALPHA).status_code == 201
    open_first = admin.patch("/demands/cellar", {"audience": None})
    assert open_first.status_code == 200
    limited = admin.patch("/demands/treaty", ALPHA)
    assert limited.status_code == 200  # all that refers to it is limited to the same
    admin.post("/positions", position("2020-05", "accept", demand="prisoners"))
    stranded = admin.patch("/demands/prisoners", ALPHA)
    assert stranded.status_code == 409
    assert [one["noun"] for one in stranded.get_json()["others"]] == ["position"]


def test_one_that_refers_for_all_is_in_the_way_among_many_that_do_not(
    callers: dict[str, As],
) -> None:
    admin = callers["admin"]
    for year in range(2020, 2030):
        more = {} if year == 2026 else ALPHA
        body = position(f"{year}", "accept", demand="prisoners", **more)
        assert admin.post("/positions", body).status_code == 201
    refused = admin.patch("/demands/prisoners", ALPHA)
    assert refused.status_code == 409
    (other,) = refused.get_json()["others"]
    assert admin.client.get(other["href"], headers=admin.headers).get_json()["date"] == "2026"


def test_left_out_an_audience_stays_and_null_opens(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar", **ALPHA))
    kept = admin.send("PUT", "/demands/cellar", demand("cellar", text="Deep."), If_Match="*")
    assert (kept.status_code, kept.get_json()["audience"]) == (200, "alpha-team")
    assert admin.patch("/demands/cellar", {"text": None}).get_json()["audience"] == "alpha-team"
    assert callers["nobody"].get("/demands/cellar").status_code == 404
    revision = int(admin.get("/demands/cellar").headers["Negotiation-Revision"])
    assert admin.patch("/demands/cellar", {"audience": None}).get_json()["audience"] is None
    assert callers["nobody"].get("/demands/cellar").status_code == 200
    told = callers["nobody"].get("/demands/cellar/history").get_json()["items"]
    assert [one["action"] for one in told] == ["created"]
    assert callers["admin"].get(f"/demands/cellar?revision={revision}").status_code == 200
    # As it was told at the time: nobody knew of it.
    assert callers["nobody"].get("/demands/cellar?revision=1").status_code == 404
    admin.patch("/demands/cellar", BETA)
    told = callers["nobody"].get("/demands/cellar/history").get_json()["items"]
    assert [one["action"] for one in told] == ["deleted", "created"]


def test_an_audience_stays_while_something_is_only_for_it(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    admin.post("/audiences", {"slug": "brief", "title": "Brief"})
    assert admin.delete("/audiences/brief").status_code == 204
    admin.post("/demands", demand("cellar", **ALPHA))
    assert admin.delete("/audiences/alpha-team").status_code == 409
    admin.delete("/demands/cellar")
    refused = admin.delete("/audiences/alpha-team")
    assert refused.status_code == 409
    assert "take its members out" in refused.get_json()["detail"]


def test_many_at_once_may_be_for_audiences(callers: dict[str, As]) -> None:
    rows = [position("2020-02", "reject"), position("2020-02", "accept", **ALPHA)]
    body = "\n".join(map(json.dumps, rows))
    client = callers["admin"].client
    headers = callers["admin"].headers | {"Content-Type": "application/x-ndjson"}
    made = client.request("POST", f"{HERE}/positions", data=body, headers=headers)
    assert made.status_code == 200, made.text
    assert stances(callers["nobody"]) == ["reject"]
    assert stances(callers["alpha"], "&on=2020-03") == ["accept"]
    again = client.request("POST", f"{HERE}/positions", data=body, headers=headers)
    assert again.status_code == 422
    assert len(again.get_json()["errors"]) == 2
    headers = callers["alpha"].headers | {"Content-Type": "application/x-ndjson"}
    body = body.replace("2020-02", "2020-03")
    refused = client.request("POST", f"{HERE}/positions", data=body, headers=headers)
    assert refused.status_code == 403


def test_a_document_has_what_its_reader_sees_and_brings_it_back(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar", **ALPHA))
    admin.post("/positions", position("2020-02", "accept", **ALPHA))
    admin.post("/positions", position("2020-02", "reject"))
    whole = admin.get("/document")
    assert "cellar" in whole.text
    assert "cellar" in callers["alpha"].get("/document").text
    assert "cellar" not in callers["nobody"].get("/document").text
    assert "audience" not in callers["nobody"].get("/document").text
    same = admin.send("PUT", "/document", whole.get_json(), If_Match=whole.headers["ETag"])
    assert same.status_code == 200, same.text
    assert not {"created", "changed", "deleted"} & {
        name for name, many in same.get_json().items() if many
    }
    assert admin.send("DELETE", "", If_Match="*").status_code == 204
    assert callers["nobody"].get("/history").status_code == 404
    assert admin.get("/history").status_code == 200
    assert admin.post("/restore", {}).status_code == 201
    assert admin.get("/document").get_json() == whole.get_json()
    assert callers["nobody"].get("/demands/cellar").status_code == 404
    assert callers["alpha"].get("/demands/cellar").status_code == 200


def test_what_is_shared_changes_nothing_for_who_does_not_see_where_it_is_shown(
    callers: dict[str, As],
) -> None:
    admin, nobody = callers["admin"], callers["nobody"]
    source = {"slug": "leak", "title": "A leak"}
    root = admin.client
    made = root.request("POST", "/v1/sources", source, headers=admin.headers)
    assert made.status_code == 201
    admin.patch("/demands/treaty", {"citations": [{"source": "leak", **ALPHA}]})
    before = nobody.get("/history").get_json()
    headers = admin.headers | {"If-Match": "*"}
    changed = root.request("PATCH", "/v1/sources/leak", {"title": "The leak"}, headers=headers)
    assert changed.status_code == 200
    assert nobody.get("/history").get_json() == before
    told = callers["alpha"].get("/history").get_json()["items"]
    assert told[0]["key"] == "leak"


def test_an_audience_that_was_used_cannot_go_and_what_it_saw_stays_hidden(
    callers: dict[str, As],
) -> None:
    admin, nobody = callers["admin"], callers["nobody"]
    before = nobody.get("/history").headers["Negotiation-Revision"]
    admin.post("/demands", demand("cellar", text="Opened later."))
    admin.patch("/demands/cellar", {"text": "The secret.", **ALPHA})
    admin.patch("/demands/cellar", {"text": "Harmless.", "audience": None})
    assert admin.delete("/audiences/alpha-team").status_code == 409
    assert admin.delete("/audiences/beta-team").status_code == 204
    for name in ("nobody", "writer", "beta"):
        assert "The secret." not in callers[name].get("/history").text
        assert callers[name].slugs("/audiences") == []
    after = int(nobody.get("/history").headers["Negotiation-Revision"])
    assert after == int(before) + 3
    admin.post("/audiences", {"slug": "beta-team", "title": "Again", "members": ["beta"]})
    assert int(nobody.get("/history").headers["Negotiation-Revision"]) == after


def test_what_only_an_audience_sees_cited_is_told_of_in_no_history_of_a_source(
    callers: dict[str, As],
) -> None:
    admin, nobody = callers["admin"], callers["nobody"]
    root = admin.client
    for slug in ("cited", "uncited"):
        root.request("POST", "/v1/sources", {"slug": slug, "title": slug}, headers=admin.headers)
    admin.post("/demands", demand("cellar", citations=[{"source": "cited"}], **ALPHA))
    told = []
    for slug in ("cited", "uncited"):
        headers = admin.headers | {"If-Match": "*"}
        root.request("PATCH", f"/v1/sources/{slug}", {"title": "Other"}, headers=headers)
        items = root.get(f"/v1/sources/{slug}/history", headers=nobody.headers).get_json()["items"]
        found = root.get(f"/v1/sources/{slug}/history?by=admin", headers=nobody.headers)
        told.append(([one["by"] for one in items], len(found.get_json()["items"])))
    assert told[0] == told[1] == ([None, None], 0)
    for slug in ("cited", "uncited"):
        headers = callers["writer"].headers | {"If-Match": "*"}
        answer = root.request("DELETE", f"/v1/sources/{slug}?dry_run=true", headers=headers)
        assert answer.status_code == 403


def test_who_may_write_a_record_counts_the_versions_that_it_sees(callers: dict[str, As]) -> None:
    admin, alpha = callers["admin"], callers["alpha"]
    admin.post("/demands", demand("cellar"))
    admin.patch("/demands/cellar", {"citations": [{"source": "treaty", **BETA}]})
    admin.patch("/demands/cellar", {"citations": [], **ALPHA})
    read = alpha.get("/demands/cellar").headers["ETag"]
    written = alpha.patch("/demands/cellar", {"text": "Deep."}, match=read)
    assert written.status_code == 200, written.text
    assert alpha.get("/demands/cellar").headers["ETag"] == written.headers["ETag"]


def test_who_has_left_an_audience_is_not_told_again_what_it_wrote_there(
    callers: dict[str, As],
) -> None:
    alpha = callers["alpha"]
    body = position("2020-02", "accept", **ALPHA)
    first = alpha.send("POST", "/positions", body, Idempotency_Key="one")
    again = alpha.send("POST", "/positions", body, Idempotency_Key="one")
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    callers["admin"].patch("/audiences/alpha-team", {"members": []})
    refused = alpha.send("POST", "/positions", body, Idempotency_Key="one")
    assert refused.status_code == 422
    assert first.get_json()["id"] not in refused.text


def test_the_name_of_something_hidden_cannot_be_had_in_a_file_either(
    callers: dict[str, As],
) -> None:
    callers["admin"].post("/demands", demand("cellar", **BETA))
    rows = "\n".join(json.dumps(demand(slug, **ALPHA)) for slug in ("loft", "cellar"))
    headers = callers["alpha"].headers | {"Content-Type": "application/x-ndjson"}
    answer = callers["alpha"].client.request("POST", f"{HERE}/demands", data=rows, headers=headers)
    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert (error["line"], error["pointer"]) == (2, "/slug")


def test_a_document_moves_a_position_from_one_audience_to_another(
    callers: dict[str, As],
) -> None:
    admin = callers["admin"]
    made = admin.post("/positions", position("2020-02", "accept", **ALPHA)).get_json()
    document = admin.get("/document").get_json()
    (held,) = [one for one in document["positions"] if one["party"] == "alpha"]
    for audience in ("beta-team", None):
        held["audience"] = audience
        answer = admin.send("PUT", "/document", document, If_Match="*")
        assert answer.status_code == 200, answer.text
        shown = admin.get(f"/positions/{made['id']}").get_json()
        assert shown["audience"] == audience
    del held["audience"]
    admin.patch(f"/positions/{made['id']}", ALPHA)
    assert admin.send("PUT", "/document", document, If_Match="*").status_code == 200
    assert admin.get(f"/positions/{made['id']}").get_json()["audience"] == "alpha-team"


def test_who_is_in_all_audiences_that_there_are_writes_everything(callers: dict[str, As]) -> None:
    admin, both = callers["admin"], callers["both"]
    admin.post("/audiences", {"slug": "brief", "title": "Brief", "members": ["beta"]})
    assert both.patch("/demands/treaty", {"title": "Ours"}).status_code == 403
    admin.delete("/audiences/brief")
    read = both.get("/demands/treaty").headers["ETag"]
    assert both.patch("/demands/treaty", {"title": "Ours"}, match=read).status_code == 200
    assert "brief" not in both.get("/history").text
    document = both.get("/document")
    changed = document.get_json()
    changed["demands"][0]["title"] = "Theirs"
    answer = both.send("PUT", "/document", changed, If_Match=document.headers["ETag"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == both.get("/document").headers["ETag"]


def test_what_may_not_be_written_is_refused_alike_whatever_is_hidden(
    callers: dict[str, As],
) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar", **ALPHA))
    admin.post("/positions", position("2020-02", "accept", **ALPHA))
    told = []
    for slug in ("cellar", "attic"):
        rows = json.dumps(demand(slug))
        headers = callers["writer"].headers | {"Content-Type": "application/x-ndjson"}
        many = callers["writer"].client.request(
            "POST", f"{HERE}/demands", data=rows, headers=headers
        )
        alone = [callers["writer"].post("/demands", demand(slug, **more)) for more in ({}, BETA)]
        told.append([(one.status_code, one.text.replace(slug, "-")) for one in (many, *alone)])
    assert told[0] == told[1]
    assert [status for status, _ in told[0]] == [403, 403, 422]
    own = callers["alpha"].post("/demands", demand("attic", **ALPHA))
    assert own.status_code == 201


def test_who_may_not_write_is_told_what_it_could(callers: dict[str, As]) -> None:
    limitable = callers["alpha"].post("/demands", demand("attic"))
    assert "limit the demand to one" in limitable.get_json()["detail"]
    event = {"slug": "visit", "title": "A visit", "kind": "visit", "date": "2020-06"}
    other = callers["alpha"].post("/events", event)
    assert other.status_code == 403
    assert "limit the" not in other.get_json()["detail"]


def test_why_something_was_limited_or_opened_is_told_to_those_who_saw_it(
    callers: dict[str, As],
) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar"))
    limit = {"If_Match": "*", "Change_Reason": "It was said in private."}
    admin.send("PATCH", "/demands/cellar", ALPHA, **limit)
    admin.send("PATCH", "/demands/cellar", {"audience": None}, **limit)
    admin.send("PATCH", "/demands/cellar", {"text": "Deep."}, If_Match="*", Change_Reason="A year.")
    told = {
        name: [
            (one["action"], one["by"], one["reason"])
            for one in callers[name].get("/demands/cellar/history").get_json()["items"]
        ]
        for name in ("nobody", "alpha")
    }
    private = limit["Change_Reason"]
    assert told["nobody"] == [
        ("changed", "admin", "A year."),
        ("created", "admin", None),
        ("deleted", "admin", None),
        ("created", "admin", None),
    ]
    assert [reason for _, _, reason in told["alpha"]] == ["A year.", private, private, None]
    cited = {"source": "treaty", "locator": "p. 9"}
    for more in ({}, ALPHA, {}):
        body = {"citations": [cited | more]}
        assert admin.send("PATCH", "/demands/treaty", body, **limit).status_code == 200
    told_of = callers["nobody"].get("/demands/treaty/history").get_json()["items"]
    # That it was cited at all, is told with the reason; not that it was limited and opened again.
    assert [one["reason"] for one in told_of[:3]] == [None, None, private]
    assert callers["nobody"].get("/changes?limit=1000").text.count(private) == 1


def test_a_feed_does_not_go_on_for_who_sees_something_else_by_now(callers: dict[str, As]) -> None:
    admin, alpha, writer = callers["admin"], callers["alpha"], callers["writer"]
    admin.post("/demands", demand("cellar", **ALPHA))
    admin.post("/demands", demand("attic"))
    then = {name: caller.get("/changes").get_json()["next"] for name, caller in callers.items()}
    for name, caller in callers.items():
        assert caller.get(then[name].removeprefix(HERE)).get_json()["items"] == [], name
    # Of what all see nothing says that there is anything else.
    assert then["nobody"] == then["writer"]
    assert then["nobody"].rpartition("=")[2].isdecimal()
    admin.patch("/audiences/alpha-team", {"members": ["writer", "both"]})
    admin.post("/demands", demand("porch"))
    for name in ("alpha", "writer"):
        refused = callers[name].get(then[name].removeprefix(HERE))
        assert refused.status_code == 400, name
        assert "begin anew" in refused.get_json()["detail"]
        last = then[name].rpartition("=")[2]
        events = {"Accept": "text/event-stream", "Last_Event_ID": last}
        assert callers[name].get("/changes", **events).status_code == 400
    for name in ("nobody", "admin", "beta"):
        told = callers[name].get(then[name].removeprefix(HERE)).get_json()["items"]
        assert [one["key"] for one in told if one["noun"] == "demand"] == ["porch"], name
    for caller, keys in ((alpha, ["attic", "porch"]), (writer, ["cellar", "attic", "porch"])):
        told = caller.get("/changes?after=0&limit=1000").get_json()["items"]
        made = [one["key"] for one in told if one["noun"] == "demand"]
        assert made[-len(keys) :] == keys


def test_who_sees_everything_follows_a_negotiation_beyond_its_end(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar", **ALPHA))

    def following() -> dict[str, Any]:
        answer = admin.get(told["next"].removeprefix(HERE))
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.get_json()
        return page

    told = admin.get("/changes?limit=1000").get_json()
    assert told["next"].endswith("~all")
    admin.delete("")
    told = following()
    assert {one["action"] for one in told["items"]} == {"deleted"}
    admin.post("/restore", {})
    told = following()
    assert {one["action"] for one in told["items"]} == {"restored"}
    admin.delete("")
    negotiation = {"slug": "border", "title": "Another"}
    made = admin.client.request("POST", "/v1/negotiations", negotiation, headers=admin.headers)
    assert made.status_code == 201
    told = following()
    assert told["items"][-1]["action"] == "created"
    assert following()["items"] == []


def test_who_comes_to_see_everything_is_told_how_to_go_on(callers: dict[str, As]) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("attic"))
    last = callers["nobody"].get("/changes").get_json()["next"].removeprefix(HERE)
    refused = admin.get(last)
    assert refused.status_code == 400
    assert f"{last.rpartition('=')[2]}~all" in refused.get_json()["detail"]
    assert admin.get(f"{last}~all").status_code == 200


def test_who_sees_everything_goes_on_from_before_there_were_audiences(
    closed: Flask, database: Database
) -> None:
    with database.transaction(Access.WRITE) as session:
        admin = As(Client(closed), create_token(session, "admin", Scope.ADMIN).secret)
    following = admin.get("/changes").get_json()["next"].removeprefix(HERE)
    admin.post("/audiences", {"slug": "team", "title": "Of all"})
    told = admin.get(following).get_json()
    assert [one["noun"] for one in told["items"]] == ["audience"]
    assert admin.get(told["next"].removeprefix(HERE)).get_json()["items"] == []


def test_a_token_for_other_negotiations_is_in_no_audience_of_this_one(
    callers: dict[str, As], database: Database
) -> None:
    admin, client = callers["admin"], callers["admin"].client
    members = ["guest", "later", "deputy"]
    admin.patch("/audiences/alpha-team", {"members": members})
    admin.post("/demands", demand("cellar", **ALPHA))
    talks = {"slug": "rivers", "title": "Rivers"}
    made = client.request("POST", "/v1/negotiations", talks, headers=admin.headers)
    assert made.status_code == 201
    with database.transaction(Access.WRITE) as session:
        secrets = {
            name: create_token(session, name, scope, limits).secret
            for name, scope, limits in (
                ("guest", Scope.READ, ["rivers"]),
                ("nowhere", Scope.READ, []),
                ("deputy", Scope.ADMIN, ["rivers"]),
                ("here", Scope.READ, ["border"]),
            )
        }
    deputy = {"Authorization": f"Bearer {secrets['deputy']}"}
    token = {"name": "later", "scope": "read", "negotiations": ["rivers"]}
    issued = client.request("POST", "/v1/tokens", token, headers=deputy)
    assert issued.status_code == 201
    secrets["later"] = issued.get_json()["token"]
    seen = {name: As(client, secret).slugs("/demands") for name, secret in secrets.items()}
    assert not [name for name, slugs in seen.items() if "cellar" in slugs]
    admin.patch("/audiences/alpha-team", {"members": ["here"]})
    assert "cellar" in As(client, secrets["here"]).slugs("/demands")


def test_by_whom_a_source_of_something_hidden_was_recorded_is_told_to_administrators(
    callers: dict[str, As],
) -> None:
    client = callers["admin"].client
    alpha = callers["alpha"].headers | {"Change-Reason": "for what alpha says in secret"}
    source = {"slug": "memo", "title": "A memo"}
    assert client.request("POST", "/v1/sources", source, headers=alpha).status_code == 201
    cited = {"citations": [{"source": "memo"}]}
    said = callers["alpha"].post("/positions", position("2020", "accept", **ALPHA, **cited))
    assert said.status_code == 201

    def told(name: str, query: str = "") -> list[str | None]:
        headers = callers[name].headers
        answer = client.request("GET", f"/v1/sources/memo/history{query}", headers=headers)
        return [one["by"] for one in answer.get_json()["items"]]

    assert {name: told(name) for name in callers} == {
        name: ["alpha" if name == "admin" else None] for name in callers
    }
    assert [name for name in callers if told(name, "?by=alpha")] == ["admin"]


def test_a_place_in_a_feed_is_judged_alike_whatever_else_is_hidden(
    callers: dict[str, As],
) -> None:
    before = callers["alpha"].get("/changes?after=1")
    callers["admin"].delete("/audiences/beta-team")
    after = callers["alpha"].get("/changes?after=1")
    assert (before.status_code, after.status_code) == (400, 400)
    assert before.data == after.data


def test_who_sees_what_there_is_and_not_what_there_was_brings_nothing_back(
    callers: dict[str, As],
) -> None:
    admin, both = callers["admin"], callers["both"]
    admin.post("/demands", demand("attic"))
    admin.delete("/demands/attic")
    admin.post("/audiences", {"slug": "moles", "title": "The moles"})
    assert both.post("/demands/attic/restore", {}).status_code == 403
    admin.delete("/audiences/moles")
    assert both.post("/demands", demand("porch")).status_code == 201
    assert both.post("/demands/attic/restore", {}).status_code == 403
    assert admin.post("/demands/attic/restore", {}).status_code == 201


def test_by_whom_a_party_was_changed_is_told_alike_by_all_histories(
    callers: dict[str, As],
) -> None:
    admin, client = callers["admin"], callers["admin"].client
    talks = {"slug": "rivers", "title": "Rivers", "visibility": "private"}
    client.request("POST", "/v1/negotiations", talks, headers=admin.headers)
    body = {"party": "alpha", "role": "principal"}
    client.request("POST", "/v1/negotiations/rivers/participants", body, headers=admin.headers)
    change = admin.headers | {"If-Match": "*", "Change-Reason": "for secret talks"}
    client.request("PATCH", "/v1/parties/alpha", {"name": "The first"}, headers=change)
    client.request("DELETE", "/v1/negotiations/rivers", headers=change)
    for name in ("writer", "beta", "nobody"):
        headers = callers[name].headers
        for path in ("/v1/parties/alpha/history", f"{HERE}/history?noun=party"):
            newest = client.request("GET", path, headers=headers).get_json()["items"][0]
            assert (newest["key"], newest["by"], newest["reason"]) == ("alpha", None, None), name


@pytest.mark.parametrize("media", ["application/x-ndjson", "text/csv"])
def test_no_demand_of_many_is_part_of_what_fewer_see(callers: dict[str, As], media: str) -> None:
    admin = callers["admin"]
    admin.post("/demands", demand("cellar", **ALPHA))

    def send(caller: As, *rows: dict[str, Any]) -> int:
        if media == "text/csv":
            names = ("slug", "title", "issue", "part_of", "audience")
            lines = [names, *([row.get(name, "") for name in names] for row in rows)]
            body = "\n".join(",".join(line) for line in lines)
        else:
            body = "\n".join(map(json.dumps, rows))
        headers = caller.headers | {"Content-Type": media}
        return caller.client.request(
            "POST", f"{HERE}/demands", data=body, headers=headers
        ).status_code

    assert send(admin, demand("shelf", part_of="cellar")) == 422
    assert send(admin, demand("vault", **ALPHA), demand("shelf", part_of="vault")) == 422
    assert send(admin, demand("shelf", part_of="vault"), demand("vault", **ALPHA)) == 422
    assert send(callers["both"], demand("shelf", part_of="cellar", **BETA)) == 422
    assert send(callers["both"], demand("shelf", part_of="cellar", **ALPHA)) == 200
    assert send(admin, demand("vault", **ALPHA), demand("safe", part_of="vault", **ALPHA)) == 200
    assert callers["nobody"].get("/history?limit=1000").status_code == 200
    assert "cellar" not in callers["nobody"].get("/demands").text
