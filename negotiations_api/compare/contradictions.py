"""What the accounts of a meeting say topic by topic, and where they contradict each other."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from negotiations_api.compare.account import Account, Claim
from negotiations_api.compare.date import first_day
from negotiations_api.compare.meeting import Meeting, Outcome


class Finding(StrEnum):
    """What the accounts of a meeting make of a topic together."""

    CONTRADICTED = "contradicted"
    SELF_CONTRADICTED = "self_contradicted"
    CORROBORATED = "corroborated"
    SINGLE = "single"


class Word(StrEnum):
    """What third parties say on a topic, taken together."""

    AFFIRMS = "affirms"
    DENIES = "denies"
    DIVIDED = "divided"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class ComparedTopic:
    """One topic, with each account's claim on it, in the order of the accounts; None: left out.

    `third_parties` is None where no account of the meeting is by a third party.
    """

    topic: str
    finding: Finding
    claims: tuple[Claim | None, ...]
    affirmed_by: tuple[str, ...]
    denied_by: tuple[str, ...]
    third_parties: Word | None


@dataclass(frozen=True, slots=True)
class ComparedAccount:
    """An account, and whether it is by a third party: one that is no principal of the talks."""

    account: Account
    is_third_party: bool


@dataclass(frozen=True, slots=True)
class ClaimedOutcome:
    """An outcome, and the accounts (slugs) that claim it; None: those that claim none."""

    outcome: Outcome | None
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedAccounts:
    """The accounts of one meeting side by side: the principals' first, contradictions first."""

    meeting: Meeting
    accounts: tuple[ComparedAccount, ...]
    topics: tuple[ComparedTopic, ...]
    outcomes: tuple[ClaimedOutcome, ...]
    outcomes_differ: bool


def compare_accounts(
    meeting: Meeting, accounts: Iterable[Account], principals: Collection[str]
) -> ComparedAccounts:
    """Compare the accounts of `meeting`; `principals` are the slugs of the parties to the talks.

    The accounts of the principals come first, then those of third parties; of either by party and
    date. What contradicts is between parties: one that affirms and another that denies. A party
    that does both contradicts itself, which is a finding of its own where nobody else is on
    either side. Accounts of other meetings have no part.
    """
    compared = tuple(
        ComparedAccount(account, account.party.slug not in principals)
        for account in sorted(
            (account for account in accounts if account.meeting == meeting.slug),
            key=lambda account: (
                account.party.slug not in principals,
                account.party.slug,
                first_day(account.date),
                account.slug,
            ),
        )
    )
    names = {claim.topic for each in compared for claim in each.account.claims}
    topics = [_compare_topic(topic, compared) for topic in names]
    outcomes = _claimed_outcomes([each.account for each in compared])
    return ComparedAccounts(
        meeting=meeting,
        accounts=compared,
        topics=tuple(sorted(topics, key=lambda topic: (_RANK[topic.finding], topic.topic))),
        outcomes=outcomes,
        outcomes_differ=sum(claimed.outcome not in _NO_CLAIM for claimed in outcomes) > 1,
    )


_NO_CLAIM = {None, Outcome.UNKNOWN}

_RANK = {finding: rank for rank, finding in enumerate(Finding)}


def _compare_topic(topic: str, compared: Sequence[ComparedAccount]) -> ComparedTopic:
    claims = tuple(
        next((claim for claim in each.account.claims if claim.topic == topic), None)
        for each in compared
    )
    affirmed_by, denied_by = (
        tuple(
            sorted(
                {
                    each.account.party.slug
                    for each, claim in zip(compared, claims, strict=True)
                    if claim is not None and claim.affirmed is affirmed
                }
            )
        )
        for affirmed in (True, False)
    )
    third_parties = {each.account.party.slug for each in compared if each.is_third_party}
    return ComparedTopic(
        topic=topic,
        finding=_finding(affirmed_by, denied_by),
        claims=claims,
        affirmed_by=affirmed_by,
        denied_by=denied_by,
        third_parties=(
            _word(
                affirms=not third_parties.isdisjoint(affirmed_by),
                denies=not third_parties.isdisjoint(denied_by),
            )
            if third_parties
            else None
        ),
    )


def _finding(affirmed_by: Collection[str], denied_by: Collection[str]) -> Finding:
    heard = {*affirmed_by, *denied_by}
    if affirmed_by and denied_by:
        return Finding.CONTRADICTED if len(heard) > 1 else Finding.SELF_CONTRADICTED
    return Finding.CORROBORATED if len(heard) > 1 else Finding.SINGLE


def _word(*, affirms: bool, denies: bool) -> Word:
    if affirms and denies:
        return Word.DIVIDED
    if affirms:
        return Word.AFFIRMS
    return Word.DENIES if denies else Word.SILENT


def _claimed_outcomes(accounts: Sequence[Account]) -> tuple[ClaimedOutcome, ...]:
    by_outcome = (
        ClaimedOutcome(outcome, tuple(a.slug for a in accounts if a.outcome is outcome))
        for outcome in (*Outcome, None)
    )
    return tuple(claimed for claimed in by_outcome if claimed.accounts)
