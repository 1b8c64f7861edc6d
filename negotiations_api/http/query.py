"""The one place that reads query parameters: the unknown are errors, not silence."""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, missing

from negotiations_api.http.parameters import Repeated, Truth
from negotiations_api.http.problem import bad_query
from negotiations_api.http.representations import formats
from negotiations_api.records.faults import Missing
from negotiations_api.schemas.base import StrictSchema
from negotiations_api.schemas.fields import near_miss

FORMAT = "format"
"""The parameter that chooses the representation, which is read elsewhere."""


class DryRunQuery(StrictSchema):
    """Whether a write is to be tried out only."""

    dry_run = Truth(
        metadata={
            "description": "true: check everything and answer as it would be, but write nothing."
        }
    )


def _texts(messages: Any) -> Iterator[str]:
    """The texts in marshmallow's messages on one field, of which a list has some an entry."""
    if isinstance(messages, str):
        yield messages
    else:
        for message in messages.values() if isinstance(messages, dict) else messages:
            yield from _texts(message)


def read_query(schema: Schema, offered: Sequence[str] = ()) -> dict[str, Any]:
    """The query parameters as `schema` reads them, of an answer that is `offered` as media types.

    Raises Problem (400), naming each one wrong.
    """
    if not request.args and (defaults := _defaults(type(schema))) is not None:
        return dict(defaults)
    common = [FORMAT] if formats(offered) else []
    known, many = _parameters(type(schema))
    errors: dict[str, str] = {}
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name in common and len(values) == 1:
            continue
        if name not in known and name not in common:
            errors[name] = _unknown(name, [*known, *common])
        elif name in many:
            given[name] = values
        elif len(values) > 1:
            errors[name] = "Give this parameter once."
        else:
            given[name] = values[0]
    read: dict[str, Any] = {}
    try:
        read = _part(type(schema), frozenset(given)).load(given)
    except ValidationError as error:
        messages: Any = error.messages
        for name, of_name in messages.items():
            errors.setdefault(name, " ".join(dict.fromkeys(_texts(of_name))))
    if errors:
        raise bad_query(errors)
    return read


def _unknown(name: str, there: Sequence[str]) -> str:
    """What to say of a parameter that is not among those that are `there`."""
    if not there:
        return "Leave it out: there are no parameters here."
    plain = [parameter for parameter in there if "." not in parameter]
    near = near_miss(name, there) or f"; there is {', '.join(plain)}."
    return f"There is no parameter '{name[:80]}' here{near}"


@cache
def _parameters(schema: type[Schema]) -> tuple[Sequence[str], Set[str]]:
    """The names of the parameters that `schema` has, and of those that may be repeated."""
    fields = schema().fields
    many = {name for name, field in fields.items() if isinstance(field, Repeated)}
    return [field.data_key or name for name, field in fields.items()], many


@cache
def _defaults(schema: type[Schema]) -> Mapping[str, Any] | None:
    """What `schema` reads of no parameters; None if it refuses that."""
    try:
        read: Mapping[str, Any] = schema().load({})
    except ValidationError:
        return None
    return read


@lru_cache(maxsize=1024)
def _part(schema: type[Schema], given: Set[str]) -> Schema:
    """`schema` with no fields but those that are `given` and those that matter if they are not.

    A list has a hundred parameters, of which a request gives two.
    """
    fields = schema().fields.items()
    return schema(
        only=[
            name
            for name, field in fields
            if (field.data_key or name) in given
            or field.required
            or field.load_default is not missing
        ]
    )


@contextmanager
def named_by(parameter: str) -> Iterator[None]:
    """Say of what is Missing that a parameter names it: Problem (400), not 404 for the address."""
    try:
        yield
    except Missing as error:
        raise bad_query({parameter: str(error.args[0])}) from None
