"""What the django-ninja peer gives, as its schemas: pydantic, with resolvers for what is nested."""

import datetime as dt
from typing import Any

from ninja import Schema


def _slugs(records: Any) -> list[str]:
    return [record.slug for record in records.all()]


class ConditionOut(Schema):
    """A condition."""

    kind: str
    demands: list[str]
    text: str | None

    @staticmethod
    def resolve_demands(condition: Any) -> list[str]:
        """Slugs."""
        return _slugs(condition.demands)


class CitationOut(Schema):
    """A citation of a listed position."""

    source: str
    quotation: str | None
    quoted: str | None
    locator: str | None

    @staticmethod
    def resolve_source(citation: Any) -> str:
        """The slug."""
        return str(citation.source.slug)


class ComparedCitation(CitationOut):
    """A citation, with what one needs of its source."""

    title: str
    published_on: str | None
    url: str | None

    @staticmethod
    def resolve_title(citation: Any) -> str:
        """Of the source."""
        return str(citation.source.title)

    @staticmethod
    def resolve_published_on(citation: Any) -> Any:
        """Of the source."""
        return citation.source.published_on

    @staticmethod
    def resolve_url(citation: Any) -> Any:
        """Of the source."""
        return citation.source.url


class Stated(Schema):
    """What is shown of a position everywhere."""

    id: int
    date: str
    until: str | None
    ends_on: str | None
    stance: str
    conditions: list[ConditionOut]
    value: float | None
    reservation_value: float | None
    salience: float | None
    confidence: float | None
    deadline: str | None
    summary: str | None
    meeting: str | None

    @staticmethod
    def resolve_ends_on(position: Any) -> str | None:
        """None while there is no end."""
        return None if position.ends_on == "9999-12-31" else str(position.ends_on)

    @staticmethod
    def resolve_meeting(position: Any) -> str | None:
        """The slug."""
        return position.meeting.slug if position.meeting_id else None


class ComparedPosition(Stated):
    """A compared position."""

    citations: list[ComparedCitation]


class PositionOut(Stated):
    """A position of a list."""

    created_at: dt.datetime
    updated_at: dt.datetime
    party: str
    demand: str
    citations: list[CitationOut]

    @staticmethod
    def resolve_party(position: Any) -> str:
        """The slug."""
        return str(position.party.slug)

    @staticmethod
    def resolve_demand(position: Any) -> str:
        """The slug."""
        return str(position.demand.slug)


class Positions(Schema):
    """A list."""

    items: list[PositionOut]


class Named(Schema):
    """A party, named."""

    slug: str
    name: str


class NamedIssue(Schema):
    """An issue, named."""

    slug: str
    title: str


class Scale(Schema):
    """The scale of a demand."""

    min: float
    max: float
    unit: str | None
    min_means: str | None
    max_means: str | None


class NamedDemand(Schema):
    """A demand, named."""

    slug: str
    title: str
    part_of: str | None
    addressed_to: list[str]
    deadline: str | None
    scale: Scale | None

    @staticmethod
    def resolve_part_of(demand: Any) -> str | None:
        """The slug."""
        return demand.part_of.slug if demand.part_of_id else None

    @staticmethod
    def resolve_addressed_to(demand: Any) -> list[str]:
        """Slugs."""
        return _slugs(demand.addressed_to)

    @staticmethod
    def resolve_scale(demand: Any) -> dict[str, Any] | None:
        """Of its columns."""
        if demand.scale_min is None:
            return None
        names = ("min", "max", "unit", "min_means", "max_means")
        return {name: getattr(demand, f"scale_{name}") for name in names}


class ComparedDemand(Schema):
    """Both positions on a demand."""

    demand: NamedDemand
    left: ComparedPosition | None
    right: ComparedPosition | None
    alignment: str
    change: None
    distance: float | None


class Side(Schema):
    """Who, and on which day."""

    party: Named
    date: str
    on: str


class ComparedIssue(Schema):
    """The compared demands of an issue."""

    issue: NamedIssue
    demands: list[ComparedDemand]
    totals: dict[str, Any]


class Comparison(Schema):
    """A comparison."""

    negotiation: str
    revision: int
    left: Side
    right: Side
    issues: list[ComparedIssue]
    totals: dict[str, Any]


class MatrixRow(Schema):
    """A demand, and where everyone stands on it."""

    demand: NamedDemand
    issue: NamedIssue
    positions: list[ComparedPosition | None]


class Matrix(Schema):
    """Who stands where."""

    negotiation: str
    revision: int
    on: str
    parties: list[Named]
    rows: list[MatrixRow]
    recorded: int
