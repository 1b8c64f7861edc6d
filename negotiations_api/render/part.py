"""The values and parts of a record in words, from its JSON representation."""

from collections.abc import Callable, Mapping
from typing import Any

from negotiations_api.compare.position import Condition, ConditionKind
from negotiations_api.render.position import condition_words
from negotiations_api.render.words import exact_number, one_line

Part = Mapping[str, Any]


def has_parts(value: Any) -> bool:
    """Whether a value is a list of parts, such as citations; lists of slugs and names are none."""
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def slug_of(value: Any) -> Any:
    """The slug that a value is, also where the record that it names stands in its place."""
    if not isinstance(value, Mapping):
        return value
    return value["slug"] if "slug" in value else slug_of(value.get("party"))


def value_words(value: Any) -> str:
    """One value of a record in one line; nothing where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return exact_number(value)
        case list():
            texts = [value_words(item) for item in value]
            return ("; " if any("," in text for text in texts) else ", ").join(texts)
        case Mapping():
            return _object(value)
    return one_line(str(value))


def part_words(name: str, part: Any) -> str:
    """One of the parts that a record has in its field `name`, in one line."""
    words = _PARTS.get(name)
    return words(part) if words and isinstance(part, Mapping) else value_words(part)


def _object(value: Part) -> str:
    """A scale, a record that stands in the place of its slug, or else all that there is."""
    if {"min", "max"} <= value.keys():
        return _scale(value)
    if slug_of(value) is None:
        said = ((name, value_words(each)) for name, each in value.items())
        return ", ".join(f"{name}: {words}" for name, words in said if words)
    title = value.get("title") or value.get("name")
    return _behind(str(slug_of(value)), value_words(title))


def _behind(first: str, rest: str) -> str:
    return f"{first}: {rest}" if rest else first


def _scale(scale: Part) -> str:
    """``0 to 100 km; 0 is none; 100 is all``."""
    low, high = value_words(scale["min"]), value_words(scale["max"])
    unit = f" {value_words(scale['unit'])}" if scale.get("unit") else ""
    ends = ((low, scale.get("min_means")), (high, scale.get("max_means")))
    meant = [f"{end} is {value_words(means)}" for end, means in ends if means]
    return "; ".join([f"{low} to {high}{unit}", *meant])


def _condition(part: Part) -> str:
    demands = tuple(str(slug_of(demand)) for demand in part["demands"])
    return condition_words(Condition(ConditionKind(part["kind"]), demands, part.get("text")))


def _citation(part: Part) -> str:
    """``treaty: "as is" (The envoy, p. 3)``."""
    said = f'"{value_words(part["quotation"])}"' if part.get("quotation") else ""
    more = [value_words(part[name]) for name in ("quoted", "locator") if part.get(name)]
    where = f"({', '.join(more)})" if more else ""
    return _behind(value_words(part["source"]), " ".join(filter(None, (said, where))))


def _claim(part: Part) -> str:
    """``affirmed new-offer: We brought one``, or denied."""
    says = "affirmed" if part["affirmed"] else "denied"
    return _behind(f"{says} {value_words(part['topic'])}", value_words(part.get("text")))


def _attendance(part: Part) -> str:
    """``alpha: A. Head, president``."""
    who = [value_words(part[name]) for name in ("delegate", "role") if part.get(name)]
    return _behind(value_words(part["party"]), ", ".join(who))


def _membership(part: Part) -> str:
    """``un, since 1991, until 2001-05``."""
    ends = [f"{name} {part[name]}" for name in ("since", "until") if part.get(name)]
    return ", ".join([value_words(part["party"]), *ends])


def _identifier(part: Part) -> str:
    return _behind(value_words(part["scheme"]), value_words(part["value"]))


_PARTS: Mapping[str, Callable[[Part], str]] = {
    "conditions": _condition,
    "citations": _citation,
    "claims": _claim,
    "attendance": _attendance,
    "member_of": _membership,
    "identifiers": _identifier,
}
"""How the parts in each field are said; those in any other are said by name and value."""
