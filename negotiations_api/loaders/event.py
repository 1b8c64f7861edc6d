"""Events."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from negotiations_api.compare import event as core
from negotiations_api.loaders.grouped import slugs
from negotiations_api.models import Event, Issue, Negotiation, Party
from negotiations_api.models.event import event_issue, event_party


def load_events(session: Session, negotiation: Negotiation) -> list[core.Event]:
    """All events of a negotiation, by date and slug."""
    wanted = Event.negotiation_id == negotiation.id
    parties = slugs(
        session,
        select(event_party.c.event_id, Party.slug)
        .join(Party, Party.id == event_party.c.party_id)
        .join(Event, Event.id == event_party.c.event_id)
        .where(wanted)
        .order_by(Party.slug),
    )
    issues = slugs(
        session,
        select(event_issue.c.event_id, Issue.slug)
        .join(Issue, Issue.id == event_issue.c.issue_id)
        .join(Event, Event.id == event_issue.c.event_id)
        .where(wanted)
        .order_by(Issue.slug),
    )
    rows = session.execute(
        select(Event.id, Event.slug, Event.title, Event.kind, Event.date, Event.until, Event.text)
        .where(wanted)
        .order_by(Event.date, Event.slug)
    )
    return [
        core.Event(
            slug=row.slug,
            title=row.title,
            kind=row.kind,
            date=row.date,
            until=row.until,
            text=row.text,
            parties=parties[row.id],
            issues=issues[row.id],
        )
        for row in rows
    ]
