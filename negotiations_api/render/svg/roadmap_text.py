"""What a roadmap's deadlocks and concessions come to, in words."""

from negotiations_api.compare.roadmap import Deadlock, Roadmap
from negotiations_api.render.opening import (
    Naming,
    concession_sentence,
    concessions_title,
    opening_sentences,
)
from negotiations_api.render.svg.lettering import name_in_text
from negotiations_api.render.words import listed

_MOST = 5
"""How many concessions are told of at most, and how many openings of a deadlock."""


def texts_below(roadmap: Roadmap) -> list[tuple[str, list[str]]]:
    """What stands below the graph: headings, each with its paragraphs."""
    names = {party.slug: name_in_text(party) for party in roadmap.parties}

    def name(slug: str) -> str:
        return names.get(slug, slug)

    conceded = roadmap.concessions[:_MOST]
    texts = [
        ("Deadlocks", [_deadlock(n, each, name) for n, each in enumerate(roadmap.deadlocks, 1)]),
        (
            concessions_title(len(conceded), len(roadmap.concessions)),
            [concession_sentence(effect, name) for effect in conceded],
        ),
    ]
    return [(heading, paragraphs) for heading, paragraphs in texts if paragraphs]


def _deadlock(number: int, deadlock: Deadlock, name: Naming) -> str:
    """Who is in a deadlock, over what, and what opens it."""
    who = listed(name(slug) for slug in deadlock.parties) or "nobody named"
    ways = list(opening_sentences(deadlock, name))
    more = f" There are {len(ways) - _MOST} more such ways." if len(ways) > _MOST else ""
    over = f"Deadlock {number}: {who} over {listed(deadlock.demands)}."
    return f"{over} {' '.join(ways[:_MOST])}{more}"
