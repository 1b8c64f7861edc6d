"""How revisions are counted by who does not see all of them."""

from bisect import bisect_right
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.records.numbering import Numbering

LAST = 40


@st.composite
def numberings(draw: st.DrawFn) -> Numbering:
    anew = sorted(draw(st.sets(st.integers(2, LAST), max_size=3)))
    # The one at which it comes back is seen.
    hidden = draw(st.sets(st.sampled_from([one for one in range(2, LAST) if one not in anew])))
    return Numbering(tuple(sorted(hidden)), tuple((one - 1, one) for one in anew))


@given(numberings())
def test_those_that_are_seen_have_numbers_of_their_own_in_their_order(counted: Numbering) -> None:
    shown = [one for one in range(1, LAST + 1) if one not in counted.hidden]
    numbers = [counted.seen(one) for one in shown]
    assert all(earlier < later for earlier, later in pairwise(numbers))
    for earlier, later in pairwise(shown):
        is_anew = later in counted.anew
        assert counted.seen(later) == (later if is_anew else counted.seen(earlier) + 1)


@given(numberings())
def test_one_that_is_hidden_is_counted_as_the_one_before(counted: Numbering) -> None:
    for hidden in counted.hidden:
        assert counted.seen(hidden) == counted.seen(hidden - 1)


@given(numberings())
def test_the_last_that_has_a_number_stands_before_the_next_that_is_seen(
    counted: Numbering,
) -> None:
    def told(revision: int) -> tuple[int, int]:
        return bisect_right(counted.anew, revision), counted.seen(revision)

    for revision in range(1, LAST + 1):
        alike = [one for one in range(1, LAST + 1) if told(one) == told(revision)]
        assert counted.last(counted.seen(revision)) == alike[-1]
