"""What the FastAPI peers give and take, as pydantic models that read ORM objects."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, AliasPath, BaseModel, BeforeValidator, ConfigDict, Field


def _slug(record: Any) -> Any:
    return getattr(record, "slug", record)


def _slugs(records: Iterable[Any]) -> list[Any]:
    return [_slug(record) for record in records]


Slug = Annotated[str, BeforeValidator(_slug)]
MaybeSlug = Annotated[str | None, BeforeValidator(_slug)]
Slugs = Annotated[list[str], BeforeValidator(_slugs)]
End = Annotated[str | None, Field(validation_alias=AliasChoices("shown_end", "ends_on"))]
Date = Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Stance = Literal["demand", "accept", "conditional", "reserve", "reject"]


class Shape(BaseModel):
    """Reads the attributes of ORM objects."""

    model_config = ConfigDict(from_attributes=True)


class ConditionOut(Shape):
    """A condition."""

    kind: str
    demands: Slugs
    text: str | None


class CitationOut(Shape):
    """A citation of a listed position."""

    source: Slug
    quotation: str | None
    quoted: str | None
    locator: str | None


class Stated(Shape):
    """What is shown of a position everywhere."""

    id: int
    date: str
    until: str | None
    ends_on: End
    stance: str
    conditions: list[ConditionOut]
    value: float | None
    reservation_value: float | None
    salience: float | None
    confidence: float | None
    deadline: str | None
    summary: str | None
    meeting: MaybeSlug


class PositionOut(Stated):
    """A position of a list."""

    created_at: dt.datetime
    updated_at: dt.datetime
    party: Slug
    demand: Slug
    citations: list[CitationOut]


class PositionsOut(Shape):
    """A list."""

    items: list[PositionOut]


class PositionIn(BaseModel):
    """What is taken."""

    party: str
    demand: str
    date: Date
    stance: Stance
    salience: float | None = Field(None, ge=0, le=100)
    summary: str | None = Field(None, max_length=20_000)


def _of_source(name: str) -> Any:
    return Field(validation_alias=AliasChoices(name, AliasPath("source", name)))


class ComparedCitation(Shape):
    """A citation of a compared position, with what one needs of its source."""

    source: Slug
    title: Annotated[str, _of_source("title")]
    published_on: Annotated[str | None, _of_source("published_on")]
    url: Annotated[str | None, _of_source("url")]
    quotation: str | None
    quoted: str | None
    locator: str | None


class ComparedPosition(Stated):
    """A compared position."""

    citations: list[ComparedCitation]


class Scale(BaseModel):
    """The scale of a demand."""

    min: float
    max: float
    unit: str | None
    min_means: str | None
    max_means: str | None


class NamedDemand(BaseModel):
    """A demand, named."""

    slug: str
    title: str
    part_of: str | None
    addressed_to: list[str]
    deadline: str | None
    scale: Scale | None


class NamedIssue(BaseModel):
    """An issue, named."""

    slug: str
    title: str


class NamedParty(Shape):
    """A party, named."""

    slug: str
    name: str


class ComparedDemand(BaseModel):
    """Both positions on a demand."""

    demand: NamedDemand
    left: ComparedPosition | None
    right: ComparedPosition | None
    alignment: str
    change: None = None
    distance: float | None


class Totals(BaseModel):
    """How many there are of each kind."""

    demands: int
    recorded_by_both: int
    coverage: float | None
    distance: float | None
    weighted_distance: float | None
    left_recorded: int
    right_recorded: int
    left_acceptance: float | None
    right_acceptance: float | None
    alignments: dict[str, int]
    changes: None = None


class ComparedIssue(BaseModel):
    """The compared demands of an issue."""

    issue: NamedIssue
    demands: list[ComparedDemand]
    totals: Totals


class Side(BaseModel):
    """Who, and on which day."""

    party: NamedParty
    date: str
    on: str


class ComparisonOut(BaseModel):
    """A comparison."""

    negotiation: str
    revision: int
    left: Side
    right: Side
    issues: list[ComparedIssue]
    totals: Totals


class MatrixRow(BaseModel):
    """A demand, and where everyone stands on it."""

    demand: NamedDemand
    issue: NamedIssue
    positions: list[ComparedPosition | None]


class MatrixOut(BaseModel):
    """Who stands where."""

    negotiation: str
    revision: int
    on: str
    parties: list[NamedParty]
    rows: list[MatrixRow]
    recorded: int
