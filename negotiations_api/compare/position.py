"""What the core compares: positions, and the demands and issues that they are about."""

from dataclasses import dataclass
from enum import StrEnum

from negotiations_api.compare.date import FOREVER, first_day


class Stance(StrEnum):
    """Where a party stands on a demand. No recorded position is not a stance.

    `acceptance` is how far the stance accepts the demand: from 1 (demand, accept) to -1 (reject).
    """

    acceptance: float

    DEMAND = "demand"
    ACCEPT = "accept"
    CONDITIONAL = "conditional"
    RESERVE = "reserve"
    REJECT = "reject"


# An attribute, since it is asked of every position of a comparison, and a property takes longer.
for _stance, _acceptance in zip(Stance, (1.0, 1.0, 0.5, 0.0, -1.0), strict=True):
    _stance.acceptance = _acceptance


class ConditionKind(StrEnum):
    """When a condition must be met: before the demand is delivered, or together with it."""

    PRECONDITION = "precondition"
    RECIPROCAL = "reciprocal"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a conditional position waits for: any one of `demands` (slugs), and/or a text."""

    kind: ConditionKind
    demands: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """What a position rests on: a source (its slug and title) and a short quotation."""

    source: str
    title: str
    published_on: str | None = None
    url: str | None = None
    quotation: str | None = None
    quoted: str | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where one party stands on one demand from a date on.

    `party` and `demand` are slugs, dates are imprecise (`date.py`), `ends_on` is the last day on
    which the position holds (``YYYY-MM-DD``), salience and confidence run from 0 to 100, `value`
    and `reservation_value` lie on the demand's scale.
    """

    id: str
    party: str
    demand: str
    date: str
    ends_on: str
    stance: Stance
    until: str | None = None
    conditions: tuple[Condition, ...] = ()
    value: float | None = None
    reservation_value: float | None = None
    salience: float | None = None
    confidence: float | None = None
    deadline: str | None = None
    summary: str | None = None
    meeting: str | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def accepted_value(self) -> float | None:
        """Its value, unless it rejects the demand: whoever does accepts no value at all."""
        return None if self.stance is Stance.REJECT else self.value

    @property
    def last_day(self) -> str | None:
        """The last day on which it holds, None while there is no end."""
        return None if self.ends_on == FOREVER else self.ends_on

    def holds_on(self, day: str) -> bool:
        """Whether it holds on `day` (``YYYY-MM-DD``)."""
        return first_day(self.date) <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Scale:
    """The numeric scale of a demand: its ends, its unit, and what each end means."""

    min: float
    max: float
    unit: str | None = None
    min_means: str | None = None
    max_means: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A subject under negotiation."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that somebody is asked, or offers, to do; `addressed_to` are party slugs."""

    slug: str
    title: str
    issue: Issue
    part_of: str | None = None
    addressed_to: tuple[str, ...] = ()
    deadline: str | None = None
    scale: Scale | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever can hold a position."""

    slug: str
    name: str
