"""Sequences in pieces of a bounded length."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`items` in their order, `size` of them at a time; in the last piece what is left."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
