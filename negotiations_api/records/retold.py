"""The history of a negotiation, told again as one sees it who does not see everything.

What is hidden is left out, of what is half seen the rest is told; the versions and the revisions
are counted as if there had been no others.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database.sight import Sight
from negotiations_api.models import (
    Action,
    Audience,
    Change,
    Negotiation,
    Owned,
    change_audience,
    change_of,
)
from negotiations_api.models.negotiation import Visibility
from negotiations_api.records.find import NOUNS
from negotiations_api.records.numbering import Numbering, hidden_changes
from negotiations_api.records.seen import (
    State,
    opens_or_limits,
    read_state,
    state_seen_by,
    write_state,
)
from negotiations_api.records.talks import Talks

_AT_ONCE = 500
_KEPT = ("version", "updated_at", "changed_by")
"""What a record tells of its last change."""

_CHANGE = cast("Table", Change.__table__)

States = tuple[State | None, State | None]
"""What a record was before a change, and after it."""


@dataclass(slots=True)
class _Told:
    """What is told of a record so far: its version and who last changed it, as far as it is seen.

    `skipped` counts the versions that are hidden.
    """

    skipped: int = 0
    last: dict[str, Any] = field(default_factory=dict)


class Retold:
    """The history of a negotiation up to a revision, as it is seen."""

    def __init__(
        self,
        source: Session,
        negotiation: Negotiation,
        sight: Sight,
        counted: Numbering,
        revision: int,
    ) -> None:
        self.source = source
        self.negotiation = negotiation
        self.sight = sight
        self.counted = counted
        self.revision = revision
        self.hidden = hidden_changes(source, negotiation.id, sight)
        own = select(Audience.slug).where(Audience.id.in_(sorted(sight.audiences)))
        self.audiences: Set[str] = frozenset(source.scalars(own))
        self.told: dict[tuple[str, int], _Told] = {}
        self.written: set[int] = set()

    def write(self, copy: Session, talks: Talks) -> None:
        """Copy the history, and learn from it what is told of the records."""
        ids = [one for one in talks.ids if one != self.negotiation.id]
        rows = self._rows(change_of.c.negotiation_id.in_(ids)) if ids else iter(())
        self._write(copy, ((row, self._states(row)) for row in rows))
        own = self._rows(change_of.c.negotiation_id == self.negotiation.id)
        self._write(copy, self._seen(own))

    def stamp_last_seen(self, copy: Session) -> None:
        """Let the records that have hidden changes tell of the last one that is seen."""
        if not self.told:
            self._learn()
        for (noun, identifier), told in self.told.items():
            model = NOUNS[noun]
            if not told.skipped or not issubclass(model, Owned):
                continue
            table = cast("Table", model.__table__)
            values = {name: told.last.get(name) for name in _KEPT if name in table.c}
            values["updated_at"] = dt.datetime.fromisoformat(told.last["updated_at"])
            copy.connection().execute(update(table).where(table.c.id == identifier).values(values))

    def _learn(self) -> None:
        """Go through the changes of the records that have hidden ones."""
        records: set[int] = set()
        for some in batched(sorted(self.hidden), _AT_ONCE):
            of_some = select(Change.record_id).where(Change.id.in_(some))
            records.update(one for one in self.source.scalars(of_some) if one is not None)
        if not records:
            return
        of_it = change_of.c.negotiation_id == self.negotiation.id
        rows = self._rows(of_it & Change.record_id.in_(sorted(records)))
        for _ in self._seen(rows):
            pass

    def _rows(self, which: ColumnElement[bool]) -> Iterator[Row[Any]]:
        statement = (
            select(*_CHANGE.c, change_of.c.negotiation_id, change_of.c.revision)
            .join(change_of, change_of.c.change_id == Change.id)
            .where(which, change_of.c.revision <= self.revision)
            .order_by(change_of.c.negotiation_id, change_of.c.revision, Change.id)
            .execution_options(yield_per=_AT_ONCE)
        )
        rows: Iterator[Row[Any]] = iter(self.source.connection().execute(statement))
        yield from rows

    @staticmethod
    def _states(row: Row[Any]) -> States:
        return read_state(row.noun, row.before), read_state(row.noun, row.after)

    def _seen(self, rows: Iterable[Row[Any]]) -> Iterator[tuple[Row[Any], States]]:
        """The changes that are seen, with what is seen of the states before and after."""
        for row in rows:
            before, after = self._states(row)
            told = self.told.setdefault((row.noun, row.record_id), _Told())
            if row.id in self.hidden:
                if before is not None and after is not None:
                    told.last = told.last or _kept(before)
                    told.skipped += after["version"] - before["version"]
                continue
            before, after = (
                self._dated(told, state_seen_by(row.noun, state, self.audiences))
                for state in (before, after)
            )
            if before is not None and told.last:
                before |= {name: told.last[name] for name in told.last if name in before}
            if after is not None and "version" in after:
                told.last = _kept(after)
            if before is not None or after is not None:
                yield row, (before, after)

    def _dated(self, told: _Told, state: State | None) -> State | None:
        if state is None:
            return None
        dated = dict(state)
        if "version" in dated:
            dated["version"] -= told.skipped
        if "created_revision" in dated:
            dated["created_revision"] = self.counted.seen(dated["created_revision"])
        return dated

    def _write(
        self,
        copy: Session,
        changes: Iterable[tuple[Row[Any], States]],
    ) -> None:
        for chunk in batched(list(changes), _AT_ONCE):
            unsigned = self._unsigned([row.id for row, _ in chunk if row.negotiation is None])
            written = []
            for row, (before, after) in chunk:
                values = {column.name: getattr(row, column.name) for column in _CHANGE.c}
                values |= {"before": write_state(before), "after": write_state(after)}
                values["action"] = _action(row, before, after)
                if row.id in unsigned:
                    values |= {"who": None, "request_id": None, "reason": None}
                elif opens_or_limits(row.noun, *self._states(row), self.audiences):
                    # Nor why: that is of what is hidden. By whom it would be told of a deletion.
                    values["reason"] = None
                written.append(values)
            links = [
                {
                    "negotiation_id": row.negotiation_id,
                    "change_id": row.id,
                    "revision": self._number(row),
                }
                for row, _ in chunk
            ]
            # One of what all share may be in the histories of several.
            new = [values for values in written if values["id"] not in self.written]
            self.written.update(values["id"] for values in new)
            if new:
                copy.connection().execute(insert(_CHANGE), new)
            copy.connection().execute(insert(change_of), links)

    def _number(self, row: Row[Any]) -> int:
        is_own = row.negotiation_id == self.negotiation.id
        return self.counted.seen(row.revision) if is_own else int(row.revision)

    def _unsigned(self, shared: list[int]) -> set[int]:
        """Which changes of what all share are shown by a negotiation that one does not see.

        Those that only an audience is shown there count as shown by none: nothing is to tell of it.
        """
        if not shared:
            return set()
        there = select(Negotiation.id)
        if self.sight.negotiations is not None:
            covered = Negotiation.id.in_(sorted(self.sight.negotiations))
            there = there.where(or_(Negotiation.visibility == Visibility.PUBLIC, covered))
        others = select(change_of.c.change_id).where(
            change_of.c.change_id.in_(shared),
            change_of.c.negotiation_id.not_in(there),
            ~exists().where(
                change_audience.c.negotiation_id == change_of.c.negotiation_id,
                change_audience.c.change_id == change_of.c.change_id,
            ),
        )
        return set(self.source.scalars(others))


def _kept(state: Mapping[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in _KEPT if name in state}


def _action(row: Row[Any], before: State | None, after: State | None) -> Action:
    """What was done, as it is seen: what was limited before comes, and what is limited goes."""
    if before is None and row.before is not None:
        return Action.CREATED
    if after is None:
        return Action.DELETED
    action: Action = row.action
    return action
