"""The endpoints, a file per noun, and those of the questions."""

from flask import Blueprint

from negotiations_api.blueprints import (
    accounts,
    commitments,
    comparisons,
    demands,
    documents,
    events,
    issues,
    meetings,
    negotiations,
    participants,
    parties,
    positions,
    root,
    sources,
)

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    module.blueprint
    for module in (
        root,
        parties,
        issues,
        sources,
        negotiations,
        participants,
        demands,
        positions,
        meetings,
        accounts,
        commitments,
        events,
        documents,
        comparisons,
    )
)
