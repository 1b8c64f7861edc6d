"""Strict YAML, with the values of JSON, and the line of each of them."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from negotiations_api.records.faults import pointer
from negotiations_api.records.text import (
    DEEPEST,
    Malformed,
    Refused,
    Tree,
    decode,
    inspect,
    integer,
    real,
    refuse_depth,
)

_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_BREAKS = re.compile("[\x85\u2028\u2029]")  # NEL, LS, PS
_ESCAPE = re.compile(r"\\(?:u|U0000)([0-9a-fA-F]{4})")
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str"}


def read_yaml(body: bytes) -> Tree:
    """The value of a YAML text and the lines of its parts. Raises Malformed.

    The values are those of JSON: `no` and `2019-04-12` are texts, as in YAML 1.2, where 1.1 has
    a boolean and a date. Anchors, aliases, tags and names that stand twice are refused.
    """
    text = decode(body)
    stand_ins = _stand_ins(text)
    for character, stand_in in stand_ins.items():
        text = text.replace(character, stand_in)
    try:
        tree = _Builder(stand_ins).build(text)
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise Malformed(f"This is no YAML: {str(error).splitlines()[0]} at line {line}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise Malformed(f"This is no YAML: {problem}{where}.") from None
    try:
        inspect(tree.value)
    except Malformed as error:
        raise Malformed(f"Line {tree.line(error.at or '')}: {error}") from None
    return tree


class _Builder:
    """Builds a value from parser events, without recursion: a deep text can do no harm."""

    def __init__(self, stand_ins: Mapping[str, str]) -> None:
        self.originals = {ord(stand_in): own for own, stand_in in stand_ins.items()}
        self.lines: dict[str, int] = {}
        self.root: Any = None
        self.open: list[tuple[Any, str]] = []
        self.name: str | None = None
        self.names: list[str | None] = []

    def build(self, text: str) -> Tree:
        documents = 0
        for event in yaml.parse(text, Loader=_LOADER):
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
            refuse_depth(self.open[-1][1])
        if self._expects_name():
            raise Malformed(f"Line {line} has a list or an object where a name should be.")
        at = self._put(container, line)
        self.open.append((container, at))
        self.names.append(None)
        self.name = None

    def _expects_name(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.name is None

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = event.value.translate(self.originals)
        if self._expects_name():
            if text in self.open[-1][0]:
                raise Malformed(f"'{text[:80]}' stands twice in one object, at line {line}.")
            self.name = text
            self.lines[self.open[-1][1] + pointer(text)] = line
            return
        plain = event.implicit[0] and event.tag is None
        value = _plain_value(text) if plain else text
        if isinstance(value, Refused):
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

    These end a line in YAML 1.1, which the parser reads, but not in 1.2 or in JSON.
    """
    breaks = sorted(set(_BREAKS.findall(text)))
    if not breaks:
        return {}
    taken = set(text) | {chr(int(code, 16)) for code in _ESCAPE.findall(text)}
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in taken)
    return dict(zip(breaks, free, strict=False))


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _plain_value(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return integer(text)
    if _NUMBER.fullmatch(text):
        return real(text)
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


_Dumper.add_representer(str, _represent_text)


def write_yaml(value: Any) -> bytes:
    """`value` as YAML, names in their order; texts that YAML 1.1 or 1.2 misreads are quoted.

    What `read_yaml` reads from it is `value` again.
    """
    text = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, encoding="utf-8"
    )
    return bytes(text)
