"""Columns that are too many for a width, in blocks."""

from hypothesis import given
from hypothesis import strategies as st

from negotiations_api.render.grid import in_blocks

COLUMNS = st.lists(st.integers(1, 30), max_size=30)
ROOMS = st.integers(1, 80)


@given(COLUMNS, ROOMS)
def test_every_column_is_in_one_block_and_in_order(widths: list[int], room: int) -> None:
    columns = [column for block in in_blocks(widths, room) for column in block]
    assert columns == list(range(len(widths)))


@given(COLUMNS, ROOMS)
def test_a_block_fits_unless_it_is_one_column(widths: list[int], room: int) -> None:
    for block in in_blocks(widths, room):
        assert len(block) == 1 or sum(widths[column] for column in block) <= room


@given(COLUMNS, ROOMS)
def test_no_block_has_room_for_the_next_column(widths: list[int], room: int) -> None:
    for block in in_blocks(widths, room)[:-1]:
        assert sum(widths[column] for column in [*block, block.stop]) > room
