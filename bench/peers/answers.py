"""The answers of the FastAPI peers, made of what their queries gave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from bench.peers.alignment import Compared, relate, totals
from bench.peers.shapes import (
    ComparedDemand,
    ComparedIssue,
    ComparedPosition,
    ComparisonOut,
    MatrixOut,
    MatrixRow,
    NamedDemand,
    NamedIssue,
    NamedParty,
    Scale,
    Side,
    Totals,
)
from bench.peers.tables import Demand, Negotiation, Party, Position

Named = tuple[int, NamedDemand, NamedIssue]
Held = dict[tuple[int, int], ComparedPosition]
"""By ids of demand and party."""


def held_of_objects(positions: Iterable[Position]) -> Held:
    """Positions that the ORM loaded."""
    return {(p.demand_id, p.party_id): ComparedPosition.model_validate(p) for p in positions}


def named_of_objects(demands: Iterable[Demand]) -> list[Named]:
    """Demands that the ORM loaded."""
    return [
        (
            demand.id,
            NamedDemand(
                slug=demand.slug,
                title=demand.title,
                part_of=demand.part_of.slug if demand.part_of else None,
                addressed_to=[party.slug for party in demand.addressed_to],
                deadline=demand.deadline,
                scale=_scale(demand),
            ),
            NamedIssue(slug=demand.issue.slug, title=demand.issue.title),
        )
        for demand in demands
    ]


def held_of_rows(rows: Mapping[str, Sequence[Any]]) -> Held:
    """Positions of plain rows."""
    awaited = defaultdict(list)
    for condition, slug in rows["awaited"]:
        awaited[condition].append(slug)
    conditions = defaultdict(list)
    for position, condition, kind, text in rows["conditions"]:
        conditions[position].append({"kind": kind, "demands": awaited[condition], "text": text})
    citations = defaultdict(list)
    for row in rows["citations"]:
        citations[row.position_id].append(row._mapping)  # noqa: SLF001
    return {
        (row.demand_id, row.party_id): ComparedPosition(
            **row._mapping,  # noqa: SLF001
            conditions=conditions[row.id],
            citations=citations[row.id],
        )
        for row in rows["positions"]
    }


def named_of_rows(rows: Mapping[str, Sequence[Any]]) -> list[Named]:
    """Demands of plain rows."""
    addressees = defaultdict(list)
    for demand, slug in rows["addressees"]:
        addressees[demand].append(slug)
    issues: dict[str, NamedIssue] = {}
    return [
        (
            row.id,
            NamedDemand(
                slug=row.slug,
                title=row.title,
                part_of=row.part_of,
                addressed_to=addressees[row.id],
                deadline=row.deadline,
                scale=_scale(row),
            ),
            issues.setdefault(row.issue, NamedIssue(slug=row.issue, title=row.issue_title)),
        )
        for row in rows["demands"]
    ]


def comparison(
    negotiation: Negotiation, left: Party, right: Party, on: str, demands: list[Named], held: Held
) -> ComparisonOut:
    """The comparison of two parties on a day."""
    issues, everything = [], []
    for issue, group in groupby(demands, key=lambda named: named[2]):
        shown: list[ComparedDemand] = []
        related: list[Compared] = []
        for identifier, demand, _ in group:
            one, other = held.get((identifier, left.id)), held.get((identifier, right.id))
            alignment, distance = relate(one, other)
            related.append((one, other, alignment, distance))
            shown.append(
                ComparedDemand(
                    demand=demand, left=one, right=other, alignment=alignment, distance=distance
                )
            )
        everything += related
        issues.append(ComparedIssue(issue=issue, demands=shown, totals=Totals(**totals(related))))
    return ComparisonOut(
        negotiation=negotiation.slug,
        revision=negotiation.revision,
        left=Side(party=NamedParty.model_validate(left), date=on, on=on),
        right=Side(party=NamedParty.model_validate(right), date=on, on=on),
        issues=issues,
        totals=Totals(**totals(everything)),
    )


def matrix(
    negotiation: Negotiation, parties: Sequence[Party], on: str, demands: list[Named], held: Held
) -> MatrixOut:
    """Who stands where on a day."""
    return MatrixOut(
        negotiation=negotiation.slug,
        revision=negotiation.revision,
        on=on,
        parties=[NamedParty.model_validate(party) for party in parties],
        rows=[
            MatrixRow(
                demand=demand,
                issue=issue,
                positions=[held.get((identifier, party.id)) for party in parties],
            )
            for identifier, demand, issue in demands
        ],
        recorded=len(held),
    )


def _scale(demand: Any) -> Scale | None:
    if demand.scale_min is None:
        return None
    return Scale(
        min=demand.scale_min,
        max=demand.scale_max,
        unit=demand.scale_unit,
        min_means=demand.scale_min_means,
        max_means=demand.scale_max_means,
    )
