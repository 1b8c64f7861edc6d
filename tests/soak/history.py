"""What the history has to tell after a crash: the same as the tables, change by change."""

import json
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from negotiations_api.models import Action, Change, Negotiation, Position, change_of


def check_history(session: Session, first: Mapping[str, int]) -> list[str]:
    """Where the history and the tables say different things, after the revisions in `first`.

    Each revision has its changes, each change has a revision, and the last change of each position
    tells of it what the table does: nothing, where it was deleted.
    """
    problems = []
    for slug, identifier, revision in session.execute(
        select(Negotiation.slug, Negotiation.id, Negotiation.revision)
    ):
        of_it = select(change_of.c.revision).where(change_of.c.negotiation_id == identifier)
        made, told = range(first[slug] + 1, revision + 1), set(session.scalars(of_it))
        problems += [
            f"{slug}: no change tells of revision {one}" for one in made if one not in told
        ]
        problems += [f"{slug}: a change tells of revision {one}" for one in told if one > revision]
    shown = select(change_of.c.change_id).where(change_of.c.change_id == Change.id)
    if unseen := session.scalar(
        select(func.count()).where(Change.noun == Position.noun, ~shown.exists())
    ):
        problems.append(f"{unseen} changes of positions are of no revision")
    there = dict(iter(session.execute(select(Position.id, Position.summary))))
    latest = _latest(session)
    problems += [
        f"position {one} is of {there.get(one)}, by the history of {latest.get(one)}"
        for one in there.keys() | latest.keys()
        if there.get(one) != latest.get(one)
    ]
    return problems


def _latest(session: Session) -> dict[int, str | None]:
    """The summary of each position as its last change left it."""
    latest: dict[int, str | None] = {}
    for identifier, action, after in session.execute(
        select(Change.record_id, Change.action, Change.after)
        .join(change_of, change_of.c.change_id == Change.id)
        .where(Change.noun == Position.noun)
        .order_by(change_of.c.revision, Change.id)
    ):
        assert identifier is not None
        if action is Action.DELETED:
            latest.pop(identifier, None)
        else:
            assert after is not None
            latest[identifier] = json.loads(after)["summary"]
    return latest
