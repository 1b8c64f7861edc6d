"""Loading a document: everything checked, every fault named, written whole or not at all."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy.orm import Session

from negotiations_api.batch import batched
from negotiations_api.database import last_revision
from negotiations_api.models import (
    Action,
    Audience,
    Demand,
    Negotiation,
    Owned,
    Participant,
    Position,
    Record,
)
from negotiations_api.models.identifier import format_id
from negotiations_api.records.assign import assign, clear_parts, load_partly, says_the_same
from negotiations_api.records.document import writable
from negotiations_api.records.entries import (
    Entry,
    Key,
    document_order,
    key_of_record,
    matched,
    read_entries,
)
from negotiations_api.records.faults import Fault, Invalid
from negotiations_api.records.find import eager, in_scope, is_catalogue, key_column
from negotiations_api.records.hints import hints_for_document
from negotiations_api.records.noting import note_together, states_by_id
from negotiations_api.records.resolve import Found, look_up, references
from negotiations_api.records.returning import continue_all, like
from negotiations_api.records.seen import State
from negotiations_api.records.succession import supersede
from negotiations_api.records.write import refuse_exposed
from negotiations_api.schemas.document import SECTIONS, Section
from negotiations_api.schemas.fields import SLUG


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did: how many records of each section it created, changed, deleted and so on.

    `kept` are records of the negotiation that the document does not have and that stayed.
    """

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)

    @property
    def changed_anything(self) -> bool:
        """Whether the record is another one now."""
        return bool(self.created or self.changed or self.deleted)


def load_document(
    session: Session,
    payload: Any,
    *,
    prune: bool = False,
    progress: Callable[[int, int], None] | None = None,
    returning: Mapping[str, State] | None = None,
) -> tuple[Negotiation, LoadReport]:
    """Write a document over the record, in the caller's transaction, and flush it.

    What the negotiation owns becomes what the document says; what it owns beyond that is kept, or
    deleted with `prune`, but for audiences. To the parties, issues and sources, which other
    negotiations share, the document adds its fields and takes none away. `progress` is told how
    many of how many changes are made. What was deleted comes back with the states that `returning`
    has, by the ids that the document names. Raises Invalid, with every fault of the document in
    its order.
    """
    loading = _Loading(session, payload, returning or {})
    loading.match(prune)
    loading.resolve()
    loading.read()
    loading.write(progress or (lambda *_: None))
    return loading.negotiation, loading.report


class _Loading:
    """The state of one load; the steps are called in the order in which they stand."""

    def __init__(self, session: Session, payload: Any, returning: Mapping[str, State]) -> None:
        self.session = session
        self.returning = returning
        self.entries, self.faults = read_entries(payload)
        self.report = LoadReport()
        self.found: Found = {}
        self.leftover: list[tuple[str, Record]] = []
        self.rest: list[tuple[str, Record]] = []
        self.is_there = False
        self.negotiation = Negotiation()

    def _fault(self, entry: Entry, at: str, detail: str) -> None:
        self.faults.append(Fault(at, detail))
        entry.is_sound = False

    def match(self, prune: bool) -> None:
        """Find what is there of the document's records, and what is there beyond them."""
        self._match_negotiation()
        for name, section in SECTIONS.items():
            entries = [entry for entry in self.entries if entry.section == name]
            there = self._there(section, entries)
            found = matched(entries, there)
            for entry in entries:
                existing = found.get(id(entry))
                entry.record = existing or self._new(section.model, entry)
                entry.exists = existing is not None
                if existing is not None and is_catalogue(section.model):
                    # What is shared keeps the fields that the document does not name.
                    entry.raw = writable(entry.schema, existing) | dict(entry.raw)
                if entry.key:
                    self.found[section.model.noun, entry.key[0]] = entry.record
            if is_catalogue(section.model):
                continue
            for key, record in there.items():
                # Who sees what is not taken away by leaving it out.
                stays = not prune or section.model is Audience
                (self.rest if stays else self.leftover).append((name, record))
                if stays:
                    self.found[section.model.noun, key[0]] = record
        self.report.deleted.update(name for name, _ in self.leftover)
        self.report.kept.update(name for name, _ in self.rest)

    def _new(self, model: type[Record], entry: Entry) -> Record:
        state = self.returning.get(str(entry.raw.get("id")))
        return model() if state is None else like(model, state)

    def _match_negotiation(self) -> None:
        for entry in self.entries:
            if entry.section != "negotiation":
                continue
            slug = entry.key[0] if entry.key else ""
            existing = self.session.scalar(
                in_scope(Negotiation, None).where(Negotiation.slug == slug).with_for_update()
            )
            if existing is not None:
                self.negotiation, self.is_there = existing, True
            else:
                self.negotiation = cast("Negotiation", self._new(Negotiation, entry))
            entry.record, entry.exists = self.negotiation, self.is_there

    def _there(self, section: Section, entries: list[Entry]) -> dict[Key, Record]:
        model = section.model
        statement = in_scope(model, self.negotiation).options(*eager(section.schema(), model))
        if not is_catalogue(model):
            records = list(self.session.scalars(statement)) if self.is_there else []
            return {key_of_record(record): record for record in records}
        slugs = sorted({entry.key[0] for entry in entries if entry.key})
        return {
            (record.key,): record
            for some in batched(slugs, 500)
            for record in self.session.scalars(statement.where(key_column(model).in_(some)))
        }

    def resolve(self) -> None:
        """Find what the document refers to and does not hold: parties, issues, sources."""
        wanted = [
            (entry, at, noun, slug)
            for entry in self.entries
            for at, noun, slug in references(entry.schema, entry.raw, entry.at)
        ]
        elsewhere = {
            (noun, slug)
            for _, _, noun, slug in wanted
            if noun in _CATALOGUE_NOUNS and SLUG.fullmatch(slug)
        }
        self.found = look_up(self.session, None, elsewhere - self.found.keys()) | self.found
        hints = hints_for_document(self.found)
        for entry, at, noun, slug in wanted:
            if (noun, slug) not in self.found and SLUG.fullmatch(slug):
                self._fault(entry, at, hints.on(noun, slug))

    def read(self) -> None:
        """Read each entry by its schema; what is wrong with one field leaves the others."""
        for entry in self.entries:
            if not entry.is_object:
                continue
            entry.data, faults = load_partly(entry.schema, entry.raw)
            for fault in faults:
                self._fault(entry, entry.at + fault.pointer, fault.detail)

    def write(self, progress: Callable[[int, int], None]) -> None:
        """Write what is new or another; raise Invalid if anything was wrong.

        Everything is put in its place before anything is checked, since what is right for one
        record (a value on a scale, a circle of parts) depends on what the document says of others.
        """
        changes = [entry for entry in self.entries if not entry.is_sound or self._changes(entry)]
        gone = [record for _, record in self.leftover]
        before: dict[int, State] = {}
        if not self.faults:
            there = [entry.record for entry in changes if entry.exists]
            before = states_by_id(self.session, [*there, *gone])
            self._prepare(changes)
        for done, entry in enumerate(changes, start=1):
            if entry.record is not self.negotiation:
                self._assign(entry)
            progress(done, len(changes))
        self._check()
        if self.faults:
            raise Invalid(sorted(self.faults, key=document_order))
        self.session.add_all(entry.record for entry in changes)
        for record in gone:
            self.session.delete(record)
        self.session.flush()
        written = [entry.record for entry in changes]
        if self.returning:
            states = [self.returning[format_id(record.id)] for record in written]
            last = [state["version"] for state in states]
            continue_all(self.session, list(zip(written, states, last, strict=True)))
        self._keep_successions([*written, *gone])
        for record in written:
            if isinstance(record, Demand):
                refuse_exposed(self.session, record)
        is_new = Action.RESTORED if self.returning else Action.CREATED
        note_together(self.session, self.negotiation, written, gone, before, is_new)

    def _prepare(self, changes: list[Entry]) -> None:
        """Make room for what comes: what is old goes, and the negotiation gets its id."""
        for entry in changes:
            if entry.exists:
                clear_parts(entry.record, entry.schema)
            if isinstance(entry.record, Demand):
                entry.record.part_of = None  # a whole and its part may change places
            if isinstance(entry.record, Participant):
                entry.record.supports = None
            if entry.record is self.negotiation:
                self._assign(entry)
                if not entry.exists:  # goes on where one like it ended
                    slug = self.negotiation.slug
                    self.negotiation.revision = last_revision(self.session, slug)
                self.session.add(self.negotiation)
        self.session.flush()

    def _assign(self, entry: Entry) -> None:
        if isinstance(entry.record, Owned) and self.negotiation.id is not None:
            entry.record.negotiation_id = self.negotiation.id
        wrong = entry.wrong_fields(self.faults)
        attributes = {
            field.attribute or name
            for name, field in entry.schema.load_fields.items()
            if name not in wrong
        }
        sound = {name: value for name, value in entry.data.items() if name in attributes}
        assign(entry.record, entry.schema, sound, self.found)
        if entry.exists:
            entry.record.touch()

    def _check(self) -> None:
        """Check every entry as a whole, except where that rests on what is wrong elsewhere."""
        broken = {
            id(entry.record)
            for entry in self.entries
            if not entry.is_sound and not _RELIED_ON.isdisjoint(entry.wrong_fields(self.faults))
        }
        for entry in self.entries:
            named = (
                self.found.get((noun, slug))
                for _, noun, slug in references(entry.schema, entry.raw)
            )
            if any(id(record) in broken for record in (entry.record, *named)):
                continue  # another fault of it would be a guess
            for at, detail in entry.record.refusals():
                self._fault(entry, entry.at + at, detail)
        self._check_kept()

    def _check_kept(self) -> None:
        """Find fault with demands whose scale leaves out positions that stay as they are."""
        demands = {id(entry.record): entry for entry in self.entries if entry.section == "demands"}
        kept = [record for _, record in self.rest if isinstance(record, Position)]
        for position in kept:
            entry = demands.get(id(position.demand))
            if entry is None:
                continue
            for _, detail in position.refusals():
                who = f"the position of '{position.participant.slug}' of {position.date}"
                said = f"It leaves out {who}, which stays: {detail}"
                self._fault(entry, f"{entry.at}/scale", said)

    def _keep_successions(self, written: list[Record]) -> None:
        positions = [record for record in written if isinstance(record, Position)]
        supersede(self.session, ((p.demand_id, p.party_id) for p in positions))

    def _changes(self, entry: Entry) -> bool:
        if not entry.exists:
            self.report.created[entry.section] += 1
        elif not says_the_same(entry.schema, entry.record, entry.data):
            self.report.changed[entry.section] += 1
        else:
            self.report.unchanged[entry.section] += 1
            return False
        return True


_RELIED_ON = {"", "slug", "party", "demand", "scale", "part_of", "supports"}
"""The fields that checks of whole records look at; "" is the record as such."""

_CATALOGUE_NOUNS = {
    section.model.noun for section in SECTIONS.values() if is_catalogue(section.model)
}
