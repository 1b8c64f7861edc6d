"""The records of a document on their way in, each with its place."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from negotiations_api.compare.date import first_day, is_date
from negotiations_api.models import Negotiation, Position, Record
from negotiations_api.records.faults import Fault, Invalid, pointer
from negotiations_api.records.seen import AUDIENCE
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS, Section
from negotiations_api.schemas.fields import near_miss
from negotiations_api.schemas.negotiation import NegotiationSchema
from negotiations_api.schemas.position import PositionSchema

_WHOLE = {"negotiation": Section(Negotiation, NegotiationSchema), **SECTIONS}

Key = tuple[str, ...]


@dataclass(eq=False, slots=True)
class Entry:
    """One record of a document on its way in."""

    section: str
    at: str
    raw: Mapping[str, Any]
    schema: RecordSchema
    model: type[Record]
    key: Key | None
    record: Any = None
    exists: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    is_object: bool = True
    is_sound: bool = True

    def wrong_fields(self, faults: Iterable[Fault]) -> set[str]:
        """The fields that faults point into; "" where one is of the record as such."""
        if self.is_sound:
            return set()
        return {
            fault.pointer[len(self.at) :].partition("/")[2].partition("/")[0]
            for fault in faults
            if fault.pointer == self.at or fault.pointer.startswith(f"{self.at}/")
        }


def read_entries(payload: Any) -> tuple[list[Entry], list[Fault]]:
    """The records of a document, and what is wrong with its outline.

    An entry that has a fault of its own is not sound. Raises Invalid for what is no document.
    """
    if not isinstance(payload, Mapping):
        raise Invalid([Fault("", f"A document is an object with: {', '.join(_WHOLE)}.")])
    faults: list[Fault] = []
    if "negotiation" not in payload:
        faults.append(Fault("/negotiation", "This field is required: the talks, with their slug."))
    entries: list[Entry] = []
    for name, content in payload.items():
        if name not in _WHOLE:
            near = near_miss(str(name), _WHOLE) or f"; there is {', '.join(_WHOLE)}."
            faults.append(Fault(pointer(name), f"A document has no section '{name}'{near}"))
        elif name == "negotiation":
            entries.append(_entry(name, pointer(name), content, NegotiationSchema()))
        elif not isinstance(content, list):
            faults.append(Fault(pointer(name), f"Write a list of {name} here."))
        else:
            schema = _WHOLE[name].schema()
            entries += [
                _entry(name, pointer(name, index), item, schema)
                for index, item in enumerate(content)
            ]
    faults += [Fault(entry.at, "Write an object here.") for entry in entries if not entry.is_sound]
    return entries, [*faults, *_twins(entries)]


def _entry(section: str, at: str, raw: Any, schema: RecordSchema) -> Entry:
    model = _WHOLE[section].model
    if not isinstance(raw, Mapping):
        return Entry(section, at, {}, schema, model, None, is_object=False, is_sound=False)
    return Entry(section, at, raw, schema, model, key_of(schema, raw))


def _twins(entries: list[Entry]) -> Iterator[Fault]:
    """A fault for each entry whose like stands further up."""
    first: dict[tuple[str, Key], Entry] = {}
    for entry in entries:
        if entry.key is None:
            continue
        twin = first.setdefault((entry.section, entry.key), entry)
        if twin is not entry:
            entry.is_sound = False
            yield Fault(entry.at, f"{' '.join(entry.key)} stands at {twin.at} already.")


def key_of_record(record: Record) -> Key:
    """The key of the entry that stands for `record`."""
    if isinstance(record, Position):
        own = (record.participant.slug, record.demand.slug, record.begins_on)
        return own if record.audience is None else (*own, record.audience.slug)
    return (record.key,)


def key_of(schema: RecordSchema, raw: Mapping[str, Any]) -> Key | None:
    """What tells an entry from the next; None where the fields that say so are missing."""
    key = []
    for name in schema.key:
        value = raw.get(name)
        if not isinstance(value, str):
            return None
        key.append(first_day(value) if name == "date" and is_date(value) else value)
    limit = raw.get(AUDIENCE)
    if isinstance(schema, PositionSchema) and isinstance(limit, str):
        key.append(limit)  # what a party says to some may begin on the day of what it says to all
    return tuple(key)


def document_order(fault: Fault) -> tuple[Any, ...]:
    """What faults sort by: the section, the index in it, and the rest of the pointer."""
    steps = fault.pointer.split("/")[1:]
    order = list(_WHOLE)
    section = order.index(steps[0]) if steps and steps[0] in order else len(order)
    return section, [(int(s), "") if s.isdecimal() else (-1, s) for s in steps[1:]]


def matched(entries: list[Entry], there: dict[Key, Record]) -> dict[int, Record]:
    """What is there of each entry, by the id of the entry; taken out of `there`.

    A position that is there for another audience than the document says is that one, if there is no
    other that it might be: it moves from the one to the other, and stays what it is.
    """
    found = {id(entry): there.pop(entry.key) for entry in entries if entry.key in there}
    rest = [entry for entry in entries if entry.key and id(entry) not in found]
    if not any(entry.model is Position for entry in rest):
        return found
    asked = Counter(entry.key[:3] for entry in rest if entry.key)
    left: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in there:
        left[key[:3]].append(key)
    for entry in rest:
        assert entry.key is not None
        alike = left.get(entry.key[:3], [])
        if len(alike) == 1 and asked[entry.key[:3]] == 1:
            found[id(entry)] = there.pop(alike[0])
    return found
