"""Where one party stands everywhere, as a page and as a table."""

from negotiations_api.compare.standing import HeldPosition, Standing, StandingInNegotiation
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.position import conditions_words
from negotiations_api.render.words import heading


def standing_page(standing: Standing) -> Page:
    """A table for each negotiation that the party takes part in."""
    sections = tuple(_section(negotiation) for negotiation in standing.negotiations)
    nothing = (Section(None, ("It takes part in no negotiation on record.",)),)
    party = standing.party
    return Page(f"{party.name} ({party.slug}) on {standing.on}", sections or nothing)


def _section(negotiation: StandingInNegotiation) -> Section:
    """The table of a negotiation; a column for the end only where a position has one."""
    ends = any(held.position.until for held in negotiation.positions)
    until = ("until",) if ends else ()
    return Section(
        f"{negotiation.title} ({negotiation.negotiation}), {negotiation.role}",
        () if negotiation.positions else ("No position is recorded.",),
        table=Table(
            ("issue", "demand", "stance", "since", *until, "conditions"),
            tuple(_row(held, ends=ends) for held in negotiation.positions),
            keys=2,
        ),
    )


def _row(held: HeldPosition, *, ends: bool) -> tuple[str, ...]:
    position = held.position
    until = (position.until or "",) if ends else ()
    return (
        held.demand.issue.title,
        heading(held.demand),
        position.stance,
        position.date,
        *until,
        conditions_words(position),
    )


def standing_table(standing: Standing) -> Table:
    """A row for each position."""
    return Table(
        (
            *("negotiation", "role", "issue", "demand", "title", "stance", "since", "until"),
            *("conditions", "value", "reservation_value", "salience"),
        ),
        tuple(
            (
                negotiation.negotiation,
                negotiation.role,
                held.demand.issue.slug,
                held.demand.slug,
                held.demand.title,
                held.position.stance,
                held.position.date,
                held.position.until,
                conditions_words(held.position) or None,
                held.position.value,
                held.position.reservation_value,
                held.position.salience,
            )
            for negotiation in standing.negotiations
            for held in negotiation.positions
        ),
    )
