"""What happened, in order: meetings, positions, accounts, commitments, events."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from negotiations_api.compare.account import Account
from negotiations_api.compare.change import Change, change
from negotiations_api.compare.commitment import Commitment, CommitmentStatus
from negotiations_api.compare.date import FOREVER, day_after, first_day
from negotiations_api.compare.event import Event
from negotiations_api.compare.meeting import Meeting
from negotiations_api.compare.period import Period
from negotiations_api.compare.position import Demand, Position


class EntryKind(StrEnum):
    """What an entry of a timeline tells of."""

    MEETING = "meeting"
    POSITION = "position"
    ACCOUNT = "account"
    COMMITMENT = "commitment"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened on `date` (to `until`), as the record `key` (slug or id) has it.

    `title` says it in one line, `text` at length; `says` is the stance of a position, the outcome
    of a meeting or an account, the status of a commitment, the kind of an event; `change` is how
    a position moved from the party's one before, unless that had lapsed. `parties`, `issues`,
    `demands` are slugs.
    """

    kind: EntryKind
    key: str
    date: str
    until: str | None
    title: str
    text: str | None
    says: str | None
    change: Change | None
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    demands: tuple[str, ...]
    meeting: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The entries of a period in order: by first day, coarser dates first, then by kind."""

    period: Period
    entries: tuple[Entry, ...]


def timeline(
    period: Period,
    demands: Iterable[Demand],
    positions: Iterable[Position],
    meetings: Iterable[Meeting],
    accounts: Iterable[Account],
    commitments: Iterable[Commitment],
    events: Iterable[Event],
    *,
    party: str | None = None,
    issue: str | None = None,
    kind: EntryKind | None = None,
) -> Timeline:
    """What happened in `period`: of `party` and on `issue` (slugs), and of one `kind`, if given.

    `positions` are whole histories, so that each entry can say how the party moved since the one
    before, whenever that was; after a day or more without any, a position is new. `demands` and
    `meetings` hold all that the others name: KeyError otherwise.

    What lasts, or has an imprecise date, is in the period if any day of it is. A position happens
    when it is taken: its `until` is shown, but is no part of that.
    """
    asked = {demand.slug: demand for demand in demands}
    held = {meeting.slug: meeting for meeting in meetings}
    entries = [
        *_of_meetings(held.values(), asked),
        *_of_positions(positions, asked),
        *_of_accounts(accounts, held, asked),
        *_of_commitments(commitments, asked),
        *_of_events(events),
    ]
    kept = (
        entry
        for entry in entries
        if (party is None or party in entry.parties)
        and (issue is None or issue in entry.issues)
        and (kind is None or kind is entry.kind)
        and period.overlaps(entry.date, None if entry.kind is EntryKind.POSITION else entry.until)
    )
    return Timeline(period, tuple(sorted(kept, key=_order)))


_RANK = {kind: rank for rank, kind in enumerate(EntryKind)}


def _order(entry: Entry) -> tuple[str, str, int, str, str]:
    return first_day(entry.date), entry.date, _RANK[entry.kind], entry.key, entry.says or ""


def _of_meetings(meetings: Iterable[Meeting], asked: Mapping[str, Demand]) -> Iterator[Entry]:
    for meeting in meetings:
        yield Entry(
            kind=EntryKind.MEETING,
            key=meeting.slug,
            date=meeting.starts_on,
            until=meeting.ends_on,
            title=meeting.title,
            text=meeting.summary,
            says=meeting.outcome,
            change=None,
            parties=_slugs(meeting.parties),
            issues=_issues(meeting, asked),
            demands=_slugs(meeting.agenda),
            meeting=None,
        )


def _of_positions(positions: Iterable[Position], asked: Mapping[str, Demand]) -> Iterator[Entry]:
    # One that is superseded on the day on which it begins comes before what supersedes it.
    in_turn = sorted(positions, key=lambda p: (p.party, p.demand, first_day(p.date), p.ends_on))
    for (party, slug), positions_held in groupby(in_turn, key=lambda p: (p.party, p.demand)):
        demand = asked[slug]
        before = None
        for position in positions_held:
            if before and not _is_followed(before, position):
                before = None
            yield Entry(
                kind=EntryKind.POSITION,
                key=position.id,
                date=position.date,
                until=position.until,
                title=f"{position.stance}: {demand.title}",
                text=position.summary,
                says=position.stance,
                change=change(before, position),
                parties=(party,),
                issues=(demand.issue.slug,),
                demands=(slug,),
                meeting=position.meeting,
            )
            before = position


def _is_followed(before: Position, position: Position) -> bool:
    """Whether `position` begins where the one before it ends, or sooner."""
    return before.ends_on == FOREVER or day_after(before.ends_on) >= first_day(position.date)


def _of_accounts(
    accounts: Iterable[Account], held: Mapping[str, Meeting], asked: Mapping[str, Demand]
) -> Iterator[Entry]:
    for account in accounts:
        meeting = held[account.meeting]
        yield Entry(
            kind=EntryKind.ACCOUNT,
            key=account.slug,
            date=account.date,
            until=None,
            title=f"Account of {meeting.title} by {account.speaker or account.party.name}",
            text=account.summary,
            says=account.outcome,
            change=None,
            parties=(account.party.slug,),
            issues=_issues(meeting, asked),
            demands=_slugs(meeting.agenda),
            meeting=meeting.slug,
        )


def _of_commitments(
    commitments: Iterable[Commitment], asked: Mapping[str, Demand]
) -> Iterator[Entry]:
    for commitment in commitments:
        demand = asked[commitment.demand]
        for date, status in _steps(commitment):
            yield Entry(
                kind=EntryKind.COMMITMENT,
                key=commitment.slug,
                date=date,
                until=None,
                title=f"{status.replace('_', ' ')}: {demand.title}",
                text=commitment.text,
                says=status,
                change=None,
                parties=(commitment.party,),
                issues=(demand.issue.slug,),
                demands=(commitment.demand,),
                meeting=commitment.meeting,
            )


def _steps(commitment: Commitment) -> list[tuple[str, CommitmentStatus]]:
    """What is known of a commitment by date: what was pledged first became of it later, or not."""
    status, since = commitment.status, commitment.status_since
    if status is CommitmentStatus.PLEDGED or since is None or since == commitment.date:
        return [(commitment.date, status)]
    return [(commitment.date, CommitmentStatus.PLEDGED), (since, status)]


def _of_events(events: Iterable[Event]) -> Iterator[Entry]:
    for event in events:
        yield Entry(
            kind=EntryKind.EVENT,
            key=event.slug,
            date=event.date,
            until=event.until,
            title=event.title,
            text=event.text,
            says=event.kind,
            change=None,
            parties=_slugs(event.parties),
            issues=_slugs(event.issues),
            demands=(),
            meeting=None,
        )


def _issues(meeting: Meeting, asked: Mapping[str, Demand]) -> tuple[str, ...]:
    """The issues on the agenda."""
    return _slugs(asked[demand].issue.slug for demand in meeting.agenda)


def _slugs(slugs: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(slugs)))
