"""What happened: the record of a negotiation, as far as a test cares for it."""

from typing import Any, TypedDict, cast

from hypothesis import strategies as st

from negotiations_api.compare.account import Account
from negotiations_api.compare.commitment import Commitment, CommitmentStatus, Delivers
from negotiations_api.compare.date import first_day
from negotiations_api.compare.event import Event, EventKind
from negotiations_api.compare.meeting import Level, Meeting, Outcome
from negotiations_api.compare.period import ALWAYS, parse_period
from negotiations_api.compare.position import Demand, Party, Position, Stance
from negotiations_api.compare.timeline import Timeline, timeline
from tests.compare.factories import NUCLEAR, SANCTIONS, demand, position

RELIEF = demand("relief", SANCTIONS, title="Relief from the sanctions")
FREEZE = demand("freeze", NUCLEAR, title="Suspension of tests")
DEMANDS = [RELIEF, FREEZE]


class Record(TypedDict, total=False):
    """What is not there is empty."""

    demands: list[Demand]
    positions: list[Position]
    meetings: list[Meeting]
    accounts: list[Account]
    commitments: list[Commitment]
    events: list[Event]


def shown(record: Record, period: str = ALWAYS.text, **only: Any) -> Timeline:
    """The timeline of a record."""
    everything: Record = {
        "demands": DEMANDS,
        "positions": [],
        "meetings": [],
        "accounts": [],
        "commitments": [],
        "events": [],
    }
    return timeline(parse_period(period), **everything | record, **only)


def taken(date: str, party: str = "prk", stance: Stance = Stance.DEMAND, **said: Any) -> Position:
    """A position of North Korea on relief, unless it says otherwise, named by who and when."""
    facts = {"id": f"{party}-{date}", "demand": "relief"}
    return position(stance, date=date, party=party, **facts | said)


def meeting(slug: str = "hanoi", date: str = "2019-02-27", **said: Any) -> Meeting:
    """A summit without agreement."""
    return Meeting(slug, f"{slug} summit", date, Level.SUMMIT, Outcome.NO_AGREEMENT, **said)


def account(slug: str = "hanoi-prk", date: str = "2019-03-01", **said: Any) -> Account:
    """North Korea's account of Hanoi."""
    return Account(slug, "hanoi", Party("prk", "North Korea"), date, **said)


def commitment(status: CommitmentStatus, date: str = "2018-04-21", **said: Any) -> Commitment:
    """North Korea's suspension of tests, unless it says otherwise."""
    facts = {"slug": "prk-freeze", "demand": "freeze"} | said
    return Commitment(party="prk", delivers=Delivers.WHOLLY, status=status, date=date, **facts)


def event(slug: str = "visit", date: str = "2019-06-20", **said: Any) -> Event:
    """A visit."""
    return Event(slug, f"The {slug}", EventKind.VISIT, date, **said)


DATES = st.sampled_from(["2018", "2018-06", "2018-06-12", "2019", "2019-02", "2019-02-28"])
PARTIES = st.sampled_from(["usa", "prk", "chn"])
ASKED = st.sampled_from([each.slug for each in DEMANDS])
SOME_PARTIES = st.sets(PARTIES).map(tuple)
_NOUNS = st.fixed_dictionaries(
    {
        "positions": st.lists(
            st.builds(taken, DATES, PARTIES, st.sampled_from(Stance), demand=ASKED),
            unique_by=lambda each: (each.party, each.demand, first_day(each.date)),
            max_size=5,
        ),
        "meetings": st.builds(
            lambda date, ends_on, parties, agenda: [
                meeting("hanoi", date, ends_on=ends_on, parties=parties, agenda=tuple(agenda))
            ],
            DATES,
            st.none() | DATES,
            SOME_PARTIES,
            st.sets(ASKED),
        ),
        "accounts": st.lists(
            st.builds(account, st.sampled_from(["a", "b", "c"]), DATES),
            unique_by=lambda each: each.slug,
        ),
        "commitments": st.lists(
            st.builds(
                commitment,
                st.sampled_from(CommitmentStatus),
                DATES,
                slug=st.sampled_from(["a", "b", "c"]),
                demand=ASKED,
                status_since=st.none() | DATES,
            ),
            unique_by=lambda each: each.slug,
        ),
        "events": st.lists(
            st.builds(event, st.sampled_from(["a", "b", "c"]), DATES, parties=SOME_PARTIES),
            unique_by=lambda each: each.slug,
        ),
    }
)
RECORDS = _NOUNS.map(lambda nouns: cast(Record, nouns))
"""Small records of anything, in which much happens at the same time."""
