"""The one place where an exception becomes a problem document."""

import difflib
import logging
from collections import Counter
from collections.abc import Callable, Iterable

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from negotiations_api.compare.side import MalformedSide
from negotiations_api.database import OutcomeUnknown, brief, trace
from negotiations_api.database.rights import Forbidden
from negotiations_api.http.addresses import address
from negotiations_api.http.idempotency import HEADER
from negotiations_api.http.problem import MEDIA_TYPE, Problem
from negotiations_api.http.representations import json_bytes
from negotiations_api.records.faults import Conflict, Fault, Invalid, Missing
from negotiations_api.records.text import Malformed

log = logging.getLogger(__name__)

RETRY_AFTER_S = 1
MOST_ERRORS = 10_000
"""So many errors of a body are listed."""

_MOST_OTHERS = 5
"""So many of each kind of record that is in the way."""


def _conflict(error: Conflict) -> Problem:
    told = Counter[str]()
    others = []
    for other in error.others:  # of one kind in more than one way: a position by its conditions
        told[other.noun] += 1
        if told[other.noun] <= _MOST_OTHERS:
            others.append({"noun": other.noun, "href": address(other)})
    return Problem("conflict", str(error), others=others)


def _invalid(error: Invalid) -> Problem:
    faults = error.faults[:MOST_ERRORS]
    errors = [
        {"pointer": fault.pointer, "detail": fault.detail}
        | ({} if fault.line is None else {"line": fault.line})
        for fault in faults
    ]
    said = " ".join(_sentence(fault) for fault in faults[:5])
    more = len(error.faults) - 5
    return Problem("invalid", f"{said} And {more:,} more." if more > 0 else said, errors=errors)


def _sentence(fault: Fault) -> str:
    line = "" if fault.line is None else f"Line {fault.line}, "
    place = fault.pointer[:200] or ("the body" if line else "The body")
    return f"{line}{place}: {fault.detail}"


def _unavailable(error: Exception) -> Problem:
    log.warning("the database is not available: %s", brief(error))
    return Problem(
        "unavailable",
        "The database did not answer in time; nothing was written.",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _outcome_unknown(error: OutcomeUnknown) -> Problem:
    log.warning("the connection was lost in a commit: %s", brief(error.__cause__ or error))
    has_key = request.method == "POST" and HEADER in request.headers
    return Problem(
        "outcome-unknown",
        "The connection to the database was lost while it was committing: everything was written, "
        "or nothing. "
        + (
            f"Send it again with the same {HEADER}: what has been done is not done twice."
            if has_key
            else "Read what is there before you send it again."
        ),
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _method_not_allowed(error: MethodNotAllowed) -> Problem:
    allowed = ", ".join(sorted(error.valid_methods or ()))
    return Problem(
        "method-not-allowed",
        f"{request.method} does nothing at {request.path[:200]}; there is {allowed}.",
        headers={"Allow": allowed},
    )


def _nothing_there() -> Problem:
    path = request.path[:200]
    near = nearest(path, [rule.rule for rule in current_app.url_map.iter_rules()])
    hint = f"; did you mean {near}?" if near else ". What there is stands at /."
    return Problem("not-found", f"There is nothing at {path}{hint}")


def nearest(path: str, rules: Iterable[str]) -> str | None:
    """The address like `path` that one of the rules would take; None if none is near.

    A rule is near if it has as many steps, and each fixed step of it is near to that of the path;
    or if the path is all of it but the last step, which is then shown as a name in braces.
    """
    steps = path.strip("/").split("/")
    near: list[tuple[float, str]] = []
    for rule in rules:
        known = rule.strip("/").split("/")
        fixed = [(k, s) for k, s in zip(known, steps, strict=False) if not k.startswith("<")]
        likeness = [_likeness(k, s) for k, s in fixed]
        if len(known) == len(steps) + 1 and known[-1].startswith("<"):
            if likeness and min(likeness) == 1:
                # Nearer than all but that very address with a slash too many.
                near.append((len(steps) - 0.1, f"/{'/'.join(steps)}/{{{known[-1].strip('<>')}}}"))
        elif len(known) == len(steps) and likeness and min(likeness) > 0.6:
            pairs = zip(known, steps, strict=True)
            address = "/".join(s if k.startswith("<") else k for k, s in pairs)
            named = len(steps) - len(fixed)
            near.append((sum(likeness) + named, f"/{address}"))
    return max(near)[1] if near else None


def _likeness(known: str, step: str) -> float:
    return difflib.SequenceMatcher(None, known, step).ratio()


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _internal(error: Exception) -> Problem:
    # As ASCII, in quotation marks: what the path has in it must not begin a line of its own.
    told = (type(error).__name__, request.method, request.path[:200], trace(error))
    log.error("unexpected %s on %s %a\n%s", *told)
    return Problem("internal", "Something that should not happen has happened, and is logged.")


def _integrity(error: IntegrityError) -> Problem:
    if request.method in {"GET", "HEAD"}:
        return _internal(error)  # what is there cannot be shown to who sees a part of it
    # Checked before it is written, so this is a race with another writer; or a check is missing.
    log.warning("the database refused a write: %s", brief(error))
    return Problem(
        "conflict", "Somebody else has just written what this stands against: read it again."
    )


_TABLE: tuple[tuple[type[Exception], Callable[..., Problem]], ...] = (
    (Problem, lambda error: error),
    (Invalid, _invalid),
    (Malformed, lambda error: Problem("malformed", str(error))),
    (MalformedSide, lambda error: Problem("bad-side", f"{_capitalised(str(error)[:500])}.")),
    (Missing, lambda error: Problem("not-found", str(error.args[0]))),
    (Conflict, _conflict),
    (Forbidden, lambda error: Problem("forbidden", str(error))),
    (
        StaleDataError,
        lambda _: Problem("stale", "Somebody else has just changed it: read it again."),
    ),
    (OutcomeUnknown, _outcome_unknown),
    (IntegrityError, _integrity),
    (OperationalError, _unavailable),
    (InterfaceError, _unavailable),
    (PoolTimeout, _unavailable),
    (MethodNotAllowed, _method_not_allowed),
    (NotFound, lambda _: _nothing_there()),
    (RequestEntityTooLarge, lambda _: Problem("too-large", "Send less at a time.")),
    (HTTPException, lambda error: Problem("malformed", str(error.description))),
    (Exception, _internal),
)
"""What each exception becomes; the first that fits."""


def problem_of(error: Exception) -> Problem:
    """The problem that `error` is to the client."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return _unavailable(error)
    make = next(make for kind, make in _TABLE if isinstance(error, kind))
    return make(error)


def respond(error: Exception) -> Response:
    """The answer to a request that raised `error`."""
    problem = problem_of(error)
    response = Response(
        json_bytes(problem.document()), status=problem.status, content_type=MEDIA_TYPE
    )
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Let every exception of `app` leave it as a problem document."""
    app.register_error_handler(Exception, respond)
