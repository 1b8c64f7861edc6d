"""What others make of a position, its end, changes its bytes and its ETag, and no version of it."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from negotiations_api import __version__
from negotiations_api.database import Database
from tests.api.samples import CITATION, HERE
from tests.api.test_history import history
from tests.client import Client
from tests.records.test_imports import ndjson, run

POSITIONS = f"{HERE}/positions"
VARIANTS = (
    "",
    "?format=text",
    "?fields=stance",
    "?fields=ends_on,party&format=text",
    "?expand=party,source",
    "/citations",
    "/citations?format=text",
    "/citations/0",
)


def position(date: str, **more: Any) -> dict[str, Any]:
    return {"party": "alpha", "demand": "treaty", "date": date, "stance": "accept"} | more


NEXT = position("2020-03", stance="reject")


def post(world: Client, _: Database) -> TestResponse:
    return world.post(POSITIONS, NEXT)


def post_lines(world: Client, _: Database) -> TestResponse:
    media = {"Content-Type": "application/x-ndjson"}
    return world.post(POSITIONS, data=ndjson([NEXT, position("2021")]), headers=media)


def post_table(world: Client, _: Database) -> TestResponse:
    table = "party,demand,date,stance\nalpha,treaty,2021,reject\nalpha,treaty,2020-03,reject\n"
    return world.post(POSITIONS, data=table, headers={"Content-Type": "text/csv"})


def put_document(world: Client, _: Database) -> TestResponse:
    read = world.get(f"{HERE}/document")
    document = read.get_json()
    document["positions"].append(NEXT)
    return world.put(f"{HERE}/document", document, read.headers["ETag"])


def correct_another(world: Client, _: Database) -> TestResponse:
    other = world.create(POSITIONS, NEXT | {"demand": "prisoners"}).headers["Location"]
    return world.patch(other, {"demand": "treaty"}, "*")


def replace_another(world: Client, _: Database) -> TestResponse:
    other = world.create(POSITIONS, NEXT | {"date": "2020-07"}).headers["Location"]
    return world.put(other, NEXT, "*")


def bring_another_back(world: Client, _: Database) -> TestResponse:
    other = world.create(POSITIONS, NEXT).headers["Location"]
    assert world.delete(other, "*").status_code == 204
    return world.post(f"{other}/restore", {})


def import_file(world: Client, database: Database) -> TestResponse:
    imported, faults = run(database, ndjson([NEXT, position("2022")]))
    assert (imported.created, faults) == (2, [])
    return world.get(POSITIONS)


WAYS: tuple[Callable[[Client, Database], TestResponse], ...] = (
    post,
    post_lines,
    post_table,
    put_document,
    correct_another,
    replace_another,
    bring_another_back,
    import_file,
)


def tag_of(answer: TestResponse) -> str:
    return answer.headers["ETag"].strip('"')


def version_of(answer: TestResponse) -> str:
    """The id and the version, with which the ETag of a record begins."""
    return tag_of(answer).partition("-")[0]


def revision(answer: TestResponse) -> int:
    return int(answer.headers["Negotiation-Revision"])


@pytest.fixture
def first(world: Client) -> str:
    """The address of a position that nothing supersedes yet."""
    return world.create(POSITIONS, position("2019", citations=[CITATION])).headers["Location"]


@pytest.mark.parametrize("supersede", WAYS, ids=lambda way: way.__name__)
def test_what_supersedes_a_position_moves_its_end_and_leaves_its_version(
    world: Client, database: Database, first: str, supersede: Callable[..., TestResponse]
) -> None:
    before = {variant: world.get(first + variant) for variant in VARIANTS}
    assert supersede(world, database).status_code in {200, 201}
    after = world.get(first)
    assert after.get_json() == before[""].get_json() | {"ends_on": "2020-02-29"}
    assert version_of(after) == version_of(before[""])
    assert tag_of(after) == f"{tag_of(before[''])}-2020-02-29"
    assert revision(after) > revision(before[""])
    assert len(history(world, first)) == 1
    for variant, old in before.items():
        asked = {"If-None-Match": old.headers["ETag"]}
        new = world.get(first + variant, headers=asked)
        assert (new.status_code, version_of(new)) == (200, version_of(old)), variant
        asked = {"If-None-Match": new.headers["ETag"]}
        assert world.get(first + variant, headers=asked).status_code == 304, variant
    assert world.get(f"{first}/citations").headers["ETag"] == after.headers["ETag"]


@pytest.mark.parametrize("supersede", WAYS, ids=lambda way: way.__name__)
def test_what_was_read_before_it_was_superseded_may_still_be_changed(
    world: Client, database: Database, first: str, supersede: Callable[..., TestResponse]
) -> None:
    before = world.get(first)
    supersede(world, database)
    changed = world.patch(first, {"summary": "Mistyped."}, before.headers["ETag"])
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["ends_on"] == "2020-02-29"
    assert changed.headers["ETag"] == world.get(first).headers["ETag"]
    assert changed.text == world.get(first).text
    # Now it is another version, whatever the end is.
    for tag in (before.headers["ETag"], f'"{tag_of(before)}-2020-02-29"'):
        assert world.patch(first, {"summary": "Mended."}, tag).status_code == 412
    latest = world.get(f"{first}?expand=party").headers["ETag"]
    assert world.delete(f"{first}/citations/0", latest).status_code == 204


def test_deleting_the_successor_gives_the_former_answer_with_its_etag(
    world: Client, first: str
) -> None:
    before = {variant: world.get(first + variant) for variant in VARIANTS}
    second = world.create(POSITIONS, NEXT).headers["Location"]
    world.patch(second, {"date": "2020-05"}, "*")
    assert tag_of(world.get(first)).endswith("-2020-04-30")
    assert world.delete(second, "*").status_code == 204
    for variant, old in before.items():
        again = world.get(first + variant)
        assert (again.text, tag_of(again)) == (old.text, tag_of(old)), variant
        same = world.get(first + variant, headers={"If-None-Match": old.headers["ETag"]})
        assert same.status_code == 304, variant


def test_the_answer_to_a_write_has_the_etag_of_the_next_reading(world: Client, first: str) -> None:
    between = world.create(POSITIONS, NEXT | {"until": "2025"})
    world.create(POSITIONS, position("2021"))
    assert tag_of(between).endswith("-2025-12-31")
    assert version_of(between).endswith(".1")
    added = world.create(POSITIONS, position("2020-01"))
    assert tag_of(added).endswith(f".1-{__version__}-2020-02-29")
    path = added.headers["Location"]
    ends = []
    assert world.delete(path, "*").status_code == 204
    writes: tuple[Callable[[], TestResponse], ...] = (
        lambda: world.post(f"{path}/restore", {}),
        lambda: world.patch(path, {"stance": "reserve"}, "*"),
        lambda: world.patch(path, {"date": "2020-02"}, "*"),
        lambda: world.patch(path, {"date": "2022"}, "*"),
        lambda: world.put(path, position("2018"), "*"),
        lambda: world.patch(path, {"stance": "accept"}, "*"),  # which it says already
    )
    for write in writes:
        written, read = write(), world.get(path)
        assert written.status_code < 300, written.text
        assert (read.text, tag_of(read)) == (written.text, tag_of(written))
        ends.append(read.get_json()["ends_on"])
    assert ends == ["2020-02-29", "2020-02-29", "2020-02-29", None, "2018-12-31", "2018-12-31"]


def test_each_write_of_a_position_is_one_version_whatever_it_moves(
    world: Client, first: str
) -> None:
    world.create(POSITIONS, NEXT)
    for number, date in enumerate(("2019-02", "2020-04", "2018"), start=2):
        assert version_of(world.patch(first, {"date": date}, "*")).endswith(f".{number}")
    world.delete(first, "*")
    assert version_of(world.post(f"{first}/restore", {})).endswith(".5")


def test_an_end_that_stays_where_it_is_changes_nothing(world: Client, first: str) -> None:
    world.create(POSITIONS, NEXT)
    before = world.get(first)
    world.create(POSITIONS, position("2021"))
    world.create(POSITIONS, position("2020-02", party="beta"))
    asked = {"If-None-Match": before.headers["ETag"]}
    assert world.get(first, headers=asked).status_code == 304


def test_lists_are_by_who_has_written_and_not_by_what_follows(world: Client, first: str) -> None:
    before = world.get(first).get_json()["updated_at"]
    made = world.create(POSITIONS, NEXT).get_json()
    newest = world.get(f"{POSITIONS}?sort=-updated_at").get_json()["items"]
    assert [one["date"] for one in newest] == ["2020-03", "2019"]
    assert newest[1]["updated_at"] == before <= made["updated_at"]
    since = f"{POSITIONS}?updated_at.gt={before}".replace("+", "%2B")
    assert {one["date"] for one in world.get(since).get_json()["items"]} <= {"2020-03"}
