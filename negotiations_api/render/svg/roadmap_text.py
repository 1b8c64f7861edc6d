"""What a roadmap's deadlocks and concessions come to, in words."""

from collections.abc import Iterable, Mapping

from negotiations_api.compare.position import ConditionKind
from negotiations_api.compare.roadmap import (
    Concession,
    HeldCondition,
    Opening,
    Relaxation,
    Roadmap,
)
from negotiations_api.render.svg.lettering import name_in_text
from negotiations_api.render.words import listed, one_line

_MOST = 5


def deadlocks(roadmap: Roadmap) -> list[str]:
    """Each deadlock: who is in it, over what, and the smallest opening of each way."""
    names = {party.slug: name_in_text(party) for party in roadmap.parties}
    texts = []
    for number, deadlock in enumerate(roadmap.deadlocks, 1):
        who = listed(names.get(slug, slug) for slug in deadlock.parties) or "nobody named"
        text = f"Deadlock {number}: {who} over {listed(deadlock.demands)}."
        for relaxation in Relaxation:
            ways = [o for o in deadlock.openings if o.relaxation is relaxation]
            if ways:
                smallest = min(ways, key=lambda opening: len(opening.conditions))
                text += f" {_opening(smallest, names, is_exact=deadlock.is_exact)}"
        if not deadlock.openings:
            text += " Nothing opens it alone: its demands are blocked otherwise too."
        texts.append(text)
    return texts


def _opening(opening: Opening, names: Mapping[str, str], *, is_exact: bool) -> str:
    what = listed(_condition(held, names) for held in opening.conditions)
    done = "made reciprocal" if opening.relaxation is Relaxation.RECIPROCAL else "dropped"
    bound = "" if is_exact else " (there may be a smaller way)"
    are = "are" if len(opening.conditions) > 1 else "is"
    return f"It opens if {what} {are} {done}{bound}; then {_slugs(opening.opens)} can be delivered."


def _condition(held: HeldCondition, names: Mapping[str, str]) -> str:
    when = "after" if held.condition.kind is ConditionKind.PRECONDITION else "together with"
    what = " or ".join(held.condition.demands) or one_line(held.condition.text)
    who = names.get(held.party, held.party)
    return f"the condition of {who} on {held.demand} (only {when} {what})"


def concessions(roadmap: Roadmap) -> list[str]:
    """The single concessions that open most, a few, and the demands that each opens."""
    names = {party.slug: name_in_text(party) for party in roadmap.parties}
    texts = []
    for effect in roadmap.concessions[:_MOST]:
        assumed = effect.assumption
        who = names.get(assumed.party, assumed.party)
        does = {
            Concession.ACCEPT: f"accepts {assumed.demand}",
            Concession.RECIPROCAL: f"makes its preconditions on {assumed.demand} reciprocal",
        }[assumed.concession]
        texts.append(f"If {who} {does}, that opens {_slugs(effect.opens)}.")
    return texts


def _slugs(slugs: Iterable[str]) -> str:
    return listed(slugs) or "nothing"
