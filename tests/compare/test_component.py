"""What can be reached from each other."""

from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.compare.component import strong_components
from tests.compare.roads import reaches

GRAPHS = st.dictionaries(
    st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8
).map(lambda graph: {node: [n for n in after if n in graph] for node, after in graph.items()})


@given(GRAPHS)
def test_a_component_is_what_can_be_reached_from_each_other(graph: dict[int, list[int]]) -> None:
    reached = reaches(
        {str(n): {str(a) for a in after} for n, after in graph.items()}, map(str, graph)
    )
    components = strong_components(graph)
    assert sorted(node for component in components for node in component) == sorted(graph)
    for component in components:
        for node in component:
            mutual = {
                n for n in graph if str(n) in reached[str(node)] and str(node) in reached[str(n)]
            }
            assert sorted(mutual | {node}) == component


@given(GRAPHS)
def test_a_component_comes_after_what_can_be_reached_from_it(graph: dict[int, list[int]]) -> None:
    seen: set[int] = set()
    for component in strong_components(graph):
        seen.update(component)
        assert seen.issuperset(after for node in component for after in graph[node])


def test_a_path_may_be_longer_than_the_recursion_limit() -> None:
    path = {node: [node + 1] for node in range(20_000)} | {20_000: []}
    assert strong_components(path) == [[node] for node in range(20_000, -1, -1)]
