"""Where do two sides differ, in one negotiation or in two?"""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import cast

from flask import Blueprint, request

from negotiations_api.compare.across import CrossComparison, compare_across
from negotiations_api.compare.comparison import Comparison, compare, is_one_party
from negotiations_api.compare.date import today
from negotiations_api.compare.position import Party
from negotiations_api.compare.side import Side, parse_sides, parse_sides_across
from negotiations_api.http.call import Opened
from negotiations_api.http.operation import Answer, Call, operation
from negotiations_api.http.question import Looks, answer, question
from negotiations_api.http.selection import (
    DemandsQuery,
    about_asked,
    check_issue,
    is_asked,
    load_known_demands,
    select_demands,
)
from negotiations_api.loaders.position import any_of, held_by, load_positions
from negotiations_api.models import Negotiation, Participant
from negotiations_api.records.find import find
from negotiations_api.records.resolve import look_up
from negotiations_api.render.across import cross_comparison_page, cross_comparison_text
from negotiations_api.render.comparison import (
    comparison_page,
    comparison_table,
    comparison_text,
)
from negotiations_api.schemas.comparison import ComparisonSchema, CrossComparisonSchema
from negotiations_api.schemas.fields import SLUG, Choice

blueprint = Blueprint("comparisons", __name__)


class Show(StrEnum):
    """Which demands a comparison lists."""

    ALL = "all"
    DIFFERENCES = "differences"


class CompareQuery(DemandsQuery):
    """The parameters of a comparison."""

    show = Choice(
        Show,
        load_default=Show.ALL,
        metadata={"description": "differences leaves out what is alike."},
    )


LOOKS = Looks(comparison_page, comparison_table, text=comparison_text)
ASKED = question(
    "compare",
    "Where do two sides differ? left...right, each side party or party@date",
    ComparisonSchema,
    CompareQuery,
    LOOKS,
    problems=("bad-side",),
)
LOOKS_ACROSS = Looks(
    page=cross_comparison_page,
    table=lambda cross: comparison_table(cross.comparison),
    text=cross_comparison_text,
)
ASKED_ACROSS = question(
    "compare_across",
    "Where do two sides in two negotiations differ? Each side negotiation:party@date",
    CrossComparisonSchema,
    CompareQuery,
    LOOKS_ACROSS,
    problems=("bad-side",),
    has_past=False,
)


@blueprint.get("/v1/negotiations/<negotiation>/compare/<sides>")
@operation(ASKED)
def compare_sides(call: Call, negotiation: str, sides: str) -> Answer:
    """Compare two parties, two dates of one party, or both."""
    opened = call.open(negotiation)
    check_issue(call)
    day = today()
    pair = parse_sides(sides, day)
    left, right = (f"{side.party}@{side.on}" for side in pair)
    return answer(
        call,
        ASKED,
        LOOKS,
        [opened],
        lambda: _comparison(call, opened, pair),
        day=_day(pair, day),
        dated_path=request.path.rpartition("/")[0] + f"/{left}...{right}",
    )


@blueprint.get("/v1/compare/<sides>")
@operation(ASKED_ACROSS)
def compare_sides_across(call: Call, sides: str) -> Answer:
    """Compare sides of two negotiations on the issues that these share."""
    day = today()
    pair = parse_sides_across(sides, day)
    found = [find(call.session, Negotiation, str(side.negotiation)) for side in pair]
    check_issue(call)
    left, right = (call.look_at(one) for one in found)
    return answer(
        call,
        ASKED_ACROSS,
        LOOKS_ACROSS,
        [left[1], right[1]],
        lambda: _cross_comparison(call, (left, right), pair),
        day=_day(pair, day),
    )


def _day(sides: tuple[Side, Side], day: str) -> str:
    """Today, if a side means it."""
    return day if any(side.date is None for side in sides) else ""


def _comparison(call: Call, opened: Negotiation, sides: tuple[Side, Side]) -> Comparison:
    left, right = found = _participants((call.session, opened), sides)
    which = any_of(held_by(one.party_id, side.on) for one, side in zip(found, sides, strict=True))
    positions = load_positions(call.session, opened, which, about_asked(call))
    held = [[p for p in positions if p.party == side.party] for side in sides]
    if is_one_party(sides):
        held = [[p for p in positions if p.holds_on(side.on)] for side in sides]
    return compare(
        sides,
        (_party(left), _party(right)),
        select_demands(call, opened),
        (held[0], held[1]),
        differences_only=call.query["show"] is Show.DIFFERENCES,
    )


def _cross_comparison(
    call: Call, states: tuple[Opened, Opened], sides: tuple[Side, Side]
) -> CrossComparison:
    found = [_participants(state, [side])[0] for state, side in zip(states, sides, strict=True)]
    lefts, rights = (
        load_positions(*state, held_by(one.party_id, side.on), about_asked(call))
        for one, state, side in zip(found, states, sides, strict=True)
    )
    left_demands, right_demands = load_known_demands(call, *states)
    return compare_across(
        sides,
        (_party(found[0]), _party(found[1])),
        (left_demands, right_demands),
        (lefts, rights),
        only=partial(is_asked, call),
        differences_only=call.query["show"] is Show.DIFFERENCES,
    )


def _participants(state: Opened, sides: Sequence[Side]) -> list[Participant]:
    """The participants that are the sides, each with its party. Raises Missing for another."""
    session, negotiation = state
    wanted = {(Participant.noun, side.party) for side in sides if SLUG.fullmatch(side.party)}
    found = look_up(session, negotiation, wanted)
    for side in sides:
        if (Participant.noun, side.party) not in found:
            find(session, Participant, side.party, negotiation)
    return [cast("Participant", found[Participant.noun, side.party]) for side in sides]


def _party(participant: Participant) -> Party:
    return Party(participant.slug, participant.party.name)
