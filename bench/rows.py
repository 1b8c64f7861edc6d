"""The rows that everyone is measured on: made up, the same every time, and any number of them.

Of `size` positions half are of the negotiation COMPARED, whose 500 demands two parties are always
recorded on five times each; 0.4 of BROAD (1,000 demands, two times each), the rest of small ones.
With the size grow the other parties of COMPARED and BROAD (from 2 in 10,000 to 200 in 1,000,000)
and the number of small negotiations: what is compared stays as it is, the tables around it grow.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from negotiations_api.compare.date import FOREVER, first_day
from negotiations_api.models.search_words import kept_words

COMPARED, BROAD, WRITTEN = "compared", "broad", "small-001"
LEFT, RIGHT = "party-001", "party-002"
ON = "2019-10-31"
DEMANDS = {COMPARED: 500, BROAD: 1000}
SMALL_PARTIES, SMALL_DEMANDS, HISTORY = 20, 10, 5
"""Of each small negotiation: 20 parties, 10 demands, 5 positions on each."""

_MOMENT = "2026-11-01 12:00:00.000000"
_FIRST_ID = 930_000_000_000_000_000
_LAST_YEAR = 2019
_STANCES = ("demand", "accept", "conditional", "reserve", "reject")
_OFTEN = (15, 40, 10, 15, 20)
_TEXT = (
    "after the talks it is said that relief would be given step by step and in return for"
    " a freeze of what is under way while others wait for a text that all can accept"
)

Row = tuple[Any, ...]
Table = tuple[str, tuple[str, ...]]

TIMES = ("version", "created_at", "updated_at")
PARTY: Table = ("party", ("id", "slug", "name", "kind", *TIMES))
SOURCE: Table = ("source", ("id", "slug", "title", "published_on", "url", *TIMES))
NEGOTIATION: Table = ("negotiation", ("id", "slug", "title", "status", "revision", *TIMES))
PARTICIPANT: Table = ("participant", ("id", "negotiation_id", "party_id", "role", *TIMES))
DEMAND: Table = ("demand", ("id", "negotiation_id", "slug", "title", "issue_id", "words", *TIMES))
ADDRESSEE: Table = ("demand_addressee", ("demand_id", "party_id"))
MEETING: Table = (
    "meeting",
    ("id", "negotiation_id", "slug", "title", "starts_on", "level", "outcome", *TIMES),
)
POSITION: Table = (
    "position",
    (
        *("id", "negotiation_id", "party_id", "demand_id", "date", "until", "begins_on", "ends_on"),
        *("stance", "salience", "confidence", "deadline", "summary", "meeting_id", "words"),
        *TIMES,
    ),
)
CONDITION: Table = ("condition", ("id", "position_id", "kind", "text", "ordinal"))
CONDITION_DEMAND: Table = ("condition_demand", ("condition_id", "demand_id"))
CITATION: Table = (
    "citation",
    ("id", "position_id", "source_id", "quotation", "quoted", "locator", "ordinal"),
)
TABLES = (
    *(PARTY, SOURCE, NEGOTIATION, PARTICIPANT, DEMAND, ADDRESSEE, MEETING, POSITION),
    *(CONDITION, CONDITION_DEMAND, CITATION),
)
"""What is filled, each table after those that it refers to."""


@dataclass
class Talks:
    """A negotiation to be filled: ids of its parties, demands and meetings."""

    id: int
    slug: str
    parties: list[int]
    demands: list[int]
    meetings: list[int]
    history: int


@dataclass
class Rows:
    """The rows of `size` positions, table by table; deterministic."""

    size: int
    _random: random.Random = field(default_factory=lambda: random.Random(2019))  # noqa: S311
    _next: int = _FIRST_ID

    def __post_init__(self) -> None:
        """Raises ValueError for a size that the shares do not come out even for."""
        if self.size % 10_000 or self.size <= 0:
            raise ValueError(f"{self.size} is no size: give a multiple of 10,000.")
        self.parties = [self._id() for _ in range(max(SMALL_PARTIES, self.size // 5000))]
        self.sources = [self._id() for _ in range(200)]
        self.summaries = [self._sentence() for _ in range(64)]
        wide = self.size // 5000
        self.talks = [
            self._talks(COMPARED, wide, DEMANDS[COMPARED], HISTORY),
            self._talks(BROAD, wide, DEMANDS[BROAD], 2),
        ]
        self.talks += [
            self._talks(f"small-{n:03}", SMALL_PARTIES, SMALL_DEMANDS, HISTORY)
            for n in range(1, self.size // 10_000 + 1)
        ]

    def of(self) -> Iterator[tuple[Table, Iterator[Row]]]:
        """Each table with its rows, in the order of TABLES."""
        times = (1, _MOMENT, _MOMENT)
        yield (
            PARTY,
            (
                (party, f"party-{n:03}", f"Party no. {n}", "state", *times)
                for n, party in enumerate(self.parties, start=1)
            ),
        )
        yield (
            SOURCE,
            (
                (
                    source,
                    f"source-{n:03}",
                    f"Report {n}",
                    "2019-10-10",
                    f"https://a.test/{n}",
                    *times,
                )
                for n, source in enumerate(self.sources, start=1)
            ),
        )
        yield (
            NEGOTIATION,
            (
                (talks.id, talks.slug, f"Talks {talks.slug}", "active", 1, *times)
                for talks in self.talks
            ),
        )
        yield (
            PARTICIPANT,
            (
                (self._id(), talks.id, party, "principal", *times)
                for talks in self.talks
                for party in talks.parties
            ),
        )
        yield (
            DEMAND,
            (
                (demand, talks.id, f"demand-{n:04}", title, n % 9 + 1, kept_words([title]), *times)
                for talks in self.talks
                for n, demand in enumerate(talks.demands, start=1)
                for title in [f"What is asked for under number {n}"]
            ),
        )
        yield (
            ADDRESSEE,
            (
                (demand, talks.parties[n % len(talks.parties)])
                for talks in self.talks
                for n, demand in enumerate(talks.demands)
            ),
        )
        yield (
            MEETING,
            (
                (
                    *(meeting, talks.id, f"round-{n}", f"Round {n}"),
                    *("2015-01-10", "envoy", "unknown", *times),
                )
                for talks in self.talks
                for n, meeting in enumerate(talks.meetings, start=1)
            ),
        )
        self._conditions: list[Row] = []
        self._waited_for: list[Row] = []
        self._citations: list[Row] = []
        yield POSITION, (row for talks in self.talks for row in self._positions(talks))
        yield CONDITION, iter(self._conditions)
        yield CONDITION_DEMAND, iter(self._waited_for)
        yield CITATION, iter(self._citations)

    def _id(self) -> int:
        self._next += 1
        return self._next

    def _sentence(self) -> str:
        return " ".join(self._random.choices(_TEXT.split(), k=16)).capitalize() + "."

    def _talks(self, slug: str, parties: int, demands: int, history: int) -> Talks:
        return Talks(
            self._id(),
            slug,
            self.parties[:parties],
            [self._id() for _ in range(demands)],
            [self._id() for _ in range(5)],
            history,
        )

    def _positions(self, talks: Talks) -> Iterator[Row]:
        """Round by round, as they would come in; a round is a year, the last one 2019."""
        words = [kept_words([summary]) for summary in self.summaries]
        years = range(_LAST_YEAR - talks.history + 1, _LAST_YEAR + 1)
        dates = {
            (n, m): [self._date(year) for year in years]
            for n in range(len(talks.demands))
            for m in range(len(talks.parties))
        }
        for turn in range(talks.history):
            for (n, m), history in dates.items():
                yield self._position(talks, words, n, m, turn, history)

    def _date(self, year: int) -> str:
        month, day = self._random.randint(1, 9), self._random.randint(1, 28)
        coarse = self._random.random() < 0.1
        return f"{year}-{month:02}" if coarse else f"{year}-{month:02}-{day:02}"

    def _position(
        self, talks: Talks, words: list[str | None], n: int, m: int, turn: int, history: list[str]
    ) -> Row:
        pick = self._random.random
        is_last = turn + 1 == talks.history
        until = None
        if is_last and n % 25 in ((7,) if m % 2 else (7, 13)):
            until = f"{_LAST_YEAR}-10-05"  # so that not every demand is recorded on by both
        end = until or FOREVER
        if not is_last:
            following = dt.date.fromisoformat(first_day(history[turn + 1]))
            end = (following - dt.timedelta(days=1)).isoformat()
        identifier = self._id()
        stance = self._random.choices(_STANCES, _OFTEN)[0]
        if stance == "conditional":
            self._wait(identifier, talks, n)
        if pick() < 0.2:
            self._cite(identifier)
        told = self._random.randrange(2 * len(words))  # half of them have a summary
        summary, kept = (self.summaries[told], words[told]) if told < len(words) else (None, None)
        return (
            *(identifier, talks.id, talks.parties[m], talks.demands[n]),
            *(history[turn], until, first_day(history[turn]), end, stance),
            float(self._random.randint(0, 100)) if pick() < 0.7 else None,
            float(self._random.randint(0, 100)) if pick() < 0.3 else None,
            "2020-12" if pick() < 0.05 else None,
            summary,
            talks.meetings[turn % 5] if pick() < 0.1 else None,
            kept,
            *(1, _MOMENT, _MOMENT),
        )

    def _wait(self, position: int, talks: Talks, n: int) -> None:
        condition = self._id()
        kind = self._random.choice(("precondition", "reciprocal"))
        self._conditions.append((condition, position, kind, None, 0))
        for step in range(1, 2 + (n % 5 == 0)):
            self._waited_for.append((condition, talks.demands[(n + step) % len(talks.demands)]))

    def _cite(self, position: int) -> None:
        for ordinal in range(1 + (self._random.random() < 0.25)):
            source = self._random.choice(self.sources)
            self._citations.append(
                (self._id(), position, source, "as it was said", "A speaker", None, ordinal)
            )
