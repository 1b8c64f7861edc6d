"""What could be agreed on demands with a scale: means, medians, bargains, ranges."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from negotiations_api.compare.average import exact, weighted_mean, weighted_medians
from negotiations_api.compare.bargain import common, interval, nash_solution
from negotiations_api.compare.order import in_order
from negotiations_api.compare.participant import Participant
from negotiations_api.compare.position import Demand, Party, Position
from negotiations_api.compare.score import NEUTRAL


class Zone(StrEnum):
    """Whether there is a value that all would accept (zone of possible agreement)."""

    NON_EMPTY = "non_empty"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ScaledPosition:
    """A party's value on a scale; its influence is salience times capability (0 to 1)."""

    party: Participant
    position: Position
    influence: float


@dataclass(frozen=True, slots=True)
class ZoneOfAgreement:
    """The values from `low` to `high` that all would accept; None where empty or unknown.

    `is_complete` says whether all have said how far they would go: if not, and the zone is not
    empty, it may be wider than that.
    """

    zone: Zone
    low: float | None
    high: float | None
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Compromise:
    """What the values of the parties on one demand come to."""

    demand: Demand
    positions: tuple[ScaledPosition, ...]
    without_value: tuple[Party, ...]
    mean: float | None
    median: float | None
    median_low: float | None
    median_high: float | None
    nash: float | None
    zone: ZoneOfAgreement


@dataclass(frozen=True, slots=True)
class Compromises:
    """The compromises on all scaled demands on a day."""

    on: str
    demands: tuple[Compromise, ...]


def compromises(
    on: str,
    participants: Sequence[Participant],
    demands: Iterable[Demand],
    positions: Iterable[Position],
) -> Compromises:
    """What the `positions` that hold on the day `on` come to, on each scaled demand with a value.

    Positions (one per party and demand at most) of others than `participants` have no part. A
    position weighs salience times capability, both as shares; what is not recorded counts as
    `NEUTRAL`. `mean` is the weighted mean, the compromise model (Van den Bos 1991; Achen 2006);
    `median` the middle of the weighted medians from `median_low` to `median_high` (Black 1948).
    They are None where nothing has weight. `zone` is the zone of possible agreement (`zone_of`),
    and `nash` the value in it with the greatest product of gains over the reservation values
    (Nash 1950), utility being linear between a party's reservation value and its value: None
    unless two or more have a value, all of them a reservation value too, and the zone is not empty.
    """
    held = {(position.demand, position.party): position for position in positions}
    compared = []
    for demand in in_order(demands):
        recorded = [
            (participant, held[demand.slug, participant.slug])
            for participant in participants
            if (demand.slug, participant.slug) in held
        ]
        if demand.scale and any(position.accepted_value is not None for _, position in recorded):
            compared.append(_compromise(demand, recorded))
    return Compromises(on, tuple(compared))


def zone_of(stands: Sequence[tuple[float, float | None]]) -> ZoneOfAgreement:
    """The zone of possible agreement (Raiffa 1982) of pairs of a value and a reservation value.

    A party accepts what lies between the two, inclusive. Where its reservation value is not
    known (None), all that is known for certain is that it accepts its own value; it may go further.

    - EMPTY: what two or more are known to accept at the furthest has nothing in common. No party
      of whom less is known can change that.
    - NON_EMPTY: what all accept for certain has something in common, from `low` to `high`.
    - UNKNOWN: neither. Whether there is a zone depends on how far somebody would go who has not
      said so; or fewer than two parties have a value.
    """
    known = [interval(*stand) for stand in stands if stand[1] is not None]
    is_complete = len(stands) > 1 and len(known) == len(stands)
    if known and common(known) is None:
        return ZoneOfAgreement(Zone.EMPTY, None, None, is_complete)
    meeting = common(interval(*stand) for stand in stands) if len(stands) > 1 else None
    if meeting is None:
        return ZoneOfAgreement(Zone.UNKNOWN, None, None, is_complete)
    return ZoneOfAgreement(Zone.NON_EMPTY, *meeting, is_complete)


def _compromise(demand: Demand, recorded: Sequence[tuple[Participant, Position]]) -> Compromise:
    scaled = sorted(
        (value, participant.slug, participant, position)
        for participant, position in recorded
        if (value := position.accepted_value) is not None
    )
    values = [value for value, *_ in scaled]
    weights = [_influence(participant, position) for *_, participant, position in scaled]
    medians = weighted_medians(values, weights)
    low, high = medians or (None, None)
    furthest = [position.reservation_value for *_, position in scaled]
    zone = zone_of(list(zip(values, furthest, strict=True)))
    return Compromise(
        demand=demand,
        positions=tuple(
            ScaledPosition(participant, position, float(weight))
            for (*_, participant, position), weight in zip(scaled, weights, strict=True)
        ),
        without_value=tuple(
            participant for participant, position in recorded if position.accepted_value is None
        ),
        mean=weighted_mean(values, weights),
        median=None if medians is None else weighted_mean(medians, [Fraction(1), Fraction(1)]),
        median_low=low,
        median_high=high,
        nash=_nash([one for one in furthest if one is not None], zone),
        zone=zone,
    )


def _influence(participant: Participant, position: Position) -> Fraction:
    """Salience times capability, as shares (0 to 1)."""
    salience, capability = (
        exact(NEUTRAL if percent is None else percent) / 100
        for percent in (position.salience, participant.weight)
    )
    return salience * capability


def _nash(furthest: Sequence[float], zone: ZoneOfAgreement) -> float | None:
    if zone.low is None or zone.high is None or not zone.is_complete:
        return None
    return nash_solution(furthest, zone.low, zone.high)
