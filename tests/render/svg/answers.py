"""Talks of any size, and answers about them to draw."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from negotiations_api.compare.agreement import Agreement, PairAgreement, SetAgreement
from negotiations_api.compare.change import Change
from negotiations_api.compare.convergence import Convergence, ConvergencePoint, Move
from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.matrix import Matrix, MatrixRow
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import ALWAYS, parse_period
from negotiations_api.compare.position import (
    Demand,
    Issue,
    Party,
    Position,
    Stance,
)
from negotiations_api.compare.timeline import Entry, EntryKind, Timeline

ON = "2019-10-05"
DEFINED = SetAgreement(alpha=0.25, n=5, positions=40)
NOBODY = SetAgreement(None, 0, 0)
_WORDS = ["withdrawal", "of", "forces", "prisoners", "border", "amnesty", "elections", "water"]


@dataclass(frozen=True)
class Talks:
    """Parties and demands, and a source of chance that gives the same every time."""

    parties: tuple[Party, ...]
    demands: tuple[Demand, ...]
    chance: random.Random

    def some(self, of: Sequence[Any], most: int) -> list[Any]:
        return self.chance.sample(of, self.chance.randint(0, min(most, len(of))))

    def day(self) -> str:
        return str(dt.date(2018, 6, 1) + dt.timedelta(days=self.chance.randrange(500)))


def talks(parties: int, demands: int, label: Callable[[str], str] = str) -> Talks:
    """Talks of so many parties and demands; `label` may change their names and titles."""
    chance = random.Random(parties * 1000 + demands)
    issues = [
        Issue(f"issue-{n}", label(f"Issue {n} of {' '.join(chance.sample(_WORDS, 3))}"))
        for n in range(8)
    ]
    names = ["Republic of Northland", "People's Front of Vale", "Sudmark", "Union of the West"]
    return Talks(
        tuple(Party(f"party-{n}", label(f"{chance.choice(names)} {n}")) for n in range(parties)),
        tuple(
            Demand(
                f"demand-{n}",
                label(f"{' '.join(chance.sample(_WORDS, chance.randint(1, 6)))} {n}"),
                issues[n * len(issues) // demands],
            )
            for n in range(demands)
        ),
        chance,
    )


def held(party: Party, demand: Demand, stance: Stance, **said: Any) -> Position:
    facts = {"id": f"{party.slug}-{demand.slug}", "date": "2018-06-12", "ends_on": FOREVER}
    return Position(party=party.slug, demand=demand.slug, stance=stance, **facts | said)


def matrix(of: Talks) -> Matrix:
    """Two in three positions are recorded."""
    rows = tuple(
        MatrixRow(
            demand,
            tuple(
                held(party, demand, stance) if (stance := _stance(of)) else None
                for party in of.parties
            ),
        )
        for demand in of.demands
    )
    return Matrix(ON, of.parties, rows, sum(p is not None for r in rows for p in r.positions))


def _stance(of: Talks) -> Stance | None:
    return of.chance.choice([*Stance]) if of.chance.random() < 2 / 3 else None


def agreement(of: Talks, measure: Measure = Measure.KAPPA) -> Agreement:
    """One in ten pairs is not defined."""
    least = measure.definition.least
    pairs = tuple(
        PairAgreement(
            left.slug,
            right.slug,
            of.chance.uniform(least, 1.0) if of.chance.random() > 0.1 else None,
            n=of.chance.randint(1, 20),
            coverage=0.5,
        )
        for left, right in combinations(of.parties, 2)
    )
    return Agreement(ON, None, measure, Weights.EQUAL, of.parties, (), pairs, DEFINED)


def convergence(
    of: Talks, measure: Measure = Measure.S, period: str = "2018-06/2019-12"
) -> Convergence:
    """A point for two demands, and ten moves on few days."""
    days = sorted({of.day() for _ in range(max(len(of.demands) // 2, 1))})
    points = tuple(
        ConvergencePoint(
            day,
            of.chance.uniform(0, 1),
            of.chance.uniform(0, 1) if place else None,
            recorded=len(of.demands),
            entered=tuple(d.slug for d in of.some(of.demands, 2)),
            left=tuple(d.slug for d in of.some(of.demands, 1)),
        )
        for place, day in enumerate(days)
    )
    moves = tuple(
        move(of.chance.choice(of.parties), of.chance.choice(of.demands), days[n % 3 % len(days)])
        for n in range(10)
    )
    return Convergence(
        measure, Weights.EQUAL, parse_period(period), of.parties, of.demands, points, moves
    )


def move(party: Party, demand: Demand, on: str, effect: float = 0.125) -> Move:
    before, after = (held(party, demand, s) for s in (Stance.REJECT, Stance.CONDITIONAL))
    return Move(on, before, replace(after, date=on), Change.SOFTENED, effect)


def entry(kind: EntryKind = EntryKind.EVENT, date: str = "2019-02-28", **said: Any) -> Entry:
    facts: dict[str, Any] = {
        "key": "key",
        "until": None,
        "title": "It happens",
        "text": None,
        "says": "other",
    }
    facts |= {"change": None, "parties": (), "issues": (), "demands": (), "meeting": None}
    return Entry(kind, date=date, **facts | said)


def timeline(of: Talks) -> Timeline:
    """Three entries for two demands, of few days, so that many fall on the same."""
    days = [of.day() for _ in range(12)]
    dates = [*days, "2018", "2018-11", "2019-03"]
    entries = [
        entry(
            of.chance.choice([*EntryKind]),
            date=of.chance.choice(dates),
            until=of.chance.choice([None, None, None, "2019-11", "2019-12-31"]),
            title=of.chance.choice(of.demands).title,
            parties=tuple(sorted(p.slug for p in of.some(of.parties, 4))),
            key=str(n),
        )
        for n in range(len(of.demands) * 3 // 2)
    ]
    return Timeline(ALWAYS, tuple(sorted(entries, key=lambda e: (e.date, e.key))))
