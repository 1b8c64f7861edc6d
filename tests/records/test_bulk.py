"""Many new demands or positions at once, on both engines: all of them or none."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database
from negotiations_api.models import Demand, Negotiation, Position
from negotiations_api.models.citation import Citation
from negotiations_api.models.identifier import format_id
from negotiations_api.records.bulk import Created, create_all
from negotiations_api.records.faults import Conflict, Fault, Invalid
from negotiations_api.records.hints import MOST_HINTS
from negotiations_api.records.loaded import MOST_FAULTS, load_rows
from negotiations_api.records.loading import load_document
from negotiations_api.records.rows import Row, read_csv, read_ndjson
from negotiations_api.records.write import create
from negotiations_api.render.csv import table_csv
from negotiations_api.render.record import list_table
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.demand import DemandSchema
from negotiations_api.schemas.position import PositionSchema
from tests.models.test_supersession import positions
from tests.records.conftest import document

Payload = dict[str, Any]
Model = type[Demand] | type[Position]

SCHEMAS: dict[Model, RecordSchema] = {Demand: DemandSchema(), Position: PositionSchema()}


def negotiation(session: Session, slug: str = "border") -> Negotiation:
    return session.scalars(select(Negotiation).where(Negotiation.slug == slug)).one()


def position(**fields: Any) -> Payload:
    return {"party": "alpha", "demand": "treaty", "date": "2020", "stance": "accept"} | fields


def demand(slug: str, **fields: Any) -> Payload:
    return {"slug": slug, "title": slug.title(), "issue": "peace-treaty"} | fields


def rows_of(payloads: Sequence[Payload]) -> list[Row]:
    return [Row(line, payload) for line, payload in enumerate(payloads, start=1)]


def write(database: Database, model: Model, rows: Sequence[Row], slug: str = "border") -> Created:
    """Create the records of all rows in a transaction of their own."""
    with database.transaction(Access.WRITE) as session:
        return create_all(
            session,
            model,
            SCHEMAS[model],
            load_rows(SCHEMAS[model], rows),
            negotiation(session, slug),
        )


def refusal(database: Database, model: Model, rows: Sequence[Row]) -> list[Fault]:
    """The faults of rows that are refused, which leaves the record as it was."""
    before = record_of(database)
    with pytest.raises(Invalid) as refused:
        write(database, model, rows)
    assert record_of(database) == before
    return list(refused.value.faults)


def record_of(database: Database) -> tuple[int, ...]:
    """How many demands, positions and citations there are, and the revisions."""
    with database.transaction(Access.READ) as session:
        counts = [
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Demand, Position, Citation)
        ]
        revisions = session.scalars(select(Negotiation.revision).order_by(Negotiation.slug))
        return (*counts, *revisions)


def dumped(database: Database, model: Model, slug: str = "border") -> list[Payload]:
    """The records of a negotiation without what the service gives them, in some order."""
    with database.transaction(Access.READ) as session:
        found = session.scalars(
            select(model).where(model.negotiation_id == negotiation(session, slug).id)
        )
        records = [SCHEMAS[model].dump(record) for record in found]
    for record in records:
        for name in ("id", "created_at", "updated_at"):
            del record[name]
    return sorted(records, key=json.dumps)


# What is created


def test_positions_come_with_their_parts_and_are_told_in_the_order_of_rows(
    border: Database,
) -> None:
    wanted = [
        position(
            stance="conditional",
            conditions=[
                {"kind": "precondition", "demands": ["prisoners"]},
                {"kind": "reciprocal", "text": "Peace."},
            ],
            citations=[{"source": "treaty", "quotation": "So."}, {"source": "treaty"}],
        ),
        position(party="beta", value=3.5, until="2021-02"),
    ]
    created = write(border, Position, rows_of(wanted))
    assert created.noun == "position"
    with border.transaction(Access.READ) as session:
        by_key = {record.key: record for record in session.scalars(select(Position))}
        first, second = (by_key[key] for key in created.keys)
        assert [c.kind.value for c in first.conditions] == ["precondition", "reciprocal"]
        assert [d.slug for d in first.conditions[0].demands] == ["prisoners"]
        assert [c.quotation for c in first.citations] == ["So.", None]
        assert (second.value, second.ends_on, second.version) == (3.5, "2021-02-28", 1)


def test_a_request_is_one_revision(border: Database) -> None:
    *_, before, other = record_of(border)
    write(border, Position, rows_of([position(), position(party="beta")]))
    assert record_of(border)[-2:] == (before + 1, other)


def test_demands_are_part_of_others_in_any_order(border: Database) -> None:
    rows = [
        demand("c", part_of="b", addressed_to=["beta", "delta"]),
        demand("a", part_of="treaty"),
        demand("b", part_of="a", scale={"min": 0, "max": 1}, citations=[{"source": "treaty"}]),
    ]
    assert write(border, Demand, rows_of(rows)).keys == ("c", "a", "b")
    wholes = {record["slug"]: record["part_of"] for record in dumped(border, Demand)}
    assert wholes == {"c": "b", "b": "a", "a": "treaty", "treaty": None, "prisoners": None}


payloads = st.lists(positions(), max_size=8)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(payloads, payloads.filter(bool))
def test_all_at_once_is_as_one_by_one(
    border: Database, before: list[Payload], new: list[Payload]
) -> None:
    with border.transaction(Access.WRITE) as session:
        session.execute(delete(Position))
    for slug in ("border", "other"):
        for payload in before:
            one_by_one(border, [payload], slug)
    if one_by_one(border, new, "other"):
        write(border, Position, rows_of(new))
    else:
        refusal(border, Position, rows_of(new))
    assert dumped(border, Position) == dumped(border, Position, "other")


def one_by_one(database: Database, wanted: list[Payload], slug: str) -> bool:
    """Create positions one after the other; whether that worked. If not, none is there."""
    try:
        with database.transaction(Access.WRITE) as session:
            for payload in wanted:
                create(session, Position, SCHEMAS[Position], payload, negotiation(session, slug))
    except Conflict:
        return False
    return True


def test_what_is_superseded_stays_the_version_that_it_was(border: Database) -> None:
    write(border, Position, rows_of([position(date="2019"), position(date="2017", until="2018")]))
    with border.transaction(Access.READ) as session:
        changed_at = {p.date: p.updated_at for p in session.scalars(select(Position))}
        before = negotiation(session).revision
    write(border, Position, rows_of([position(date="2020-03"), position(party="beta")]))
    with border.transaction(Access.READ) as session:
        found = {(p.participant.slug, p.date): p for p in session.scalars(select(Position))}
        ends = {key: (p.ends_on, p.version, p.revision) for key, p in found.items()}
        for date, moment in changed_at.items():
            assert found["alpha", date].updated_at == moment
    # The revision tells whoever keeps what is measured of it that there is something new.
    assert ends == {
        ("alpha", "2017"): ("2018-12-31", 1, before),
        ("alpha", "2019"): ("2020-02-29", 1, before + 1),
        ("alpha", "2020-03"): ("9999-12-31", 1, before + 1),
        ("beta", "2020"): ("9999-12-31", 1, before + 1),
    }


@pytest.mark.parametrize("as_csv", [False, True], ids=["ndjson", "csv"])
def test_what_a_list_gives_can_be_sent_to_another_negotiation(
    border: Database, as_csv: bool
) -> None:
    rows = [
        position(value=10, summary='=1 "and", so\non', salience=12.5, until="2021-02"),
        position(
            party="beta",
            stance="conditional",
            conditions=[{"kind": "reciprocal", "demands": ["prisoners"]}],
            citations=[{"source": "treaty", "quotation": '\'=It, "is"'}],
        ),
    ]
    write(border, Position, rows_of(rows))
    with border.transaction(Access.READ) as session:
        shown = [SCHEMAS[Position].dump(record) for record in session.scalars(select(Position))]
    if as_csv:
        read = read_csv(table_csv(list_table(shown)).encode(), SCHEMAS[Position])
    else:
        read = read_ndjson("\n".join(map(json.dumps, shown)).encode())
    write(border, Position, read, "other")
    assert dumped(border, Position, "other") == dumped(border, Position)


# What is refused


@pytest.mark.parametrize(
    "payload",
    [
        {},
        position(stance="acept"),
        position(salince=5),
        position(salience=101, date="2019-13", confidence="5"),
        position(party="alfa"),
        position(party="delta"),
        position(demand="prisoner", meeting="summit", citations=[{"source": "tready"}]),
        position(value=11, reservation_value=-1),
        position(demand="prisoners", value=1),
        position(stance="conditional"),
        position(stance="conditional", conditions=[{"kind": "reciprocal", "demands": ["treaty"]}]),
        position(
            stance="conditional", conditions=[{"kind": "reciprocal", "demands": ["treaty", "x-y"]}]
        ),
        position(until="2019"),
    ],
)
def test_a_row_is_refused_as_a_record_alone_is_but_with_its_line(
    border: Database, payload: Payload
) -> None:
    with pytest.raises(Invalid) as alone, border.transaction(Access.WRITE) as session:
        create(session, Position, SCHEMAS[Position], payload, negotiation(session))
    expected = {Fault(fault.pointer, fault.detail, 2) for fault in alone.value.faults}
    found = refusal(border, Position, rows_of([position(), payload, position(party="beta")]))
    assert set(found) >= expected
    assert {fault.line for fault in found} == {2}


def test_every_fault_of_every_row_is_named_at_once(border: Database) -> None:
    rows = [
        position(stance="acept", value=11, party="alfa"),
        position(),
        position(party="beta", salience=-1, citations=[{"source": "nowhere"}]),
        position(date="2020"),
    ]
    found = refusal(border, Position, rows_of(rows))
    assert {(fault.line, fault.pointer) for fault in found} == {
        (1, "/stance"),
        (1, "/value"),
        (1, "/party"),
        (3, "/salience"),
        (3, "/citations/0/source"),
        (4, "/date"),
    }
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)


def test_what_is_wrong_with_the_writing_of_a_row_stands_among_the_rest(border: Database) -> None:
    body = (
        "party,demand,date,stance,value,conditions\n"
        "alpha,treaty,2020,conditional,3,[{]\n"
        "alpha,treaty\n"
        "beta,treaty,2020,acept,x,\n"
    )
    found = refusal(border, Position, read_csv(body.encode(), SCHEMAS[Position]))
    assert [(fault.line, fault.pointer) for fault in found] == [
        (2, "/conditions"),
        (3, ""),
        (4, "/value"),
        (4, "/stance"),
    ]


def test_malformed_lines_of_ndjson_stand_among_the_rest(border: Database) -> None:
    body = "\n".join(
        ['{"a"', json.dumps(position()), "", json.dumps(position(party="beta", stance="no")), "[]"]
    )
    found = refusal(border, Position, read_ndjson(body.encode()))
    assert [(fault.line, fault.pointer) for fault in found] == [(1, ""), (4, "/stance"), (5, "")]


@pytest.mark.parametrize("date", ["2020", "2020-01", "2020-01-01"])
def test_two_positions_that_begin_on_one_day_are_refused(border: Database, date: str) -> None:
    rows = [position(), position(party="beta", date=date), position(date=date)]
    assert refusal(border, Position, rows_of(rows)) == [
        Fault("/date", "alpha treaty 2020-01-01 stands in line 1 already.", 3)
    ]


def test_a_position_that_is_there_already_is_refused_with_its_id(border: Database) -> None:
    (key,) = write(border, Position, rows_of([position()])).keys
    rows = [position(party="beta"), position(date="2020-01-01"), position(date="2020-01-02")]
    (fault,) = refusal(border, Position, rows_of(rows))
    assert (fault.pointer, fault.line) == ("/date", 2)
    assert fault.detail == (
        "A position of 'alpha' on 'treaty' that begins on 2020-01-01 is there already, "
        f"'{key}': change that one, or give another date."
    )


def test_two_demands_of_one_slug_are_refused(border: Database) -> None:
    rows = [demand("a"), demand("b", part_of="a"), demand("a")]
    assert refusal(border, Demand, rows_of(rows)) == [
        Fault("/slug", "a stands in line 1 already.", 3)
    ]


def test_a_demand_that_is_there_already_is_refused(border: Database) -> None:
    (fault,) = refusal(border, Demand, rows_of([demand("a"), demand("treaty")]))
    assert (fault.pointer, fault.line) == ("/slug", 2)
    assert fault.detail.startswith("There is a demand 'treaty' already: change that one, or")


def test_a_circle_of_demands_is_refused_as_in_a_document(border: Database) -> None:
    rows = [
        demand("a", part_of="b"),
        demand("b", part_of="c"),
        demand("c", part_of="b"),
        demand("d", part_of="d"),
        demand("e", part_of="treaty"),
    ]
    found = refusal(border, Demand, rows_of(rows))
    assert [(fault.line, fault.pointer) for fault in found] == [
        (2, "/part_of"),
        (3, "/part_of"),
        (4, "/part_of"),
    ]
    with pytest.raises(Invalid) as refused, border.transaction(Access.CATALOGUE) as session:
        load_document(session, document("border") | {"demands": rows})
    assert [fault.detail for fault in refused.value.faults] == [fault.detail for fault in found]


def test_a_part_of_nothing_is_refused_with_what_is_near_here_or_in_the_record(
    border: Database,
) -> None:
    rows = [demand("freeze"), demand("a", part_of="freze"), demand("b", part_of="prisoner")]
    here, there = refusal(border, Demand, rows_of(rows))
    assert (here.line, there.line, there.pointer) == (2, 3, "/part_of")
    assert (
        here.detail == "There is no demand 'freze', here or in the record; did you mean 'freeze'?"
    )
    assert "did you mean 'prisoners'?" in there.detail


def test_of_many_references_that_lead_nowhere_the_first_have_what_may_have_been_meant(
    border: Database,
) -> None:
    rows = [
        position(demand=f"nothing-{number}", citations=[{"source": f"nothing-{number}"}])
        for number in range(MOST_HINTS + 1)
    ]
    found = refusal(border, Position, rows_of(rows))
    last = "There is no {} 'nothing-50'"
    assert len(found[0].detail) > len(f"{last.format('demand')} of 'border'.")
    assert [fault.detail for fault in found if fault.line == MOST_HINTS + 1] == [
        f"{last.format('demand')} of 'border'.",
        f"{last.format('source')}.",
    ]


def test_of_many_faults_the_first_are_named_and_the_others_counted(border: Database) -> None:
    rows = [position(stance="no", date=str(2020 + n)) for n in range(MOST_FAULTS)]
    assert len(refusal(border, Position, rows_of(rows))) == MOST_FAULTS
    found = refusal(border, Position, rows_of([*rows, *rows[:7]]))
    assert [fault.line for fault in found] == list(range(1, MOST_FAULTS + 2))
    assert found[-1].detail == "From this line on more may be wrong: correct the others first."


def test_of_many_faults_against_the_record_the_others_are_counted(border: Database) -> None:
    rows = [position(party="nobody", date=str(2020 + n)) for n in range(MOST_FAULTS + 7)]
    found = refusal(border, Position, rows_of(rows))
    assert len(found) == MOST_FAULTS + 1
    assert found[-1].detail == "And 7 more, from this line on: correct these first."


def test_the_first_day_of_the_calendar_is_taken_once(border: Database) -> None:
    write(border, Position, rows_of([position(date="0001")]))
    (found,) = refusal(border, Position, rows_of([position(date="0001-01")]))
    assert "begins on 0001-01-01 is there already" in found.detail
    twice = refusal(border, Position, rows_of([position(date="0001-01-01", party="beta")] * 2))
    assert [fault.line for fault in twice] == [2]


# What it takes


@pytest.mark.parametrize("model", [Demand, Position])
def test_the_number_of_queries_does_not_grow(
    border: Database, queries: Callable[[], list[str]], model: Model
) -> None:
    taken = []
    for run, many in enumerate((20, 400)):
        if model is Demand:
            chain = [demand(f"d{run}-{n}", part_of=f"d{run}-{n + 1}") for n in range(many)]
            wanted = [*chain, demand(f"d{run}-{many}", addressed_to=["alpha"])]
        else:
            # Each supersedes one that is there.
            write(border, model, rows_of([position(date=f"{1000 + n}-01") for n in range(many)]))
            wanted = [
                position(
                    date=f"{1000 + n}-02",
                    stance="conditional",
                    conditions=[{"kind": "reciprocal", "demands": ["prisoners"]}],
                    citations=[{"source": "treaty"}],
                )
                for n in range(many)
            ]
        start = len(queries())
        write(border, model, rows_of(wanted))
        taken.append(len(queries()) - start)
        with border.transaction(Access.WRITE) as session:
            session.execute(delete(Position))
    assert taken[0] == taken[1] < 30


def test_a_refusal_of_many_rows_takes_as_many_queries_as_one_of_some(
    border: Database, queries: Callable[[], list[str]]
) -> None:
    taken = []
    for many in (50, 500):
        start = len(queries())
        with pytest.raises(Invalid):
            write(border, Position, rows_of([position(party=f"p{n}") for n in range(many)]))
        taken.append(len(queries()) - start)
    assert taken[0] == taken[1]


def test_ids_are_those_of_the_records(border: Database) -> None:
    keys = write(border, Position, rows_of([position(date=str(2000 + n)) for n in range(3)])).keys
    with border.transaction(Access.READ) as session:
        in_order = select(Position.id).order_by(Position.begins_on)
        assert keys == tuple(map(format_id, session.scalars(in_order)))
