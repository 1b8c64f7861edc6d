"""Where the accounts of a meeting contradict each other, as a page and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.account import Claim
from negotiations_api.compare.contradictions import (
    ClaimedOutcome,
    ComparedAccount,
    ComparedAccounts,
    ComparedTopic,
    Word,
)
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.words import count, kind, one_line

_WORDS = {
    Word.AFFIRMS: "Third parties affirm it.",
    Word.DENIES: "Third parties deny it.",
    Word.DIVIDED: "Third parties are divided.",
    Word.SILENT: "Third parties are silent.",
}


def contradictions_page(compared: ComparedAccounts) -> Page:
    """The accounts, the outcomes that they claim, and each topic with what each account says."""
    meeting = compared.meeting
    lasts = meeting.ends_on not in {None, meeting.starts_on}
    dates = f"{meeting.starts_on} to {meeting.ends_on}" if lasts else meeting.starts_on
    if not compared.accounts:
        nothing = Section(None, ("No account of the meeting is recorded.",))
        return Page(f"Accounts of {meeting.title}, {dates}", (nothing,))
    accounts = Section("Accounts", items=tuple(_account(each) for each in compared.accounts))
    return Page(
        f"Accounts of {meeting.title}, {dates}",
        (
            Section(None, (_counted(compared),)),
            accounts,
            _outcomes(compared),
            *(_topic(topic, compared) for topic in compared.topics),
        ),
    )


def contradictions_table(compared: ComparedAccounts) -> Table:
    """A row for each topic and account."""
    return Table(
        ("topic", "finding", "account", "party", "speaker", "says", "text", "third_party"),
        tuple(
            (
                topic.topic,
                topic.finding,
                each.account.slug,
                each.account.party.slug,
                each.account.speaker,
                _says(claim),
                claim.text if claim else None,
                "true" if each.is_third_party else "false",
            )
            for topic in compared.topics
            for each, claim in zip(compared.accounts, topic.claims, strict=True)
        ),
        keys=3,
    )


def _says(claim: Claim | None) -> str:
    if claim is None:
        return "left_out"
    return "affirmed" if claim.affirmed else "denied"


def _counted(compared: ComparedAccounts) -> str:
    findings = [topic.finding for topic in compared.topics]
    counts = [f"{findings.count(finding)} {kind(finding)}" for finding in dict.fromkeys(findings)]
    accounts = count(len(compared.accounts), "account")
    topics = count(len(findings), "topic")
    listed = f": {', '.join(counts)}" if counts else ""
    return f"{accounts}, {topics}{listed}."


def _account(each: ComparedAccount) -> str:
    account = each.account
    speaker = f", {account.speaker}" if account.speaker else ""
    third = ", a third party" if each.is_third_party else ""
    party = f"{account.party.name} ({account.party.slug})"
    return f"{account.slug}: {party}{speaker}, {account.date}{third}"


def _outcomes(compared: ComparedAccounts) -> Section:
    differ = "The accounts differ on the outcome." if compared.outcomes_differ else None
    recorded = f"On record: {kind(compared.meeting.outcome)}."
    return Section(
        "Outcomes",
        (recorded, differ) if differ else (recorded,),
        tuple(_outcome(claimed) for claimed in compared.outcomes),
    )


def _outcome(claimed: ClaimedOutcome) -> str:
    name = "none claimed" if claimed.outcome is None else kind(claimed.outcome)
    return f"{name}: {', '.join(claimed.accounts)}"


def _topic(topic: ComparedTopic, compared: ComparedAccounts) -> Section:
    word = () if topic.third_parties is None else (_WORDS[topic.third_parties],)
    return Section(f"{topic.topic}: {kind(topic.finding)}", word, tuple(_claims(topic, compared)))


def _claims(topic: ComparedTopic, compared: ComparedAccounts) -> Iterator[str]:
    for each, claim in zip(compared.accounts, topic.claims, strict=True):
        slug = each.account.slug
        if claim is None:
            yield f"{slug} leaves it out"
        else:
            text = one_line(claim.text)
            says = "affirms" if claim.affirmed else "denies"
            yield f"{slug} {says}{f': {text}' if text else ''}"
