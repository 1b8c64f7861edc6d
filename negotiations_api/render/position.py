"""A position and a condition in words."""

from negotiations_api.compare.position import Condition, ConditionKind, Position
from negotiations_api.render.words import exact_number, one_line

NOT_RECORDED = "not recorded"


def condition_words(condition: Condition) -> str:
    """``only after cvid: verified``, with which the demand's party waits for it."""
    when = "after" if condition.kind is ConditionKind.PRECONDITION else "together with"
    what = " or ".join(condition.demands)
    text = one_line(condition.text)
    return f"only {when} {f'{what}: {text}' if what and text else what or text}"


def conditions_words(position: Position) -> str:
    """All conditions of a position; nothing where it has none."""
    return "; ".join(condition_words(condition) for condition in position.conditions)


def value_words(position: Position, unit: str | None) -> str:
    """``value 10, at the furthest 50 (percent)``; nothing where neither is recorded."""
    numbers = (("value", position.value), ("at the furthest", position.reservation_value))
    values = [f"{name} {exact_number(number)}" for name, number in numbers if number is not None]
    return f"{', '.join(values)}{f' ({unit})' if unit else ''}" if values else ""


def position_words(position: Position | None, unit: str | None = None) -> str:
    """``conditional, since 2019-03-11: only after cvid``, with its value if it has one."""
    if position is None:
        return NOT_RECORDED
    said = [text for text in (conditions_words(position), value_words(position, unit)) if text]
    stance = f"{position.stance}, since {position.date}"
    return f"{stance}: {'; '.join(said)}" if said else stance


def source_slugs(position: Position) -> list[str]:
    """The sources that a position rests on, each once, in their order."""
    return list(dict.fromkeys(citation.source for citation in position.citations))
