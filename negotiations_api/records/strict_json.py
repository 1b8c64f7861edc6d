"""Strict JSON: what two readers could read differently is refused, with its place."""

import json
from typing import Any

from negotiations_api.records.text import (
    Ambiguous,
    Malformed,
    Refused,
    decode,
    inspect,
    integer,
    real,
    refuse_depth,
)


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Raises Malformed.

    Refused beyond the grammar: names that stand twice in an object, NaN and infinities, integers
    beyond 64 bits, lone surrogates, NUL, and nesting deeper than 64 levels.
    """
    text = decode(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=integer,
            parse_float=real,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        if not text.strip():
            raise Malformed("The body is empty: send JSON.") from None
        said = error.msg[0].lower() + error.msg[1:].removesuffix(" at").split(" (decode")[0]
        raise Malformed(
            f"This is no JSON: {said} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        refuse_depth("")
    inspect(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Ambiguous(pairs=[name for name, _ in pairs])


def _constant(text: str) -> Refused:
    return Refused(f"{text} is no number that JSON has")
