"""Where one party stands everywhere: its positions in all negotiations on a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from negotiations_api.compare.order import in_order
from negotiations_api.compare.participant import Role
from negotiations_api.compare.position import Demand, Party, Position


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A position with the demand that it is on."""

    demand: Demand
    position: Position


@dataclass(frozen=True, slots=True)
class StandingInNegotiation:
    """Where the party stands in one negotiation (its slug and title), by issue and demand."""

    negotiation: str
    title: str
    role: Role
    positions: tuple[HeldPosition, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a party stands on a day, in each negotiation that it takes part in."""

    party: Party
    on: str
    negotiations: tuple[StandingInNegotiation, ...]


def held(demands: Iterable[Demand], positions: Iterable[Position]) -> tuple[HeldPosition, ...]:
    """The positions with their demands, in the order of the demands; those without are left out."""
    by_demand = {position.demand: position for position in positions}
    return tuple(
        HeldPosition(demand, by_demand[demand.slug])
        for demand in in_order(demands)
        if demand.slug in by_demand
    )
