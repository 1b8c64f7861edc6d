"""A small negotiation, and for every kind of record one that can be added to it."""

from dataclasses import dataclass, field
from typing import Any

from tests.client import Client

HERE = "/v1/negotiations/border"


@dataclass(frozen=True)
class Sample:
    """A record of one kind: where it is created, what is sent, and what about it can change."""

    collection: str
    payload: dict[str, Any]
    change: dict[str, Any]
    key: str | None = None
    filters: dict[str, str] = field(default_factory=dict)
    required: str = "slug"

    @property
    def noun(self) -> str:
        """The name of its kind, singular."""
        return _SINGULAR[self.collection.rpartition("/")[2]]

    @property
    def is_owned(self) -> bool:
        """Whether a negotiation owns it."""
        return self.collection.startswith(HERE)


_SINGULAR = {
    "parties": "party",
    "issues": "issue",
    "sources": "source",
    "negotiations": "negotiation",
    "participants": "participant",
    "audiences": "audience",
    "demands": "demand",
    "positions": "position",
    "meetings": "meeting",
    "accounts": "account",
    "commitments": "commitment",
    "events": "event",
}

CITATION = {
    "source": "treaty",
    "quotation": "as is",
    "quoted": "The envoy",
    "locator": "p. 3",
    "audience": None,
}

SAMPLES = (
    Sample(
        "/v1/parties",
        {
            "slug": "gamma",
            "name": "Gamma",
            "kind": "state",
            "iso_3166": "GMM",
            "other_names": ["The Gammas", "G."],
            "identifiers": [{"scheme": "cow", "value": "7"}, {"scheme": "gw", "value": "8"}],
            "member_of": [{"party": "alpha", "since": "1990", "until": "2001-05"}],
        },
        {"name": "Gamma Republic", "other_names": ["G."], "identifiers": []},
        "gamma",
        {"kind": "state", "iso_3166": "GMM"},
    ),
    Sample(
        "/v1/issues",
        {"slug": "water", "title": "Water", "summary": "Who may use the river."},
        {"title": "Water rights"},
        "water",
    ),
    Sample(
        "/v1/sources",
        {
            "slug": "daily",
            "title": "The talks",
            "publisher": "The Daily",
            "author": "A. Writer",
            "url": "https://example.org/talks?page=1",
            "published_on": "2020-03",
            "retrieved_on": "2021-01-01",
            "language": "en",
        },
        {"title": "The talks, corrected"},
        "daily",
        {
            "publisher": "The Daily",
            "author": "A. Writer",
            "language": "en",
            "url": "https://example.org/talks?page=1",
            "published_on.gte": "2020-03-01",
            "published_on.lte": "2020",
        },
    ),
    Sample(
        "/v1/negotiations",
        {
            "slug": "rivers",
            "title": "River talks",
            "summary": "On two rivers.",
            "status": "planned",
            "starts_on": "2020",
            "ends_on": "2021-06",
        },
        {"status": "active"},
        "rivers",
        {"status": "planned", "starts_on": "2020", "ends_on": "2021-06"},
    ),
    Sample(
        f"{HERE}/participants",
        {"party": "delta", "role": "supporter", "supports": "alpha", "weight": 12.5},
        {"role": "observer", "weight": 13},
        "delta",
        {"role": "supporter", "supports": "alpha"},
        required="party",
    ),
    Sample(
        f"{HERE}/audiences",
        {"slug": "beta-team", "title": "The team of Beta", "members": ["desk", "oidc:b.head"]},
        {"title": "Those who speak for Beta", "members": ["desk"]},
        "beta-team",
    ),
    Sample(
        f"{HERE}/demands",
        {
            "slug": "fence",
            "title": "Build a fence",
            "text": "Along the river.",
            "issue": "peace-treaty",
            "addressed_to": ["alpha", "beta"],
            "part_of": "treaty",
            "deadline": "2022",
            "scale": {
                "min": 0,
                "max": 100,
                "unit": "km",
                "min_means": "none",
                "max_means": "all",
            },
            "citations": [CITATION],
        },
        {"title": "Build a long fence", "scale": None, "addressed_to": ["beta"]},
        "fence",
        {
            "issue": "peace-treaty",
            "addressed_to": "beta",
            "part_of": "treaty",
            "deadline.gte": "2022-01-01",
            "deadline.lte": "2022-01",
        },
    ),
    Sample(
        f"{HERE}/positions",
        {
            "party": "alpha",
            "demand": "treaty",
            "date": "2020-05",
            "until": "2021",
            "stance": "conditional",
            "conditions": [
                {"kind": "precondition", "demands": ["prisoners", "withdrawal"], "text": None},
                {"kind": "reciprocal", "demands": [], "text": "in good faith"},
            ],
            "value": 4,
            "reservation_value": 2.5,
            "salience": 80,
            "confidence": 60,
            "deadline": "2020-12-31",
            "summary": "Later.",
            "meeting": "summit",
            "citations": [CITATION],
        },
        {"stance": "reject", "conditions": [], "summary": None, "value": None},
        None,
        {
            "party": "alpha",
            "demand": "treaty",
            "stance": "conditional",
            "meeting": "summit",
            "date": "2020-05",
            "date.gte": "2020-05-01",
            "date.lte": "2020-05-01",
            "on": "2021-12-31",
        },
        required="demand",
    ),
    Sample(
        f"{HERE}/meetings",
        {
            "slug": "second",
            "title": "Second summit",
            "summary": "In the rain.",
            "starts_on": "2021-02-27",
            "ends_on": "2021-02-28",
            "place": "The bridge",
            "host": "delta",
            "level": "summit",
            "outcome": "no_agreement",
            "attendance": [
                {"party": "alpha", "delegate": "A. Head", "role": "president"},
                {"party": "beta", "delegate": "B. Head", "role": None},
            ],
            "agenda": ["prisoners", "treaty"],
            "citations": [CITATION],
        },
        {"outcome": "suspended", "agenda": [], "attendance": []},
        "second",
        {"level": "summit", "outcome": "no_agreement", "host": "delta", "starts_on": "2021-02-27"},
    ),
    Sample(
        f"{HERE}/accounts",
        {
            "slug": "summit-alpha",
            "meeting": "summit",
            "party": "alpha",
            "speaker": "A. Envoy",
            "date": "2020-04-02",
            "outcome": "agreed_to_continue",
            "summary": "It went well.",
            "claims": [
                {"topic": "new-offer", "affirmed": True, "text": "We brought one."},
                {"topic": "deadline", "affirmed": False, "text": None},
            ],
            "citations": [CITATION],
        },
        {"claims": [{"topic": "deadline", "affirmed": True, "text": None}]},
        "summit-alpha",
        {
            "meeting": "summit",
            "party": "alpha",
            "outcome": "agreed_to_continue",
            "date": "2020-04-02",
        },
    ),
    Sample(
        f"{HERE}/commitments",
        {
            "slug": "releases",
            "party": "beta",
            "demand": "prisoners",
            "delivers": "partly",
            "text": "Half of them.",
            "meeting": "summit",
            "status": "pledged",
            "date": "2020-04",
            "deadline": "2020-06",
            "status_since": "2020-04",
            "citations": [CITATION],
        },
        {"status": "delivered", "status_since": "2020-05-30"},
        "releases",
        {
            "party": "beta",
            "demand": "prisoners",
            "meeting": "summit",
            "status": "pledged",
            "delivers": "partly",
            "date": "2020-04",
        },
    ),
    Sample(
        f"{HERE}/events",
        {
            "slug": "visit",
            "title": "A visit",
            "text": "Of two days.",
            "kind": "visit",
            "date": "2020-06-20",
            "until": "2020-06-21",
            "parties": ["alpha", "delta"],
            "issues": ["peace-treaty"],
            "citations": [CITATION],
        },
        {"kind": "other", "parties": [], "issues": []},
        "visit",
        {"kind": "visit", "parties": "delta", "issues": "peace-treaty", "date": "2020-06-20"},
    ),
)


def build_world(client: Client) -> None:
    """What the samples refer to: parties, a source, a negotiation with demands and a meeting."""
    for slug in ("alpha", "beta", "delta"):
        client.create("/v1/parties", {"slug": slug, "name": slug.title(), "kind": "state"})
    client.create("/v1/sources", {"slug": "treaty", "title": "The treaty"})
    client.create("/v1/negotiations", {"slug": "border", "title": "Border talks"})
    for slug in ("alpha", "beta"):
        client.create(f"{HERE}/participants", {"party": slug, "role": "principal"})
    for slug in ("prisoners", "treaty", "withdrawal"):
        scale = {"min": 0, "max": 10} if slug == "treaty" else None
        demand = {"slug": slug, "title": slug.title(), "issue": "peace-treaty", "scale": scale}
        client.create(f"{HERE}/demands", demand)
    meeting = {"slug": "summit", "title": "Summit", "starts_on": "2020-04-01", "level": "summit"}
    client.create(f"{HERE}/meetings", meeting)
