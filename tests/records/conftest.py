"""Two negotiations to write into."""

from typing import Any

import pytest

from negotiations_api.database import Access, Database
from negotiations_api.records.loading import load_document

PARTIES = ("alpha", "beta")


def document(slug: str) -> dict[str, Any]:
    """A negotiation with two parties and two demands."""
    return {
        "negotiation": {"slug": slug, "title": slug},
        "parties": [
            {"slug": party, "name": party, "kind": "state"} for party in (*PARTIES, "delta")
        ],
        "sources": [{"slug": "treaty", "title": "The treaty"}],
        "participants": [{"party": party, "role": "principal"} for party in PARTIES],
        "demands": [
            {"slug": "prisoners", "title": "Prisoners", "issue": "peace-treaty"},
            {
                "slug": "treaty",
                "title": "Treaty",
                "issue": "peace-treaty",
                "scale": {"min": 0, "max": 10},
            },
        ],
    }


@pytest.fixture
def border(database: Database) -> Database:
    """Two negotiations, alike and without positions."""
    for slug in ("border", "other"):
        with database.transaction(Access.CATALOGUE) as session:
            load_document(session, document(slug))
    return database
