"""The short form of `python -m tests.soak`, on both engines."""

import random

import pytest

from tests.soak import crashes, idempotency, updates
from tests.soak.databases import ENGINES, opened

KILLS = {"sqlite": 2, "postgresql": 4}
"""So many that each of what can be killed is."""

pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.mark.parametrize("is_mixed", [False, True])
def test_no_update_that_was_acknowledged_is_lost(engine: str, is_mixed: bool) -> None:
    with opened(engine, random.Random()) as (database, logs):
        told = updates.run(database.url, logs, requests=60, clients=4, is_mixed=is_mixed)
    assert told.problems == ()
    assert (told.acknowledged, told.lost) == (60, 0)
    assert told.statuses["412 stale"] > 0  # or they did not meet, and nothing was tried


def test_a_request_that_is_sent_many_times_at_once_is_done_once(engine: str) -> None:
    with opened(engine, random.Random()) as (database, logs):
        told = idempotency.run(database.url, logs, times=40)
    assert told.problems == ()
    assert told.rows == 1


def test_what_was_acknowledged_outlives_kill_9(engine: str) -> None:
    chance = random.Random(2)
    with opened(engine, chance) as (database, logs):
        told = crashes.run(database, logs, kills=KILLS[engine], chance=chance)
    assert told.problems == ()
    assert sum(told.kills.values()) == KILLS[engine]
    assert told.acknowledged > 0
    assert told.doubtful > 0  # or nothing was under way
