"""Sequences in pieces of a bounded length."""

from collections.abc import Sequence

import pytest

from negotiations_api.batch import batched


@pytest.mark.parametrize(
    ("items", "pieces"),
    [
        ([], []),
        ([1], [[1]]),
        ([1, 2], [[1, 2]]),
        ([1, 2, 3, 4, 5], [[1, 2], [3, 4], [5]]),
        (range(3), [range(2), range(2, 3)]),
    ],
)
def test_nothing_is_left_out_and_nothing_comes_twice(
    items: Sequence[int], pieces: Sequence[Sequence[int]]
) -> None:
    assert list(batched(items, 2)) == pieces
