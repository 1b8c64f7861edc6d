"""A deadlock, and what would open it, in words."""

from negotiations_api.compare.roadmap import Deadlock, HeldCondition
from negotiations_api.render.opening import opening_sentences
from negotiations_api.render.page import Section
from negotiations_api.render.position import condition_words
from negotiations_api.render.words import listed


def deadlock_section(deadlock: Deadlock) -> Section:
    """The parties, the conditions that close the deadlock, and the smallest sets that open it."""
    one_party, one_demand = len(deadlock.parties) == 1, len(deadlock.demands) == 1
    between = "of" if one_party else "between"
    waiting = "waits for itself" if one_demand else "wait for each other"
    return Section(
        f"Deadlock {between} {listed(deadlock.parties)}",
        (f"{listed(deadlock.demands)} {waiting}.",),
        (*(_closing(held) for held in deadlock.conditions), *opening_sentences(deadlock)),
    )


def _closing(held: HeldCondition) -> str:
    return f"{held.party} delivers {held.demand} {condition_words(held.condition)}"
