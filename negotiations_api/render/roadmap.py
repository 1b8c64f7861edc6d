"""What could be delivered, in which order, and what blocks the rest: as a page and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.position import Demand
from negotiations_api.compare.roadmap import BlockedDemand, PlannedDemand, Roadmap
from negotiations_api.render.blocked import blocked_sections
from negotiations_api.render.deadlock import deadlock_section
from negotiations_api.render.opening import (
    assumption_words,
    concession_sentence,
    concessions_title,
)
from negotiations_api.render.page import Cell, Page, Section, Table
from negotiations_api.render.words import count, heading, listed

_CONCESSIONS = 10
"""How many of the concessions that open most are listed at most."""


def roadmap_page(roadmap: Roadmap) -> Page:
    """What is assumed and delivered, the steps, the deadlocks, concessions, and what is blocked."""
    conceded = roadmap.concessions[:_CONCESSIONS]
    sections = [
        Section(None, (_counted(roadmap),)),
        _list("Assumed", (f"{assumption_words(each)}." for each in roadmap.assumed)),
        _list("Delivered", (heading(demand) for demand in roadmap.delivered)),
        *(
            _list(f"Step {step.number}", (_planned(each) for each in step.demands))
            for step in roadmap.steps
        ),
        *(deadlock_section(deadlock) for deadlock in roadmap.deadlocks),
        _list(
            concessions_title(len(conceded), len(roadmap.concessions)),
            (concession_sentence(each) for each in conceded),
        ),
        *blocked_sections(roadmap.blocked),
    ]
    said = tuple(each for each in sections if each.paragraphs or each.items or each.title is None)
    return Page(f"What could be done on {roadmap.on}", said)


def _list(title: str, items: Iterator[str]) -> Section:
    return Section(title, items=tuple(items))


def _counted(roadmap: Roadmap) -> str:
    planned = sum(len(step.demands) for step in roadmap.steps)
    parts = (
        f"{len(roadmap.delivered)} delivered",
        f"{planned} deliverable in {count(len(roadmap.steps), 'step')}",
        f"{len(roadmap.blocked)} blocked",
        count(len(roadmap.deadlocks), "deadlock"),
    )
    demands = len(roadmap.delivered) + planned + len(roadmap.blocked)
    return f"{count(demands, 'demand')}: {', '.join(parts)}."


def _planned(planned: PlannedDemand) -> str:
    parts = [
        f"{when} {listed(slugs)}"
        for when, slugs in (("after", planned.after), ("together with", planned.together_with))
        if slugs
    ]
    return f"{heading(planned.demand)} ({', '.join(parts)})" if parts else heading(planned.demand)


def roadmap_table(roadmap: Roadmap) -> Table:
    """A row for each demand; lists have a space between their parts.

    A reason is ``obstacle:party:waits|for``, its second and third part empty where there is none.
    """
    delivered = (_row(demand, "delivered") for demand in roadmap.delivered)
    planned = (
        _row(
            each.demand,
            "step",
            step.number,
            " ".join(each.after) or None,
            " ".join(each.together_with) or None,
        )
        for step in roadmap.steps
        for each in step.demands
    )
    blocked = (_row(each.demand, "blocked", reasons=_reasons(each)) for each in roadmap.blocked)
    return Table(
        ("demand", "title", "issue", "status", "step", "after", "together_with", "reasons"),
        (*delivered, *planned, *blocked),
    )


def _row(
    demand: Demand,
    status: str,
    step: int | None = None,
    after: str | None = None,
    together_with: str | None = None,
    reasons: str | None = None,
) -> tuple[Cell, ...]:
    issue = demand.issue.slug
    return (demand.slug, demand.title, issue, status, step, after, together_with, reasons)


def _reasons(blocked: BlockedDemand) -> str | None:
    reasons = [
        f"{block.obstacle}:{block.party or ''}:{'|'.join(block.waits_for)}"
        for block in blocked.blocks
    ]
    return " ".join(reasons) or None
