"""What is sent to get into a statement, a header or a cell; and every place that it is sent to.

The places are those of the OpenAPI document, so that a new one is attacked without anybody having
to think of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from tests.contract import contract

Json = Any
Path = tuple[str | int, ...]

MARK = "zq9x"
"""Stands in everything that is sent, and nowhere else."""

SQL: Mapping[str, str] = {
    "a quotation mark": f"{MARK}'",
    "two quotation marks": f"{MARK}''",
    "a double quotation mark": f'{MARK}"',
    "what is always true": f"' OR '{MARK}'='{MARK}",
    "what is always true, in parentheses": f"{MARK}') OR ('1'='1",
    "a union": f"' UNION SELECT '{MARK}', sql FROM sqlite_master --",
    "a union with all": f"' UNION ALL SELECT NULL, '{MARK}', version() FROM party -- ",
    "a second statement": f"'; DROP TABLE party; -- {MARK}",
    "a second statement, of numbers": f"1; DELETE FROM negotiation; -- {MARK}",
    "a comment to the end": f"{MARK}' --",
    "a comment that is open": f"{MARK}'/*",
    "a comment between words": f"{MARK}'/**/OR/**/1=1#",
    "a sleep": f"' || (SELECT pg_sleep(9)) || '{MARK}",
    "a sleep in a statement of its own": f"1); SELECT pg_sleep(9); -- {MARK}",
    "much work": f"' || hex(randomblob(900000000)) || '{MARK}",
    "a backslash": f"\\'; DROP TABLE party; -- {MARK}",
    "dollars": f"$$; DROP TABLE party; -- {MARK} $$",
    "parameters": f":{MARK} %({MARK})s %s ? $1 {{0}}",
    "the end of a pattern": f"%{MARK}_%' ESCAPE '",
    "a program": f"'; COPY (SELECT 1) TO PROGRAM 'touch {MARK}'; --",
    "an extension": f"' AND load_extension('{MARK}')--",
    "another file": f"'; ATTACH DATABASE '{MARK}.db' AS other; --",
    "a name": f'slug" FROM party; -- {MARK}',
    "an order": f"slug,(CASE WHEN 1=1 THEN '{MARK}' ELSE 1/0 END)",
    "words of a search": f"{MARK}* OR title:x) NEAR ( \"'",
}
"""Texts that would be, or end, a statement if they stood in one."""

HEADER: Mapping[str, str] = {
    "CR LF": f"x\r\nX-Injected: {MARK}",
    "LF": f"x\nSet-Cookie: injected={MARK}",
    "CR": f"x\rX-Injected: {MARK}",
    "CR LF and a body": f"x\r\n\r\n<script>{MARK}</script>",
    "CR LF, encoded once more": f"x%0d%0aX-Injected: {MARK}",
    "the end of a file's name": f'x"; filename="{MARK}.html',
    "the end of a link": f'x>; rel="next", <https://{MARK}.example/',
    "characters that end in LF": f"x\u560d\u560aX-Injected: {MARK}",  # by their last bytes
    "NEL": f"x\u0085X-Injected: {MARK}",
    "a line separator": f"x\u2028X-Injected: {MARK}",
}
"""Texts that would begin a header, or be a parameter of one, if they stood in one."""

FORMULAS: Sequence[str] = (
    *("=1+1", "+1", "-1+1", "@SUM(1)", '=HYPERLINK("https://example.org/","x")', "=cmd|' /C x'!A0"),
    *(" =1", "\u00a0=1", "\u200b=1", "'=1", "''+1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"),
    *("\t=1", "\r\n=1", "\n=1", "=1\n=2", '"=1', '",=1'),
)
"""Texts that a spreadsheet may run."""


def some(corpus: Mapping[str, str], first: int, number: int) -> dict[str, str]:
    """So many of a corpus, from the one at `first` on: over all places each has its turn."""
    start = first * number % len(corpus)
    return dict(islice(cycle(corpus.items()), start, start + number))


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation; `where` is query, path or header."""

    method: str
    template: str
    where: str
    name: str

    def __str__(self) -> str:
        return f"{self.where} {self.name}"


def operations() -> Iterator[tuple[str, str, Json]]:
    """Every operation of the document: its method, its address, and what is said of it."""
    for template, methods in contract().document["paths"].items():
        for method, said in methods.items():
            yield method.upper(), template, said


def parameters(method: str, template: str) -> list[Parameter]:
    """Every parameter of an operation."""
    said = contract().document["paths"][template][method.lower()]
    named = [resolved(one) for one in said["parameters"]]
    return [Parameter(method, template, one["in"], one["name"]) for one in named]


def bodies(method: str, template: str) -> Mapping[str, Json]:
    """The schemas of the bodies that an operation takes, by media type."""
    said = contract().document["paths"][template][method.lower()]
    content = said.get("requestBody", {}).get("content", {})
    return {media: resolved(of["schema"]) for media, of in content.items()}


def texts(schema: Json) -> Iterator[Path]:
    """The places of all texts that may be written in a body; 0 is the first of a list."""
    schema = resolved(schema)
    kinds = schema.get("type", ())
    if "string" in ([kinds] if isinstance(kinds, str) else kinds):
        yield ()
    for name, inner in schema.get("properties", {}).items():
        if not inner.get("readOnly") and name != "included":
            yield from ((name, *rest) for rest in texts(inner))
    if "items" in schema:
        yield from ((0, *rest) for rest in texts(schema["items"]))
    for word in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(word, ()):
            yield from texts(inner)


def resolved(node: Json) -> Json:
    """A part of the document, or what it refers to."""
    while "$ref" in node:
        found: Json = contract().document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def with_text(body: Json, path: Path, text: str) -> Json:
    """A body with a text in one place of it; what leads there and is missing is made."""
    if not path:
        return text
    step, *rest = path
    if isinstance(step, int):
        items = list(body or ())
        return [with_text(items[0] if items else None, tuple(rest), text), *items[1:]]
    whole = dict(body or {})
    return whole | {step: with_text(whole.get(step), tuple(rest), text)}


def text_at(body: Json, path: Path) -> Json:
    """What stands in that place of an answer; None if there is no such place."""
    for step in path:
        if isinstance(step, int) and isinstance(body, list):
            body = body[step] if body else None
        elif isinstance(step, str) and isinstance(body, dict):
            body = body.get(step)
        else:
            return None
    return body
