"""FastAPI with functions that await, SQLAlchemy's asynchronous ORM, asyncpg and pydantic."""

import os
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from sqlalchemy import make_url, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.peers import answers, statements
from bench.peers.shapes import ComparisonOut, MatrixOut, PositionIn, PositionOut, PositionsOut
from bench.peers.supersession import columns_of, day_before
from bench.peers.tables import Negotiation, Position

url = make_url(os.environ["BENCH_DATABASE_URL"])
engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_size=40)
Reading = async_sessionmaker(engine, autoflush=False, expire_on_commit=False)


async def reading() -> AsyncIterator[AsyncSession]:
    """A session."""
    async with Reading() as session:
        yield session


Session = AsyncSession
Read = Write = Annotated[Session, Depends(reading)]
app = FastAPI()


async def _negotiation(session: Session, slug: str) -> Negotiation:
    found = await session.scalar(statements.negotiation_of(slug))
    if found is None:
        raise HTTPException(404)
    return found


@app.get("/negotiations/{slug}/positions")
async def list_positions(slug: str, session: Read, limit: int = 100) -> PositionsOut:
    """A list."""
    negotiation = await _negotiation(session, slug)
    found = (await session.scalars(statements.page(negotiation.id, limit))).all()
    return PositionsOut.model_validate({"items": found})


@app.get("/negotiations/{slug}/positions/{position}")
async def get_position(slug: str, position: int, session: Read) -> PositionOut:
    """An item."""
    found = await session.scalar(statements.one(slug, position))
    if found is None:
        raise HTTPException(404)
    return PositionOut.model_validate(found)


@app.get("/negotiations/{slug}/compare-window")
async def compare_by_window(
    slug: str, left: str, right: str, on: str, session: Read
) -> ComparisonOut:
    """A comparison, as it is written at first."""
    negotiation = await _negotiation(session, slug)
    sides = [(await session.scalars(statements.party_of(party))).one() for party in (left, right)]
    ids = [side.id for side in sides]
    positions = await session.scalars(statements.held_by_window(negotiation.id, ids, on))
    held = answers.held_of_objects(positions)
    listed = await session.scalars(statements.demands_by_orm(negotiation.id))
    demands = answers.named_of_objects(listed)
    return answers.comparison(negotiation, sides[0], sides[1], on, demands, held)


@app.get("/negotiations/{slug}/compare-interval", response_model=ComparisonOut)
async def compare_by_interval(
    slug: str, left: str, right: str, on: str, session: Read, request: Request, response: Response
) -> Any:
    """A comparison with the SQL of the service, and its ETag of the revision."""
    negotiation = await _negotiation(session, slug)
    tag = f'"{negotiation.id}-{negotiation.revision}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    sides = [(await session.scalars(statements.party_of(party))).one() for party in (left, right)]
    wanted = statements.by_interval(negotiation.id, [side.id for side in sides], on)
    rows = {name: (await session.execute(query)).all() for name, query in wanted.items()}
    held, demands = answers.held_of_rows(rows), answers.named_of_rows(rows)
    return answers.comparison(negotiation, sides[0], sides[1], on, demands, held)


@app.get("/negotiations/{slug}/matrix")
async def matrix(slug: str, on: str, session: Read) -> MatrixOut:
    """A matrix, with the SQL of the service."""
    negotiation = await _negotiation(session, slug)
    parties = (await session.scalars(statements.participants(negotiation.id))).all()
    wanted = statements.by_interval(negotiation.id, None, on)
    rows = {name: (await session.execute(query)).all() for name, query in wanted.items()}
    held, demands = answers.held_of_rows(rows), answers.named_of_rows(rows)
    return answers.matrix(negotiation, parties, on, demands, held)


@app.post("/negotiations/{slug}/positions", status_code=201)
async def create_position(slug: str, taken: PositionIn, session: Write) -> PositionOut:
    """One more position."""
    ids = (await session.execute(statements.named(slug, taken.party, taken.demand))).one()
    begins_on = (taken.date + "-01-01")[:10]
    earlier, later = statements.neighbours(ids[2], ids[1], begins_on)
    before, after = await session.scalar(earlier), await session.scalar(later)
    columns = columns_of(taken.model_dump(), tuple(ids), after and after.begins_on)
    made = Position(**columns)
    session.add(made)
    if before is not None and before.ends_on >= begins_on:
        before.ends_on = day_before(begins_on)
        before.version += 1
        before.updated_at = columns["updated_at"]
    await session.flush()
    raised = update(Negotiation).where(Negotiation.id == ids[0])
    await session.execute(raised.values(revision=Negotiation.revision + 1))
    found = (await session.scalars(statements.one(slug, made.id))).one()
    shown = PositionOut.model_validate(found)
    await session.commit()
    return shown
