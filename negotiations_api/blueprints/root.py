"""The way in: a short guide, the OpenAPI file, and what each type of problem means."""

from typing import Any

from flask import Blueprint, current_app, request

from negotiations_api.http.addresses import collection
from negotiations_api.http.openapi import build
from negotiations_api.http.operation import Answer, Call, Operation, operation
from negotiations_api.http.problem import TYPES, Problem
from negotiations_api.http.representations import JSON, TEXT, YAML, json_bytes
from negotiations_api.models import Owned
from negotiations_api.records.strict_yaml import write_yaml
from negotiations_api.schemas.document import SECTIONS
from negotiations_api.schemas.fields import near_miss
from negotiations_api.schemas.guide import GuideSchema, ProblemTypeSchema

blueprint = Blueprint("root", __name__)

ADDRESSES = {
    **{noun: collection(noun) for noun in ("negotiation", "party", "issue", "source")},
    **{
        section.model.noun: collection(section.model.noun, "{negotiation}")
        for section in SECTIONS.values()
        if issubclass(section.model, Owned)
    },
    "compare": "/v1/negotiations/{negotiation}/compare/{party}...{party}",
    "compare_dates": "/v1/negotiations/{negotiation}/compare/{party}@{date}...{party}@{date}",
    "compare_negotiations": "/v1/compare/{negotiation}:{party}...{negotiation}:{party}",
    "matrix": "/v1/negotiations/{negotiation}/matrix?on={date}",
    "agreement": "/v1/negotiations/{negotiation}/agreement?on={date}&measure={measure}",
    "convergence": "/v1/negotiations/{negotiation}/convergence?parties={party},{party}",
    "compromise": "/v1/negotiations/{negotiation}/compromise?on={date}",
    "timeline": "/v1/negotiations/{negotiation}/timeline?period={date}/{date}",
    "compare_accounts": "/v1/negotiations/{negotiation}/meetings/{meeting}/accounts/compare",
    "roadmap": "/v1/negotiations/{negotiation}/roadmap?on={date}",
    "party_positions": "/v1/parties/{party}/positions?on={date}",
    "history": "/v1/negotiations/{negotiation}/history",
    "changes": "/v1/negotiations/{negotiation}/changes?after={revision}",
    "document": "/v1/negotiations/{negotiation}/document",
    "document_schema": "/v1/schemas/document",
    "openapi": "/openapi.yaml",
    "docs": "/docs",
}

GUIDE = "The record of a negotiation, and where its sides differ."

_GUIDE = (
    "Read:    curl {here}/v1/negotiations",
    "         curl '{here}/v1/negotiations?format=text'     also csv, ndjson; or by Accept",
    "Write:   curl -H 'Content-Type: application/json' -d '{{...}}' {here}/v1/parties",
    "         ?dry_run=true tries it out; Idempotency-Key: KEY makes it safe to send again",
    "Change:  curl -X PATCH -H 'If-Match: ETAG' -H 'Content-Type: application/json' -d '{{...}}'",
    "In a browser: {here}/docs",
)


def _openapi() -> dict[str, Any]:
    """The OpenAPI document, made once an application."""
    known = current_app.extensions
    if "openapi" not in known:
        known["openapi"] = build(current_app)
    document: dict[str, Any] = known["openapi"]
    return document


def _guide_text(guide: dict[str, Any]) -> bytes:
    width = max(len(name) for name in guide["addresses"])
    addresses = [f"  {name:{width}}  {address}" for name, address in guide["addresses"].items()]
    here = request.host_url.rstrip("/")
    lines = [guide["title"], "", *addresses, "", *(line.format(here=here) for line in _GUIDE)]
    return ("\n".join(lines) + "\n").encode()


def _problem_text(shown: dict[str, Any]) -> bytes:
    return f"{shown['status']} {shown['title']}\n\n{shown['advice']}\n".encode()


@blueprint.get("/")
@operation(
    Operation(
        name="guide",
        summary="A short guide and the addresses",
        tag="root",
        schema=GuideSchema,
        # Text first: that is for whoever asks for nothing in particular, which curl does.
        renderers={TEXT: _guide_text, JSON: json_bytes},
        has_etag=False,
        is_open=True,
    )
)
def show_guide(call: Call) -> Answer:
    """What is where."""
    return Answer({"title": GUIDE, "addresses": ADDRESSES})


@blueprint.get("/openapi.json")
@operation(
    Operation(
        name="openapi_json",
        summary="This contract as JSON",
        tag="root",
        has_etag=False,
        is_open=True,
    )
)
def show_openapi_json(call: Call) -> Answer:
    """The OpenAPI document."""
    return Answer(_openapi())


@blueprint.get("/openapi.yaml")
@operation(
    Operation(
        name="openapi_yaml",
        summary="This contract as YAML",
        tag="root",
        renderers={YAML: write_yaml},
        has_etag=False,
        is_open=True,
    )
)
def show_openapi_yaml(call: Call) -> Answer:
    """The OpenAPI document."""
    return Answer(_openapi())


@blueprint.get("/problems/<problem>")
@operation(
    Operation(
        name="problem",
        summary="What a type of problem means, and what to do about it",
        tag="root",
        schema=ProblemTypeSchema,
        renderers={JSON: json_bytes, TEXT: _problem_text},
        has_etag=False,
        is_open=True,
        problems=("not-found",),
    )
)
def show_problem(call: Call, problem: str) -> Answer:
    """One type of problem."""
    kind = TYPES.get(problem)
    if kind is None:
        near = near_miss(problem[:80], TYPES) or f"; there is {', '.join(TYPES)}."
        raise Problem("not-found", f"There is no problem type '{problem[:80]}'{near}")
    return Answer(
        {
            "type": f"/problems/{problem}",
            "title": kind.title,
            "status": kind.status,
            "advice": kind.advice,
        }
    )
