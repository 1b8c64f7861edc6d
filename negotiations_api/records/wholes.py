"""Parts and wholes by name: which of them lie in circles, and what comes before what."""

from collections.abc import Iterator, Mapping


def in_circle(wholes: Mapping[str, str | None]) -> set[str]:
    """The names that one comes back to from themselves; `wholes` gives what each is part of."""
    circle: set[str] = set()
    seen: set[str] = set()
    for start in wholes:
        path = _path(wholes, start, seen)
        end = wholes[path[-1]] if path else None
        if end in path:
            circle.update(path[path.index(end) :])
    return circle


def wholes_first(wholes: Mapping[str, str | None]) -> Iterator[str]:
    """The names, each after the one that it is part of, if that is one of them."""
    seen: set[str] = set()
    for start in wholes:
        yield from reversed(_path(wholes, start, seen))


def _path(wholes: Mapping[str, str | None], start: str, seen: set[str]) -> list[str]:
    """From `start` to its whole, the whole of that, and so on, as far as none was `seen` before."""
    path: list[str] = []
    step: str | None = start
    while step is not None and step in wholes and step not in seen:
        seen.add(step)
        path.append(step)
        step = wholes[step]
    return path
