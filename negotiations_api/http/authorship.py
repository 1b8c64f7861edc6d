"""Who sends a request, and why: what the history tells of the changes that it makes."""

import re

from flask import g, request

from negotiations_api.database import Authorship
from negotiations_api.http.problem import Problem
from negotiations_api.http.request_ids import request_id
from negotiations_api.models.change import LONGEST_REASON

HEADER = "Change-Reason"
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
PATTERN = f"^[^{_CONTROLS}]*$"

_CONTROL = re.compile(f"[{_CONTROLS}]")


def read_reason() -> str | None:
    """The reason that the request gives for its changes, as UTF-8; None without any.

    Raises Problem (400) for one that is too long, or has control characters.
    """
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    try:
        reason = sent.encode("latin-1").decode()  # WSGI has bytes as if they were Latin-1
    except UnicodeError:
        reason = sent
    if len(reason) > LONGEST_REASON:
        raise Problem(
            "bad-header", f"{HEADER}: At most {LONGEST_REASON} characters; here are more."
        )
    found = _CONTROL.search(reason)
    if found is not None:
        detail = f"{HEADER}: Leave the control character U+{ord(found[0]):04X} out."
        raise Problem("bad-header", detail)
    return reason.strip() or None


def author() -> Authorship:
    """Who changes something by this request. Raises Problem (400) for an unreadable reason."""
    return Authorship(g.get("caller_name"), request_id(), read_reason())
