"""A negotiation as one document, over HTTP and between databases."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from sqlalchemy import delete, select

from negotiations_api.database import Access, Database
from negotiations_api.models import Issue, Negotiation, Party, Source
from negotiations_api.records.document import dump_document
from negotiations_api.records.find import find
from negotiations_api.records.loading import load_document
from negotiations_api.records.strict_json import read_json
from negotiations_api.records.strict_yaml import read_yaml, write_yaml
from tests.client import Client
from tests.conftest import EXAMPLE

DOCUMENT = "/v1/negotiations/us-dprk/document"
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def another(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A second, empty database."""
    path = tmp_path / "another.db"
    shutil.copy(sqlite_template, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.dispose()


def put(client: Client, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else write_yaml(body)
    return client.request("PUT", DOCUMENT, data=data, headers=YAML | headers)


def small(**sections: Any) -> dict[str, Any]:
    return {"negotiation": {"slug": "us-dprk", "title": "Talks"}} | sections


def dump(database: Database) -> bytes:
    with database.transaction(Access.READ) as session:
        return write_yaml(dump_document(session, find(session, Negotiation, "us-dprk")))


@pytest.mark.parametrize("media", ["application/yaml", "application/json"])
def test_what_one_database_gives_another_takes_and_gives_back_to_the_byte(
    talks: Database, client: Client, another: Database, media: str
) -> None:
    first = client.get(DOCUMENT, headers={"Accept": media}).data
    document = read_yaml(first).value if media.endswith("yaml") else read_json(first)
    with another.transaction(Access.CATALOGUE) as session:
        load_document(session, document)
    assert dump(another) == dump(talks)


def test_a_second_load_changes_nothing_and_says_so(talks: Database) -> None:
    with talks.transaction(Access.CATALOGUE) as session:
        negotiation, report = load_document(session, read_yaml(EXAMPLE.read_bytes()).value)
        revision = negotiation.revision
    assert not report.changed_anything
    assert report.unchanged["positions"] > 30
    with talks.transaction(Access.READ) as session:
        assert find(session, Negotiation, "us-dprk").revision == revision


def test_put_creates_a_negotiation_and_says_what_it_did(client: Client) -> None:
    answer = put(client, EXAMPLE.read_bytes())
    assert answer.status_code == 201
    assert answer.get_json()["created"]["meetings"] == 5
    assert client.get("/v1/negotiations/us-dprk/meetings/hanoi").status_code == 200


def test_put_makes_the_negotiation_what_the_document_says(talks: Database, client: Client) -> None:
    tag = client.get(DOCUMENT).headers["ETag"]
    answer = put(client, small(), **{"If-Match": tag})
    assert answer.status_code == 200
    assert answer.get_json()["deleted"]["positions"] > 30
    assert client.get("/v1/negotiations/us-dprk/positions").get_json()["items"] == []
    assert client.get("/v1/parties/usa").status_code == 200  # shared, so not the document's to take


def test_a_replacement_needs_to_know_what_it_replaces(talks: Database, client: Client) -> None:
    tag = client.get(DOCUMENT).headers["ETag"]
    assert put(client, small()).status_code == 428
    event = {"slug": "e", "title": "E", "kind": "other", "date": "2020"}
    client.create("/v1/negotiations/us-dprk/events", event)
    assert put(client, small(), **{"If-Match": tag}).status_code == 412
    assert client.get("/v1/negotiations/us-dprk/events/e").status_code == 200


def test_the_etag_of_either_representation_will_do(talks: Database, client: Client) -> None:
    tag = client.get(DOCUMENT, headers={"Accept": "application/yaml"}).headers["ETag"]
    assert tag != client.get(DOCUMENT).headers["ETag"]
    assert put(client, EXAMPLE.read_bytes(), **{"If-Match": tag}).status_code == 200


def test_without_prune_a_load_keeps_what_the_document_does_not_have(
    talks: Database, client: Client
) -> None:
    event = {"slug": "mine", "title": "Mine", "kind": "other", "date": "2020"}
    client.create("/v1/negotiations/us-dprk/events", event)
    with talks.transaction(Access.CATALOGUE) as session:
        _, report = load_document(session, read_yaml(EXAMPLE.read_bytes()).value)
    assert report.kept["events"] == 1
    assert client.get("/v1/negotiations/us-dprk/events/mine").status_code == 200


@pytest.mark.parametrize("length", [2, 3])
def test_a_circle_of_parts_is_refused_and_hangs_nothing(client: Client, length: int) -> None:
    ring = [f"d{number}" for number in range(length)]
    demands = [
        {"slug": slug, "title": slug, "issue": "peace-treaty", "part_of": whole}
        for slug, whole in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    hanging = {"slug": "hanging", "title": "H", "issue": "peace-treaty", "part_of": "d0"}
    answer = put(client, small(demands=[*demands, hanging]))
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.get_json()["errors"]]
    assert pointers == [f"/demands/{number}/part_of" for number in range(length)]


def test_a_circle_of_supporters_is_refused(client: Client) -> None:
    parties = [{"slug": slug, "name": slug, "kind": "state"} for slug in "abc"]
    participants = [
        {"party": party, "role": "supporter", "supports": other}
        for party, other in zip("abc", "bca", strict=True)
    ]
    answer = put(client, small(parties=parties, participants=participants))
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert pointers == {f"/participants/{number}/supports" for number in range(3)}


def test_a_demand_and_its_whole_can_change_places(client: Client) -> None:
    a, b = ({"slug": slug, "title": slug, "issue": "peace-treaty"} for slug in "ab")
    assert put(client, small(demands=[a, b | {"part_of": "a"}])).status_code == 201
    turned = put(client, small(demands=[a | {"part_of": "b"}, b]), **{"If-Match": "*"})
    assert turned.status_code == 200, turned.text


def test_the_order_of_sections_means_nothing(client: Client) -> None:
    document = small(
        positions=[
            {"party": "a", "demand": "d", "date": "2019", "stance": "accept", "value": 3},
        ],
        demands=[
            {"slug": "d", "title": "D", "issue": "peace-treaty", "scale": {"min": 0, "max": 5}}
        ],
        participants=[{"party": "a", "role": "principal"}],
        parties=[{"slug": "a", "name": "A", "kind": "state"}],
    )
    assert put(client, document).status_code == 201
    del document["demands"][0]["scale"]
    refused = put(client, document, **{"If-Match": "*"})
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/positions/0/value"]


def test_a_narrower_scale_is_a_fault_of_the_position_that_it_leaves_out(
    client: Client,
) -> None:
    def document(most: int) -> dict[str, Any]:
        scale = {"min": 0, "max": most}
        return small(
            parties=[{"slug": "a", "name": "A", "kind": "state"}],
            participants=[{"party": "a", "role": "principal"}],
            demands=[{"slug": "d", "title": "D", "issue": "peace-treaty", "scale": scale}],
            positions=[
                {"party": "a", "demand": "d", "date": "2019", "stance": "accept", "value": 4}
            ],
        )

    put(client, document(5))
    refused = put(client, document(3), **{"If-Match": "*"})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.get_json()["errors"]] == ["/positions/0/value"]


def test_a_fault_in_one_field_hides_no_fault_in_another_record(client: Client) -> None:
    document = small(
        parties=[{"slug": "a", "name": "A", "kind": "state"}],
        participants=[{"party": "a", "role": "principal"}],
        demands=[
            {"slug": "d", "title": "", "issue": "peace-treaty", "scale": {"min": 0, "max": 5}}
        ],
        positions=[
            {
                "party": "a",
                "demand": "d",
                "date": "2019",
                "stance": "conditional",
                "conditions": [{"kind": "reciprocal", "demands": ["d"]}],
                "value": 9,
            }
        ],
    )
    pointers = {error["pointer"] for error in put(client, document).get_json()["errors"]}
    of_position = {"/positions/0/value", "/positions/0/conditions/0/demands"}
    assert pointers == {"/demands/0/title"} | of_position


@pytest.mark.parametrize("party", ["uas", "outsider"])
def test_a_position_of_no_participant_is_a_fault_like_others(client: Client, party: str) -> None:
    client.create("/v1/parties", {"slug": "outsider", "name": "Outsider", "kind": "state"})
    document = small(
        parties=[{"slug": "usa", "name": "A", "kind": "state"}],
        participants=[{"party": "usa", "role": "principal"}],
        demands=[{"slug": "d", "title": "D", "issue": "peace-treaty"}],
        positions=[{"party": party, "demand": "d", "date": "2019", "stance": "acept"}],
    )
    answer = put(client, document)
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.get_json()["errors"]]
    assert pointers == ["/positions/0/party", "/positions/0/stance"]


def test_many_faults_and_long_chains_take_no_long_time(client: Client) -> None:
    chain = [
        {"slug": f"d{number}", "title": "D", "issue": "peace-treaty"}
        | ({"part_of": f"d{number - 1}"} if number else {})
        for number in range(1500)
    ]
    started = time.monotonic()
    assert put(client, small(demands=chain)).status_code == 201
    parties = [{"slug": f"p{number}", "name": "P", "kind": "state"} for number in range(1500)]
    wrong = [{"party": f"q{number}", "role": "observer"} for number in range(1500)]
    refused = put(client, small(parties=parties, participants=wrong), **{"If-Match": "*"})
    assert len(refused.get_json()["errors"]) == 1500
    assert client.get("/v1/negotiations/us-dprk/matrix").status_code == 200
    assert time.monotonic() - started < 60  # a square of these would take minutes


@pytest.mark.parametrize("section", ["negotiation", "parties"])
def test_what_is_no_object_is_one_fault(client: Client, section: str) -> None:
    document = small(parties=[None]) if section == "parties" else {"negotiation": []}
    assert len(put(client, document).get_json()["errors"]) == 1


def test_the_slug_may_come_from_the_address(client: Client) -> None:
    assert put(client, {"negotiation": {"title": "Talks"}}).status_code == 201
    assert client.get("/v1/negotiations/us-dprk").get_json()["title"] == "Talks"


def test_a_short_entry_of_a_shared_party_leaves_its_memberships(
    talks: Database, client: Client
) -> None:
    party = {"slug": "usa", "name": "United States of America", "kind": "state"}
    other = {"negotiation": {"slug": "other", "title": "Other"}, "parties": [party]}
    answer = client.request(
        "PUT", "/v1/negotiations/other/document", data=write_yaml(other), headers=YAML
    )
    assert answer.status_code == 201, answer.text
    shown = client.get("/v1/parties/usa").get_json()
    assert shown["name"] == "United States of America"
    assert [membership["party"] for membership in shown["member_of"]] == ["un"]


def test_a_change_of_an_organisation_of_a_party_is_a_new_revision(
    talks: Database, client: Client
) -> None:
    for slug in ("inner", "outer"):
        client.create("/v1/parties", {"slug": slug, "name": slug, "kind": "bloc"})
    client.patch("/v1/parties/usa", {"member_of": [{"party": "inner"}]}, "*")
    tags = [client.get(DOCUMENT).headers["ETag"]]
    for address, change in (
        ("/v1/parties/inner", {"name": "Inner circle"}),
        ("/v1/parties/inner", {"member_of": [{"party": "outer"}]}),
        ("/v1/parties/outer", {"name": "Outer circle"}),
    ):
        client.patch(address, change, "*")
        tags.append(client.get(DOCUMENT).headers["ETag"])
    assert len(set(tags)) == 4


def test_an_emptied_field_of_an_issue_stays_empty_elsewhere(
    talks: Database, client: Client, another: Database
) -> None:
    client.patch("/v1/issues/peace-treaty", {"summary": None}, "*")
    with another.transaction(Access.CATALOGUE) as session:
        load_document(session, client.get(DOCUMENT).get_json())
    assert dump(another) == dump(talks)


def test_the_etag_of_a_replaced_document_is_that_of_its_next_reading(client: Client) -> None:
    tag = put(client, EXAMPLE.read_bytes()).headers["ETag"]
    assert client.get(DOCUMENT).headers["ETag"] == tag
    assert put(client, EXAMPLE.read_bytes(), **{"If-Match": tag}).headers["ETag"] == tag


def test_a_document_takes_nothing_away_from_what_is_shared(talks: Database, client: Client) -> None:
    before = client.get("/v1/parties/usa").get_json()
    assert before["other_names"]
    party = {"slug": "usa", "name": "United States", "kind": "state"}
    other = {"negotiation": {"slug": "other", "title": "Other"}, "parties": [party]}
    with talks.transaction(Access.CATALOGUE) as session:
        load_document(session, other)
    assert client.get("/v1/parties/usa").get_json() == before


def test_a_document_of_another_negotiation_is_refused(talks: Database, client: Client) -> None:
    body = {"negotiation": {"slug": "other", "title": "Other"}}
    answer = put(client, body, **{"If-Match": "*"})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/negotiation/slug"


FAULTY = """\
negotiation:
  slug: us-dprk
  titel: Talks
parties:
  - {slug: usa, name: United States, kind: stat}
  - {slug: usa, name: Again, kind: state}
participants:
  - party: usa
    role: principal
  - party: prk
    role: principal
demands:
  - slug: relief
    title: Relief
    issue: sanction-relief
    scale: {min: 5, max: 1}
  - slug: loop
    title: Loop
    issue: peace-treaty
    part_of: loop
positions:
  - party: usa
    demand: relef
    date: 2019-02-30
    stance: conditional
  - party: usa
    demand: loop
    date: '2019'
    stance: accept
    value: 3
  - party: usa
    demand: loop
    date: '2019-01'
    stance: reject
evnts: []
"""


def test_every_fault_is_reported_at_once_with_its_line(client: Client) -> None:
    answer = put(client, FAULTY.encode())
    assert answer.status_code == 422
    found = {(e["line"], e["pointer"]) for e in answer.get_json()["errors"]}
    assert found == {
        (1, "/negotiation/title"),  # missing: the line of what it is missing from
        (3, "/negotiation/titel"),
        (5, "/parties/0/kind"),
        (6, "/parties/1"),
        (10, "/participants/1/party"),
        (15, "/demands/0/issue"),
        (16, "/demands/0/scale/max"),
        (20, "/demands/1/part_of"),
        (23, "/positions/0/demand"),
        (24, "/positions/0/date"),
        (22, "/positions/0/conditions"),
        (30, "/positions/1/value"),
        (31, "/positions/2"),
        (35, "/evnts"),
    }
    assert client.get("/v1/negotiations").get_json()["items"] == []


def test_a_fault_in_a_json_document_has_a_pointer(client: Client) -> None:
    body = json.dumps(yaml.safe_load(FAULTY.replace("2019-02-30", "'2019-02-30'")))
    answer = client.request("PUT", DOCUMENT, data=body, content_type="application/json")
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert {"/demands/0/issue", "/positions/0/date", "/evnts"} <= pointers
    assert not any("line" in error for error in answer.get_json()["errors"])


@pytest.mark.parametrize(
    "body", [b"", b"- a", b"a: [", b"a: *x", b"12", b"null", b"\xff", b"negotiation: 3"]
)
def test_what_is_no_document_is_refused(client: Client, body: bytes) -> None:
    assert put(client, body).status_code in {400, 422}


def test_a_document_may_be_larger_than_another_body_but_not_endless(client: Client) -> None:
    padded = EXAMPLE.read_bytes() + b"# " + b"x" * (2 * 1024 * 1024)
    assert put(client, padded).status_code == 201
    assert put(client, b" " * (64 * 1024 * 1024 + 1), **{"If-Match": "*"}).status_code == 413
    body = b" " * (1024 * 1024 + 1)
    record = client.request("POST", "/v1/parties", data=body, content_type="application/json")
    assert record.status_code == 413


def test_the_example_is_valid_by_the_schema_that_is_served(client: Client) -> None:
    schema = client.get("/v1/schemas/document").get_json()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(EXAMPLE.read_bytes()))
    wrong = small(positions=[{"party": "usa", "demand": "d", "date": "2019", "stance": "mabe"}])
    assert [list(error.path) for error in validator.iter_errors(wrong)] == [
        ["positions", 0, "stance"]
    ]
    unreasoned = small(
        positions=[{"party": "usa", "demand": "d", "date": "2019", "stance": "conditional"}]
    )
    assert not validator.is_valid(unreasoned)
    unknown = small(events=[{"slug": "e", "title": "E", "kind": "other", "date": "2020", "x": 1}])
    assert not validator.is_valid(unknown)


def test_a_dump_holds_what_the_negotiation_uses_and_no_more(
    talks: Database, client: Client
) -> None:
    client.create("/v1/parties", {"slug": "unused", "name": "Unused", "kind": "person"})
    bloc = {"slug": "bloc", "name": "Bloc", "kind": "bloc"}
    client.create("/v1/parties", bloc)
    client.patch("/v1/parties/un", {"member_of": [{"party": "bloc"}]}, "*")
    slugs = [party["slug"] for party in client.get(DOCUMENT).get_json()["parties"]]
    assert slugs == ["bloc", "chn", "kor", "prk", "rus", "swe", "un", "usa"]


def test_every_record_of_the_example_has_its_source() -> None:
    example = yaml.safe_load(EXAMPLE.read_bytes())
    for section in ("positions", "accounts", "commitments", "events", "meetings", "demands"):
        for record in example[section]:
            assert record.get("citations"), (section, record)


def test_the_example_has_the_names_that_others_rely_on() -> None:
    example = yaml.safe_load(EXAMPLE.read_bytes())
    slugs = {
        name: {r.get("slug") for r in example[name]} for name in ("parties", "meetings", "demands")
    }
    assert slugs["parties"] == {"usa", "prk", "swe", "chn", "kor", "rus", "un"}
    assert slugs["meetings"] == {"singapore", "pyongyang-2018", "hanoi", "panmunjom", "stockholm"}
    assert slugs["demands"] >= {"sanctions-relief", "cvid", "peace-treaty", "security-guarantees"}
    for meeting in ("hanoi", "stockholm"):
        accounts = [a for a in example["accounts"] if a["meeting"] == meeting]
        said = {
            (claim["topic"], claim["affirmed"]) for a in accounts for claim in a.get("claims", [])
        }
        contradicted = {topic for topic, affirmed in said if (topic, not affirmed) in said}
        assert {a["party"] for a in accounts} >= {"usa", "prk"}
        assert contradicted


def test_a_load_that_is_refused_leaves_nothing_behind(database: Database, client: Client) -> None:
    document = yaml.safe_load(EXAMPLE.read_bytes())
    document["events"][-1]["parties"] = ["atlantis"]  # the last of all to be written
    assert put(client, document).status_code == 422
    with database.transaction(Access.READ) as session:
        for model in (Negotiation, Party, Source):
            assert session.scalars(select(model)).all() == []


def test_an_issue_that_an_editor_adds_travels_with_the_document(
    talks: Database, client: Client, another: Database
) -> None:
    client.create("/v1/issues", {"slug": "water", "title": "Water"})
    demand = {"slug": "wells", "title": "Wells", "issue": "water"}
    client.create("/v1/negotiations/us-dprk/demands", demand)
    with another.transaction(Access.CATALOGUE) as session:
        session.execute(delete(Issue))
        load_document(session, client.get(DOCUMENT).get_json())
    assert dump(another) == dump(talks)
