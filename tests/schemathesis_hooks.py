"""What schemathesis has to know beyond the OpenAPI document; schemathesis.toml names this file."""

import json
import os
import re
import urllib.request
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response, SerializationContext

from negotiations_api.http.waiting import LONGEST_WAIT_S

EXAMPLE = "us-dprk"

_SAID_OF_ONE_OF_SEVERAL = re.compile(r"^At most \d+ characters; this has \d+\.")
"""In a parameter that lists values, which a pattern can only describe as a whole."""

_ID = re.compile("[0-9A-Z]{13}")

_TEXTS = {"text/csv", "application/x-ndjson"}
"""Bodies of lines, of which a schema says no more than that they are text."""

_SAID_BY_NO_SCHEMA = re.compile(
    "|".join(
        (
            # On what is there.
            r"^There is no [a-z ]+ '",
            r"^There (is|are) none",
            r" already[:;]",
            r"^'[^']*' is a party, but no participant of '",
            r" stays as it is, '",
            r"^The address says '",
            r" is off the scale of '",
            r"^Demand '[^']*' has no scale",
            r"^Only a conditional position has conditions",  # when one is added
            r"^A conditional position names at least one",  # when one is taken away
            r"^A condition waits for something",  # when that is taken away
            # On what was there.
            r"^Its last change is that it was recorded",
            r"^It has not been changed since",
            r"^It was not there at revision",
            r"' is at revision \d+: give",
            r"^It was deleted too many deletions ago",
            r"^No negotiation owns it",
            r"^As it was, it cannot be now",
            r"^A deleted negotiation comes back",
            r"' has the revisions \d+ to \d+: give one",
            r"' was not there at revision ",
            r"^Nothing is known of what was recorded by ",
            r" has not come yet \(UTC\)",
            r"^(Last-Event-ID: )?What you see of '",
            r"^Last-Event-ID: '[^']*' is at revision ",
            # Between values.
            r" is before [a-z_]+ ",  # an end before its start
            r"^Give a number above min",
            r"^Give either ",
            r" ends before it begins",
            r"^Only JSON has room for other records",
            r"'[^']*' stands here twice",  # by its key, in a list of objects
            r" is no member of itself",
            r" would be part of itself",
            r"^A party would support itself",
            r" cannot wait for it",
            r" is limited to '",  # so must be what refers to it
            r" that could be made reciprocal",
            # Within a value, past what a pattern can say.
            r" is no date: ",  # 31 days in each month
            r"^Write a whole address",
            r"^There is no word in this",  # which characters words are of, Unicode says
            r"^This is no cursor of this list",
            # Schemathesis sends the key of the example with other requests, and 0 for an ETag or a
            # token.
            r"^Idempotency-Key .* came with another",
            r"^If-(None-)?Match: Write an ETag",
            r"^(Consistency-Token|Last-Event-ID): Send it as it came",
        )
    )
)
"""The refusals of what fits the schemas: each by a rule that no schema could state."""


@schemathesis.check
def refused_only_for_what_no_schema_says(
    ctx: CheckContext, response: Response, case: Case[Any]
) -> None:
    """What fits the schemas is refused by no rule that a schema could have stated."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or case.media_type in _TEXTS:
        return
    if response.status_code not in {400, 422}:
        return
    problem: dict[str, Any] = response.json()
    for error in problem.get("errors", [problem]):
        if "parameter" in error and _SAID_OF_ONE_OF_SEVERAL.search(error["detail"]):
            continue
        if not _SAID_BY_NO_SCHEMA.search(error["detail"]):
            raise AssertionError(f"The schemas should say so: {error}")


@schemathesis.serializer("application/x-ndjson")
def write_lines(ctx: SerializationContext, value: Any) -> bytes:
    """A body of lines, which is text by its schema."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@schemathesis.hook
def before_call(ctx: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Keep the example talks, which the other requests are about, and find their positions."""
    wait = str((case.query or {}).get("wait"))
    if re.fullmatch("[0-9]+", wait) and 1 < int(wait) <= LONGEST_WAIT_S:
        case.query["wait"] = "1"  # what is answered after long is what is answered after this
    if case.path_parameters.get("name") == "schemathesis":
        case.path_parameters["name"] = "another"  # the token that all of them are sent with stays
    if case.path_parameters.get("negotiation") != EXAMPLE:
        return
    operation = case.operation.definition.raw.get("operationId")
    if operation in {"delete_negotiation", "replace_document"}:
        if not _is_without_token(case):
            case.headers["If-Match"] = '"of-another-version"'
    elif _ID.fullmatch(case.path_parameters.get("position", "")) and not _is_stateful(case):
        # Their ids are of this database only, so that no dictionary can have them.
        case.path_parameters["position"] = _a_position(case.operation.base_url or "")
        if operation == "delete_position":
            case.query["dry_run"] = "true"  # the others want some to be left


def _is_without_token(case: Case[Any]) -> bool:
    """Whether it is tried what happens without one: 401, and nothing is deleted."""
    phase = case.meta.phase.data if case.meta else None
    return getattr(phase, "parameter", None) == "Authorization"


def _is_stateful(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def _a_position(base_url: str) -> str:
    address = f"{base_url.rstrip('/')}/v1/negotiations/{EXAMPLE}/positions"
    headers = {"Authorization": f"Bearer {os.environ['NEGOTIATIONS_TOKEN']}"}
    asked = urllib.request.Request(f"{address}?fields=id&limit=1&sort=-date", headers=headers)
    with urllib.request.urlopen(asked) as answer:
        position: str = json.load(answer)["items"][0]["id"]
        return position
