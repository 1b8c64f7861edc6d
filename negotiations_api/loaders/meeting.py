"""Meetings."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from negotiations_api.compare import meeting as core
from negotiations_api.loaders.grouped import slugs
from negotiations_api.models import Demand, Meeting, Negotiation, Party
from negotiations_api.models.meeting import Attendance, agenda_item


def load_meetings(
    session: Session, negotiation: Negotiation, slug: str | None = None
) -> list[core.Meeting]:
    """The meetings of a negotiation, or the one with a slug, by their first day and slug."""
    wanted = Meeting.negotiation_id == negotiation.id
    if slug is not None:
        wanted &= Meeting.slug == slug
    there = union(
        select(Attendance.meeting_id.label("meeting_id"), Party.slug.label("slug"))
        .join(Party, Party.id == Attendance.party_id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(wanted),
        select(Meeting.id, Party.slug).join(Party, Party.id == Meeting.host_id).where(wanted),
    ).subquery()
    parties = slugs(session, select(there.c.meeting_id, there.c.slug).order_by(there.c.slug))
    agendas = slugs(
        session,
        select(agenda_item.c.meeting_id, Demand.slug)
        .join(Demand, Demand.id == agenda_item.c.demand_id)
        .join(Meeting, Meeting.id == agenda_item.c.meeting_id)
        .where(wanted)
        .order_by(Demand.slug),
    )
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.slug,
            Meeting.title,
            Meeting.starts_on,
            Meeting.ends_on,
            Meeting.level,
            Meeting.outcome,
            Meeting.place,
            Meeting.summary,
        )
        .where(wanted)
        .order_by(Meeting.starts_on, Meeting.slug)
    )
    return [
        core.Meeting(
            slug=row.slug,
            title=row.title,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            level=row.level,
            outcome=row.outcome,
            place=row.place,
            summary=row.summary,
            parties=parties[row.id],
            agenda=agendas[row.id],
        )
        for row in rows
    ]
