"""Concessions: what a party may be assumed to concede, and what that opens."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from negotiations_api.compare.delivery import Delivery
from negotiations_api.compare.position import Condition, ConditionKind, Demand
from negotiations_api.compare.terms import Answer, Answers, Obstacle, Terms, addressees


class Concession(StrEnum):
    """What a party is assumed to concede: it accepts, or makes its preconditions reciprocal."""

    ACCEPT = "accept"
    RECIPROCAL = "reciprocal"


@dataclass(frozen=True, slots=True, order=True)
class Assumption:
    """A concession that is assumed: `party` concedes on `demand` (slugs)."""

    demand: str
    party: str
    concession: Concession

    def __str__(self) -> str:
        return f"{self.demand}:{self.party}:{self.concession}"


@dataclass(frozen=True, slots=True)
class ConcessionEffect:
    """A single concession and the demands (slugs) that it would open."""

    assumption: Assumption
    opens: tuple[str, ...]


class MalformedAssumption(ValueError):
    """An assumption that cannot be made; the message, without a full stop, says what could be."""


def parse_assumption(text: str) -> Assumption:
    """Read ``demand:party:accept`` or ``demand:party:reciprocal``. Raises MalformedAssumption."""
    match text.split(":"):
        case [demand, party, concession] if demand and party and concession in set(Concession):
            return Assumption(demand, party, Concession(concession))
    raise MalformedAssumption(
        f"'{text[:80]}' is not an assumption; write demand:party:accept (the party accepts the "
        "demand) or demand:party:reciprocal (it makes its preconditions reciprocal)"
    )


def check_assumptions(
    assumed: Iterable[Assumption], demands: Iterable[Demand], answers: Answers
) -> None:
    """Raise MalformedAssumption for the first of `assumed` that cannot be made."""
    by_slug = {demand.slug: demand for demand in demands}
    for assumption in sorted(assumed):
        demand = by_slug.get(assumption.demand)
        if demand is None:
            raise MalformedAssumption(f"{assumption}: there is no demand '{assumption.demand}'")
        parties = addressees(demand)
        if assumption.party not in parties:
            named = ", ".join(parties) or "nobody"
            raise MalformedAssumption(
                f"{assumption}: '{demand.slug}' is not addressed to '{assumption.party}'; "
                f"it is addressed to {named}"
            )
        if assumption.concession is Concession.RECIPROCAL and not any(
            _is_precondition(condition)
            for condition in _conditions(answers[demand.slug, assumption.party])
        ):
            raise MalformedAssumption(
                f"{assumption}: '{assumption.party}' has no precondition on '{demand.slug}' that "
                "could be made reciprocal"
            )


def conceded(answers: Answers, assumed: Iterable[Assumption]) -> dict[tuple[str, str], Answer]:
    """`answers` as they are once everything that is `assumed` has been conceded."""
    after = dict(answers)
    for assumption in assumed:
        key = (assumption.demand, assumption.party)
        if assumption.concession is Concession.ACCEPT:
            after[key] = ()
        else:
            after[key] = tuple(
                replace(condition, kind=ConditionKind.RECIPROCAL)
                for condition in _conditions(after[key])
            )
    return after


def concessions(terms: Terms, delivery: Delivery) -> list[ConcessionEffect]:
    """The single concessions that open something when `delivery` has come to its end.

    Those that open most first; of two that open as many, the smaller one: reciprocal before accept.
    """
    effects = []
    for number, demand in enumerate(terms.demands):
        if not delivery.is_delivered[number]:
            made = _opening(terms, delivery, number)
            if made:
                opens = terms.slugs(delivery.opened_by([number]))
                effects += [
                    ConcessionEffect(Assumption(demand.slug, party, concession), opens)
                    for party, concession in made
                ]
    return sorted(
        effects,
        key=lambda effect: (
            -len(effect.opens),
            effect.assumption.concession is Concession.ACCEPT,
            effect.assumption,
        ),
    )


def _opening(terms: Terms, delivery: Delivery, number: int) -> list[tuple[str, Concession]]:
    """The concessions on one demand that open it; one that does not open it opens nothing."""
    demand = terms.demands[number]
    parties = addressees(demand)
    refusing = {p for p in parties if isinstance(terms.answers[demand.slug, p], Obstacle)}
    unmet = [c for c in terms.dependencies.conditions_on[number] if not delivery.is_met[c]]
    theirs: dict[str, list[int]] = {party: [] for party in parties}
    for condition in unmet:
        theirs[terms.conditions[condition].party].append(condition)
    together: Collection[int] | None = None
    found = []
    for party, own in theirs.items():
        if refusing - {party}:
            continue
        others = [condition for condition in unmet if condition not in own]
        if any(delivery.is_precondition[condition] for condition in others):
            continue
        choices = {Concession.ACCEPT: others}
        if party not in refusing and any(delivery.is_precondition[c] for c in own):
            choices[Concession.RECIPROCAL] = unmet
        for concession, left in choices.items():
            alternatives = [terms.dependencies.alternatives[condition] for condition in left]
            if not all(alternatives):
                continue
            if left and together is None:
                together = delivery.together([number], granted=number)
            if all(any(d in (together or ()) for d in others) for others in alternatives):
                found.append((party, concession))
    return found


def _conditions(answer: Answer) -> Sequence[Condition]:
    return () if isinstance(answer, Obstacle) else answer


def _is_precondition(condition: Condition) -> bool:
    return condition.kind is ConditionKind.PRECONDITION
