"""The record as it stood: what was answered at a revision is answered of it for ever."""

import datetime as dt
import gc
import random
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from negotiations_api.database import Access, Database
from negotiations_api.http import pasts
from negotiations_api.http.pasts import MOST_KEPT, Pasts
from negotiations_api.models import Negotiation
from tests.api.samples import CITATION, HERE, SAMPLES
from tests.api.test_random_writes import Writer
from tests.client import Client
from tests.records.test_imports import ndjson, run

TALKS = "/v1/negotiations/us-dprk"
QUESTIONS = (
    "/compare/usa@2019-10-31...prk@2019-10-31",
    "/compare/prk@2018-06-12...prk@2019-10-05",
    "/matrix?on=2019-10-31",
    "/agreement?on=2019-10-31",
    "/agreement?period=../..",
    "/convergence?parties=usa,prk&period=2018/2019",
    "/compromise?on=2019-10-31",
    "/timeline",
    "/meetings/stockholm/accounts/compare",
    "/roadmap?on=2019-10-31",
    "/document",
    "/demands?q=sanctions",
    "/participants",
    "/meetings/stockholm",
    "/demands/cvid/citations",
    "/accounts?format=csv",
    "/positions?format=ndjson",
    "/positions?sort=-updated_at&limit=20&fields=date,ends_on,updated_at,changed_by",
)
"""Of each kind of answer one, all of one day, so that nothing changes with the calendar."""


def told(client: Client, revision: int | None = None) -> dict[str, Any]:
    """What each question is answered with, of today's record or of a revision of it."""
    answers = {}
    for question in QUESTIONS:
        path = TALKS + question
        if revision is not None:
            path += f"{'&' if '?' in path else '?'}revision={revision}"
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        answers[question] = answer.text.replace(f"&revision={revision}", "").replace(
            f"?revision={revision}", ""
        )
    return answers


def revision_of(client: Client) -> int:
    answer = client.get(f"{TALKS}/matrix?on=2019")
    return int(answer.headers["Negotiation-Revision"])


CHANGES: tuple[Callable[[Client], Any], ...] = (
    lambda c: c.patch(f"{TALKS}/demands/cvid", {"title": "Another title", "deadline": "2021"}, "*"),
    lambda c: c.create(
        f"{TALKS}/positions",
        {"party": "usa", "demand": "cvid", "date": "2018-01", "stance": "reject"},
    ),
    lambda c: c.patch("/v1/parties/usa", {"name": "The States"}, "*"),
    lambda c: c.delete(f"{TALKS}/meetings/stockholm/attendance/0", "*"),
    lambda c: c.create("/v1/parties", {"slug": "che", "name": "Switzerland", "kind": "state"}),
    lambda c: c.create(f"{TALKS}/participants", {"party": "che", "role": "host"}),
    lambda c: c.patch(TALKS, {"title": "The talks"}, "*"),
    lambda c: c.create(
        f"{TALKS}/demands",
        {
            "slug": "flight-bans",
            "title": "Flight bans",
            "issue": "sanctions-relief",
            "part_of": "sanctions-relief",
            "addressed_to": ["usa", "che"],
        },
    ),
    lambda c: c.patch(f"{TALKS}/demands/partial-sanctions-relief", {"part_of": "flight-bans"}, "*"),
    lambda c: c.delete(
        f"{TALKS}/positions/{c.get(f'{TALKS}/positions?party=usa').get_json()['items'][0]['id']}",
        "*",
    ),
    lambda c: c.patch("/v1/sources/wsws-2019-10-10", {"title": "Retitled"}, "*"),
)
"""Changes of all kinds: of parts, of what is shared, of ends, of wholes, deletions."""


def test_what_was_answered_at_each_revision_is_answered_of_it_ever_after(
    talks: Database, client: Client
) -> None:
    then = {revision_of(client): told(client)}
    for change in CHANGES:
        assert change(client).status_code < 300
        then.setdefault(revision_of(client), told(client))
    assert len(then) > 8
    for revision, answers in then.items():
        now = told(client, revision)
        assert [q for q in QUESTIONS if now[q] != answers[q]] == [], revision


def test_the_order_in_which_the_past_is_asked_makes_no_difference(
    talks: Database, client: Client
) -> None:
    then = [(revision_of(client), told(client))]
    for change in CHANGES[:4]:
        change(client)
        then.append((revision_of(client), told(client)))
    random.Random(1).shuffle(then)
    for revision, answers in then:
        assert told(client, revision) == answers


def test_what_was_deleted_is_there_in_the_past(talks: Database, client: Client) -> None:
    before = revision_of(client)
    listed = client.get(f"{TALKS}/positions?party=prk&limit=1").get_json()["items"][0]
    path = f"{TALKS}/positions/{listed['id']}"
    client.delete(path, "*")
    assert client.get(path).status_code == 404
    assert client.get(f"{path}?revision={before}").get_json() == listed


POSITIONS = f"{HERE}/positions"
PARTS = ("", "?format=text", "?fields=ends_on", "?expand=demand", "/citations", "/citations/0")


def positions_of(client: Client, revision: int | None = None, among: Any = None) -> dict[str, Any]:
    """Each position of the small negotiation, in each form: the bytes and the ETag."""
    if among is None:
        found = client.get(f"{POSITIONS}?limit=1000").get_json()["items"]
        among = [f"{POSITIONS}/{one['id']}" for one in found]
    told: dict[str, Any] = {}
    for form in (path + part for path in among for part in PARTS):
        joined = "&" if "?" in form else "?"
        answer = client.get(form if revision is None else f"{form}{joined}revision={revision}")
        if not form.endswith("/0") or answer.status_code == 200:
            told[form] = (answer.status_code, answer.text, answer.headers.get("ETag"))
    return told


def here(client: Client, date: str) -> str:
    items = client.get(f"{POSITIONS}?party=alpha&demand=treaty").get_json()["items"]
    return next(f"{POSITIONS}/{one['id']}" for one in items if one["date"] == date)


def takes(date: str, stance: str = "accept", **more: Any) -> dict[str, Any]:
    of_it = {"party": "alpha", "demand": "treaty", "date": date, "stance": stance}
    return of_it | {"citations": [CITATION]} | more


def without(client: Client, date: str) -> Any:
    document = client.get(f"{HERE}/document").get_json()
    document["positions"] = [one for one in document["positions"] if one["date"] != date]
    return document


LINES = {"Content-Type": "application/x-ndjson"}
MOVES: tuple[Callable[[Client], Any], ...] = (
    lambda c: c.create(POSITIONS, takes("2019", until="2030")),
    lambda c: c.create(POSITIONS, takes("2021")),
    lambda c: c.create(POSITIONS, takes("2020-06", "reject")),
    lambda c: c.patch(here(c, "2019"), {"summary": "Corrected."}, "*"),
    lambda c: c.post(
        POSITIONS, data=ndjson([takes("2019-05"), takes("2020", party="beta")]), headers=LINES
    ),
    lambda c: run(c.app.extensions["database"], ndjson([takes("2019-03"), takes("2024")])),
    lambda c: c.delete(here(c, "2020-06"), "*"),
    lambda c: c.patch(here(c, "2021"), {"date": "2018"}, "*"),
    lambda c: c.post(f"{here(c, '2018')}/citations", CITATION),
    lambda c: c.put(f"{HERE}/document", without(c, "2019-03"), "*"),
    lambda c: c.patch(here(c, "2019"), {"demand": "prisoners"}, "*"),
    lambda c: c.patch(here(c, "2024"), {"until": "2025"}, "*"),
    lambda c: c.delete(here(c, "2019-05"), "*"),
    lambda c: c.post(f"{here(c, '2018')}/restore", {}, headers={"If-Match": "*"}),
    lambda c: c.delete(HERE, "*"),
    lambda c: c.post(f"{HERE}/restore", {}),
    lambda c: c.create(POSITIONS, takes("2023")),
)
"""What moves the ends of other positions, by every way to write one."""


def test_a_position_is_as_it_was_to_the_byte_also_where_others_have_moved_its_end(
    world: Client,
) -> None:
    then: dict[int, dict[str, Any]] = {}
    for move in MOVES:
        answer = move(world)
        assert isinstance(answer, tuple) or answer.status_code < 300, answer.text
        if world.get(HERE).status_code == 200:
            revision = int(world.get(HERE).headers["Negotiation-Revision"])
            assert revision not in then
            then[revision] = positions_of(world)
    everything = {path.partition("?")[0] for told in then.values() for path in told}
    paths = sorted(path for path in everything if "/citations" not in path)
    assert len(then) == len(MOVES) - 1
    ends = {told[path][1] for told in then.values() for path in told if path.endswith("ends_on")}
    assert len(ends) > 2 * len(paths)  # they were moved indeed
    for revision, told in then.items():
        now = positions_of(world, revision, paths)
        there = {form: answer for form, answer in now.items() if answer[0] == 200}
        assert there == told, revision


@pytest.mark.parametrize("seed", [7, 8])
def test_positions_are_as_they_were_after_writes_at_random(world: Client, seed: int) -> None:
    writer = Writer(world, seed)
    then: dict[int, dict[str, Any]] = {}
    for _ in range(40):
        writer.write()
        answer = world.get(HERE)
        if answer.status_code == 200:
            revision = int(answer.headers["Negotiation-Revision"])
            then.setdefault(revision, positions_of(world))
    assert len(then) > 10
    for revision in random.Random(seed).sample(sorted(then), 6):
        forms = then[revision]
        paths = [form for form in forms if "?" not in form and "/citations" not in form]
        assert positions_of(world, revision, paths) == forms, revision


def test_the_past_is_known_by_date_too(talks: Database, client: Client) -> None:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    now = client.get(f"{TALKS}/matrix?on=2019").text
    assert client.get(f"{TALKS}/matrix?on=2019&known_on={today}").text == now
    assert client.get(f"{TALKS}/matrix?on=2019&known_on={today[:4]}").text == now
    unknown = client.get(f"{TALKS}/matrix?on=2019&known_on={int(today[:4]) + 1}")
    assert unknown.status_code == 400
    assert "has not come yet" in unknown.get_json()["detail"]
    refused = client.get(f"{TALKS}/matrix?on=2019&known_on=2001")
    assert refused.status_code == 400
    assert "2001-12-31" in refused.get_json()["detail"]


def test_an_answer_says_under_which_address_it_stays_the_same(
    talks: Database, client: Client
) -> None:
    answer = client.get(f"{TALKS}/compare/usa...prk?show=differences")
    cited = answer.headers["Content-Location"]
    assert "@" in cited
    assert "show=differences" in cited
    client.patch("/v1/parties/usa", {"name": "The States"}, "*")
    assert client.get(f"{TALKS}/compare/usa...prk?show=differences").text != answer.text
    again = client.get(cited)
    # All but what was asked for: today's date by its name.
    assert again.get_json()["issues"] == answer.get_json()["issues"]
    assert again.get_json()["totals"] == answer.get_json()["totals"]
    assert again.headers["Cache-Control"] == "private, no-cache"  # of one who sees everything
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    for address in (cited, client.get(f"{TALKS}/matrix").headers["Content-Location"]):
        public = client.get(address, environ_overrides=elsewhere)
        assert public.headers["Cache-Control"] == "max-age=31536000, immutable"
    # Without a day it speaks of today, and so is another one tomorrow.
    undated = client.get(f"{TALKS}/matrix?revision={revision_of(client)}")
    assert undated.headers["Cache-Control"].endswith("no-cache")


@pytest.mark.parametrize("question", ["revision=0", "revision=99", "known_on=2019&revision=1"])
def test_a_state_that_is_not_known_is_refused(
    talks: Database, client: Client, question: str
) -> None:
    answer = client.get(f"{TALKS}/matrix?{question}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] in question


def test_what_is_of_more_than_one_negotiation_has_no_revision(
    talks: Database, client: Client
) -> None:
    across = "/v1/compare/us-dprk:usa...us-dprk:prk"
    for path in ("/v1/parties/usa/positions", across, "/v1/parties"):
        answer = client.get(f"{path}?revision=1")
        assert answer.status_code == 400
        assert answer.get_json()["errors"][0]["parameter"] == "revision"


def test_every_sample_is_as_it_was(world: Client) -> None:
    """Each kind of record, with all its fields, comes back as it was read."""
    made = {}
    for sample in SAMPLES:
        answer = world.create(sample.collection, sample.payload)
        made[sample.noun] = answer.headers["Location"]
    owned = {noun: path for noun, path in made.items() if "/border/" in path}
    matrix = world.get("/v1/negotiations/border/matrix?on=2020")
    revision = matrix.headers["Negotiation-Revision"]
    then = {path: world.get(path).text for path in owned.values()}
    for sample in SAMPLES:
        if sample.noun in owned:
            assert world.patch(owned[sample.noun], sample.change, "*").status_code == 200
    for path, text in then.items():
        assert world.get(f"{path}?revision={revision}").text == text


def test_an_import_is_not_there_before_it(talks: Database, client: Client, tmp_path: Path) -> None:
    before, then = revision_of(client), told(client)
    rows = "party,demand,date,stance\nusa,cvid,2018-03,accept\nprk,cvid,2019-11,reject\n"
    answer = client.post(f"{TALKS}/positions", data=rows, headers={"Content-Type": "text/csv"})
    assert answer.status_code == 200
    assert told(client, before) == then


def test_what_was_imported_and_changed_since_is_not_there_before_it(world: Client) -> None:
    before = int(world.get(HERE).headers["Negotiation-Revision"])
    run(world.app.extensions["database"], ndjson([takes("2019"), takes("2020")]))
    imported = positions_of(world)
    world.patch(here(world, "2019"), {"summary": "Corrected."}, "*")
    world.delete(here(world, "2020"), "*")
    assert world.get(f"{POSITIONS}?revision={before}").get_json()["items"] == []
    paths = {path.partition("?")[0].partition("/citations")[0] for path in imported}
    assert positions_of(world, before + 1, paths) == imported


def test_the_past_leaves_no_trace_in_the_record(
    talks: Database, client: Client, queries: Callable[[], list[str]]
) -> None:
    revision = revision_of(client)
    client.patch("/v1/parties/usa", {"name": "The States"}, "*")
    seen = len(queries())
    told(client, revision)
    written = [one for one in queries()[seen:] if not one.lstrip().startswith(("SELECT", "BEGIN"))]
    assert written == []
    with talks.transaction(Access.READ) as session:
        assert session.scalar(select(func.count()).select_from(Negotiation)) == 1


def test_a_revision_at_which_it_was_deleted_is_told_so(world: Client) -> None:
    path = "/v1/negotiations/border"
    deleted = int(world.get(f"{path}/matrix?on=2019").headers["Negotiation-Revision"]) + 1
    world.delete(path, "*")
    assert world.post(f"{path}/restore", {}).status_code == 201
    answer = world.get(f"{path}?revision={deleted}")
    assert answer.status_code == 400
    assert "was not there" in answer.get_json()["detail"]


def test_many_states_of_the_past_take_a_bounded_room(talks: Database, client: Client) -> None:
    last = revision_of(client)
    for number in range(12):
        client.patch(TALKS, {"title": f"Talks {number}"}, "*")
    titles = [
        client.get(f"{TALKS}?revision={last + number}").get_json()["title"]
        for number in range(1, 12)
    ]
    assert titles == [f"Talks {number}" for number in range(11)]
    states: Pasts = client.app.extensions["pasts"]
    assert len(list(states.directory.iterdir())) <= 3 * MOST_KEPT


def test_what_is_let_go_of_is_gone(talks: Database, client: Client) -> None:
    states: Pasts = client.app.extensions["pasts"]
    first = revision_of(client)
    made: list[weakref.ref[Database]] = []
    for number in range(MOST_KEPT + 4):
        client.patch(TALKS, {"title": f"Talks {number}"}, "*")
        client.get(f"{TALKS}/demands?revision={first + number}")
        made += [weakref.ref(database) for database, _ in states._kept.values()]
    gc.collect()
    there = {id(one()) for one in made if one() is not None}
    # And the first, with which SQLAlchemy keeps what it has compiled for all.
    assert len(states._kept) <= len(there) <= MOST_KEPT + 1


def test_an_answer_of_the_past_says_its_format(talks: Database, client: Client) -> None:
    answer = client.get(f"{TALKS}/matrix?on=2019", headers={"Accept": "text/csv"})
    client.patch("/v1/parties/usa", {"name": "The States"}, "*")
    assert client.get(answer.headers["Content-Location"]).text == answer.text


def test_who_waits_for_another_state_to_be_made_is_told_soon(
    talks: Database, client: Client
) -> None:
    last = revision_of(client)
    for number in range(2):
        client.patch(TALKS, {"title": f"Talks {number}"}, "*")
    assert client.get(f"{TALKS}?revision={last}").status_code == 200
    states: Pasts = client.app.extensions["pasts"]
    began = time.monotonic()
    with states._building:  # as one that takes long does
        answer = client.flask.get(f"{TALKS}?revision={last + 1}")
        assert client.get(f"{TALKS}?revision={last}").status_code == 200  # is there already
    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.get_json()["type"]) == (503, "/problems/unavailable")
    assert 0 < int(answer.headers["Retry-After"]) < 60
    assert client.get(f"{TALKS}?revision={last + 1}").status_code == 200


def test_a_state_of_too_many_positions_is_refused_and_an_earlier_one_is_not(
    world: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasts, "MOST_POSITIONS", 3)
    here = "/v1/negotiations/border"
    for year in range(2000, 2006):
        position = {"party": "alpha", "demand": "prisoners", "date": str(year), "stance": "accept"}
        world.create(f"{here}/positions", position)
    last = int(world.get(here).headers["Negotiation-Revision"])
    shown = world.get(f"{here}/positions?revision={last - 3}").get_json()
    assert len(shown["items"]) == 3
    answer = world.get(f"{here}/positions?revision={last - 2}")
    assert answer.status_code == 400
    assert "more than 3 positions" in answer.get_json()["detail"]
    later = world.get(f"{here}/history?since={last - 1}").get_json()["items"]
    assert [one["revision"] for one in later] == [last, last - 1]
    assert world.get(f"{here}/positions?revision={last}").status_code == 200  # that of today


def of_now(client: Client) -> str:
    """The parameter that asks for the state of today, from now on."""
    return f"revision={client.get(HERE).headers['Negotiation-Revision']}"


def test_what_is_shared_is_as_it_was_though_it_was_changed_while_it_was_not_shown(
    world: Client,
) -> None:
    world.create(f"{HERE}/participants", {"party": "delta", "role": "observer"})
    asked = [f"{HERE}/{name}?{of_now(world)}" for name in ("matrix", "document", "participants")]
    before = [world.get(one).data for one in asked]
    world.delete(f"{HERE}/participants/delta", match="*")
    world.patch("/v1/parties/delta", {"name": "Second"}, match="*")
    world.create(f"{HERE}/participants", {"party": "delta", "role": "observer"})
    world.patch("/v1/parties/delta", {"name": "Third"}, match="*")
    assert [world.get(one).data for one in asked] == before


def test_what_is_shared_is_as_it_was_though_another_has_taken_its_name(world: Client) -> None:
    world.create("/v1/parties", {"slug": "envoy", "name": "First", "kind": "person"})
    world.create(f"{HERE}/participants", {"party": "envoy", "role": "mediator"})
    asked = f"{HERE}/document?{of_now(world)}"
    before = world.get(asked).data
    world.delete(f"{HERE}/participants/envoy", match="*")
    world.delete("/v1/parties/envoy", match="*")
    world.create("/v1/parties", {"slug": "envoy", "name": "Second", "kind": "person"})
    world.create(f"{HERE}/participants", {"party": "envoy", "role": "mediator"})
    world.patch("/v1/parties/envoy", {"name": "Third"}, match="*")
    answer = world.get(asked)
    assert (answer.status_code, answer.data) == (200, before)
