"""Lists of demands of any shape."""

from hypothesis import strategies as st

from negotiations_api.compare.position import Demand, Issue
from tests.compare.factories import NUCLEAR, SANCTIONS, demand

ISSUES = [SANCTIONS, NUCLEAR, Issue("peace-treaty", "Peace treaty")]
SLUGS = ["a", "b", "c", "d", "e", "f"]


@st.composite
def demand_lists(draw: st.DrawFn) -> list[Demand]:
    """Demands of a few issues, each perhaps a part of any other, of itself or of none."""
    slugs = draw(st.lists(st.sampled_from(SLUGS), unique=True))
    return [
        demand(
            slug,
            draw(st.sampled_from(ISSUES)),
            part_of=draw(st.none() | st.sampled_from(SLUGS)),
        )
        for slug in slugs
    ]
