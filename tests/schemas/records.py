"""The least that each record takes, and what is said of what it does not take."""

from collections.abc import Mapping
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from negotiations_api.records.faults import faults_of
from negotiations_api.schemas.base import RecordSchema
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.negotiation import NegotiationSchema

SCHEMAS: Mapping[str, type[RecordSchema]] = {"negotiation": NegotiationSchema} | {
    name: section.schema for name, section in SECTIONS.items()
}

LEAST: Mapping[str, Mapping[str, Any]] = {
    "negotiation": {"slug": "us-dprk", "title": "The talks"},
    "parties": {"slug": "usa", "name": "United States", "kind": "state"},
    "issues": {"slug": "sanctions-relief", "title": "Sanctions relief"},
    "sources": {"slug": "yonhap", "title": "A report"},
    "participants": {"party": "usa", "role": "principal"},
    "demands": {"slug": "cvid", "title": "Denuclearisation", "issue": "denuclearisation"},
    "audiences": {"slug": "prk-team", "title": "The team of North Korea"},
    "meetings": {
        "slug": "hanoi",
        "title": "The second summit",
        "starts_on": "2019-02-27",
        "level": "summit",
    },
    "positions": {"party": "usa", "demand": "cvid", "date": "2019-04-12", "stance": "demand"},
    "accounts": {"slug": "hanoi-usa", "meeting": "hanoi", "party": "usa", "date": "2019-02-28"},
    "commitments": {
        "slug": "prk-suspends-tests",
        "party": "prk",
        "demand": "test-suspension",
        "status": "pledged",
        "date": "2018-04",
    },
    "events": {"slug": "visit", "title": "A visit", "kind": "visit", "date": "2019"},
}
"""The required fields of each record, and no other ones."""


def read(section: str, **other: Any) -> dict[str, Any]:
    """The least record of `section`, with `other` fields, as its schema reads it."""
    loaded: dict[str, Any] = SCHEMAS[section]().load(dict(LEAST[section]) | other)
    return loaded


def faults(section: str, **other: Any) -> dict[str, str]:
    """What is said of the least record of `section` with `other` fields, by JSON Pointer."""
    return faults_in(SCHEMAS[section](), dict(LEAST[section]) | other)


def faults_in(schema: Schema, payload: Any) -> dict[str, str]:
    """What `schema` says of a payload that it refuses, by JSON Pointer."""
    with pytest.raises(ValidationError) as refused:
        schema.load(payload)
    return {fault.pointer: fault.detail for fault in faults_of(refused.value.messages)}
