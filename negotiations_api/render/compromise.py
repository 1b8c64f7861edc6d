"""What could be agreed on demands with a scale, as a page and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.compromise import Compromise, Compromises, Zone
from negotiations_api.compare.position import Scale
from negotiations_api.render.page import Cell, Page, Section, Table
from negotiations_api.render.words import heading, number


def compromise_page(compromises: Compromises) -> Page:
    """A section for each demand: its scale, the positions, and what they come to."""
    sections = tuple(
        section for compromise in compromises.demands for section in _sections(compromise)
    )
    nothing = (Section(None, ("No value on a scale is recorded.",)),)
    return Page(f"What could be agreed on {compromises.on}", sections or nothing)


def compromise_table(compromises: Compromises) -> Table:
    """A row for each demand; `without_value` are slugs with a space between them."""
    return Table(
        (
            *("demand", "title", "issue", "unit", "scale_min", "scale_max", "values", "mean"),
            *("median", "median_low", "median_high", "nash", "zone", "zone_low", "zone_high"),
            *("zone_is_complete", "without_value"),
        ),
        tuple(_row(compromise) for compromise in compromises.demands),
    )


def _row(compromise: Compromise) -> tuple[Cell, ...]:
    demand, zone, scale = compromise.demand, compromise.zone, compromise.demand.scale
    return (
        demand.slug,
        demand.title,
        demand.issue.slug,
        scale.unit if scale else None,
        scale.min if scale else None,
        scale.max if scale else None,
        len(compromise.positions),
        compromise.mean,
        compromise.median,
        compromise.median_low,
        compromise.median_high,
        compromise.nash,
        zone.zone,
        zone.low,
        zone.high,
        "true" if zone.is_complete else "false",
        " ".join(party.slug for party in compromise.without_value) or None,
    )


def _sections(compromise: Compromise) -> Iterator[Section]:
    scale = compromise.demand.scale
    table = Table(
        ("party", "value", "at the furthest", "salience", "capability", "influence"),
        tuple(
            (
                each.party.slug,
                each.position.value,
                each.position.reservation_value,
                each.position.salience,
                each.party.weight,
                each.influence,
            )
            for each in compromise.positions
        ),
    )
    silent = ", ".join(party.slug for party in compromise.without_value)
    paragraphs = [_scale(scale)] if scale else []
    if silent:
        paragraphs.append(f"Recorded without a value, or rejecting the demand: {silent}.")
    yield Section(heading(compromise.demand), tuple(paragraphs), table=table)
    yield Section(None, items=tuple(_results(compromise)))


def _scale(scale: Scale) -> str:
    unit = f" {scale.unit}" if scale.unit else ""
    ends = ((scale.min, scale.min_means), (scale.max, scale.max_means))
    meant = [f"{number(end)} is {means}" for end, means in ends if means]
    span = f"From {number(scale.min)} to {number(scale.max)}{unit}"
    return f"{span}: {'; '.join(meant)}." if meant else f"{span}."


def _results(compromise: Compromise) -> Iterator[str]:
    low, high = compromise.median_low, compromise.median_high
    ties = "" if low is None or high is None or low == high else f", {_range(low, high)}"
    yield f"weighted mean: {_value(compromise.mean)}"
    yield f"weighted median: {_value(compromise.median)}{ties}"
    yield f"zone of possible agreement: {_zone(compromise)}"
    yield f"Nash bargaining solution: {_value(compromise.nash)}"


def _value(value: float | None) -> str:
    return "not defined" if value is None else number(value)


def _range(low: float, high: float) -> str:
    return f"from {number(low)} to {number(high)}"


def _zone(compromise: Compromise) -> str:
    zone = compromise.zone
    if zone.zone is Zone.EMPTY:
        return "empty; there is no value that all would accept"
    if zone.low is None or zone.high is None:
        if len(compromise.positions) == 1:
            return "not known; only one party has a value"
        return "not known; not all have said how far they would go"
    meeting = f"{number(zone.low)}" if zone.low == zone.high else _range(zone.low, zone.high)
    if zone.is_complete:
        return meeting
    return f"at least {meeting}; not all have said how far they would go"
