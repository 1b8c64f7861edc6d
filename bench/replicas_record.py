"""A large record for bench/replicas.py, and how many bytes a position of it takes."""

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from negotiations_api.app import create_app
from negotiations_api.config import Settings
from negotiations_api.database import Access, Database
from negotiations_api.models import (
    Demand,
    Issue,
    Negotiation,
    Participant,
    Party,
    Position,
    Record,
    Source,
)
from negotiations_api.models.citation import Citation
from negotiations_api.models.identifier import new_id
from tests.api.samples import build_world
from tests.client import Client
from tests.replication import Pair

PARTIES = 200
DEMANDS = 500
"""So many positions are there: one of each party on each demand."""

TEXTS = 10_000
"""So many more, with texts."""

_TABLES = "('position'), ('citation')"


def build(pair: Pair) -> None:
    """A negotiation with as many positions, without texts, as fit; its history has one step."""
    app = create_app(Settings(database_url=pair.url, open_writing=True))
    client = Client(app)
    build_world(client)
    database: Database = app.extensions["database"]
    with database.transaction(Access.CATALOGUE) as session:
        owner = session.scalars(sa.select(Negotiation.id)).one()
        issue = session.scalars(sa.select(Issue.id).limit(1)).one()
        parties = [new_id() for _ in range(PARTIES)]
        demands = [new_id() for _ in range(DEMANDS)]
        rows: dict[type[Record], list[dict[str, Any]]] = {
            Party: [
                {"id": party, "slug": f"party-{at}", "name": f"Party {at}", "kind": "state"}
                for at, party in enumerate(parties)
            ],
            Participant: [
                {"negotiation_id": owner, "party_id": party, "role": "principal"}
                for party in parties
            ],
            Demand: [
                {"negotiation_id": owner, "issue_id": issue, "id": demand}
                | {"slug": f"demand-{at}", "title": f"Demand {at}"}
                for at, demand in enumerate(demands)
            ],
            Position: [
                {"negotiation_id": owner, "party_id": party, "demand_id": demand}
                | {"date": "2020-01-01", "begins_on": "2020-01-01"}
                | {"stance": ("accept", "reject", "reserve")[(at + index) % 3]}
                for at, party in enumerate(parties)
                for index, demand in enumerate(demands)
            ],
        }
        for model, values in rows.items():
            session.execute(sa.insert(model), values)
    database.dispose()
    pair.on_primary("VACUUM ANALYZE")
    pair.catch_up()


def sizes(pair: Pair) -> Iterator[Sequence[Any]]:
    """The bytes of a position: without texts, and with a summary and a citation."""
    bare = _bytes(pair)
    yield _size("nothing but party, demand, date, stance", PARTIES * DEMANDS, (0, 0), bare)
    _write_texts(pair)
    yield _size("a summary and a quotation of 30 words each", TEXTS, bare, _bytes(pair))


def _bytes(pair: Pair) -> tuple[int, int]:
    """The bytes of the tables of positions and of citations, and of all their indexes."""
    found = [
        pair.on_primary(f"SELECT sum({what}(name::regclass)) FROM (VALUES {_TABLES}) AS t (name)")
        for what in ("pg_table_size", "pg_indexes_size")
    ]
    return int(found[0]), int(found[1])


def _size(what: str, rows: int, before: tuple[int, int], after: tuple[int, int]) -> Sequence[Any]:
    table, indexes = (round((new - old) / rows) for old, new in zip(before, after, strict=True))
    return what, f"{rows:,}", table, indexes, table + indexes


def _write_texts(pair: Pair) -> None:
    """More positions, through the models, which make the words that they are found by."""
    chance = random.Random(1)  # noqa: S311 - no secret
    vocabulary = [
        "".join(chance.choices("abcdefghijklmnoprstuvwxyz", k=chance.randint(3, 10)))
        for _ in range(5000)
    ]

    def text() -> str:
        # Few words are frequent and many are rare.
        return " ".join(vocabulary[int(5000 * chance.random() ** 3)] for _ in range(30))

    database = Database(pair.url)
    with database.transaction(Access.WRITE) as session:
        owner = session.scalars(sa.select(Negotiation.id)).one()
        parties = session.scalars(sa.select(Participant.party_id)).all()
        demands = session.scalars(sa.select(Demand.id)).all()
        source = session.scalars(sa.select(Source.id)).first()
        pairs = itertools.product(parties, demands)
        for party, demand in itertools.islice(pairs, TEXTS):
            citation = Citation(source_id=source, quotation=text(), quoted="The foreign ministry")
            session.add(
                Position(
                    negotiation_id=owner,
                    party_id=party,
                    demand_id=demand,
                    date="2021-05-06",
                    stance="accept",
                    summary=text(),
                    citations=[citation],
                )
            )
    database.dispose()
    pair.on_primary("VACUUM ANALYZE")
