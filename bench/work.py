"""The pieces of work that everyone is measured on."""

import datetime as dt
import json
from enum import StrEnum
from itertools import count

from bench.rows import SMALL_DEMANDS, SMALL_PARTIES


class Work(StrEnum):
    """A piece of work, by what `--only` calls it."""

    LIST = "list"
    ITEM = "item"
    COMPARISON = "comparison"
    BROAD = "broad"
    WARM = "warm"
    UNCHANGED = "unchanged"
    HELLO = "hello"
    CREATE = "create"
    MATRIX = "matrix"
    MEMORY = "memory"
    AGREEMENT = "agreement"
    IMPORT = "import"


TITLES = {
    Work.LIST: "A list of 100 positions",
    Work.ITEM: "One position",
    Work.COMPARISON: "Comparison of two parties over 500 demands, computed each time",
    Work.BROAD: "Comparison of two parties over 1,000 demands, computed each time",
    Work.WARM: "The same comparison over 500 demands, asked again (cache on)",
    Work.UNCHANGED: "304: the same comparison, with If-None-Match",
    Work.HELLO: "Floors: hello",
    Work.CREATE: "Create a position",
    Work.MATRIX: "Matrix of all parties on 1,000 demands",
    Work.MEMORY: "Memory of a worker",
    Work.AGREEMENT: "Agreement of every pair over the UN votes",
    Work.IMPORT: "Import of the UN votes",
}
BY_RATE = tuple(Work)[:9]
"""What is measured in answers a second (a matrix: in seconds, one at a time)."""

GROWING = (Work.LIST, Work.ITEM, Work.COMPARISON, Work.CREATE)
"""What is measured at each size; the rest at the least and the greatest one, where it ends."""

PER_TURN = 8_000
"""How many bodies a run may send, of one contender, before it would repeat itself."""

_PAIRS = SMALL_PARTIES * SMALL_DEMANDS
_turns = count()


def next_turn() -> int:
    """A number that no other run has, so that no two of them create the same position."""
    return next(_turns)


def bodies_from(turn: int) -> list[str]:
    """What the run `turn` creates: positions with days that no other run uses."""
    days = PER_TURN // _PAIRS
    first = dt.date(2030, 1, 1) + dt.timedelta(days=turn * days)
    return [
        json.dumps(
            {
                "party": f"party-{n % SMALL_PARTIES + 1:03}",
                "demand": f"demand-{n // SMALL_PARTIES % SMALL_DEMANDS + 1:04}",
                "date": (first + dt.timedelta(days=n // _PAIRS)).isoformat(),
                "stance": "accept",
                "salience": 60,
                "summary": "Would accept it as it stands, once it is written down.",
            }
        )
        for n in range(PER_TURN)
    ]
