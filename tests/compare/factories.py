"""What the core compares, with what a test does not care for filled in."""

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from negotiations_api.compare.comparison import Comparison, compare
from negotiations_api.compare.date import FOREVER
from negotiations_api.compare.position import (
    Citation,
    Condition,
    ConditionKind,
    Demand,
    Issue,
    Party,
    Position,
    Stance,
)
from negotiations_api.compare.side import Side

USA = Party("usa", "United States")
PRK = Party("prk", "North Korea")
SANCTIONS = Issue("sanctions-relief", "Sanctions relief")
NUCLEAR = Issue("denuclearisation", "Denuclearisation")


def position(stance: Stance = Stance.DEMAND, **said: Any) -> Position:
    """A position of the United States on sanctions relief, unless it says otherwise."""
    facts = {
        "id": "p1",
        "party": "usa",
        "demand": "sanctions-relief",
        "date": "2018-06-12",
        "ends_on": FOREVER,
    }
    return Position(stance=stance, **facts | said)


def conditional(*conditions: Condition, **said: Any) -> Position:
    """A position that waits for `conditions`."""
    return position(Stance.CONDITIONAL, conditions=conditions, **said)


def after(*demands: str, text: str | None = None) -> Condition:
    """A precondition."""
    return Condition(ConditionKind.PRECONDITION, demands, text)


def together_with(*demands: str, text: str | None = None) -> Condition:
    """A reciprocal condition."""
    return Condition(ConditionKind.RECIPROCAL, demands, text)


def citation(quotation: str | None = None, **said: Any) -> Citation:
    """A use of a wire report, unless it says otherwise."""
    facts = {"source": "wire", "title": "A wire report", "quotation": quotation}
    return Citation(**facts | said)


def demand(slug: str = "sanctions-relief", issue: Issue = SANCTIONS, **said: Any) -> Demand:
    """A demand, titled like its slug unless it says otherwise."""
    facts = {"slug": slug, "title": slug} | said
    return Demand(issue=issue, **facts)


def comparison(
    demands: Sequence[Demand],
    lefts: Iterable[Position] = (),
    rights: Iterable[Position] = (),
    *,
    parties: tuple[Party, Party] = (USA, PRK),
    dates: tuple[str, str] = ("2019-10-05", "2019-10-05"),
    differences_only: bool = False,
) -> Comparison:
    """The comparison of two sides, each on a whole day."""
    sides = tuple(Side(party.slug, date, date) for party, date in zip(parties, dates, strict=True))
    return compare(
        (sides[0], sides[1]), parties, demands, (lefts, rights), differences_only=differences_only
    )


def of_one_party(
    demands: Sequence[Demand], befores: Iterable[Position], afters: Iterable[Position], **how: Any
) -> Comparison:
    """The comparison of two dates of North Korea."""
    dates = ("2018-06-12", "2019-10-05")
    return comparison(demands, befores, afters, parties=(PRK, PRK), dates=dates, **how)


def conditions(texts: st.SearchStrategy[str | None]) -> st.SearchStrategy[Condition]:
    """Conditions on few demands, so that two of them often have some in common."""
    alternatives = st.lists(st.sampled_from(["cvid", "freeze", "inspections"]), unique=True)
    return st.builds(
        Condition,
        kind=st.sampled_from(ConditionKind),
        demands=alternatives.map(lambda slugs: tuple(sorted(slugs))),
        text=texts,
    )


def positions(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Position]:
    """Positions of any content, with `texts` wherever a position has one."""
    perhaps = st.none() | texts
    values = st.none() | st.sampled_from([0.0, 10.0, 20.0, 30.0])
    dates = st.none() | st.sampled_from(["2019", "2019-04", "2019-04-12"])
    cited = st.builds(citation, perhaps, title=texts, quoted=perhaps)
    return st.builds(
        position,
        stance=st.sampled_from(Stance),
        date=st.sampled_from(["2018", "2018-06", "2018-06-12"]),
        until=dates,
        deadline=dates,
        conditions=st.lists(conditions(perhaps), max_size=3).map(tuple),
        value=values,
        reservation_value=values,
        summary=perhaps,
        citations=st.lists(cited, max_size=2).map(tuple),
    )
