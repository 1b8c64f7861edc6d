"""The agreement of states over real roll calls of the United Nations General Assembly.

The roll calls of 1946 are here, the others beside the repository: Erik Voeten, Anton Strezhnev,
Michael Bailey, "United Nations General Assembly Voting Data" (Harvard Dataverse,
doi:10.7910/DVN/LEJUQZ), as packaged by the R package unvotes (David Robinson, Nicholas
Goguen-Compagnoni; MIT).
"""

import csv
import gzip
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from negotiations_api.compare.agreement import agreement
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.pairwise import pairwise
from negotiations_api.compare.position import Demand, Issue, Party, Stance
from negotiations_api.compare.table import tabulate

OF_1946 = Path(__file__).with_name("unga-1946.csv")
UNGA = Path(__file__).parents[3] / "shared" / "data" / "unga"
STANCES = {"yes": Stance.ACCEPT, "abstain": Stance.RESERVE, "no": Stance.REJECT}
SCORES = {"yes": 1, "abstain": 0, "no": -1}
ALL_VOTES = 870_109  # as the README beside the files says
RESOLUTIONS = Issue("resolutions", "Resolutions")

Votes = Mapping[str, Mapping[str, str]]


def read(name: str) -> Iterator[list[str]]:
    path = UNGA / name
    if not path.exists():
        pytest.skip(f"the votes of the General Assembly are not there: {path} is missing")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


@cache
def dates() -> dict[str, str]:
    """The date of each roll call."""
    return {row[0]: row[1] for row in read("roll_calls.csv.gz")}


@cache
def votes() -> Votes:
    """How each state voted on each roll call that it voted on."""
    return by_country(read("votes.csv.gz"))


def by_country(rows: Iterable[list[str]]) -> Votes:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for roll_call, country, vote in rows:
        found[country][roll_call] = vote
    return found


def votes_in(year: int) -> Votes:
    if year == 1946:
        with OF_1946.open(encoding="utf-8", newline="") as file:
            return by_country(list(csv.reader(file))[1:])
    held = {roll_call for roll_call, date in dates().items() if date.startswith(str(year))}
    return {
        country: {roll_call: vote for roll_call, vote in ballot.items() if roll_call in held}
        for country, ballot in votes().items()
    }


def demand_on(roll_call: str) -> Demand:
    return Demand(roll_call, f"Roll call {roll_call}", RESOLUTIONS)


def rows_of(cast: Votes) -> Iterator[tuple[str, str, Stance, None, None]]:
    return (
        (country, roll_call, STANCES[vote], None, None)
        for country, ballot in cast.items()
        for roll_call, vote in ballot.items()
    )


def count(left: Mapping[str, str], right: Mapping[str, str]) -> dict[tuple[int, int], int]:
    """How often each two scores meet."""
    met: defaultdict[tuple[int, int], int] = defaultdict(int)
    for roll_call, vote in left.items():
        if roll_call in right:
            met[SCORES[vote], SCORES[right[roll_call]]] += 1
    return met


def expected(met: Mapping[tuple[int, int], int]) -> dict[Measure, float | None]:
    """Every measure in whole numbers, divided once at the end; R is 2."""
    n = sum(met.values())
    if n == 0:
        return dict.fromkeys(Measure)
    difference = sum(k * abs(x - y) for (x, y), k in met.items())
    square = sum(k * (x - y) ** 2 for (x, y), k in met.items())
    product = sum(k * x * y for (x, y), k in met.items())
    sum_x, sum_y = (sum(k * pair[side] for pair, k in met.items()) for side in (0, 1))
    squares = sum(k * (x * x + y * y) for (x, y), k in met.items())
    # n^2 (var x + var y + (mean x - mean y)^2), and 2 n^2 times twice the variance of both.
    by_each = n * squares - 2 * sum_x * sum_y
    by_both = 2 * n * squares - (sum_x + sum_y) ** 2
    return {
        Measure.SHARE: (2 * n - difference) / (2 * n),
        Measure.S: (n - difference) / n,
        Measure.KAPPA: (by_each - n * square) / by_each if by_each else None,
        Measure.PI: (by_both - 2 * n * square) / by_both if by_both else None,
        Measure.MANHATTAN: difference / (2 * n),
        Measure.EUCLIDEAN: math.sqrt(square / (4 * n)),
        Measure.DIRECTIONAL: (n - product) / (2 * n),
        Measure.HYBRID: (difference + n - product) / (4 * n),
    }


@pytest.mark.parametrize("year", [1946, 1962, 1987, 2019])
def test_every_measure_of_every_pair_of_a_year_is_that_of_counting(year: int) -> None:
    cast = votes_in(year)
    demands = [demand_on(slug) for slug in sorted({slug for b in cast.values() for slug in b})]
    parties = [Party(country, country) for country, ballot in cast.items() if ballot]
    table = tabulate([party.slug for party in parties], demands, rows_of(cast))
    met = {(a, b): count(cast[a], cast[b]) for a, b in combinations([p.slug for p in parties], 2)}
    wanted = {pair: expected(counts) for pair, counts in met.items()}
    for measure in Measure:
        found = agreement(
            table,
            demands,
            parties,
            measure=measure,
            weights=Weights.EQUAL,
            on=None,
            period=None,
        )
        assert {(p.left, p.right): p.n for p in found.pairs} == {
            pair: sum(counts.values()) for pair, counts in met.items()
        }
        assert [
            (measure, p, right)
            for p in found.pairs
            if not alike(p.value, right := wanted[p.left, p.right][measure])
        ] == []


def test_agreement_over_all_votes_ever_is_that_of_counting() -> None:
    cast = votes()
    table = tabulate(list(cast), [demand_on(roll_call) for roll_call in dates()], rows_of(cast))
    assert int(table.recorded.sum()) == ALL_VOTES
    shares, n = pairwise(table, Measure.SHARE, Weights.EQUAL)
    place = {country: index for index, country in enumerate(table.parties)}
    for left, right in combinations(["us", "gb", "ru", "cn", "in", "il", "br", "ss"], 2):
        met = count(cast[left], cast[right])
        at = place[left], place[right]
        assert n[at] == sum(met.values())
        assert alike(float(shares[at]), expected(met)[Measure.SHARE])


def alike(found: float | None, wanted: float | None) -> bool:
    """Whether both are None, or the same number but for the rounding of floats."""
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= 1e-12
