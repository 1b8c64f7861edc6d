"""The questions: compare two sides, and who stands where."""

from enum import StrEnum
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session

from negotiations_api.compare import position as core
from negotiations_api.compare.comparison import Comparison, compare
from negotiations_api.compare.date import first_day, last_day, today
from negotiations_api.compare.matrix import Matrix, matrix
from negotiations_api.compare.position import Party, Position
from negotiations_api.compare.side import Side, parse_sides
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.preconditions import revision_etag
from negotiations_api.http.query import Whole
from negotiations_api.http.representations import JSON, TEXT, json_bytes
from negotiations_api.loaders import load_demands, load_participants, load_positions
from negotiations_api.models import Demand, Issue, Negotiation, Participant
from negotiations_api.records.find import find
from negotiations_api.render.comparison import comparison_text
from negotiations_api.render.matrix import matrix_text
from negotiations_api.render.style import DEFAULT_WIDTH, NARROWEST, WIDEST, Style
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.comparison import ComparisonSchema, MatrixSchema, answer
from negotiations_api.schemas.fields import Choice, Date, Reference

blueprint = Blueprint("comparisons", __name__)


class Show(StrEnum):
    """Which demands a comparison lists."""

    ALL = "all"
    DIFFERENCES = "differences"


class Color(StrEnum):
    """Whether a text is in colour."""

    ALWAYS = "always"
    NEVER = "never"


class TextQuery(StrictSchema):
    """How a text looks."""

    width = Whole(
        NARROWEST,
        WIDEST,
        load_default=DEFAULT_WIDTH,
        metadata={"description": "The columns that a text keeps to."},
    )
    color = Choice(
        Color,
        load_default=Color.NEVER,
        metadata={"description": "Whether a text is in colour, by terminal escapes."},
    )


class CompareQuery(TextQuery):
    """The parameters of a comparison."""

    show = Choice(
        Show,
        load_default=Show.ALL,
        metadata={"description": "differences leaves out what is alike."},
    )
    issue = Reference("issue", metadata={"description": "Only the demands of that issue."})
    demand = Reference("demand", metadata={"description": "Only that demand."})


class MatrixQuery(TextQuery):
    """The parameters of a matrix."""

    on = Date(metadata={"description": "On which date; today if none is given."})


def text_bytes(text: str) -> bytes:
    """A text as bytes."""
    return text.encode()


def style_of(query: dict[str, Any]) -> Style:
    """The look that the parameters ask for."""
    return Style(query["width"], query["color"] is Color.ALWAYS)


@blueprint.get("/v1/negotiations/<negotiation>/compare/<sides>")
@operation(
    Operation(
        name="compare",
        summary="Where do two sides differ? left...right, each side party or party@date",
        tag="comparisons",
        schema=ComparisonSchema,
        renderers={JSON: json_bytes, TEXT: text_bytes},
        query=CompareQuery,
        problems=("not-found", "bad-side"),
    )
)
def compare_sides(call: Call, negotiation: str, sides: str) -> Answer:
    """Compare two parties, two dates of one party, or both."""
    opened = call.open(negotiation)
    day = today()
    pair = parse_sides(sides, day)
    undated = day if any(side.date is None for side in pair) else ""

    def body() -> Any:
        compared = comparison_of(
            call.session,
            opened,
            pair,
            issue=call.query.get("issue"),
            demand=call.query.get("demand"),
            differences_only=call.query["show"] is Show.DIFFERENCES,
        )
        if call.media == TEXT:
            return comparison_text(compared, style_of(call.query))
        return answer(ComparisonSchema(), opened.slug, opened.revision, compared)

    return Answer(body, etag=_etag(call, opened, undated))


@blueprint.get("/v1/negotiations/<negotiation>/matrix")
@operation(
    Operation(
        name="matrix",
        summary="Who stands where? Every party's position on every demand on a day",
        tag="comparisons",
        schema=MatrixSchema,
        renderers={JSON: json_bytes, TEXT: text_bytes},
        query=MatrixQuery,
        problems=("not-found",),
    )
)
def show_matrix(call: Call, negotiation: str) -> Answer:
    """All participants' positions on all demands."""
    opened = call.open(negotiation)
    asked = call.query.get("on")
    day = last_day(asked) if asked else today()

    def body() -> Any:
        shown = matrix_of(call.session, opened, day)
        if call.media == TEXT:
            return matrix_text(shown, style_of(call.query))
        return answer(MatrixSchema(), opened.slug, opened.revision, shown)

    return Answer(body, etag=_etag(call, opened, "" if asked else day))


def _etag(call: Call, negotiation: Negotiation, day: str) -> str:
    return revision_etag(negotiation, call.media, day=day, question=request.full_path)


def comparison_of(
    session: Session,
    negotiation: Negotiation,
    sides: tuple[Side, Side],
    *,
    issue: str | None = None,
    demand: str | None = None,
    differences_only: bool = False,
) -> Comparison:
    """The comparison of two sides of a negotiation, over all demands or those of a filter.

    Raises Missing for a party that takes no part, and for an issue or a demand that is not there.
    """
    left, right = (find(session, Participant, side.party, negotiation) for side in sides)
    holding = [(left.party_id, sides[0].on), (right.party_id, sides[1].on)]
    positions = load_positions(session, negotiation, holding)
    return compare(
        sides,
        (Party(left.slug, left.party.name), Party(right.slug, right.party.name)),
        _selected(session, negotiation, issue, demand),
        (_held(positions, sides[0]), _held(positions, sides[1])),
        differences_only=differences_only,
    )


def _selected(
    session: Session, negotiation: Negotiation, issue: str | None, demand: str | None
) -> list[core.Demand]:
    if issue is not None:
        find(session, Issue, issue)
    if demand is not None:
        find(session, Demand, demand, negotiation)
    return [
        known
        for known in load_demands(session, negotiation)
        if issue in {None, known.issue.slug} and demand in {None, known.slug}
    ]


def _held(positions: list[Position], side: Side) -> list[Position]:
    return [p for p in positions if p.party == side.party and _holds(p, side.on)]


def _holds(position: Position, day: str) -> bool:
    return first_day(position.date) <= day <= position.ends_on


def matrix_of(session: Session, negotiation: Negotiation, day: str) -> Matrix:
    """The matrix of a negotiation on a day."""
    return matrix(
        day,
        load_participants(session, negotiation),
        load_demands(session, negotiation),
        load_positions(session, negotiation, [(None, day)]),
    )
