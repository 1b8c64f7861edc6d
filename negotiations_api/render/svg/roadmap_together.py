"""What a step delivers together: drawn as arrows where they are few, else said in the boxes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from negotiations_api.render.svg.roadmap_graph import Wait
from negotiations_api.render.words import count, listed

_MOST_ARROWS = 4
"""So many arrows within a column can be told apart: they share the gap to its right."""


def apart_from_crowded(
    waits: Sequence[Wait], columns: Mapping[str, int]
) -> tuple[list[Wait], dict[str, str]]:
    """The waits to draw; and for the demands (slugs) of the others, what the boxes say instead."""
    inside = [wait for wait in waits if _stays_in_column(wait, columns)]
    pairs: defaultdict[int, set[frozenset[str]]] = defaultdict(set)
    for wait in inside:
        pairs[columns[wait.on]].add(frozenset((wait.on, *wait.alternatives)))
    said = {wait for wait in inside if len(pairs[columns[wait.on]]) > _MOST_ARROWS}
    partners: defaultdict[str, set[str]] = defaultdict(set)
    for wait in said:
        partners[wait.on].update(wait.alternatives)
    drawn = [wait for wait in waits if wait not in said]
    return drawn, {slug: _sentence(others) for slug, others in partners.items()}


def _stays_in_column(wait: Wait, columns: Mapping[str, int]) -> bool:
    return (
        not wait.is_precondition
        and wait.on not in wait.alternatives
        and {columns[slug] for slug in wait.alternatives} == {columns[wait.on]}
    )


def _sentence(others: Iterable[str]) -> str:
    slugs = sorted(others)
    many = f"{count(len(slugs), 'demand')}: " if len(slugs) > 1 else ""
    return f"together with {many}{listed(slugs)}"
