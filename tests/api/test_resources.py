"""The contract that every resource keeps, tested over all of them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from negotiations_api.http.operation import OperationView
from tests.api.samples import HERE, SAMPLES, Sample
from tests.client import Client

every_resource = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.noun)


def add(world: Client, sample: Sample) -> tuple[str, dict[str, Any], str]:
    """Create the sample; return its address, its representation and its ETag."""
    answer = world.create(sample.collection, sample.payload)
    return answer.headers["Location"], answer.get_json(), answer.headers["ETag"]


def test_every_resource_of_the_api_has_a_sample(app: Flask) -> None:
    views = app.view_functions.values()
    contracts = [view.operation for view in views if isinstance(view, OperationView)]
    nouns = {c.name.removeprefix("create_") for c in contracts if c.name.startswith("create_")}
    assert nouns - {"token"} == {sample.noun for sample in SAMPLES}  # a token is no record


@every_resource
def test_what_was_created_is_read_back_as_it_was_sent(world: Client, sample: Sample) -> None:
    address, _, tag = add(world, sample)
    read = world.get(address)
    assert read.headers["ETag"] == tag
    assert {name: read.get_json()[name] for name in sample.payload} == sample.payload


@every_resource
def test_its_address_is_below_its_collection(world: Client, sample: Sample) -> None:
    address, body, _ = add(world, sample)
    assert address == f"{sample.collection}/{sample.key or body['id']}"


@every_resource
def test_it_stands_in_the_list_of_its_collection(world: Client, sample: Sample) -> None:
    _, body, _ = add(world, sample)
    assert body in world.get(sample.collection).get_json()["items"]


@every_resource
def test_pages_of_one_give_the_whole_list_without_repeating(world: Client, sample: Sample) -> None:
    add(world, sample)
    whole = world.get(f"{sample.collection}?count=exact").get_json()
    seen, address = [], f"{sample.collection}?limit=1"
    while address:
        page = world.get(address)
        seen += page.get_json()["items"]
        address = page.get_json()["next"]
        assert (f'<{address}>; rel="next"' == page.headers.get("Link")) == bool(address)
    assert seen == whole["items"]
    assert whole["count"] == len(seen)


@every_resource
def test_each_filter_finds_it_and_leaves_out_what_differs(world: Client, sample: Sample) -> None:
    _, body, _ = add(world, sample)
    for name, value in sample.filters.items():
        found = world.get(f"{sample.collection}?{urlencode({name: value})}").get_json()["items"]
        assert body in found, name
    empty = {"date.gte": "2999", "starts_on": "1900", "published_on": "1900", "deadline": "1900"}
    for name, value in empty.items():
        if name in sample.filters or name.removesuffix(".gte") in sample.filters:
            assert world.get(f"{sample.collection}?{name}={value}").get_json()["items"] == []


@every_resource
def test_an_unknown_parameter_is_an_error_that_names_the_near_miss(
    world: Client, sample: Sample
) -> None:
    answer = world.get(f"{sample.collection}?limti=3")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == "limti"
    assert "'limit'" in answer.get_json()["detail"]


@every_resource
def test_a_merge_patch_changes_what_it_names_and_nothing_else(
    world: Client, sample: Sample
) -> None:
    address, before, tag = add(world, sample)
    patched = world.patch(address, sample.change, tag)
    assert patched.status_code == 200, patched.text
    after = world.get(address).get_json()
    assert patched.get_json() == after
    changed = {name for name in before if before[name] != after[name]} - {"updated_at"}
    assert changed == set(sample.change)
    assert {name: after[name] for name in sample.change} == sample.change


@every_resource
def test_a_replacement_leaves_nothing_of_what_was_there(world: Client, sample: Sample) -> None:
    address, before, tag = add(world, sample)
    world.patch(address, sample.change, tag)
    current = world.get(address).headers["ETag"]
    replaced = world.put(address, sample.payload, current)
    assert replaced.status_code == 200, replaced.text
    assert replaced.headers["ETag"] not in {tag, current}
    after = world.get(address).get_json()
    assert {n: after[n] for n in before if n != "updated_at"} == {
        n: before[n] for n in before if n != "updated_at"
    }


@every_resource
def test_what_was_read_can_be_written_back_and_is_no_new_version(
    world: Client, sample: Sample
) -> None:
    address, body, tag = add(world, sample)
    answer = world.put(address, body, tag)
    assert (answer.status_code, answer.headers["ETag"]) == (200, tag)


@every_resource
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_needs_if_match(world: Client, sample: Sample, method: str) -> None:
    address, before, tag = add(world, sample)
    arguments = () if method == "delete" else (sample.payload | sample.change,)
    change = getattr(world, method)
    missing = change(address, *arguments)
    assert missing.status_code == 428
    assert tag in missing.get_json()["detail"]
    assert change(address, *arguments, match='"0000000000000.7"').status_code == 412
    assert world.get(address).get_json() == before
    assert change(address, *arguments, match=tag).status_code in {200, 204}


@every_resource
def test_a_stale_etag_changes_nothing(world: Client, sample: Sample) -> None:
    address, _, tag = add(world, sample)
    world.patch(address, sample.change, tag)
    now = world.get(address).get_json()
    assert world.delete(address, tag).status_code == 412
    assert world.put(address, sample.payload, tag).status_code == 412
    assert world.get(address).get_json() == now


@every_resource
def test_what_was_deleted_is_gone(world: Client, sample: Sample) -> None:
    address, body, tag = add(world, sample)
    assert world.delete(address, tag).status_code == 204
    assert world.get(address).status_code == 404
    assert body not in world.get(sample.collection).get_json()["items"]


@every_resource
def test_if_match_star_takes_it_whatever_its_version(world: Client, sample: Sample) -> None:
    address, _, _ = add(world, sample)
    assert world.delete(address, "*").status_code == 204


@every_resource
def test_the_same_again_is_a_conflict_that_says_where_the_first_is(
    world: Client, sample: Sample
) -> None:
    address, _, _ = add(world, sample)
    again = world.post(sample.collection, sample.payload)
    assert again.status_code == 409
    assert again.get_json()["others"] == [{"noun": sample.noun, "href": address}]


@every_resource
def test_put_creates_under_the_name_in_the_address(world: Client, sample: Sample) -> None:
    if sample.key is None:
        missing = f"{sample.collection}/0000000000000"
        assert world.put(missing, sample.payload).status_code == 404
        return
    address = f"{sample.collection}/{sample.key}"
    assert world.put(address, sample.payload, '"x"').status_code == 412
    created = world.put(address, sample.payload)
    assert (created.status_code, created.headers["Location"]) == (201, address)
    only_new = {"If-None-Match": "*"}
    again = world.request("PUT", address, sample.payload, headers=only_new)
    assert again.status_code == 412


@every_resource
def test_an_unchanged_representation_is_not_sent_again(world: Client, sample: Sample) -> None:
    address, _, tag = add(world, sample)
    answer = world.get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.data) == (304, b"")


@every_resource
def test_an_unknown_field_is_refused_by_its_pointer(world: Client, sample: Sample) -> None:
    answer = world.post(sample.collection, sample.payload | {"citatons": []})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/citatons"]


@every_resource
def test_a_missing_field_is_refused_by_its_pointer(world: Client, sample: Sample) -> None:
    payload = {k: v for k, v in sample.payload.items() if k != sample.required}
    answer = world.post(sample.collection, payload)
    assert answer.status_code == 422
    assert {"pointer": f"/{sample.required}", "detail": "This field is required."} in (
        answer.get_json()["errors"]
    )


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.key], ids=lambda sample: sample.noun)
def test_a_name_stays_as_it_is(world: Client, sample: Sample) -> None:
    address, _, tag = add(world, sample)
    answer = world.patch(address, {sample.required: "beta"}, tag)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == f"/{sample.required}"


@every_resource
def test_text_that_is_no_json_is_refused_with_its_place(world: Client, sample: Sample) -> None:
    answer = world.request(
        "POST", sample.collection, data=b'{"a": 1, "a": 2}', content_type="application/json"
    )
    assert answer.status_code == 400
    assert "'a' stands twice in one object" in answer.get_json()["detail"]


@every_resource
def test_a_body_without_its_type_is_told_the_right_command(world: Client, sample: Sample) -> None:
    answer = world.request("POST", sample.collection, data=b"{}")
    assert answer.status_code == 415
    assert "-H 'Content-Type: application/json'" in answer.get_json()["detail"]


@every_resource
def test_a_method_that_is_not_there_is_told_which_are(world: Client, sample: Sample) -> None:
    answer = world.request("DELETE", sample.collection)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@every_resource
def test_it_is_to_be_had_as_json_only_so_far(world: Client, sample: Sample) -> None:
    answer = world.get(sample.collection, headers={"Accept": "image/png"})
    assert answer.status_code == 406


@every_resource
def test_every_write_is_a_new_revision_of_what_shows_it(world: Client, sample: Sample) -> None:
    def revision() -> int:
        return int(world.get(f"{HERE}/matrix").headers["Negotiation-Revision"])

    start = revision()
    address, _, tag = add(world, sample)
    if not sample.is_owned:
        assert revision() == start  # nothing shows it yet
        return
    assert revision() == start + 1
    patched = world.patch(address, sample.change, tag)
    assert patched.headers["Negotiation-Revision"] == str(start + 2)
    world.delete(address, "*")
    assert revision() == start + 3


@pytest.mark.parametrize(
    ("address", "change"),
    [
        ("/v1/parties/alpha", {"name": "Alpha Republic"}),
        ("/v1/issues/peace-treaty", {"title": "Peace"}),
        ("/v1/sources/treaty", {"title": "The treaty, signed"}),
    ],
)
def test_a_change_of_what_negotiations_share_is_a_new_revision_of_those_that_show_it(
    world: Client, address: str, change: dict[str, Any]
) -> None:
    world.create("/v1/negotiations", {"slug": "other", "title": "Other talks"})
    world.create(f"{HERE}/positions", next(s for s in SAMPLES if s.noun == "position").payload)

    def revisions() -> list[int]:
        matrices = [world.get(f"/v1/negotiations/{n}/matrix") for n in ("border", "other")]
        return [int(matrix.headers["Negotiation-Revision"]) for matrix in matrices]

    border, other = revisions()
    tag = world.get(address).headers["ETag"]
    assert world.patch(address, change, tag).status_code == 200
    assert revisions() == [border + 1, other]
    world.put(address, world.get(address).get_json(), "*")
    assert revisions() == [border + 1, other]


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.is_owned], ids=lambda s: s.noun)
def test_a_negotiation_that_is_not_there_is_not_found(world: Client, sample: Sample) -> None:
    elsewhere = sample.collection.replace("border", "bordr")
    for answer in (world.get(elsewhere), world.post(elsewhere, sample.payload)):
        assert answer.status_code == 404
        assert "did you mean 'border'?" in answer.get_json()["detail"]


@pytest.mark.parametrize("key", ["nope", "%00", "%F0%9F%92%A9", "a" * 300, "..", "9" * 40])
def test_a_name_that_stands_for_nothing_is_not_found(world: Client, key: str) -> None:
    for sample in SAMPLES:
        assert world.get(f"{sample.collection}/{key}").status_code == 404


def test_a_list_sorts_by_what_it_allows_only(world: Client) -> None:
    names = [p["slug"] for p in world.get("/v1/parties?sort=-slug").get_json()["items"]]
    assert names == ["delta", "beta", "alpha"]
    refused = world.get("/v1/parties?sort=nam")
    assert refused.status_code == 400
    assert "did you mean 'name'?" in refused.get_json()["detail"]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "W10", "bnVsbA", "é", "WyJhIiwtMV0", "=" * 9])
def test_a_cursor_from_elsewhere_is_refused(world: Client, cursor: str) -> None:
    assert world.get(f"/v1/parties?after={cursor}").status_code == 400


def test_a_filter_that_names_nothing_is_an_error_and_not_an_empty_list(world: Client) -> None:
    empty = world.get(f"{HERE}/positions?party=alpha")
    assert (empty.status_code, empty.get_json()["items"]) == (200, [])
    unknown = world.get(f"{HERE}/positions?party=alhpa")
    assert unknown.status_code == 400
    assert unknown.get_json()["errors"][0]["parameter"] == "party"
    assert "did you mean 'alpha'?" in unknown.get_json()["detail"]


def test_a_filter_is_judged_alike_with_and_without_a_precondition(world: Client) -> None:
    world.create("/v1/issues", {"slug": "water", "title": "Water"})
    address = f"{HERE}/demands?issue=water"
    tag = world.get(address).headers["ETag"]
    world.delete("/v1/issues/water", "*")
    assert world.get(address).status_code == 400
    assert world.get(address, headers={"If-None-Match": tag}).status_code == 400


@pytest.mark.parametrize("name", ["A\u00a0B", "A\u3000B", "A\u200bB", "A\u00adB", "가나다"])
def test_a_page_can_end_with_any_name(world: Client, name: str) -> None:
    world.create("/v1/parties", {"slug": "zz", "name": name, "kind": "state"})
    seen, address = [], "/v1/parties?limit=1&sort=name"
    while address:
        page = world.get(address).get_json()
        seen += [party["slug"] for party in page["items"]]
        address = page["next"]
    assert sorted(seen) == ["alpha", "beta", "delta", "zz"]


def test_an_unchanged_list_is_not_read_again(
    world: Client, queries: Callable[[], list[str]]
) -> None:
    tag = world.get(f"{HERE}/demands").headers["ETag"]
    ran = len(queries())
    answer = world.get(f"{HERE}/demands", headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert not any("demand" in statement for statement in queries()[ran:])
    assert world.get(f"{HERE}/demands?limit=1").headers["ETag"] != tag


def test_a_page_loses_nothing_when_its_first_row_goes(world: Client) -> None:
    first = world.get("/v1/parties?limit=2").get_json()
    world.create("/v1/parties", {"slug": "aaa", "name": "New", "kind": "state"})
    world.delete("/v1/parties/delta", "*")
    world.create("/v1/parties", {"slug": "omega", "name": "Omega", "kind": "state"})
    second = world.get(first["next"]).get_json()
    assert [p["slug"] for p in first["items"]] == ["alpha", "beta"]
    assert [p["slug"] for p in second["items"]] == ["omega"]


@every_resource
def test_a_patch_of_a_field_that_is_not_there_is_refused_also_with_null(
    world: Client, sample: Sample
) -> None:
    address = world.create(sample.collection, sample.payload).headers["Location"]
    answer = world.patch(address, {"nonsense": None}, "*")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/nonsense"


def test_a_name_that_leads_nowhere_is_pointed_at_where_it_was_sent(world: Client) -> None:
    sent = {"slug": "new", "title": "New", "issue": "peace-treaty"}
    answer = world.post(f"{HERE}/demands", sent | {"addressed_to": ["zulu", "beta", "aleph"]})
    assert answer.status_code == 422
    assert {one["pointer"]: one["detail"] for one in answer.get_json()["errors"]}.keys() == {
        "/addressed_to/0",
        "/addressed_to/2",
    }


def test_what_leads_nowhere_is_looked_for_once_however_often_it_is_named(
    world: Client, queries: Callable[[], list[str]]
) -> None:
    def ask(names: list[str]) -> int:
        before = len(queries())
        said = {"party": "alpha", "demand": "treaty", "date": "2020", "stance": "conditional"}
        conditions = [{"kind": "precondition", "demands": [name, "zulu"]} for name in names]
        answer = world.post(f"{HERE}/positions", said | {"conditions": conditions})
        assert answer.status_code == 422
        assert len(answer.get_json()["errors"]) == 2 * len(names)
        return len(queries()) - before

    assert ask(["nope"] * 200) == ask(["nope"])
    assert ask([f"nope-{number}" for number in range(200)]) < ask(["nope"]) + 60
