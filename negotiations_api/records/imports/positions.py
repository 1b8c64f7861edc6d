"""Positions on their way in: the lines of a file, read and checked, ready to be staged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from negotiations_api.compare.date import FOREVER, eve, last_day
from negotiations_api.models import Position
from negotiations_api.models.search_words import kept_words
from negotiations_api.records.assign import assign
from negotiations_api.records.faults import Fault
from negotiations_api.records.imports.known import Known
from negotiations_api.records.imports.reading import ImportReader
from negotiations_api.records.loaded import load_row
from negotiations_api.records.position_parts import parts_text
from negotiations_api.records.resolve import references
from negotiations_api.records.rows import Row
from negotiations_api.schemas.fields import SLUG
from negotiations_api.schemas.position import PositionSchema

Staged = tuple[Any, ...]
"""A row of the table of what is on its way in (models/staging.py), without run and line."""

_MOST_KEPT = 50_000
_VALUES = slice(6, 8)
"""Where `value` and `reservation_value` stand in what is the same of many rows."""


@dataclass(frozen=True, slots=True)
class Read:
    """One line: what is staged of it, or what is wrong with it; neither if it is passed over."""

    line: int
    staged: Staged | None = None
    faults: tuple[Fault, ...] = ()


def read_positions(reader: ImportReader, known: Known, skip: int = 0) -> Iterator[Read]:
    """The lines of a file of positions after the first `skip`."""
    reading = _Positions(reader, known)
    for number, (line, content) in enumerate(reader.lines()):
        if number >= skip:
            yield reading.read(line, content)


class _Positions:
    """What reads positions: each thing that is said of one is read once."""

    def __init__(self, reader: ImportReader, known: Known) -> None:
        self.schema = PositionSchema()
        self.reader = reader
        self.known = known
        self.party, self.demand, self.meeting = map(reader.slug, ("party", "demand", "meeting"))
        self.parties, self.demands, self.meetings = (
            known.ids[noun] for noun in ("participant", "demand", "meeting")
        )
        self.said: dict[Any, Staged] = {}

    def read(self, line: int, content: Any) -> Read:
        """What is to be staged of a line."""
        rest = self.reader.rest(content)
        said = self.said.get(rest) if rest is not None else None
        if said is not None:
            party = self.parties.get(self.party(content))  # type: ignore[arg-type]  # None is none
            demand = self.demands.get(self.demand(content))  # type: ignore[arg-type]
            slug = self.meeting(content)
            meeting = self.meetings.get(slug) if slug else None
            if (
                party is not None
                and demand is not None
                and (meeting is not None or slug == "")
                and self._fits(demand, said[_VALUES])
            ):
                return Read(line, (party, demand, meeting, *said, None))
        return self._read_whole(line, content, rest)

    def _fits(self, demand: int, values: Staged) -> bool:
        """Whether the values lie on the scale of a demand."""
        if values == (None, None):
            return True
        scale = self.known.scales.get(demand)
        return scale is not None and all(
            value is None or scale.min <= value <= scale.max for value in values
        )

    def _read_whole(self, line: int, content: Any, rest: Any) -> Read:
        row = self.reader.row(line, content)
        if row is None:
            return Read(line)
        position, faults = self._position(row)
        if faults:
            return Read(line, faults=tuple(Fault(f.pointer, f.detail, line) for f in faults))
        said, parts = _said(position), parts_text(position)
        if rest is not None and parts is None:
            if len(self.said) == _MOST_KEPT:
                self.said.clear()
            self.said[rest] = said
        meeting = position.meeting.id if position.meeting else None
        place = (position.participant.party_id, position.demand.id, meeting)
        return Read(line, (*place, *said, parts))

    def _position(self, row: Row) -> tuple[Position, list[Fault]]:
        """The record of a row, which no session knows, and what is wrong with it."""
        loaded = load_row(self.schema, row)
        faults = list(loaded.faults)
        found = {}
        for at, noun, slug in references(self.schema, loaded.raw):
            if slug in self.known.ids[noun]:
                found[noun, slug] = self.known.record(noun, slug)
            elif SLUG.fullmatch(slug):
                faults.append(Fault(at, self.known.hints.on(noun, slug)))
        position = Position(negotiation_id=self.known.negotiation_id)
        if not faults:
            assign(position, self.schema, loaded.data, found)
            faults += [Fault(at, detail) for at, detail in position.refusals()]
        return position, faults


def _said(position: Position) -> Staged:
    """What is staged of a position from `begins_on` to `words`."""
    begins_on = position.begins_on
    return (
        begins_on,
        eve(begins_on),
        last_day(position.until) if position.until else FOREVER,
        position.date,
        position.until,
        position.stance.value,
        position.value,
        position.reservation_value,
        position.salience,
        position.confidence,
        position.deadline,
        position.summary,
        kept_words(position.texts()),
    )
