"""An import of positions from its first line to the revision that shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from negotiations_api.database import Access, Authorship, Database
from negotiations_api.models import Negotiation
from negotiations_api.records.faults import Fault
from negotiations_api.records.find import find
from negotiations_api.records.imports.known import Known, load_known
from negotiations_api.records.imports.merging import check, write
from negotiations_api.records.imports.positions import Read, read_positions
from negotiations_api.records.imports.reading import ImportReader
from negotiations_api.records.imports.staging import Run, begin, discard, report_kept, stage

BATCH = 20_000
"""So many lines are kept at a time: what is lost of an import that is killed."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: records created, rows that were there as they are, rows passed over.

    `bad` rows were left out, or kept all others out: then nothing was written, and `is_refused`.
    `resumed_at` is how many lines had been read before, by an import that was broken off.
    """

    created: int = 0
    unchanged: int = 0
    passed_over: int = 0
    bad: int = 0
    is_refused: bool = False
    resumed_at: int = 0


def import_positions(
    database: Database,
    slug: str,
    reader: ImportReader,
    fingerprint: str,
    *,
    skip_bad: bool,
    report: Callable[[Fault], None],
    writing: Callable[[], None] = lambda: None,
    by: Authorship | None = None,
) -> Imported:
    """Import the positions that `reader` reads into the negotiation `slug`, in one revision.

    `fingerprint` stands for the file and how it is read: an import of the same that was broken off
    goes on where it was. Every fault is given to `report`; with one, nothing is written unless
    `skip_bad` leaves such rows out. `writing` is called when all has been read; `by` is who
    records them. Raises Missing, Conflict if somebody else imports the same, and Malformed for a
    file that cannot be read.
    """
    with database.transaction(Access.READ) as session:
        known = load_known(session, find(session, Negotiation, slug))
    with database.transaction(Access.WRITE) as session:
        run = begin(session, known, fingerprint)
        bad = report_kept(session, run, report)
    resumed_at = run.lines
    for batch in _batches(reader, known, run):
        with database.transaction(Access.WRITE) as session:
            stage(session, run, batch)
        for one in batch:
            bad += bool(one.faults)
            for fault in one.faults:
                report(fault)
    writing()
    with database.transaction(Access.WRITE, by=by) as session:
        negotiation = find(session, Negotiation, slug, lock=True)
        checked = check(session, run, negotiation, report)
        bad += checked.bad
        is_refused = bool(bad) and not skip_bad
        created = 0 if is_refused else write(session, run, negotiation, checked)
        discard(session, run)
    return Imported(created, checked.unchanged, run.passed_over, bad, is_refused, resumed_at)


def _batches(reader: ImportReader, known: Known, run: Run) -> Iterator[list[Read]]:
    lines = read_positions(reader, known, run.lines)
    while batch := list(islice(lines, BATCH)):
        yield batch
