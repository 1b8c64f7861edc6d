"""Histories of positions, and the convergence in them."""

from collections.abc import Iterable, Sequence

from negotiations_api.compare.convergence import Convergence, convergence
from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.measure import Measure, Weights
from negotiations_api.compare.period import parse_period
from negotiations_api.compare.position import Demand, Party, Position, Scale, Stance
from tests.compare.factories import PRK, USA, demand, position

CHN = Party("chn", "China")
FREEZE, LIFT, VISIT = demand("freeze"), demand("lift"), demand("visit")
TONNES = demand("tonnes", scale=Scale(0, 10))
DEMANDS = (FREEZE, LIFT, VISIT, TONNES)
EVER = "../.."


def says(
    party: str, stance: Stance, about: Demand, since: str, until: str = FOREVER, **said: float
) -> Position:
    return position(
        stance,
        id=f"{party}-{since}",
        party=party,
        demand=about.slug,
        date=since,
        ends_on=until,
        **said,
    )


def both(stance: Stance, about: Demand, since: str, until: str = FOREVER) -> list[Position]:
    return [says(party, stance, about, since, until) for party in ("usa", "prk")]


def converging(
    histories: Iterable[Position],
    period: str = EVER,
    *,
    parties: Sequence[Party] = (USA, PRK),
    measure: Measure = Measure.SHARE,
    weights: Weights = Weights.EQUAL,
    largest: int = 10,
    today: str | None = None,
) -> Convergence:
    return convergence(
        parties,
        DEMANDS,
        histories,
        period=parse_period(period),
        measure=measure,
        weights=weights,
        largest=largest,
        today=today,
    )


# North Korea first rejects, then accepts what the United States ask for.
TURN = [
    says("usa", Stance.DEMAND, FREEZE, "2018-01-01"),
    says("prk", Stance.REJECT, FREEZE, "2018-02", "2018-05-31"),
    says("prk", Stance.ACCEPT, FREEZE, "2018-06-01"),
]
