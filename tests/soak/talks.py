"""The talks that are written to."""

from typing import Any

from negotiations_api import upgrade
from negotiations_api.database import Access, Database
from negotiations_api.records.loading import load_document

PARTIES = tuple(f"party-{number}" for number in range(8))
DEMANDS = tuple(f"demand-{number}" for number in range(100))
SOURCE = "communique"


def address(negotiation: str) -> str:
    """Where a negotiation is."""
    return f"/v1/negotiations/{negotiation}"


def load(url: str, *negotiations: str) -> dict[str, int]:
    """Migrate a database, and load talks with all parties and demands; their revisions."""
    database = Database(url)
    upgrade.upgrade(database)
    for slug in negotiations:
        with database.transaction(Access.CATALOGUE) as session:
            load_document(session, _document(slug))
    with database.transaction(Access.READ) as session:
        rows = session.connection().exec_driver_sql("SELECT slug, revision FROM negotiation")
        revisions = {str(slug): int(revision) for slug, revision in rows}
    database.dispose()
    return revisions


def _document(slug: str) -> dict[str, Any]:
    return {
        "negotiation": {"slug": slug, "title": "Talks"},
        "parties": [{"slug": party, "name": party, "kind": "state"} for party in PARTIES],
        "sources": [{"slug": SOURCE, "title": "The communique"}],
        "participants": [{"party": party, "role": "principal"} for party in PARTIES],
        "demands": [
            {"slug": demand, "title": demand, "issue": "peace-treaty"} for demand in DEMANDS
        ],
    }
