"""django-ninja on Django's ORM, with orjson, under granian."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.peers.ninja_settings")
django.setup()

from collections.abc import Callable  # noqa: E402
from itertools import groupby  # noqa: E402
from typing import Any  # noqa: E402

import orjson  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import F, Prefetch  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Router  # noqa: E402
from ninja.renderers import BaseRenderer  # noqa: E402

from bench.peers import alignment, shapes  # noqa: E402
from bench.peers.django_tables.models import (  # noqa: E402
    Citation,
    Condition,
    Demand,
    Negotiation,
    Participant,
    Party,
    Position,
)
from bench.peers.ninja_schemas import Comparison, Matrix, PositionOut, Positions  # noqa: E402
from bench.peers.supersession import columns_of, day_before  # noqa: E402


class Orjson(BaseRenderer):
    """JSON by orjson, as django-ninja's documentation recommends for speed."""

    media_type = "application/json"

    def render(self, request: Any, data: Any, *, response_status: int) -> bytes:
        """Bytes."""
        return orjson.dumps(data)


CONDITIONS = Prefetch(
    "conditions",
    Condition.objects.order_by("ordinal").prefetch_related(
        Prefetch("demands", Demand.objects.order_by("slug"))
    ),
)
CITATIONS = Prefetch("citations", Citation.objects.select_related("source").order_by("ordinal"))
router = Router()


@router.get("/negotiations/{slug}/positions", response=Positions)
def list_positions(request: Any, slug: str, limit: int = 100) -> Any:
    """A list."""
    negotiation = get_object_or_404(Negotiation, slug=slug)
    return {"items": _whole().filter(negotiation=negotiation).order_by("date", "id")[:limit]}


@router.get("/negotiations/{slug}/positions/{position}", response=PositionOut)
def get_position(request: Any, slug: str, position: int) -> Any:
    """An item."""
    return get_object_or_404(_whole(), negotiation__slug=slug, id=position)


@router.get("/negotiations/{slug}/compare", response=Comparison)
def compare(request: Any, slug: str, left: str, right: str, on: str) -> Any:
    """A comparison, by the validity that is stored."""
    negotiation = get_object_or_404(Negotiation, slug=slug)
    sides = [get_object_or_404(Party, slug=party) for party in (left, right)]
    held = _held(negotiation, on, party__in=sides)
    everything, issues = [], []
    for issue, group in groupby(_demands(negotiation), key=lambda demand: demand.issue):
        related, shown = [], []
        for demand in group:
            one, other = (held.get((demand.id, side.id)) for side in sides)
            kind, distance = alignment.relate(one, other)
            related.append((one, other, kind, distance))
            shown.append(
                {"demand": demand, "left": one, "right": other, "alignment": kind}
                | {"change": None, "distance": distance}
            )
        everything += related
        issues.append({"issue": issue, "demands": shown, "totals": alignment.totals(related)})
    return {
        "negotiation": negotiation.slug,
        "revision": negotiation.revision,
        "left": {"party": sides[0], "date": on, "on": on},
        "right": {"party": sides[1], "date": on, "on": on},
        "issues": issues,
        "totals": alignment.totals(everything),
    }


@router.get("/negotiations/{slug}/matrix", response=Matrix)
def matrix(request: Any, slug: str, on: str) -> Any:
    """Who stands where."""
    negotiation = get_object_or_404(Negotiation, slug=slug)
    taking_part = Participant.objects.filter(negotiation=negotiation).select_related("party")
    parties = [one.party for one in taking_part.order_by("party__slug")]
    held = _held(negotiation, on)
    return {
        "negotiation": negotiation.slug,
        "revision": negotiation.revision,
        "on": on,
        "parties": parties,
        "rows": [
            {
                "demand": demand,
                "issue": demand.issue,
                "positions": [held.get((demand.id, party.id)) for party in parties],
            }
            for demand in _demands(negotiation)
        ],
        "recorded": len(held),
    }


@router.post("/negotiations/{slug}/positions", response={201: PositionOut})
def create_position(request: Any, slug: str, taken: shapes.PositionIn) -> Any:
    """One more position."""
    with transaction.atomic():
        party = Participant.objects.get(negotiation__slug=slug, party__slug=taken.party)
        demand = Demand.objects.get(negotiation_id=party.negotiation_id, slug=taken.demand)
        ids = party.negotiation_id, party.party_id, demand.id
        begins_on = (taken.date + "-01-01")[:10]
        history = Position.objects.filter(demand=demand, party_id=party.party_id)
        before = history.filter(begins_on__lt=begins_on).order_by("-begins_on").first()
        after = history.filter(begins_on__gt=begins_on).order_by("begins_on").first()
        columns = columns_of(taken.model_dump(), ids, after and after.begins_on)
        if before is not None and before.ends_on >= begins_on:
            before.ends_on = day_before(begins_on)
            before.version += 1
            before.updated_at = columns["updated_at"]
            before.save(update_fields=["ends_on", "version", "updated_at"])
        made = Position.objects.create(**columns)
        Negotiation.objects.filter(id=ids[0]).update(revision=F("revision") + 1)
        shown = PositionOut.from_orm(_whole().get(id=made.id))
    return 201, shown


def _whole() -> Any:
    named = Position.objects.select_related("party", "demand", "meeting")
    return named.prefetch_related(CONDITIONS, CITATIONS)


def _held(negotiation: Negotiation, on: str, **which: Any) -> dict[tuple[int, int], Position]:
    holding = Position.objects.filter(
        negotiation=negotiation, begins_on__lte=on, ends_on__gte=on, **which
    )
    found = holding.select_related("meeting").prefetch_related(CONDITIONS, CITATIONS)
    return {(one.demand_id, one.party_id): one for one in found}


def _demands(negotiation: Negotiation) -> Any:
    listed = Demand.objects.filter(negotiation=negotiation).select_related("issue", "part_of")
    addressees = Prefetch("addressed_to", Party.objects.order_by("slug"))
    return listed.order_by("issue__slug", "slug").prefetch_related(addressees)


api = NinjaAPI(renderer=Orjson(), openapi_url=None)
api.add_router("", router)
urlpatterns = [path("", api.urls)]
app: Callable[..., Any] = get_wsgi_application()
