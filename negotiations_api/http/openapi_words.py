"""What the OpenAPI file says in sentences: of the service, of tags, of operations."""

from negotiations_api.http.addresses import COLLECTIONS
from negotiations_api.http.openapi_route import Route
from negotiations_api.http.representations import NDJSON
from negotiations_api.schemas.strict import one

DESCRIPTION = """\
The record of a negotiation: parties, demands, who stands where on each and on what condition,
meetings, accounts, commitments, sources; and the answers that it gives.

Each address takes `HEAD` where it takes `GET`, with the same headers, and `OPTIONS`, whose `Allow`
names its methods; any other method is answered 405. Where there are several representations,
`Accept` or the parameter `format` chooses; JSON is the default, but for `/`. Every error is a
problem document (RFC 9457), whose `type` is an address that says what to do. What can be read has
an `ETag` and is answered 304 to an `If-None-Match` that names it; a change of what is there needs
`If-Match`. A `POST` takes an `Idempotency-Key`, a write `dry_run=true`. Bodies may be compressed
(`Content-Encoding: gzip`). Unknown parameters and unknown fields are errors. Every answer has an
`X-Request-Id`: the one that was sent, if it is 1 to 128 letters, digits, dots, underscores and
hyphens, or else a new one; the log of the service names it.

Whoever writes shows a token (`Authorization: Bearer ngt_...`); what is public can be read without
one. What a token is not good for is not there for it: 404, as for what does not exist."""

_TAGS = {
    "negotiations": "The talks, each of which owns all that is recorded of it.",
    "parties": "Whoever can hold a position: states, blocs, organisations, groups, persons.",
    "issues": "Subjects under negotiation, shared by all negotiations.",
    "sources": "The documents that facts rest on, shared by all negotiations.",
    "participants": "The parties in a negotiation, with their roles.",
    "audiences": "Who sees what within a negotiation not everybody sees.",
    "demands": "What somebody is asked, or offers, to do.",
    "positions": "Where a party stands on a demand from a date on, and on what condition.",
    "meetings": "Where, when and at what level the parties met, and what came of it.",
    "accounts": "What each party reports of a meeting, kept apart.",
    "commitments": "What parties undertook or did.",
    "events": "Anything else that is dated and matters.",
    "history": "What was written when and by whom, and how to undo it.",
    "documents": "A negotiation as one document, to be exchanged.",
    "questions": "Answers that are derived from the record: who differs, where, since when, why.",
    "tokens": "Who may read and write what: for those whose own token is of scope admin.",
    "root": "The way in, this contract, and what each type of problem means.",
}

_OF_RECORDS = {
    "list": "The {nouns}{owner}, page by page: those that the filters leave, in the order that "
    "sort asks for. The next page is at the address in next, which also stands in Link.",
    "create": "Adds {one}{owner}. The answer is the {noun} as it was recorded, and Location has "
    "its address.",
    "read": "The {noun} with all its parts. It can be changed and sent back as it came; its ETag "
    "is what a change takes as If-Match.",
    "replace": "The {noun} becomes what the body says; what the body leaves out gets its default.",
    "patch": "Changes the fields that the body names (JSON Merge Patch, RFC 7396): null takes a "
    "value away, and a list stands for the whole list.",
    "delete": "Deletes the {noun}. What other records refer to stays, and the answer (409) names "
    "them.",
}
_OF_PARTS = {
    "list": "The {parts} of the {noun}, in their order. The ETag is that of the {noun}.",
    "add_to": "Adds one at the end of the {parts} of the {noun}, whose version rises with it.",
    "read": "The part of the {parts} of the {noun} at an index, from 0. The ETag is the {noun}'s.",
    "replace": "Puts another one in the place of one of the {parts} of the {noun}. If-Match takes "
    "the ETag of the {noun}.",
    "patch": "Changes the fields of one of the {parts} of the {noun} that the body names (JSON "
    "Merge Patch, RFC 7396). If-Match takes the ETag of the {noun}.",
    "delete": "Takes one of the {parts} of the {noun} away; those after it move up. If-Match takes "
    "the ETag of the {noun}.",
}
_MANY = (
    " Many at once as NDJSON (an object a line) or CSV (a header of fields, numbers as in JSON, "
    "several slugs in a cell with a space between them, parts as JSON, an empty cell for nothing; "
    "an apostrophe before what a spreadsheet would take for a formula is taken off): all of them "
    "or none, up to 100,000 records and 64 MiB. The answer (200) says what they are called; what "
    "is wrong is told with its line (422), also what is there already."
)
_WITH_ALL = "Deletes the negotiation and all that it owns; parties, issues and sources stay."
_CREATES = (
    " Where there is none under this name, it is created: 201, without If-Match. The body need not "
    "say the name, which the address says."
)


def tag_description(tag: str) -> str:
    """What the operations under a tag are about."""
    return _TAGS.get(tag, f"{tag.capitalize()}.")


def description(route: Route) -> str:
    """What an operation does: its own words, or those for its like."""
    contract, noun = route.contract, route.noun
    if contract.description or noun is None:
        return contract.description or f"{contract.summary}."
    of_its_like = _OF_PARTS if route.part else _OF_RECORDS
    verb = next(verb for verb in of_its_like if contract.name.startswith(f"{verb}_"))
    owner = " of the negotiation" if "negotiation" in route.names and noun != "negotiation" else ""
    said = of_its_like[verb].format(
        noun=noun,
        one=one(noun),
        nouns=COLLECTIONS[noun],
        owner=owner,
        parts=(route.part or "").replace("_", " "),
    )
    if verb == "delete" and noun == "negotiation" and not route.part:
        return _WITH_ALL
    return (
        said + (_CREATES if contract.creates else "") + (_MANY if NDJSON in contract.takes else "")
    )
