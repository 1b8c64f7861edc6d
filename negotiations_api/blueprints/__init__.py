"""The endpoints, a file per noun, and those of the questions."""

from flask import Blueprint

from negotiations_api.blueprints import (
    accounts,
    agreement,
    audiences,
    commitments,
    comparisons,
    compromise,
    contradictions,
    convergence,
    demands,
    docs,
    documents,
    events,
    history,
    issues,
    matrix,
    meetings,
    negotiations,
    participants,
    parties,
    positions,
    roadmap,
    root,
    sources,
    standing,
    timeline,
    tokens,
)

BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    module.blueprint
    for module in (
        root,
        docs,
        parties,
        issues,
        sources,
        negotiations,
        participants,
        audiences,
        demands,
        positions,
        meetings,
        accounts,
        commitments,
        events,
        history,
        documents,
        comparisons,
        matrix,
        agreement,
        convergence,
        compromise,
        timeline,
        contradictions,
        roadmap,
        standing,
        tokens,
    )
)
