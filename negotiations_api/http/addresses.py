"""Where records live."""

from urllib.parse import quote

from negotiations_api.records.faults import Other
from negotiations_api.schemas.document import SECTIONS

COLLECTIONS = {
    "negotiation": "negotiations",
    **{section.model.noun: name for name, section in SECTIONS.items()},
}
"""The name of the collection of each noun."""


def collection(noun: str, negotiation: str | None = None) -> str:
    """The address of the records of `noun`, those of a negotiation (a slug) if it owns them."""
    within = f"/negotiations/{quote(negotiation, safe='<>{}')}" if negotiation else ""
    return f"/v1{within}/{COLLECTIONS[noun]}"


def address(other: Other) -> str:
    """The address of one record."""
    return f"{collection(other.noun, other.negotiation)}/{quote(other.key, safe='')}"
