"""What has to hold in the tables after a crash, whatever was under way."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare.validity import last_days
from negotiations_api.models import Demand, Negotiation, Party, Position
from negotiations_api.models.citation import Citation
from negotiations_api.models.position import Condition
from tests.soak.history import check_history
from tests.soak.ledger import Ledger, Place


@dataclass
class Findings:
    """What does not hold: writes that are lost, or there by half, or revisions that are missing."""

    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __str__(self) -> str:
        return "\n".join(f"{name}: {one}" for name, told in vars(self).items() for one in told)


@dataclass(frozen=True)
class Row:
    """A position as the tables have it; `ends_on` is what its successor has made of it."""

    marker: str | None
    ends_on: str


def examine(
    session: Session, ledgers: Sequence[Ledger], first: Mapping[str, int], findings: Findings
) -> list[bool]:
    """Hold the tables against what the writers know; whether the write in doubt of each is done.

    `first` has the revision of each negotiation before they wrote.
    """
    rows = _rows(session, findings)
    done = [_is_done(ledger, rows, findings) for ledger in ledgers]
    _compare(ledgers, done, rows, findings)
    _check_ends(rows, findings)
    _check_revisions(session, ledgers, done, first, findings)
    findings.gaps += check_history(session, first)
    findings.damage += damage(session)
    return done


def damage(session: Session) -> list[str]:
    """What the engine itself finds wrong with its file (SQLite)."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    connection = session.connection()
    told = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return [one for one in told if one != "ok"] + [f"refers to nothing: {row}" for row in orphans]


def _rows(session: Session, findings: Findings) -> dict[Place, Row]:
    """Every position by its place; each is to be whole: all of its parts of one write."""
    parts: dict[int | None, list[str | None]] = defaultdict(list)
    for statement in (
        select(Condition.position_id, Condition.text),
        select(Citation.position_id, Citation.quotation),
    ):
        for owner, marker in session.execute(statement):
            parts[owner].append(marker)
    positions = (
        select(
            *(Negotiation.slug, Party.slug, Demand.slug, Position.date),
            *(Position.id, Position.summary, Position.ends_on),
        )
        .join(Negotiation, Negotiation.id == Position.negotiation_id)
        .join(Party, Party.id == Position.party_id)
        .join(Demand, Demand.id == Position.demand_id)
    )
    rows = {}
    for negotiation, party, demand, date, key, marker, ends_on in session.execute(positions):
        place = Place(negotiation, party, demand, date)
        rows[place] = Row(marker, ends_on)
        if parts[key] != [marker] * 3:
            findings.half.append(f"{place} is of {marker}, its parts of {parts[key]}")
    return rows


def _is_done(ledger: Ledger, rows: Mapping[Place, Row], findings: Findings) -> bool:
    """Whether the write in doubt is there: all of it, or nothing."""
    if ledger.doubt is None:
        return False
    found = {
        (rows[place].marker if place in rows else None) == marker
        for place, marker in ledger.doubt.leaves.items()
    }
    if len(found) > 1:
        findings.half.append(f"{ledger.doubt.leaves} is there in part")
    return found == {True}


def _compare(
    ledgers: Sequence[Ledger],
    done: Sequence[bool],
    rows: Mapping[Place, Row],
    findings: Findings,
) -> None:
    expected: dict[Place, str | None] = {}
    for ledger, is_done in zip(ledgers, done, strict=True):
        expected |= ledger.there
        if ledger.doubt is not None and is_done:
            expected |= ledger.doubt.leaves
    for place in expected.keys() | rows.keys():
        marker = rows[place].marker if place in rows else None
        if marker != expected.get(place):
            findings.lost.append(f"{place} is of {marker}, by the answers {expected.get(place)}")


def _check_ends(rows: Mapping[Place, Row], findings: Findings) -> None:
    """Each position ends where its successor begins, as the same write has it."""

    def history(place: Place) -> tuple[str, str, str]:
        return (place.negotiation, place.party, place.demand)

    for _, group in groupby(sorted(rows), key=history):
        places = list(group)
        ends = last_days([(place.date, None) for place in places])
        for place, end in zip(places, ends, strict=True):
            if rows[place].ends_on != end:
                findings.half.append(f"{place} ends on {rows[place].ends_on}, not on {end}")


def _check_revisions(
    session: Session,
    ledgers: Sequence[Ledger],
    done: Sequence[bool],
    first: Mapping[str, int],
    findings: Findings,
) -> None:
    """As many revisions as writes that are done, and no two answers with the same."""
    made = Counter(first)
    told: Counter[tuple[str, int]] = Counter()
    for ledger, is_done in zip(ledgers, done, strict=True):
        made[ledger.negotiation] += len(ledger.revisions) + ledger.untold + is_done
        told.update((ledger.negotiation, revision) for revision in ledger.revisions)
    for slug, revision in session.execute(select(Negotiation.slug, Negotiation.revision)):
        if revision != made[slug]:
            findings.gaps.append(f"{slug} is at revision {revision}, and {made[slug]} were made")
    findings.gaps += [f"{which} was given twice" for which, times in told.items() if times > 1]
