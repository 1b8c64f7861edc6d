"""A page of a feed: as many changes as are asked for, and no more than can be held at once."""

import orjson
from sqlalchemy.orm import Session

from negotiations_api.records.history import Entry, HistoryPoint, Which, point_of, read_oldest

LARGEST_PAGE = 4 * 1024 * 1024
"""So many bytes of states, as JSON, a page has at most; or one change, if that has more."""

_AT_ONCE = 101
"""So many changes are read before it is looked how large they are: a usual page at once."""


def read_page(
    session: Session, which: Which, limit: int, after: HistoryPoint
) -> tuple[list[Entry], int]:
    """Changes of a negotiation, the oldest first, that follow a point; and how many make a page.

    That is `limit`, or fewer if they are large; there is one more of them if there are more.
    """
    found: list[Entry] = []
    size = 0
    while len(found) <= limit:
        asked = min(_AT_ONCE, limit + 1 - len(found))
        read = read_oldest(session, which, asked, point_of(found[-1]) if found else after)
        for entry in read:
            size += len(orjson.dumps((entry.before, entry.after)))
            if size > LARGEST_PAGE and found:
                return [*found, entry], len(found)
            found.append(entry)
        if len(read) < asked:
            break
    return found, limit
