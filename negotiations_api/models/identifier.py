"""Identifiers: 63-bit integers that sort by time, written as 13 characters of base 32.

Known as TSID: milliseconds since 2020, then 22 bits that start at random in each millisecond and go
up by steps at random. Made by the writer rather than by a sequence of the database, so that a bulk
load knows them beforehand, and that they do not count the records: neither how many there are, nor
how many are hidden between two that are seen (docs/decisions/0004).
"""

import random
import secrets
import threading
import time

_EPOCH_MS = 1_577_836_800_000
_SUFFIX_BITS = 22
_STEP = 1024
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford (2019): no I, L, O, U
_VALUE = {
    written: value
    for value, character in enumerate(_ALPHABET)
    for written in (character, character.lower())
}
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
LENGTH = 13
PATTERN = f"^[0-7][{_ALPHABET}]{{{LENGTH - 1}}}$"

_lock = threading.Lock()
_random = random.SystemRandom()
_last = 0


def new_id() -> int:
    """An identifier that is greater than every one that this process made before."""
    return new_ids(1)


def new_ids(count: int) -> int:
    """The first of `count` identifiers in a row, of which the same is true.

    Whoever sees some of them can tell how many stand between: for what all see alike.
    """
    global _last
    stamp = int(time.time() * 1000) - _EPOCH_MS
    with _lock:
        # The lower half at random leaves room to go up within the millisecond.
        fresh = (stamp << _SUFFIX_BITS) | secrets.randbits(_SUFFIX_BITS - 1)
        # A step without a largest one: none tells for certain that there is something in between.
        first = max(fresh, _last + 1 + int(_random.expovariate(1 / _STEP)))
        _last = first + count - 1
        return first


def format_id(identifier: int) -> str:
    """The 13 characters that stand for an identifier in JSON and in addresses."""
    of = _PAIRS
    return (
        f"{_ALPHABET[identifier >> 60]}{of[identifier >> 50 & 1023]}{of[identifier >> 40 & 1023]}"
        f"{of[identifier >> 30 & 1023]}{of[identifier >> 20 & 1023]}"
        f"{of[identifier >> 10 & 1023]}{of[identifier & 1023]}"
    )


def parse_id(text: str) -> int | None:
    """The identifier that `text` stands for, in either case; None if it stands for none."""
    if len(text) != LENGTH:
        return None
    identifier = 0
    for character in text:
        value = _VALUE.get(character)
        if value is None:
            return None
        identifier = identifier * 32 + value
    return identifier if identifier < 2**63 else None
