"""A convergence against the positions of every day, measured one day at a time."""

import datetime as dt
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiations_api.compare.change import Change, change
from negotiations_api.compare.convergence import convergence
from negotiations_api.compare.date import day_before
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.position import Demand, Party, Position, Scale, Stance
from negotiations_api.compare.validity import last_days
from tests.compare.definitions import Held, measured, score_pairs
from tests.compare.factories import demand, position

PARTIES = [Party(slug, slug.upper()) for slug in "abc"]
DEMANDS = [demand("p"), demand("q"), demand("r", scale=Scale(0, 4))]
DAYS = [f"2018-01-{day:02}" for day in range(1, 13)]
STATED = st.builds(
    position,
    st.sampled_from(Stance),
    value=st.none() | st.sampled_from([0.0, 1.0, 4.0]),
    salience=st.none() | st.sampled_from([10.0, 90.0]),
)
HISTORY = st.dictionaries(
    st.sampled_from(DAYS),
    st.tuples(STATED, st.none() | st.sampled_from(DAYS)),
    max_size=4,
)
HISTORIES = st.fixed_dictionaries(
    {(p.slug, d.slug): HISTORY for p in PARTIES for d in DEMANDS}
).map(
    lambda histories: [
        held
        for (party, about), history in histories.items()
        for held in as_positions(party, about, history)
    ]
)
HOW = st.tuples(
    st.sampled_from([Measure.SHARE, Measure.EUCLIDEAN, Measure.KAPPA]), st.sampled_from(Weights)
)


def as_positions(
    party: str, about: str, history: dict[str, tuple[Position, str | None]]
) -> list[Position]:
    """The positions of one history, each of which ends before the next begins."""
    dated = [
        (date, until if until and until >= date else None)
        for date, (_, until) in sorted(history.items())
    ]
    return [
        position(
            history[date][0].stance,
            id=f"{party}-{about}-{date}",
            party=party,
            demand=about,
            date=date,
            ends_on=end,
            value=history[date][0].value,
            salience=history[date][0].salience,
        )
        for (date, _), end in zip(dated, last_days(dated), strict=True)
    ]


def holding(positions: list[Position], day: str) -> dict[tuple[str, str], Position]:
    return {(p.party, p.demand): p for p in positions if p.date <= day <= p.ends_on}


def common(held: Held) -> set[str]:
    return {d.slug for d in DEMANDS if all((p.slug, d.slug) in held for p in PARTIES)}


def mean(held: Held, about: set[str], how: tuple[Measure, Weights]) -> float | None:
    """The mean over all pairs, from the definition."""
    demands: list[Demand] = [d for d in DEMANDS if d.slug in about]
    values = [
        measured(how[0], score_pairs(held, left.slug, right.slug, demands, how[1]))
        for left, right in combinations(PARTIES, 2)
    ]
    defined = [value for value in values if value is not None]
    return sum(defined) / len(values) if len(defined) == len(values) else None


def to_the_last_in_common(states: Sequence[Held]) -> list[set[str]]:
    """The demands in common on each day, up to the last day that has any."""
    shared = [common(held) for held in states]
    while shared and not shared[-1]:
        shared.pop()
    return shared


def alike(found: float | None, wanted: float | None) -> bool:
    return found is wanted if wanted is None else found == pytest.approx(wanted, abs=1e-12)


@given(HISTORIES, HOW, st.sampled_from(["../..", "2018-01-04/2018-01-10"]))
@settings(max_examples=150)
def test_every_point_is_what_the_positions_of_that_day_give(
    histories: list[Position], how: tuple[Measure, Weights], period: str
) -> None:
    found = convergence(
        PARTIES,
        DEMANDS,
        histories,
        period=parse_period(period),
        measure=how[0],
        weights=how[1],
    )
    fixed = {d.slug for d in found.demands}
    states = [holding(histories, point.on) for point in found.points]
    shareds = to_the_last_in_common(states)
    assert fixed == (set.intersection(*shareds) if shareds else set())
    for index, (point, held) in enumerate(zip(found.points, states, strict=True)):
        shared = common(held)
        earlier = common(states[index - 1]) if index else shared
        assert point.recorded == len(shared)
        assert set(point.entered) == shared - earlier
        assert set(point.left) == earlier - shared
        assert alike(point.recorded_value, mean(held, shared, how))
        assert alike(point.value, mean(held, fixed, how) if index < len(shareds) else None)


@given(HISTORIES)
@settings(max_examples=100)
def test_points_are_all_the_days_of_change_from_the_first_one_on(histories: list[Position]) -> None:
    period = parse_period("2018-01-04/2018-01-10")
    found = convergence(
        PARTIES, DEMANDS, histories, period=period, measure=Measure.SHARE, weights=Weights.EQUAL
    )
    days = [day for day in DAYS if period.overlaps(day)]
    changed = [
        day
        for day in days
        if holding(histories, day) != holding(histories, day_before(day)) or day == days[0]
    ]
    meeting = [day for day in changed if common(holding(histories, day))]
    expected = [day for day in changed if meeting and day >= meeting[0]]
    assert [point.on for point in found.points] == expected


@given(HISTORIES, HOW)
@settings(max_examples=100)
def test_the_moves_are_the_changes_that_would_have_had_an_effect_alone(
    histories: list[Position], how: tuple[Measure, Weights]
) -> None:
    found = convergence(
        PARTIES,
        DEMANDS,
        histories,
        period=parse_period("2018/.."),
        measure=how[0],
        weights=how[1],
        largest=1000,
    )
    expected: dict[tuple[str, str, str], tuple[Change, float]] = {}
    for point in found.points[1:]:
        before, after = (holding(histories, day) for day in (day_before(point.on), point.on))
        throughout = common(before) & common(after)
        base = mean(before, throughout, how)
        for cell, position_after in after.items():
            alone = mean({**before, cell: position_after}, throughout, how)
            if base is None or alone is None or cell[1] not in throughout:
                continue
            kind = change(before[cell], position_after)
            if kind is not Change.UNCHANGED and abs(alone - base) > 1e-12:
                expected[point.on, *cell] = kind, alone - base
    moves = {(m.on, m.after.party, m.after.demand): m for m in found.moves}
    assert {key: move.change for key, move in moves.items()} == {
        key: kind for key, (kind, _) in expected.items()
    }
    for key, move in moves.items():
        assert move.effect == pytest.approx(expected[key][1], abs=1e-12)
    sizes = [round(abs(move.effect), 9) for move in found.moves]
    assert sizes == sorted(sizes, reverse=True)


@given(HISTORIES)
@settings(max_examples=100)
def test_no_other_open_start_has_more_fixed_demands_times_days(histories: list[Position]) -> None:
    whole, chosen = (
        convergence(
            PARTIES,
            DEMANDS,
            histories,
            period=parse_period(period),
            measure=Measure.SHARE,
            weights=Weights.EQUAL,
        )
        for period in ("2018/..", "../..")
    )
    days = [point.on for point in whole.points]
    shareds = to_the_last_in_common([holding(histories, day) for day in days])
    numbers = [dt.date.fromisoformat(day).day for day in days[: len(shareds)]]
    sizes = [
        len(set.intersection(*shareds[start:])) * (numbers[-1] - number + 1)
        for start, number in enumerate(numbers)
    ]
    start = sizes.index(max(sizes)) if sizes else 0
    assert [point.on for point in chosen.points] == days[start:]
