"""A negotiation as one document, over HTTP and between databases."""

import json
import shutil
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
    made.engine.dispose()


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


def test_a_document_larger_than_the_limit_is_refused(
    client: Client,
) -> None:
    answer = client.request(
        "POST",
        "/v1/parties",
        data=b" " * (1024 * 1024 + 1),
        content_type="application/json",
    )
    assert answer.status_code == 413


def test_the_example_is_valid_by_the_schema_that_is_served(client: Client) -> None:
    schema = client.get("/v1/schemas/document").get_json()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(EXAMPLE.read_bytes()))
    wrong = small(positions=[{"party": "usa", "demand": "d", "date": "2019", "stance": "mabe"}])
    assert [list(error.path) for error in validator.iter_errors(wrong)] == [
        ["positions", 0, "stance"]
    ]
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
