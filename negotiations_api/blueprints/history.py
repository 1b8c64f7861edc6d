"""The history of a negotiation, and the feed of its changes."""

from typing import Any

from flask import Blueprint, request

from negotiations_api.http.feed_points import (
    NOTHING,
    MarkedPoint,
    PointField,
    fault_of,
    is_behind,
    points_after,
    read_point,
)
from negotiations_api.http.history import (
    HISTORY,
    SCHEMA,
    HistoryPages,
    OfNegotiationQuery,
    history_operation,
    which_of,
)
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.pages import DEFAULT_LIMIT, LARGEST_LIMIT, next_address
from negotiations_api.http.parameters import Whole
from negotiations_api.http.preconditions import revision_etag
from negotiations_api.http.problem import Problem, bad_query
from negotiations_api.http.representations import EVENTS, JSON, json_bytes
from negotiations_api.http.waiting import LAST_EVENT, LONGEST_WAIT_S, Followed, tell
from negotiations_api.models import Negotiation
from negotiations_api.records.feed_page import read_page
from negotiations_api.records.history import Entry, Which, signed_for
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.change import FeedSchema

blueprint = Blueprint("history", __name__)


class FeedQuery(StrictSchema):
    """The parameters of a feed."""

    after = PointField(
        load_default=NOTHING,
        metadata={
            "description": "What comes after that revision; from the first on if it is left out."
        },
    )
    limit = Whole(
        1,
        LARGEST_LIMIT,
        load_default=DEFAULT_LIMIT,
        metadata={"description": "At most so many changes, in whole revisions."},
    )
    wait = Whole(
        0,
        LONGEST_WAIT_S,
        load_default=0,
        metadata={"description": "If there is nothing new, wait for it: up to so many seconds."},
    )


@blueprint.get("/v1/negotiations/<negotiation>/history")
@operation(
    history_operation("history", "The history of a negotiation, newest first", OfNegotiationQuery)
)
def show_history(call: Call, negotiation: str) -> Answer:
    """Every change of what it owns, and of the parties, issues and sources that it shows.

    Also of a negotiation that has been deleted.
    """
    talks = call.look_back(negotiation)
    which = which_of(call, talks=talks, noun=call.query.get("noun"))
    return HistoryPages(call, which, f"History of {talks.slug}").show(Negotiation)


def _events(feed: dict[str, Any]) -> bytes:
    """Changes as server-sent events, each with the point to go on from as its id."""
    lines = [f": {feed['negotiation']} at revision {feed['revision']}\n\n".encode()]
    items, points = feed["items"], feed["points"]
    for item, point in zip(items, points, strict=True):
        lines.append(f"id: {point}\nevent: change\ndata: ".encode() + json_bytes(item) + b"\n")
    return b"".join(lines)


def _json(feed: dict[str, Any]) -> bytes:
    return json_bytes({name: value for name, value in feed.items() if name != "points"})


@blueprint.get("/v1/negotiations/<negotiation>/changes")
@operation(
    Operation(
        name="changes",
        summary="What has changed since a revision, oldest first, to be followed",
        tag=HISTORY,
        schema=FeedSchema,
        renderers={JSON: _json, EVENTS: _events},
        query=FeedQuery,
        problems=("not-found",),
    )
)
def show_changes(call: Call, negotiation: str) -> Answer:
    """The changes after a revision, in whole revisions; next has the address to go on at.

    Nothing is missed and nothing comes twice, whoever writes meanwhile. A revision with more
    changes than limit stands alone, in several pages: next then has a place within it. As
    text/event-stream the changes are sent as they are made, each with an id that Last-Event-ID
    takes; the stream ends after some minutes, to be taken up again.
    """
    talks = call.look_back(negotiation)
    start, limit = call.query["after"], call.query["limit"]
    is_resumed = False
    if request.headers.get(LAST_EVENT):
        seen = _last_event()  # also where it is not for events: what is wrong is told
        if is_resumed := call.media == EVENTS:
            start = seen
    fault = fault_of(start, call, talks)
    if fault is None:
        found, limit = read_page(call.session, Which(talks), limit, start.point)
    elif is_behind(call, talks):
        found = []  # it is told when this replica knows of it
    elif is_resumed:
        raise Problem("bad-header", f"{LAST_EVENT}: {fault}")
    else:
        raise bad_query({"after": fault})
    taken = _whole_revisions(found, limit)
    is_all = len(taken) == len(found)
    points = points_after(taken, found, call.mark)
    last = str(points[-1] if points else start)
    tell(
        Followed(
            talks.negotiation.id,
            call.real_revision if talks.is_there else None,
            last,
            is_all,
            0 if taken else call.query["wait"],
            bool(taken),
        )
    )
    following = next_address(last)

    def body() -> dict[str, Any]:
        return {
            "negotiation": talks.slug,
            "revision": talks.revision,
            "items": SCHEMA.dump(taken, many=True),
            "next": following,
            "points": [str(point) for point in points],
        }

    tag = revision_etag(
        talks.negotiation,
        call.media,
        question=f"{request.full_path} {start}",
        version=signed_for(call.whole),
    )
    return Answer(body, etag=tag, headers={"Link": f'<{following}>; rel="next"'})


def _last_event() -> MarkedPoint:
    point = read_point(request.headers[LAST_EVENT])
    if point is None:
        raise Problem("bad-header", f"{LAST_EVENT}: Send it as it came: 12, or 12.0SAV1NDADV516.")
    return point


def _whole_revisions(found: list[Entry], limit: int) -> list[Entry]:
    """What of `found`, of which there is one more if there are more, makes up a page."""
    if len(found) <= limit:
        return found
    whole = [entry for entry in found if entry.revision != found[-1].revision]
    return whole or found[:limit]
