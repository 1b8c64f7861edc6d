"""The order in which demands are shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from negotiations_api.compare.position import Demand


def in_order(demands: Iterable[Demand]) -> list[Demand]:
    """Demands by issue, and within an issue each one before those that are part of it."""
    by_slug = {demand.slug: demand for demand in demands}
    wholes: dict[str, str] = {}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(by_slug, reverse=True):
        whole = by_slug.get(by_slug[slug].part_of or "")
        if whole is not None and whole.issue == by_slug[slug].issue:
            wholes[slug] = whole.slug
            parts[whole.slug].append(slug)
    ordered: dict[str, None] = {}
    # What is part of itself by way of others has no beginning: it comes after the rest.
    for start in (*sorted(by_slug.keys() - wholes.keys()), *sorted(wholes)):
        waiting = [] if start in ordered else [_outermost(start, wholes)]
        while waiting:
            slug = waiting.pop()
            if slug not in ordered:
                ordered[slug] = None
                waiting += parts[slug]
    return sorted((by_slug[slug] for slug in ordered), key=lambda demand: demand.issue.slug)


def _outermost(slug: str, wholes: Mapping[str, str]) -> str:
    """What `slug` is part of in the end, or the first that comes twice if that goes in a circle."""
    seen: set[str] = set()
    while slug in wholes and slug not in seen:
        seen.add(slug)
        slug = wholes[slug]
    return slug
