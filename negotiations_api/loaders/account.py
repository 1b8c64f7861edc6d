"""Accounts."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare import account as core
from negotiations_api.compare.position import Party as NamedParty
from negotiations_api.loaders.citation import load_citations
from negotiations_api.models import Account, Meeting, Negotiation, Party
from negotiations_api.models.account import Claim


def load_accounts(
    session: Session, negotiation: Negotiation, meeting: str | None = None
) -> list[core.Account]:
    """The accounts of a negotiation, or of the meeting with a slug, by date and slug."""
    wanted = Account.negotiation_id == negotiation.id
    if meeting is not None:
        wanted &= Account.meeting.has(Meeting.slug == meeting)
    claims: defaultdict[int, list[core.Claim]] = defaultdict(list)
    for account_id, topic, affirmed, text in session.execute(
        select(Claim.account_id, Claim.topic, Claim.affirmed, Claim.text)
        .join(Account, Account.id == Claim.account_id)
        .where(wanted)
        .order_by(Claim.account_id, Claim.ordinal)
    ):
        claims[account_id].append(core.Claim(topic, affirmed, text))
    citations = load_citations(session, Account, wanted)
    rows = session.execute(
        select(
            Account.id,
            Account.slug,
            Meeting.slug.label("meeting"),
            Party.slug.label("party"),
            Party.name.label("party_name"),
            Account.date,
            Account.speaker,
            Account.outcome,
            Account.summary,
        )
        .join(Meeting, Meeting.id == Account.meeting_id)
        .join(Party, Party.id == Account.party_id)
        .where(wanted)
        .order_by(Account.date, Account.slug)
    )
    return [
        core.Account(
            slug=row.slug,
            meeting=row.meeting,
            party=NamedParty(row.party, row.party_name),
            date=row.date,
            speaker=row.speaker,
            outcome=row.outcome,
            summary=row.summary,
            claims=tuple(claims[row.id]),
            citations=citations[row.id],
        )
        for row in rows
    ]
