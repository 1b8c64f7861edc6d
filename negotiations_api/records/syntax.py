"""Strict JSON and YAML: what two readers could read differently is refused, with its place."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from negotiations_api.records.faults import pointer

DEEPEST = 64
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str"}


class Malformed(ValueError):
    """A text that is no JSON, or no YAML, that the service reads."""


@dataclass(slots=True)
class Tree:
    """What a text says, and the line (from 1) of each part of it by JSON Pointer, if known."""

    value: Any
    lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, at: str) -> int | None:
        """The line of the part that `at` points to, or of the nearest part around it."""
        while at not in self.lines:
            if not at:
                return None
            at = at.rpartition("/")[0]
        return self.lines[at]


class _Repeated(dict[str, Any]):
    """An object in which a name stands twice."""


@dataclass(slots=True)
class _Refused:
    """Stands for a number that is refused, until its place is known."""

    detail: str


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Raises Malformed.

    Refused beyond the grammar: names that stand twice in an object, NaN and infinities, integers
    beyond 64 bits, lone surrogates, NUL, and nesting deeper than `DEEPEST`.
    """
    text = _decode(body)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            f"This is no JSON: {error.msg[0].lower()}{error.msg[1:]} "
            f"at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        _refuse_depth("")
    _inspect(value, "", 0)
    return value


def _decode(body: bytes) -> str:
    try:
        return body.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Malformed(f"The text is not UTF-8, at byte {error.start}.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else _Repeated(pairs=[name for name, _ in pairs])


def _integer(text: str) -> int | _Refused:
    # Looked at before it is converted: the time that takes grows with the square of the digits.
    if len(text.lstrip("+-0")) > 19 or not -(2**63) <= int(text) < 2**63:
        return _Refused(f"An integer lies beyond 64 bits: {text[:24]}")
    return int(text)


def _float(text: str) -> float | _Refused:
    number = float(text)
    return number if math.isfinite(number) else _Refused(f"A number is too large: {text[:24]}")


def _constant(text: str) -> _Refused:
    return _Refused(f"{text} is no number that JSON has")


def _refuse_depth(at: str) -> NoReturn:
    raise Malformed(f"Nested deeper than {DEEPEST} levels{f', at {at[:200]}' if at else ''}.")


def _inspect(value: Any, at: str, depth: int) -> None:
    if isinstance(value, str):
        _inspect_text(value, at)
    elif isinstance(value, _Refused):
        raise Malformed(f"{value.detail}, at '{at}'.")
    elif isinstance(value, dict | list):
        if depth >= DEEPEST:
            _refuse_depth(at)
        if isinstance(value, _Repeated):
            _refuse_repeated(value["pairs"], at)
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            if isinstance(step, str):
                _inspect_text(step, at)
            _inspect(item, at + pointer(step), depth + 1)


def _refuse_repeated(names: list[str], at: str) -> NoReturn:
    seen: set[str] = set()
    for name in names:
        _inspect_text(name, at)
        if name in seen:
            raise Malformed(f"'{name[:80]}' stands twice in the object at '{at}'.")
        seen.add(name)
    raise AssertionError("No name stands twice.")


def _inspect_text(text: str, at: str) -> None:
    if "\0" in text:
        raise Malformed(f"A text has the character NUL, at '{at}'.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Malformed(f"A text has half a surrogate pair, at '{at}'.")


def read_yaml(body: bytes) -> Tree:
    """The value of a YAML text and the lines of its parts. Raises Malformed.

    The values are those of JSON: `no` and `2019-04-12` are texts, as in YAML 1.2, where 1.1 has
    a boolean and a date. Anchors, aliases, tags and names that stand twice are refused.
    """
    text = _decode(body)
    try:
        tree = _Builder().build(text)
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise Malformed(f"This is no YAML: {str(error).splitlines()[0]} (line {line}).") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Malformed(f"This is no YAML: {problem}{where}.") from None
    _inspect(tree.value, "", 0)
    return tree


class _Builder:
    """Builds a value from parser events, without recursion: a deep text can do no harm."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.root: Any = None
        self.open: list[tuple[Any, str]] = []
        self.name: str | None = None
        self.names: list[str | None] = []
        self.breaks: dict[int, str] = {}

    def build(self, text: str) -> Tree:
        documents = 0
        stand_ins = _stand_ins(text)
        self.breaks = {ord(other): own for own, other in stand_ins.items()}
        for event in yaml.parse(text.translate(str.maketrans(stand_ins)), Loader=_LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.NodeEvent):
                _refuse_properties(event, line)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise Malformed(f"A second document begins at line {line}: send one.")
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._start({} if isinstance(event, yaml.MappingStartEvent) else [], line)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                    self.name = self.names.pop()
                case yaml.ScalarEvent():
                    self._scalar(event, line)
        return Tree(self.root, self.lines)

    def _start(self, container: Any, line: int) -> None:
        if len(self.open) >= DEEPEST:
            _refuse_depth(self.open[-1][1])
        if self._expects_name():
            raise Malformed(f"Line {line} has a list or an object where a name should be.")
        at = self._put(container, line)
        self.open.append((container, at))
        self.names.append(None)
        self.name = None

    def _expects_name(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.name is None

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = event.value.translate(self.breaks)
        if self._expects_name():
            if text in self.open[-1][0]:
                raise Malformed(f"'{text[:80]}' stands twice in one object, at line {line}.")
            self.name = text
            self.lines[self.open[-1][1] + pointer(text)] = line
            return
        plain = event.implicit[0] and event.tag is None
        value = _plain_value(text) if plain else text
        if isinstance(value, _Refused):
            raise Malformed(f"{value.detail}, at line {line}.")
        self._put(value, line)

    def _put(self, value: Any, line: int) -> str:
        """Put `value` where it belongs; return its pointer."""
        if not self.open:
            self.root = value
            self.lines[""] = line
            return ""
        container, at = self.open[-1]
        if isinstance(container, list):
            here = at + pointer(len(container))
            self.lines[here] = line
            container.append(value)
        else:
            assert self.name is not None
            here = at + pointer(self.name)
            container[self.name] = value
            self.name = None
        return here


def _refuse_properties(event: yaml.NodeEvent, line: int) -> None:
    if isinstance(event, yaml.AliasEvent):
        raise Malformed(f"Write the value out instead of the alias at line {line}.")
    if event.anchor is not None:
        raise Malformed(f"Leave the anchor &{event.anchor[:80]} at line {line} out.")
    tag = getattr(event, "tag", None)
    if tag not in _PLAIN_TAGS or (tag and not isinstance(event, yaml.ScalarEvent)):
        raise Malformed(f"Leave the tag {tag} at line {line} out.")


def _stand_ins(text: str) -> dict[str, str]:
    """Private characters, which `text` has neither as such nor escaped, for some that it has.

    NEL, LS and PS end a line in YAML 1.1, which the parser reads, but not in 1.2 or in JSON.
    """
    breaks = [character for character in "\x85\u2028\u2029" if character in text]
    if not breaks:
        return {}
    lower = text.lower()
    free = (
        chr(code)
        for code in range(0xE000, 0xF900)
        if chr(code) not in text and f"{code:x}" not in lower
    )
    return dict(zip(breaks, free, strict=False))


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _plain_value(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _NUMBER.fullmatch(text):
        return _float(text)
    return text


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes no aliases, and quotes what `read_yaml` would not read as the same text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: Any, text: str) -> Any:
    # YAML 1.1, by which the dumper decides, takes 08 and 1e5 for texts, and breaks a line at NEL.
    is_other = not isinstance(_plain_value(text), str)
    style = '"' if _BREAKS.search(text) else "'" if is_other else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_BREAKS = re.compile("[\x85\u2028\u2029]")
_Dumper.add_representer(str, _represent_text)


def write_yaml(value: Any) -> bytes:
    """`value` as YAML, names in their order; texts that YAML 1.1 or 1.2 would misread are quoted."""
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, encoding="utf-8"
    )
    return bytes(text)
