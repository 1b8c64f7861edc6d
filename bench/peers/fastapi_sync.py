"""FastAPI with functions that block, SQLAlchemy's ORM and pydantic, under uvicorn."""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from sqlalchemy import create_engine, event, make_url, update
from sqlalchemy.orm import Session, sessionmaker

from bench.peers import answers, statements
from bench.peers.shapes import ComparisonOut, MatrixOut, PositionIn, PositionOut, PositionsOut
from bench.peers.supersession import columns_of, day_before
from bench.peers.tables import Negotiation, Position

engine = create_engine(make_url(os.environ["BENCH_DATABASE_URL"]), pool_size=40)
writing = engine.execution_options(writes=True)
IS_SQLITE = engine.dialect.name == "sqlite"

if IS_SQLITE:

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Reading = sessionmaker(engine, autoflush=False)
Writing = sessionmaker(writing, autoflush=False, expire_on_commit=False)


def reading() -> Iterator[Session]:
    """A session to read with."""
    with Reading() as session:
        yield session


def to_write() -> Iterator[Session]:
    """A session to write with."""
    with Writing() as session:
        yield session


Read = Annotated[Session, Depends(reading)]
Write = Annotated[Session, Depends(to_write)]
app = FastAPI()


def _negotiation(session: Session, slug: str) -> Negotiation:
    found = session.scalar(statements.negotiation_of(slug))
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/negotiations/{slug}/positions")
def list_positions(slug: str, session: Read, limit: int = 100) -> PositionsOut:
    """A list."""
    negotiation = _negotiation(session, slug)
    found = session.scalars(statements.page(negotiation.id, limit)).all()
    return PositionsOut.model_validate({"items": found})


@app.get("/negotiations/{slug}/positions/{position}")
def get_position(slug: str, position: int, session: Read) -> PositionOut:
    """An item."""
    found = session.scalar(statements.one(slug, position))
    if found is None:
        raise HTTPException(404)
    return PositionOut.model_validate(found)


@app.get("/negotiations/{slug}/compare-window")
def compare_by_window(slug: str, left: str, right: str, on: str, session: Read) -> ComparisonOut:
    """A comparison, as it is written at first."""
    negotiation = _negotiation(session, slug)
    sides = [session.scalars(statements.party_of(party)).one() for party in (left, right)]
    ids = [side.id for side in sides]
    positions = session.scalars(statements.held_by_window(negotiation.id, ids, on))
    held = answers.held_of_objects(positions)
    demands = answers.named_of_objects(session.scalars(statements.demands_by_orm(negotiation.id)))
    return answers.comparison(negotiation, sides[0], sides[1], on, demands, held)


@app.get("/negotiations/{slug}/compare-interval", response_model=ComparisonOut)
def compare_by_interval(
    slug: str, left: str, right: str, on: str, session: Read, request: Request, response: Response
) -> Any:
    """A comparison with the SQL of the service, and its ETag of the revision."""
    negotiation = _negotiation(session, slug)
    tag = f'"{negotiation.id}-{negotiation.revision}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    sides = [session.scalars(statements.party_of(party)).one() for party in (left, right)]
    wanted = statements.by_interval(negotiation.id, [side.id for side in sides], on)
    rows = {name: session.execute(query).all() for name, query in wanted.items()}
    held, demands = answers.held_of_rows(rows), answers.named_of_rows(rows)
    return answers.comparison(negotiation, sides[0], sides[1], on, demands, held)


@app.get("/negotiations/{slug}/matrix")
def matrix(slug: str, on: str, session: Read) -> MatrixOut:
    """A matrix, with the SQL of the service."""
    negotiation = _negotiation(session, slug)
    parties = session.scalars(statements.participants(negotiation.id)).all()
    wanted = statements.by_interval(negotiation.id, None, on)
    rows = {name: session.execute(query).all() for name, query in wanted.items()}
    held, demands = answers.held_of_rows(rows), answers.named_of_rows(rows)
    return answers.matrix(negotiation, parties, on, demands, held)


@app.post("/negotiations/{slug}/positions", status_code=201)
def create_position(slug: str, taken: PositionIn, session: Write) -> PositionOut:
    """One more position."""
    ids = session.execute(statements.named(slug, taken.party, taken.demand)).one()
    begins_on = (taken.date + "-01-01")[:10]
    before, after = (
        session.scalar(query) for query in statements.neighbours(ids[2], ids[1], begins_on)
    )
    columns = columns_of(taken.model_dump(), tuple(ids), after and after.begins_on)
    made = Position(**columns)
    session.add(made)
    if before is not None and before.ends_on >= begins_on:
        before.ends_on = day_before(begins_on)
        before.version += 1
        before.updated_at = columns["updated_at"]
    session.flush()
    raised = update(Negotiation).where(Negotiation.id == ids[0])
    session.execute(raised.values(revision=Negotiation.revision + 1))
    shown = PositionOut.model_validate(session.scalars(statements.one(slug, made.id)).one())
    session.commit()
    return shown
