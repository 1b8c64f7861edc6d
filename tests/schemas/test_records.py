"""What holds for the schema of every record."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields

from negotiations_api.records.faults import faults_of
from negotiations_api.schemas.document import DocumentSchema
from tests.schemas.records import LEAST, SCHEMAS, faults, faults_in, read

ROOT = Path(__file__).parents[2]
FIELDS = [(section, name) for section, schema in SCHEMAS.items() for name in schema().fields]
WRITABLE = [
    (section, name) for section, name in FIELDS if not SCHEMAS[section]().fields[name].dump_only
]
READ_ONLY = sorted(set(FIELDS) - set(WRITABLE))
NULLABLE = [
    (section, name) for section, name in WRITABLE if SCHEMAS[section]().fields[name].allow_none
]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=9),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["party", "kind", "demands", "text", "min", "max", "topic", "scheme", "x"]
            ),
            below,
            max_size=3,
        )
    ),
    max_leaves=5,
)
every_record = pytest.mark.parametrize("section", SCHEMAS)


@every_record
def test_the_required_fields_make_a_record(section: str) -> None:
    given_fields = {
        SCHEMAS[section]().fields[name].attribute or name: value
        for name, value in LEAST[section].items()
    }
    assert given_fields.items() <= read(section).items()


@pytest.mark.parametrize(
    ("section", "name"), [(section, name) for section in LEAST for name in LEAST[section]]
)
def test_a_required_field_that_is_missing_is_named(section: str, name: str) -> None:
    payload = {key: value for key, value in LEAST[section].items() if key != name}
    assert faults_in(SCHEMAS[section](), payload) == {f"/{name}": "This field is required."}


@every_record
def test_all_required_fields_that_are_missing_are_named_at_once(section: str) -> None:
    assert faults_in(SCHEMAS[section](), {}) == {
        f"/{name}": "This field is required." for name in LEAST[section]
    }


@every_record
def test_an_unknown_field_is_refused_by_name_with_the_fields_that_there_are(section: str) -> None:
    detail = faults(section, qqqq=1)["/qqqq"]
    assert detail.startswith("There is no field 'qqqq' here; the fields are: ")
    assert all(name in detail for name in LEAST[section])


@pytest.mark.parametrize(("section", "name"), WRITABLE)
def test_an_unknown_field_names_the_one_that_may_be_meant(section: str, name: str) -> None:
    wrong = f"{name}x"
    assert faults(section, **{wrong: 1}) == {
        f"/{wrong}": f"There is no field '{wrong}' here; did you mean '{name}'?"
    }


@every_record
def test_a_read_only_field_is_not_named_as_the_one_that_may_be_meant(section: str) -> None:
    assert "did you mean" not in faults(section, created_att=1)["/created_att"]


@pytest.mark.parametrize("name", ["id", "created_at", "updated_at"])
@every_record
def test_every_record_has_an_id_and_its_times_read_only(section: str, name: str) -> None:
    assert (section, name) in READ_ONLY


@pytest.mark.parametrize("value", [None, "2019-04-12", 1, {"a": [1]}])
@pytest.mark.parametrize(("section", "name"), READ_ONLY)
def test_a_read_only_field_may_be_sent_back_and_is_not_looked_at(
    section: str, name: str, value: Any
) -> None:
    assert read(section, **{name: value}) == read(section)


@pytest.mark.parametrize(("section", "name"), NULLABLE)
def test_null_is_the_same_as_leaving_a_field_out(section: str, name: str) -> None:
    left_out = read(section)
    if name == "audience":  # left out, it stays as it is
        left_out[name] = None
    assert read(section, **{name: None}) == left_out


@pytest.mark.parametrize(("section", "name"), sorted(set(WRITABLE) - set(NULLABLE)))
def test_null_is_refused_in_every_other_field(section: str, name: str) -> None:
    assert faults(section, **{name: None})[f"/{name}"].startswith("This field cannot be null")


@pytest.mark.parametrize("payload", [None, [], [{}], "x", 1, True])
@every_record
def test_what_is_no_object_is_refused_as_such(section: str, payload: Any) -> None:
    assert faults_in(SCHEMAS[section](), payload) == {"": "Write an object here, in braces."}


@pytest.mark.parametrize("item", [None, [], "x", 1, True])
@pytest.mark.parametrize(
    ("section", "name"),
    [
        (section, name)
        for section, name in WRITABLE
        if isinstance(field := SCHEMAS[section]().fields[name], fields.List)
        and isinstance(field.inner, fields.Nested)
        and not isinstance(field.inner, fields.Pluck)
    ],
)
def test_an_item_that_is_no_object_is_refused_with_its_index(
    section: str, name: str, item: Any
) -> None:
    assert f"/{name}/0" in faults(section, **{name: [item]})


@given(st.sampled_from(WRITABLE), json_values)
def test_any_value_in_any_field_is_read_or_refused(at: tuple[str, str], value: Any) -> None:
    section, name = at
    payload = dict(LEAST[section]) | {name: value}
    try:
        found = set(SCHEMAS[section]().load(payload))
    except ValidationError as refused:
        found = {fault.detail for fault in faults_of(refused.messages)}
    assert found


@given(json_values)
def test_any_conditions_are_read_or_refused(value: Any) -> None:
    payload = dict(LEAST["positions"]) | {"stance": "conditional", "conditions": [value]}
    try:
        found = set(SCHEMAS["positions"]().load(payload))
    except ValidationError as refused:
        found = {fault.pointer.split("/")[1] for fault in faults_of(refused.messages)}
    assert found >= {"conditions"}


def test_faults_are_in_the_same_order_in_every_process() -> None:
    program = (
        "from tests.schemas.records import faults; import json;"
        "print(json.dumps(list(faults('issues', q1=1, q2=2, q3=3, q4=4, q5=5, q6=6))))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT)
    assert json.loads(ran.stdout) == ["/q1", "/q2", "/q3", "/q4", "/q5", "/q6"]


@pytest.mark.parametrize(
    ("section", "name", "part"),
    [
        ("positions", "citations", {"source": "yonhap"}),
        ("accounts", "claims", {"topic": "offer", "affirmed": True}),
        ("meetings", "attendance", {"party": "usa"}),
        ("parties", "identifiers", {"scheme": "cow", "value": "2"}),
        ("parties", "member_of", {"party": "un"}),
    ],
)
class TestPart:
    """What holds for every part of a record."""

    def test_its_least_is_read(self, section: str, name: str, part: dict[str, Any]) -> None:
        assert part.items() <= read(section, **{name: [part]})[name][0].items()

    def test_an_unknown_field_is_refused_with_the_near_miss(
        self, section: str, name: str, part: dict[str, Any]
    ) -> None:
        known = next(iter(part))
        detail = faults(section, **{name: [part, part | {f"{known}s": 1}]})[f"/{name}/1/{known}s"]
        assert f"did you mean '{known}'?" in detail

    def test_a_required_field_that_is_missing_is_named(
        self, section: str, name: str, part: dict[str, Any]
    ) -> None:
        assert faults(section, **{name: [{}]}) == {
            f"/{name}/0/{field}": "This field is required." for field in part
        }


def test_a_document_has_every_section() -> None:
    schema: Schema = DocumentSchema()
    assert set(schema.fields) == set(SCHEMAS)


def test_a_document_points_to_each_field_at_fault() -> None:
    document = {
        "negotiation": {"slug": "us-dprk"},
        "parties": [LEAST["parties"], dict(LEAST["parties"]) | {"kind": "stat"}],
        "positions": [dict(LEAST["positions"]) | {"citations": [{"source": "X"}]}],
        "meeting": [],
    }
    assert set(faults_in(DocumentSchema(), document)) == {
        "/negotiation/title",
        "/parties/1/kind",
        "/positions/0/citations/0/source",
        "/meeting",
    }
