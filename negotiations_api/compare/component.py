"""Strongly connected components: what can be reached from each other."""

from collections.abc import Iterable, Iterator, Mapping


def strong_components(successors: Mapping[int, Iterable[int]]) -> list[list[int]]:
    """The strongly connected components of a graph, each sorted (Tarjan, 1972).

    `successors` has every node as a key. A component comes after all that can be reached from it.
    Without recursion, so that the length of a path has no limit.
    """
    walk = _Walk(successors)
    for root in successors:
        if root not in walk.number:
            walk.enter(root)
        while walk.path:
            walk.go_on()
    return walk.components


class _Walk:
    """A depth-first walk; `lowest` is the earliest node, by number, that a node leads back to."""

    def __init__(self, successors: Mapping[int, Iterable[int]]) -> None:
        self.successors = successors
        self.number: dict[int, int] = {}
        self.lowest: dict[int, int] = {}
        self.path: list[tuple[int, Iterator[int]]] = []
        self.unassigned: dict[int, None] = {}
        self.components: list[list[int]] = []

    def enter(self, node: int) -> None:
        self.number[node] = self.lowest[node] = len(self.number)
        self.unassigned[node] = None
        self.path.append((node, iter(self.successors[node])))

    def go_on(self) -> None:
        node, following = self.path[-1]
        for successor in following:
            if successor not in self.number:
                self.enter(successor)
                return
            if successor in self.unassigned:
                self.lowest[node] = min(self.lowest[node], self.number[successor])
        self._leave(node)

    def _leave(self, node: int) -> None:
        self.path.pop()
        if self.path:
            above = self.path[-1][0]
            self.lowest[above] = min(self.lowest[above], self.lowest[node])
        if self.lowest[node] == self.number[node]:
            component = [self.unassigned.popitem()[0]]
            while component[-1] != node:
                component.append(self.unassigned.popitem()[0])
            self.components.append(sorted(component))
