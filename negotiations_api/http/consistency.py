"""Reading one's own writes, where replicas answer: how far one of them has to be for a request.

What is written is answered with a token; who reads with it is answered from a state that has what
was written (docs/decisions/0020).
"""

import re

from flask import request

from negotiations_api.database import LONGEST_WAIT_S, LSN, WAIT_S
from negotiations_api.http.problem import Problem

HEADER = "Consistency-Token"
PATTERN = f"^{LSN}$"
PREFER = "Prefer"
PREFERENCES = r"^[\t -~]*$"
LONGEST = 500

_WAIT = re.compile(r"(?:^|,)\s*wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?:$|[,;])", re.IGNORECASE)


def asked_lsn() -> str | None:
    """The token of the request: an LSN. Raises Problem (400) for what is none."""
    token = request.headers.get(HEADER)
    if token is not None and not re.fullmatch(LSN, token):
        raise Problem(
            "bad-header",
            f"{HEADER}: Send it as it came with the answer to a write, like 0/16B3748; without "
            "it, what you have written may not be seen yet.",
        )
    return token


def read_wait() -> float:
    """For how many seconds a replica is waited for: what Prefer says (RFC 7240), within bounds.

    A preference that is not known is none. Raises Problem (400) for what is no text.
    """
    preferences = request.headers.get(PREFER, "")
    if len(preferences) > LONGEST or not re.match(PREFERENCES, preferences):
        raise Problem(
            "bad-header", f"{PREFER}: Write wait=1, in at most {LONGEST} printable characters."
        )
    said = _WAIT.search(preferences)
    return WAIT_S if said is None else min(float(said[1]), LONGEST_WAIT_S)
