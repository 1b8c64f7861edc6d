"""Demands, positions and sources are found by their words, by the same ones on both engines."""

import unicodedata
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from negotiations_api.database import Access, Database
from negotiations_api.models import Demand, Issue, Negotiation, Party, Position, Record, Source
from negotiations_api.records.loading import load_document
from negotiations_api.records.search import MODELS, Unsearchable, is_searchable, matching
from negotiations_api.records.succession import supersede
from negotiations_api.records.write import create, remove, replace
from negotiations_api.schemas.position import PositionSchema
from negotiations_api.schemas.source import SourceSchema

SCHEMA = PositionSchema()

ACCEPTS = {"party": "alpha", "demand": "treaty", "date": "2019-05-01", "stance": "accept"}
WAITS: dict[str, Any] = {
    "party": "beta",
    "demand": "treaty",
    "date": "2019-06-01",
    "stance": "conditional",
    "summary": "Would sign once the prisoners are home.",
    "conditions": [{"kind": "precondition", "text": "The fleet leaves the harbours."}],
    "citations": [
        {"source": "daily", "quotation": "Nous avons signé à Genève.", "quoted": "Envoy Zorn"}
    ],
}

DOCUMENT = {
    "negotiation": {"slug": "border", "title": "Border talks"},
    "parties": [{"slug": slug, "name": slug, "kind": "state"} for slug in ("alpha", "beta")],
    "sources": [
        {"slug": "daily", "title": "A new hope", "publisher": "The Herald", "author": "Åse Ø."}
    ],
    "participants": [{"party": slug, "role": "principal"} for slug in ("alpha", "beta")],
    "demands": [
        {
            "slug": "treaty",
            "title": "A treaty of peace",
            "text": "Ends the armistice.",
            "issue": "peace-treaty",
            "scale": {"min": 0, "max": 1, "min_means": "no paper", "max_means": "ratified"},
            "citations": [{"source": "daily", "quotation": "Sign it!", "quoted": "The Speaker"}],
        },
        {"slug": "prisoner-exchange", "title": "Prisoners", "issue": "peace-treaty"},
    ],
    "positions": [ACCEPTS, WAITS],
}


@pytest.fixture
def border(database: Database) -> Database:
    """A negotiation with two demands, two positions and a source."""
    with database.transaction(Access.CATALOGUE) as session:
        load_document(session, DOCUMENT)
    return database


def found(database: Database, model: Any, query: str) -> list[str]:
    """What stands for the records that are found."""
    with database.transaction(Access.READ) as session:
        return [record.key for record in find(session, model, query)]


def find(session: Session, model: Any, query: str) -> list[Any]:
    statement = sa.select(model).where(matching(session, model, query)).order_by(model.id)
    return list(session.scalars(statement))


def check_index(database: Database) -> None:
    """Have SQLite compare its index with the words that stand in the records."""
    if database.engine.dialect.name == "sqlite":
        with database.engine.begin() as connection:
            for model in MODELS:
                name = f"{model.__tablename__}_words"
                connection.exec_driver_sql(
                    f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)"
                )


def test_demands_positions_and_sources_are_searchable_and_nothing_else_is() -> None:
    assert set(MODELS) == {Demand, Position, Source}
    assert is_searchable(Demand)
    assert not is_searchable(Party)


def test_another_record_is_not_looked_for(session: Session) -> None:
    with pytest.raises(TypeError, match="a party is not found by words"):
        matching(session, Party, "alpha")


@pytest.mark.parametrize(
    ("model", "query", "keys"),
    [
        (Demand, "prisoner", ["prisoner-exchange"]),
        (Demand, "exchange", ["prisoner-exchange"]),
        (Demand, "peaceful treaties", ["treaty"]),
        (Demand, "armistice", ["treaty"]),
        (Demand, "papers", ["treaty"]),
        (Demand, "ratif*", ["treaty"]),
        (Demand, "sign speaker", ["treaty"]),
        (Demand, "treaty prisoners", []),
        (Demand, "home", []),
        (Source, "DAILY", ["daily"]),
        (Source, "hopes", ["daily"]),
        (Source, "herald", ["daily"]),
        (Source, "ase", ["daily"]),
    ],
)
def test_a_demand_or_source_is_found_by(
    border: Database, model: type[Record], query: str, keys: list[str]
) -> None:
    assert found(border, model, query) == keys


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("prisoner", 1),
        ("harbour", 1),
        ("geneve signe", 1),
        ("ZORN", 1),
        ("zor*", 1),
        ("prisoner harbour geneve zorn", 1),
        ("prisoner herald", 0),
        ("treaty", 0),
    ],
)
def test_a_position_is_found_by_its_summary_conditions_and_quotations(
    border: Database, query: str, count: int
) -> None:
    assert len(found(border, Position, query)) == count


def position(session: Session) -> Position:
    return session.scalars(sa.select(Position).where(Position.stance == "conditional")).one()


def test_a_record_is_found_by_what_it_says_now(border: Database) -> None:
    changed = WAITS | {
        "summary": "Would sign at once.",
        "conditions": [{"kind": "precondition", "text": "The army withdraws."}],
        "citations": [],
    }
    with border.transaction(Access.WRITE) as session:
        negotiation = session.scalars(sa.select(Negotiation)).one()
        record = position(session)
        version = record.version
        replace(session, record, SCHEMA, changed, negotiation)
        assert record.version == version + 1
    assert len(found(border, Position, "armies at home")) == 0
    assert len(found(border, Position, "armies withdraw")) == 1
    for query in ("prisoner", "fleet", "zorn"):
        assert found(border, Position, query) == []
    check_index(border)


def test_a_change_of_nothing_but_a_part_is_found(border: Database) -> None:
    quoted = {"source": "daily", "quotation": "Rien."}
    with border.transaction(Access.WRITE) as session:
        negotiation = session.scalars(sa.select(Negotiation)).one()
        replace(session, position(session), SCHEMA, WAITS | {"citations": [quoted]}, negotiation)
    assert len(found(border, Position, "rien")) == 1
    assert found(border, Position, "geneve") == []
    check_index(border)


def test_a_record_that_loses_all_its_words_is_not_found_and_one_that_gets_some_is(
    border: Database,
) -> None:
    with border.transaction(Access.WRITE) as session:
        negotiation = session.scalars(sa.select(Negotiation)).one()
        silent, speaking = (
            session.scalars(sa.select(Position).where(Position.stance == stance)).one()
            for stance in ("accept", "conditional")
        )
        bare: Any = WAITS | {"stance": "accept", "summary": None, "conditions": [], "citations": []}
        replace(session, speaking, SCHEMA, bare, negotiation)
        replace(session, silent, SCHEMA, ACCEPTS | {"summary": "No prisoners"}, negotiation)
    assert len(found(border, Position, "prisoner")) == 1
    assert found(border, Position, "zorn") == []
    check_index(border)


def test_what_is_deleted_is_not_found(border: Database) -> None:
    with border.transaction(Access.WRITE) as session:
        remove(session, position(session))
    assert found(border, Position, "prisoner") == []
    check_index(border)


def test_what_goes_with_its_negotiation_is_not_found(border: Database) -> None:
    with border.transaction(Access.CATALOGUE) as session:
        session.execute(sa.delete(Position))
        session.execute(sa.delete(Negotiation))  # the demands go by the cascade
    assert found(border, Demand, "treaty") == []
    assert found(border, Source, "herald") == ["daily"]
    check_index(border)


def test_a_write_that_is_rolled_back_is_not_found(border: Database) -> None:
    def fail() -> None:
        with border.transaction(Access.CATALOGUE) as session:
            create(session, Source, SourceSchema(), {"slug": "late", "title": "Zebra"}, None)
            assert len(find(session, Source, "zebra")) == 1
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert found(border, Source, "zebra") == []
    check_index(border)


def test_a_document_loaded_again_is_found_by_what_it_says_now(border: Database) -> None:
    demands: Any = DOCUMENT["demands"]
    again = [demands[0] | {"title": "A lasting truce", "text": None}]
    with border.transaction(Access.CATALOGUE) as session:
        load_document(session, DOCUMENT | {"demands": again}, prune=True)
    assert found(border, Demand, "truce") == ["treaty"]
    assert found(border, Demand, "armistice") == found(border, Demand, "prisoner") == []
    check_index(border)


def test_the_ends_of_positions_are_kept_without_a_look_at_their_words(
    border: Database, queries: Any
) -> None:
    with border.transaction(Access.WRITE) as session:
        session.execute(sa.update(Position).values(ends_on="2020-01-01"))
        keys = session.execute(sa.select(Position.demand_id, Position.party_id)).all()
        queries().clear()
        supersede(session, keys)
        session.flush()
    assert len(found(border, Position, "prisoner")) == 1
    assert not any("citation" in statement or "condition" in statement for statement in queries())
    assert not any("SET words" in statement for statement in queries())


def test_a_list_does_not_read_the_words(border: Database, queries: Any) -> None:
    queries().clear()
    with border.transaction(Access.READ) as session:
        session.scalars(sa.select(Demand)).all()
    assert not any("words" in statement for statement in queries())


def test_the_search_joins_with_other_conditions_and_tables(border: Database) -> None:
    with border.transaction(Access.READ) as session:
        statement = (
            sa.select(Position)
            .join(Position.demand)
            .join(Demand.issue)
            .where(
                matching(session, Position, "prisoner"),
                matching(session, Demand, "armistice"),
                Issue.slug == "peace-treaty",
            )
        )
        assert len(session.scalars(statement).all()) == 1


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("query", ["treaty", "treat*", "treaty zorn daily"])
def test_the_index_is_used(talks: Database, model: Any, query: str) -> None:
    is_sqlite = talks.engine.dialect.name == "sqlite"
    with talks.transaction(Access.WRITE) as session:
        if not is_sqlite:  # which would rather read a small table whole
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
        statement = sa.select(model.id).where(matching(session, model, query))
        compiled: Any = statement.compile(session.get_bind())
        bound = tuple(compiled.params.values()) if is_sqlite else compiled.params
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        rows = session.connection().exec_driver_sql(f"{explain} {compiled}", bound).all()
    plan = " ".join(str(row) for row in rows)
    if is_sqlite:
        assert "VIRTUAL TABLE INDEX" in plan
        assert f"SEARCH {model.__tablename__} USING INTEGER PRIMARY KEY" in plan
    else:
        assert f"Bitmap Index Scan on ix_{model.__tablename__}_words" in plan
        assert "Filter" not in plan


@pytest.mark.parametrize(
    "query",
    [
        *("*", '"', '""', "'", "\\", "\\'", "%", "%s", ":x", "?", "^", "()", ";", "--", "\u0301"),
        *("NEAR(a b)", "NEAR", "AND", "NOT", "OR", "a AND", "NOT a", "a OR b", "a:b", "words:a"),
        *("' OR 1=1", "' OR 1=1 --", '" OR 1=1', "a & | !", "a <-> b", "!a", "a:*", "a:*A", "+a"),
        *("=", "=relat", "'a':*", "-a", "{words}:a", "a\\", "a'", 'a"', "''a''", "a''", "^a"),
        *(
            "x" * 10_000,
            "x " * 500,
            "* " * 500,
            "é" * 1000,
            "\U0001f600",
            "\ufdfa" * 1000,
            "\ufffd",
        ),
        *(
            "\u202ea",
            "a\u0000b",
            "\ud800",
            "ß",
            "İ",
            "ﬃ",
            "\u017f",
            "\u1e9e",
            "〆",
            "ー",
            "𠀀",
            "①",
        ),
    ],
)
def test_no_query_does_anything_but_find_or_be_refused(border: Database, query: str) -> None:
    for model in MODELS:
        with suppress(Unsearchable):
            found(border, model, query)


# The rules once more, character by character and with sets, apart from the code under test.

_stem = EnglishStemmer().stemWord
_JOINED = [(0x3005, 0x3007), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF)]
_JOINED += [(0x20000, 0x3FFFF), (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF)]
_UNSEEN = {0x34F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def is_initial(character: str) -> bool:
    return character.isalnum() and not character.isdecimal()


def is_joined(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _JOINED)


def is_dropped(character: str) -> bool:
    kind, combining = unicodedata.category(character), unicodedata.combining(character)
    is_accent = (
        combining >= 200 or 10 <= combining <= 36 or combining == 1 or ord(character) in _UNSEEN
    )
    return kind in {"Cf", "Me"} or (kind[0] == "M" and is_accent)


def without_dots_in_initials(text: str) -> str:
    out, i = "", 0
    at = [*text, *"   "]
    while i < len(text):
        last = i
        if is_initial(at[i]) and not (i and is_word(at[i - 1])):
            while at[last + 1] == "." and is_initial(at[last + 2]):
                last += 2
            while last > i and is_word(at[last + 1]):
                last -= 2
        out += text[i : last + 1 : 2]
        is_over = last > i and at[last + 1] == "." and not is_word(at[last + 2])
        i = last + 2 if is_over else last + 1
    return out


def without_possessive_s(text: str) -> str:
    pieces = text.split("'")
    out = pieces[0]
    for before, piece in pairwise(pieces):
        is_owner = before and is_word(before[-1]) and piece[:1] == "s" and not is_word(piece[1:2])
        out += piece[1:] if is_owner else "'" + piece
    return out


def runs(text: str) -> list[tuple[str, bool]]:
    """Each run of word characters, and whether a star follows."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join("'" if c == "\u2019" else c for c in text if not is_dropped(c))
    text = without_possessive_s(without_dots_in_initials(unicodedata.normalize("NFC", text)))
    found: list[tuple[str, bool]] = []
    run = ""
    for c in text + " ":
        belongs = unicodedata.category(c)[0] in "LNM"
        if run and (not belongs or is_joined(c) != is_joined(run[0])):
            found.append((run, c == "*"))
            run = ""
        run += c if belongs else ""
    return [(run, starred) for run, starred in found if any(c.isalnum() for c in run)]


def stem(word: str) -> str:
    for ending in ("e", "ed", "er", "ers", "es", "ing", "ation", "ations"):
        start = word.removesuffix("is" + ending)
        if start != word and len(start) > 3 and all(map(is_word, start[-4:])):
            return str(_stem(f"{start}iz{ending}"))
    return str(_stem(word))


def is_expected(text: str, query: str) -> bool | None:
    """Whether `text` is to be found by `query`; None where the query has no word."""
    plain, stems, joined = set(), set(), []
    for run, _ in runs(text):
        if is_joined(run[0]):
            joined.append(run)
        plain.add(run if is_joined(run[0]) else run[:64])
        stems.add(stem(run[:64]))
    wanted = runs(query)
    return (
        all(
            all(any(pair in other for other in joined) for pair in (pairs(run) or [run]))
            if is_joined(run[0])
            else any(word.startswith(run[:64]) for word in plain)
            if starred
            else stem(run[:64]) in stems
            for run, starred in wanted
        )
        if wanted
        else None
    )


def pairs(run: str) -> list[str]:
    return [a + b for a, b in pairwise(run)]


anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
near = st.text("aàsß'\u2019. *=\"&|!:()中国がカﾞ한नि\u0301\u0941\u200d\u00ad9²İΣς_", max_size=12)
known = st.sampled_from(
    [
        *("U.S.", "u.s.a", "Korea's", "Korea\u2019s", "organisation", "organizing", "sanctions"),
        *(
            "sanctioned",
            "sanct*",
            "san*",
            "中国",
            "中国人",
            "国人*",
            "비핵화",
            "비핵*",
            "São",
            "sao",
        ),
        *("treaty", "treaties", "treat*", "e.g.*", "promise", "crises", "a_b", "\u02bcs", "s"),
    ]
)
texts = st.lists(st.one_of(known, known, near, anything), min_size=1, max_size=6).map(" ".join)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(texts, min_size=1, max_size=3), texts, st.data())
@example(["a" * 70], "a" * 66, None)
@example(["\u0391\u03a3 \u03b1\u03c2"], "\u03b1\u03c3", None)
def test_any_query_finds_the_texts_that_a_plain_reading_of_the_rules_finds(
    database: Database, written: list[str], query: str, data: Any
) -> None:
    if data is not None and data.draw(st.booleans()):  # a piece of a text finds more
        text = data.draw(st.sampled_from(written))
        start = data.draw(st.integers(0, len(text)))
        query = text[start : start + 20] + data.draw(st.sampled_from(["", "*"]))
    with Session(database.engine) as session:  # which is rolled back
        for number, text in enumerate(written):
            session.add(Source(slug=f"={number}=", title=text))
        session.flush()
        try:
            ids = {record.slug for record in find(session, Source, query)}
        except Unsearchable:
            ids = None
    expected = [is_expected(f"={number}= {text}", query) for number, text in enumerate(written)]
    if ids is None:
        assert all(is_expected_one is None for is_expected_one in expected)
    else:
        assert ids == {f"={number}=" for number, one in enumerate(expected) if one}
