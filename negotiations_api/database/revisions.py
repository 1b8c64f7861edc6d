"""The revisions of negotiations: which ones a transaction has touched, and how they are raised."""

from sqlalchemy import event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, UOWTransaction

from negotiations_api.batch import batched
from negotiations_api.database.history import note_shown, write_history
from negotiations_api.models import Catalogued, CatalogueRevision, Negotiation, Record
from negotiations_api.models.references import is_shared, negotiations_touched


def revisions(session: Session) -> dict[int, int]:
    """The new revision of each negotiation, by id, that the transaction has committed."""
    raised: dict[int, int] = session.info.setdefault("revisions", {})
    return raised


def _touched(session: Session) -> set[int]:
    touched: set[int] = session.info.setdefault("touched", set())
    return touched


def touch(session: Session, negotiation: Negotiation) -> None:
    """Have the revision of `negotiation` raised, for a change that the session does not see."""
    _touched(session).add(negotiation.id)


def settle(session: Session) -> None:
    """Flush, raise the revision of each negotiation that was touched, and write the history."""
    session.flush()
    ids = sorted(_touched(session))
    for some in batched(ids, 500):
        raised = session.execute(
            update(Negotiation)
            .where(Negotiation.id.in_(some))
            # The revision is of what the negotiation shows; the record itself stays as it is.
            .values(revision=Negotiation.revision + 1, updated_at=Negotiation.updated_at)
            .returning(Negotiation.id, Negotiation.revision)
            .execution_options(synchronize_session=False)
        )
        revisions(session).update(dict(iter(raised)))
    _touched(session).clear()
    _raise_catalogue(session)
    write_history(session, revisions(session))


def _raise_catalogue(session: Session) -> None:
    """Raise the revision of each noun of the catalogue of which a record has changed.

    The row stays locked until the commit, so that no two transactions raise it to the same.
    """
    nouns: set[str] = session.info.pop("nouns", set())
    if not nouns:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    rows = [{"noun": noun, "revision": 1} for noun in sorted(nouns)]
    session.execute(
        insert(CatalogueRevision)
        .values(rows)
        .on_conflict_do_update(
            index_elements=[CatalogueRevision.noun],
            set_={"revision": CatalogueRevision.revision + 1},
        )
        .execution_options(synchronize_session=False)
    )


@event.listens_for(Session, "after_flush")
def _note_touched(session: Session, _: UOWTransaction) -> None:
    """Remember which negotiations the flush has changed something of."""
    changed = {record for record in session.dirty if session.is_modified(record)}
    for record in {*session.new, *session.deleted, *changed}:
        if isinstance(record, Record):
            touched = negotiations_touched(session, record)
            _touched(session).update(touched)
            if is_shared(record):
                note_shown(session, record, touched)
        if isinstance(record, Catalogued):
            session.info.setdefault("nouns", set()).add(record.noun)
