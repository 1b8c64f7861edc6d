"""Files of positions: read row by row, written as if each had been created by itself."""

import gzip
import io
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from negotiations_api.database import Access, Database
from negotiations_api.models import Audience, Demand, ImportRun, Position, Source
from negotiations_api.models.staging import import_row
from negotiations_api.records.csv_lines import csv_lines
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.imports import run as runs
from negotiations_api.records.imports.columns import read_constants, read_map
from negotiations_api.records.imports.csv_reader import CsvReader
from negotiations_api.records.imports.files import csv_file_lines, unpacked
from negotiations_api.records.imports.joined import read_joined
from negotiations_api.records.imports.known import load_known
from negotiations_api.records.imports.ndjson_reader import NdjsonReader
from negotiations_api.records.imports.positions import read_positions
from negotiations_api.records.imports.run import Imported, import_positions
from negotiations_api.records.imports.staging import begin, stage
from negotiations_api.records.rows import LONGEST_ROW
from negotiations_api.render.csv import table_csv
from negotiations_api.render.record import list_table
from negotiations_api.schemas.position import PositionSchema
from tests.models.test_supersession import positions
from tests.records.test_bulk import (
    Payload,
    dumped,
    negotiation,
    one_by_one,
    position,
    record_of,
    rows_of,
    write,
)

SCHEMA = PositionSchema()


def ndjson(payloads: Iterable[Payload]) -> bytes:
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def csv(payloads: list[Payload]) -> bytes:
    names = dict.fromkeys(name for payload in payloads for name in payload)
    blank = dict.fromkeys(names)
    return table_csv(list_table([blank | payload for payload in payloads])).encode()


def reader(
    body: bytes,
    maps: Iterable[str] = (),
    constants: Iterable[str] = (),
    join: tuple[bytes, str] | None = None,
    *,
    tidy: bool = False,
) -> CsvReader | NdjsonReader:
    made = NdjsonReader if body.startswith(b"{") else CsvReader
    return made(
        unpacked(io.BytesIO(body)),
        SCHEMA,
        read_map(maps, SCHEMA.load_fields),
        read_constants(constants, SCHEMA.load_fields),
        None if join is None else read_joined(io.BytesIO(join[0]), join[1]),
        tidy=tidy,
    )


def run(
    database: Database,
    body: bytes,
    slug: str = "border",
    *,
    skip_bad: bool = False,
    **how: Any,
) -> tuple[Imported, list[Fault]]:
    """Import a file; what came of it, and what was wrong."""
    faults: list[Fault] = []
    imported = import_positions(
        database,
        slug,
        reader(body, **how),
        f"{hash(body):x}",
        skip_bad=skip_bad,
        report=faults.append,
    )
    return imported, faults


payloads = st.lists(positions(), max_size=8)
in_examples = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@in_examples
@given(payloads, payloads.filter(bool), st.sampled_from([ndjson, csv]))
def test_a_file_is_as_positions_created_one_by_one(
    border: Database, before: list[Payload], new: list[Payload], form: Any
) -> None:
    with border.transaction(Access.WRITE) as session:
        session.execute(delete(Position))
    for slug in ("border", "other"):
        for payload in before:
            one_by_one(border, [payload | {"summary": "Before."}], slug)
    worked = one_by_one(border, new, "other")
    imported, faults = run(border, form(new))
    assert worked is not imported.is_refused
    assert worked is not bool(faults)
    assert imported.created == (len(new) if worked else 0)
    assert dumped(border, Position) == dumped(border, Position, "other")


WITH_PARTS = [
    position(
        stance="conditional",
        conditions=[
            {"kind": "precondition", "demands": ["prisoners"], "text": None},
            {"kind": "reciprocal", "demands": [], "text": "Peace."},
        ],
        citations=[
            {"source": "treaty", "quotation": "So.", "quoted": None, "locator": "p. 3"},
            {"source": "treaty", "quotation": None, "quoted": "Somebody", "locator": None},
        ],
    ),
    position(party="beta", value=3.5, reservation_value=4, until="2021-02", salience=7),
    position(date="2021-03", summary='=So, "it" is.', confidence=50, deadline="2022"),
]


@pytest.mark.parametrize("form", [ndjson, csv])
def test_parts_come_with_their_positions(border: Database, form: Any) -> None:
    write(border, Position, rows_of(WITH_PARTS), "other")
    imported, _ = run(border, form(WITH_PARTS))
    assert imported == Imported(created=3)
    assert dumped(border, Position) == dumped(border, Position, "other")
    with border.transaction(Access.READ) as session:
        words = select(Position.words).where(Position.negotiation_id == negotiation(session).id)
        assert {"peace", "=peac", "somebody"} <= set(
            " ".join(filter(None, session.scalars(words))).split()
        )


def test_an_import_is_one_revision_and_what_is_there_already_none(border: Database) -> None:
    *_, before, other = record_of(border)
    run(border, ndjson(WITH_PARTS))
    assert record_of(border)[-2:] == (before + 1, other)
    again, faults = run(border, ndjson(WITH_PARTS))
    assert (again, faults) == (Imported(unchanged=3), [])
    assert record_of(border)[-2:] == (before + 1, other)


def test_many_batches_are_one_revision(border: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 2)
    *_, before, _ = record_of(border)
    years = [position(date=str(year)) for year in range(1990, 2001)]
    assert run(border, csv(years))[0] == Imported(created=11)
    assert record_of(border)[-2] == before + 1
    ends = [one["ends_on"] for one in dumped(border, Position)]
    assert sorted(map(str, ends)) == sorted([*(f"{y}-12-31" for y in range(1990, 2000)), "None"])


def test_an_import_moves_ends_and_makes_no_new_version(border: Database) -> None:
    write(border, Position, rows_of([position(date="2019"), position(date="2025")]))
    *_, before, _ = record_of(border)
    run(border, ndjson([position(date="2020-03"), position(date="2022")]))
    with border.transaction(Access.READ) as session:
        found = session.scalars(select(Position).order_by(Position.begins_on)).all()
        assert [(p.date, p.ends_on, p.version, p.revision - before) for p in found] == [
            ("2019", "2020-02-29", 1, 1),
            ("2020-03", "2021-12-31", 1, 1),
            ("2022", "2024-12-31", 1, 1),
            ("2025", "9999-12-31", 1, 0),
        ]
        assert all(p.created_at == p.updated_at for p in found)


# What is wrong

BAD = [
    position(date="2018"),
    position(stance="acept"),
    position(party="alhpa"),
    position(demand="tracks"),
    position(value=11),
    position(demand="prisoners", value=1),
    position(date="2021", until="2020"),
    position(stance="conditional"),
    position(
        stance="conditional",
        conditions=[{"kind": "reciprocal", "demands": ["treaty"], "text": None}],
    ),
    position(date="2018-01"),
    position(colour="red"),
]


def test_every_bad_row_is_named_and_nothing_is_written(border: Database) -> None:
    before = record_of(border)
    body = ndjson(BAD) + b"{]\n\n" + ndjson([position(date="2017")])
    imported, faults = run(border, body)
    assert imported == Imported(bad=11, is_refused=True)
    assert [(fault.line, fault.pointer) for fault in faults] == [
        (2, "/stance"),
        (3, "/party"),
        (4, "/demand"),
        (5, "/value"),
        (6, "/value"),
        (7, "/until"),
        (8, "/conditions"),
        (9, "/conditions/0/demands"),
        (11, "/colour"),
        (12, ""),
        (10, "/date"),  # what is wrong beside others is found when all has been read
    ]
    said = {fault.line: fault.detail for fault in faults}
    assert "did you mean 'alpha'?" in said[3]
    assert "in line 1" in said[10]
    assert record_of(border) == before
    assert left_over(border) == 0


def test_the_others_are_imported_if_that_is_wanted(border: Database) -> None:
    imported, faults = run(border, ndjson(BAD), skip_bad=True)
    assert (imported, len(faults)) == (Imported(created=1, bad=10), 10)
    assert [one["date"] for one in dumped(border, Position)] == ["2018"]


@pytest.mark.parametrize("change", [{"stance": "reject"}, {"citations": [{"source": "treaty"}]}])
def test_what_is_there_with_other_values_stays_and_is_named(
    border: Database, change: Payload
) -> None:
    write(border, Position, rows_of([position()]))
    before = dumped(border, Position)
    imported, faults = run(border, ndjson([position(**change), position(date="2021")]))
    assert imported.is_refused
    assert [(fault.line, fault.pointer) for fault in faults] == [(1, "/date")]
    assert dumped(border, Position) == before


def left_over(database: Database) -> int:
    """What is left of imports under way."""
    with database.transaction(Access.READ) as session:
        return len(session.execute(select(import_row.c.line)).all()) + len(
            session.execute(select(ImportRun.id)).all()
        )


# What is broken off


def begun(database: Database, body: bytes, lines: int) -> None:
    """Begin an import, and leave it after so many lines."""
    with database.transaction(Access.READ) as session:
        known = load_known(session, negotiation(session))
    with database.transaction(Access.WRITE) as session:
        started = begin(session, known, f"{hash(body):x}")
        read = list(read_positions(reader(body), known))
        stage(session, started, read[:lines])


def test_an_import_that_was_broken_off_goes_on(border: Database) -> None:
    body = ndjson(BAD)
    begun(border, body, 6)
    assert dumped(border, Position) == []
    imported, faults = run(border, body, skip_bad=True)
    assert imported == Imported(created=1, bad=10, resumed_at=6)
    assert {fault.line for fault in faults} == {*range(2, 12)}
    assert left_over(border) == 0


def test_rows_that_cite_what_has_gone_meanwhile_are_found(border: Database) -> None:
    cited = position(citations=[{"source": "treaty"}])
    waits = position(
        party="beta",
        stance="conditional",
        conditions=[{"kind": "precondition", "demands": ["prisoners"]}],
    )
    body = ndjson([cited, waits, position(date="2031")])
    begun(border, body, 3)
    with border.transaction(Access.CATALOGUE) as session:
        # No revision tells of a source that nothing has cited yet.
        session.delete(session.scalars(select(Source).where(Source.slug == "treaty")).one())
    with border.transaction(Access.WRITE) as session:
        prisoners = select(Demand).where(
            Demand.negotiation_id == negotiation(session).id, Demand.slug == "prisoners"
        )
        session.delete(session.scalars(prisoners).one())
    imported, faults = run(border, body, skip_bad=True)
    assert [(fault.line, fault.pointer) for fault in faults] == [
        (1, "/citations/0/source"),
        (2, "/conditions/0/demands"),
    ]
    assert imported == Imported(created=1, bad=2, resumed_at=3)
    assert left_over(border) == 0


@pytest.mark.parametrize("joined", [None, (b"k,about\n1,treaty\n", "k")])
def test_a_line_with_a_cell_too_many_is_bad(
    border: Database, joined: tuple[bytes, str] | None
) -> None:
    body = b"party,k,demand,date,stance\nalpha,1,treaty,2020,accept,2021\n"
    imported, (fault,) = run(
        border,
        body,
        maps=["party=party,date=date,stance=stance,demand=demand"],
        join=joined,
    )
    assert imported.is_refused
    assert (fault.line, fault.detail) == (
        2,
        "This line has 6 cells and the header 5: write as many, some empty.",
    )


def test_a_word_that_stands_for_no_stance_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Invalid, match=r"stand for 'acept', which stance cannot be.*'accept'"):
        reader(
            b"party,demand,date,vote\n",
            maps=["party=party,demand=demand,date=date,vote=stance:yes=acept"],
        )


def test_a_mark_that_is_never_closed_costs_its_own_line_only() -> None:
    longest = b"x," * (LONGEST_ROW // 2)
    rows = [b"a,b", b'1,"open', *[b"%d,fine" % number for number in range(40)]]
    text = b"\n".join([*rows, longest, longest, longest, b"9,last", b""])
    lines = list(csv_file_lines(io.BytesIO(text), 64 * 1024))
    bad = [line for line, cells in lines if isinstance(cells, str)]
    assert bad == [2, 43, 44, 45]  # and the three that have more cells than a line may have
    assert [line for line, _ in lines] == [*range(1, 47)]
    assert lines[-1] == (46, ["9", "last"])


def test_rows_that_do_not_fit_any_more_are_found(border: Database) -> None:
    body = ndjson([position(value=9), position(party="beta", value=2)])
    begun(border, body, 2)
    with border.transaction(Access.WRITE) as session:
        treaty = session.scalars(
            select(Demand).where(
                Demand.negotiation_id == negotiation(session).id, Demand.slug == "treaty"
            )
        ).one()
        treaty.scale = type(treaty.scale)(0, 5)  # type: ignore[misc]
    imported, faults = run(border, body)
    assert imported.is_refused
    assert [(fault.line, fault.pointer) for fault in faults] == [(1, "/value")]


def test_what_was_limited_while_a_file_was_read_is_named_by_no_row(border: Database) -> None:
    condition = {"kind": "precondition", "demands": ["treaty"]}
    of_it = position(demand="prisoners", date="2021", stance="conditional", conditions=[condition])
    body = ndjson([position(), of_it, position(demand="prisoners", date="2022")])
    begun(border, body, 3)
    with border.transaction(Access.WRITE) as session:
        talks = negotiation(session)
        team = Audience(negotiation_id=talks.id, slug="team", title="Team")
        session.add(team)
        session.flush()
        treaty = session.scalars(
            select(Demand).where(Demand.negotiation_id == talks.id, Demand.slug == "treaty")
        ).one()
        treaty.audience = team
    imported, faults = run(border, body)
    assert imported.is_refused
    told = [(fault.line, fault.pointer) for fault in faults]
    assert sorted(told) == [(1, "/demand"), (2, "/conditions/0/demands")]


# What files say


def test_columns_are_mapped_and_words_stand_for_others(border: Database) -> None:
    body = (
        (b"rcid,country,vote,note\n1,A,yes,\n1,B,no,x\n2,A,absent,\n2,B,abstain,\n")
        .replace(b"A", b"alpha")
        .replace(b"B", b"beta")
    )
    votes = b"number,day,matter,rcid\n,2019-02-03,treaty,1\n,2019-05-06,treaty,2\n"
    imported, faults = run(
        border,
        body,
        maps=["country=party,vote=stance:yes=accept,abstain=reserve,no=reject,absent=", "day=date"],
        constants=["demand=treaty", "confidence=90"],
        join=(votes, "rcid"),
    )
    assert (imported, faults) == (Imported(created=3, passed_over=1), [])
    said = {(p["party"], p["date"], p["stance"], p["confidence"]) for p in dumped(border, Position)}
    assert said == {
        ("alpha", "2019-02-03", "accept", 90),
        ("beta", "2019-02-03", "reject", 90),
        ("beta", "2019-05-06", "reserve", 90),
    }


def test_the_first_of_several_columns_that_says_something_counts(border: Database) -> None:
    body = b"a,b,party,demand,stance\n2019,2020,alpha,treaty,accept\n,2021,beta,treaty,accept\n"
    run(border, body, maps=["a=date,b=date,party=party,demand=demand,stance=stance"])
    assert sorted(one["date"] for one in dumped(border, Position)) == ["2019", "2021"]


def test_gzip_is_read_as_what_it_holds(border: Database) -> None:
    assert run(border, gzip.compress(csv(WITH_PARTS), mtime=0))[0].created == 3


def test_tidy_takes_out_what_texts_may_not_have(border: Database) -> None:
    rows = [position(summary="So\b it\x00 is.")]
    body = csv(rows).replace(b"\x00", b"\x07")
    assert [fault.pointer for fault in run(border, body)[1]] == ["/summary"]
    run(border, body, tidy=True)
    assert [one["summary"] for one in dumped(border, Position)] == ["So it is."]


@pytest.mark.parametrize(
    ("maps", "advice"),
    [
        (["party"], "no column=field"),
        (["party=partie"], "did you mean 'party'?"),
        (["vote=stance:yes"], "no column=field:word=word"),
        (["prty=party,demand=demand,date=date,stance=stance"], "did you mean 'party'?"),
        (["party=party,demand=demand,date=date"], "Nothing says what stance is"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(maps: list[str], advice: str) -> None:
    with pytest.raises(Invalid, match=advice.replace("?", r"\?")):
        reader(b"party,demand,date,stance\nalpha,treaty,2019,accept\n", maps)


def test_a_header_that_names_no_field_is_refused() -> None:
    with pytest.raises(Invalid, match="'partie' is no field; did you mean 'party'"):
        reader(b"partie,demand,date,stance\n")


lines = st.lists(
    st.lists(st.text('ab",;\n\r\u00e9', max_size=6), min_size=1, max_size=4), max_size=12
)


@given(lines, st.integers(1, 12), st.booleans())
def test_a_file_has_the_lines_that_its_text_has(
    rows: list[list[str]], block: int, is_well_formed: bool
) -> None:
    cells = [
        [f'"{cell.replace(chr(34), 2 * chr(34))}"' if is_well_formed else cell for cell in row]
        for row in rows
    ]
    text = "\n".join(",".join(row) for row in cells)
    assert list(csv_file_lines(io.BytesIO(text.encode()), block)) == list(csv_lines(text))
