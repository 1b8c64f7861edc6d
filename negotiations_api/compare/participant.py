"""Participants: parties in a negotiation, each with its role and weight."""

from dataclasses import dataclass
from enum import StrEnum

from negotiations_api.compare.position import Party


class Role(StrEnum):
    """What a party is in a negotiation."""

    PRINCIPAL = "principal"
    MEDIATOR = "mediator"
    FACILITATOR = "facilitator"
    HOST = "host"
    GUARANTOR = "guarantor"
    OBSERVER = "observer"
    SUPPORTER = "supporter"


@dataclass(frozen=True, slots=True)
class Participant(Party):
    """A party in a negotiation; `weight` (its capability) runs from 0 to 100."""

    role: Role = Role.PRINCIPAL
    weight: float | None = None
