"""From what a view returns to the answer that is sent: conditional, in bytes, dated."""

from collections.abc import Hashable
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, request

from negotiations_api.database import revisions, settle
from negotiations_api.http import ready
from negotiations_api.http.caches import answers
from negotiations_api.http.call import Answer, Call
from negotiations_api.http.caller import caller
from negotiations_api.http.contract import Operation
from negotiations_api.http.known import KNOWN
from negotiations_api.http.preconditions import content_etag, is_fresh, reads
from negotiations_api.http.representations import FORMATS, content_type, disposition
from negotiations_api.http.streams import Stream, send
from negotiations_api.models import Negotiation

DRY_RUN = "Dry-Run"

PERMANENT = "max-age=31536000, immutable"
"""How long an answer of a revision may be kept: it is the same for ever."""


def respond_to(contract: Operation, answer: Answer, media: str, call: Call) -> Response:
    """The answer that is sent for what a view returned."""
    response = _rendered(contract, answer, media, tuple(call.sights.items()))
    if answer.rests_on is not None and call.past is None and caller().sees_what_all_see:
        ready.note(answer.rests_on)
    response.headers.update(answer.headers)
    response.headers["Cache-Control"] = _caching(contract, answer, call)
    if contract.has_past and call.negotiation is not None:
        response.headers["Content-Location"] = _cited(contract, answer, media, call.negotiation)
    if varies := contract.varies_by:
        response.headers["Vary"] = varies
    return response


def _caching(contract: Operation, answer: Answer, call: Call) -> str:
    if not reads():
        return "no-store"
    is_for_all = contract.required is None or caller().sees_what_all_see
    if not is_for_all:
        return "private, no-cache"
    return PERMANENT if "revision" in call.known and not answer.day else "no-cache"


def _cited(contract: Operation, answer: Answer, media: str, negotiation: Negotiation) -> str:
    """The address under which the same answer is to be had for ever."""
    fixed = {"revision": str(negotiation.revision)}
    if answer.day and "on" in contract.query().fields:
        fixed["on"] = answer.day
    if media != next(iter(contract.renderers)):
        fixed["format"] = next(name for name, known in FORMATS.items() if known == media)
    given = request.args.items(multi=True)
    kept = [(name, value) for name, value in given if name not in {*fixed, *KNOWN}]
    path = answer.dated_path or request.path
    return f"{quote(path, safe='/@:.')}?{urlencode([*kept, *fixed.items()])}"


def _rendered(contract: Operation, answer: Answer, media: str, seen: Hashable) -> Response:
    if answer.etag is not None and _is_fresh(answer.etag):
        if request.if_none_match.star_tag and callable(answer.body):
            answer.body()  # whatever is there is fresh, but only if there is an answer at all
        return _empty(304, answer.etag)
    if answer.status == 204:
        return _empty(204, answer.etag)
    key = answer.key if not seen else answer.key and (seen, answer.key)
    kept = None if key is None else answers().get(key)
    if kept is not None:
        value: Any = kept
    else:
        value = answer.body() if callable(answer.body) else answer.body
    if isinstance(value, Stream):
        with_body = request.method != "HEAD"
        response = _tagged(send(value, content_type(media), with_body=with_body), answer.etag)
    else:
        content = contract.renderers[media](value) if kept is None else kept
        if kept is None and key is not None:
            answers().keep(key, content)
        etag = content_etag(content) if answer.etag is None and reads() else answer.etag
        if answer.etag is None and etag is not None and _is_fresh(etag):
            return _empty(304, etag)
        made = Response(content, answer.status, content_type=content_type(media))
        response = _tagged(made, etag)
    if answer.headers_of is not None:
        response.headers.update(answer.headers_of(value))
    if reads():
        response.headers["Content-Disposition"] = disposition(request.path, media)
    return response


def _empty(status: int, etag: str | None) -> Response:
    response = _tagged(Response(status=status), etag)
    del response.headers["Content-Type"]
    return response


def _tagged(response: Response, etag: str | None) -> Response:
    if etag is not None:
        response.set_etag(etag)
    return response


def _is_fresh(etag: str) -> bool:
    return reads() and is_fresh(etag)


def stamp_revision(response: Response, answer: Answer, call: Call, *, is_trial: bool) -> None:
    """Say at which revision of its negotiation the answer was computed, or which it made.

    What was only tried out has no address and no version, and is marked as such.
    """
    if is_trial:
        response.headers[DRY_RUN] = "true"
        for name in ("ETag", "Location"):
            response.headers.pop(name, None)
        revision = call.negotiation.revision if call.negotiation else None
    elif call.negotiation is not None:
        if not reads():
            settle(call.session)
        revision = revisions(call.session).get(call.negotiation.id, call.negotiation.revision)
        if answer.etag_at is not None:
            response.set_etag(answer.etag_at(revision))
    else:
        revision = None
    if revision is not None and call.negotiation is not None and not reads():
        revision = call.counted(call.negotiation, revision)
    if revision is not None:
        response.headers["Negotiation-Revision"] = str(revision)
