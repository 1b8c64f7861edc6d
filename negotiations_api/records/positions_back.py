"""Positions that come back with their negotiation: thousands of them, written past the session.

Each is checked as if it came alone; but it is known that none stands in its place, since the
negotiation has none yet, and where each ends follows from those that come with it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.compare.date import first_day
from negotiations_api.compare.validity import last_days
from negotiations_api.database import authorship, note
from negotiations_api.models import Action, Negotiation, Position
from negotiations_api.models.base import now
from negotiations_api.models.identifier import parse_id
from negotiations_api.models.position import SAID
from negotiations_api.models.search_words import kept_words
from negotiations_api.records.assign import assign, load_partly
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.hints import hints_for_document
from negotiations_api.records.noting import noted, states_of, writable
from negotiations_api.records.position_parts import parts_of, write_parts_of
from negotiations_api.records.resolve import Found, look_up, references
from negotiations_api.records.seen import AUDIENCE, State
from negotiations_api.schemas.position import PositionSchema

_AT_ONCE = 1000


def bring_positions(session: Session, negotiation: Negotiation, states: Sequence[State]) -> None:
    """Write the positions of `negotiation` that had these states, and note it.

    It has no others, and its participants, demands and meetings are there. Raises Invalid.
    """
    bringing = _Bringing(session, negotiation, states)
    for some in batched(range(len(states)), _AT_ONCE):
        if len(bringing.faults) < _AT_ONCE:
            bringing.write(some)
    if bringing.faults:
        raise Invalid(bringing.faults)
    ids = [parse_id(state["id"]) or 0 for state in states]
    written = states_of(session, Position, ids)
    note(session, (noted(Action.RESTORED, Position, negotiation, None, one) for one in written))


class _Bringing:
    """The state of one return."""

    def __init__(self, session: Session, negotiation: Negotiation, states: Sequence[State]) -> None:
        self.session = session
        self.negotiation = negotiation
        self.states = states
        self.schema = PositionSchema()
        self.faults: list[Fault] = []
        self.moment = now()
        wanted = {
            (noun, slug) for state in states for _, noun, slug in references(self.schema, state)
        }
        self.found: Found = look_up(session, negotiation, wanted)
        self.ends = _ends(states, self.found)
        self.hints = None if wanted <= self.found.keys() else hints_for_document(self.found)

    def write(self, which: Sequence[int]) -> None:
        """Write those of the states, unless anything has been wrong."""
        made = [(index, self._position(index)) for index in which]
        if self.faults:
            return
        table = cast("Table", Position.__table__)
        rows = [self._row(position, index) for index, position in made]
        self.session.connection().execute(insert(table), rows)
        with_parts = ((position.id, parts_of(position)) for _, position in made)
        write_parts_of(self.session, [(id_, parts) for id_, parts in with_parts if parts])

    def _position(self, index: int) -> Position:
        """The record, which no session knows; what is wrong with it goes to the faults."""
        state = self.states[index]
        at = pointer("positions") + pointer(index)
        written = writable(self.schema, state)
        data, faults = load_partly(self.schema, written)
        found = [Fault(at + fault.pointer, fault.detail) for fault in faults]
        if self.hints is not None:
            found += [
                Fault(where, self.hints.on(noun, slug))
                for where, noun, slug in references(self.schema, written, at)
                if (noun, slug) not in self.found
            ]
        position = Position(id=parse_id(state["id"]))
        if not found:
            assign(position, self.schema, data, self.found)
            found += [Fault(at + where, detail) for where, detail in position.refusals()]
        self.faults += found
        return position

    def _row(self, position: Position, index: int) -> dict[str, Any]:
        state = self.states[index]
        revision = self.negotiation.revision + 1
        return {name: getattr(position, name) for name in (*SAID, "begins_on")} | {
            "id": position.id,
            "negotiation_id": self.negotiation.id,
            "party_id": position.participant.party_id,
            "demand_id": position.demand.id,
            "meeting_id": position.meeting.id if position.meeting else None,
            "audience_id": position.audience.id if position.audience else None,
            "ends_on": self.ends[index],
            "words": kept_words(position.texts()),
            "version": state["version"] + 1,
            "created_at": dt.datetime.fromisoformat(state["created_at"]),
            "updated_at": self.moment,
            "revision": revision,
            "created_revision": state["created_revision"] or revision,
            "recorded_by": state.get("recorded_by"),
            "changed_by": authorship(self.session).name,
        }


def _ends(states: Sequence[State], found: Found) -> list[str]:
    """The last day of each, from those of the same party on the same demand."""

    def order(index: int) -> tuple[str, int]:
        """Of a day, the one for all comes first (records/succession.py)."""
        audience = found.get((AUDIENCE, states[index].get(AUDIENCE) or ""))
        return first_day(states[index]["date"]), audience.id if audience else 0

    successions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, state in enumerate(states):
        successions[state["demand"], state["party"]].append(index)
    ends = [""] * len(states)
    for indices in successions.values():
        indices.sort(key=order)
        spans = [(states[index]["date"], states[index]["until"]) for index in indices]
        for index, end in zip(indices, last_days(spans), strict=True):
            ends[index] = end
    return ends
