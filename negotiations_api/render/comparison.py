"""A comparison as text that reads like a diff."""

from collections.abc import Iterator

from negotiations_api.compare.change import Change
from negotiations_api.compare.comparison import (
    ComparedDemand,
    ComparedSide,
    Comparison,
    Totals,
)
from negotiations_api.compare.position import Condition, ConditionKind, Position
from negotiations_api.render.style import Ink, Style

_INK = {"-": Ink.REMOVED, "+": Ink.ADDED, " ": None}


def comparison_text(comparison: Comparison, style: Style) -> str:
    """The comparison as a diff: `-` is what only the left side says, `+` only the right one."""
    return "\n".join(_lines(comparison, style)) + "\n"


def _lines(comparison: Comparison, style: Style) -> Iterator[str]:
    yield from _side("---", comparison.left, comparison, style)
    yield from _side("+++", comparison.right, comparison, style)
    for issue in comparison.issues:
        yield ""
        yield style.paint(f"@@ {style.shorten(issue.issue.title, style.width - 6)} @@", Ink.HEADING)
        for compared in issue.demands:
            yield from _demand(compared, style)
    yield ""
    yield from style.wrap(_totals(comparison.totals), "", "  ")


def _side(mark: str, side: ComparedSide, comparison: Comparison, style: Style) -> Iterator[str]:
    parties = (comparison.left.party, comparison.right.party)
    wide = min(max(len(party.slug) for party in parties), style.width // 2)
    slug = style.shorten(side.party.slug, wide)
    named = f"{mark} {slug:{wide}}  {side.on}  {side.party.name}"
    yield style.paint(style.shorten(named, style.width), _INK[mark[0]])


def _demand(compared: ComparedDemand, style: Style) -> Iterator[str]:
    kind = compared.change or compared.alignment
    label = f"[{(kind or '').replace('_', ' ')}]"
    heading = f"{compared.demand.slug}: {compared.demand.title}"
    room = style.width - len(label) - 3
    yield ""
    for index, line in enumerate(Style(room).wrap(heading, "  ", "    ")):
        if index:
            yield style.paint(line, Ink.STRONG)
        else:
            yield style.paint(style.column(line, room), Ink.STRONG) + " " + label
    yield from _positions(compared, style)


def _positions(compared: ComparedDemand, style: Style) -> Iterator[str]:
    left, right = compared.left, compared.right
    unit = compared.demand.scale.unit if compared.demand.scale else None
    lefts, rights = _said(left, unit), _said(right, unit)
    same_stance = (left and left.stance) == (right and right.stance)
    if same_stance:
        yield from _write(" ", _stance(left, right), style)
        for text in lefts:
            if text in rights:
                yield from _write(" ", text, style)
    if compared.change is Change.UNCHANGED:
        return  # what else differs, such as a citation, is not what it says
    for mark, position, said, other in (("-", left, lefts, rights), ("+", right, rights, lefts)):
        if not same_stance:
            yield from _write(mark, _stance(position, position), style)
        for text in said:
            if not same_stance or text not in other:
                yield from _write(mark, text, style)


def _stance(left: Position | None, right: Position | None) -> str:
    """The stance that both have, and since when the one and the other."""
    if left is None or right is None:
        return "not recorded"
    both = "" if left.date == right.date else f" and {right.date}"
    return f"{left.stance}, since {left.date}{both}"


def _said(position: Position | None, unit: str | None) -> list[str]:
    """What a position says beyond its stance, a text each."""
    if position is None:
        return []
    said = [_condition(condition) for condition in position.conditions]
    numbers = (("value", position.value), ("at the furthest", position.reservation_value))
    values = [f"{name} {_number(number)}" for name, number in numbers if number is not None]
    if values:
        said.append(f"  {', '.join(values)}{f' ({unit})' if unit else ''}")
    if position.deadline:
        said.append(f"  deadline {position.deadline}")
    if position.until:
        said.append(f"  until {position.until}")
    if position.summary:
        said.append(f"  {' '.join(position.summary.split())}")
    if position.citations:
        said.append(f"  {_sources(position)}")
    return said


def _sources(position: Position) -> str:
    """The first quotation and who said it, then the slugs of all sources in brackets."""
    quoted = next((citation for citation in position.citations if citation.quotation), None)
    slugs = ", ".join(dict.fromkeys(citation.source for citation in position.citations))
    if quoted is None:
        return f"[{slugs}]"
    return f'"{quoted.quotation}" {quoted.quoted or quoted.title} [{slugs}]'


def _number(number: float) -> str:
    """All the digits that a float can be trusted with, and no fraction where it has none."""
    return f"{number:.15g}"


def _condition(condition: Condition) -> str:
    when = "after" if condition.kind is ConditionKind.PRECONDITION else "together with"
    what = " or ".join(condition.demands)
    text = " ".join((condition.text or "").split())
    return f"  only {when} {f'{what}: {text}' if what and text else what or text}"


def _write(mark: str, text: str, style: Style) -> Iterator[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    for line in style.wrap(text.strip(), f"{mark} {indent}", f"{mark} {indent}  "):
        yield style.paint(line, _INK[mark])


def _totals(totals: Totals) -> str:
    kinds = totals.changes if totals.changes is not None else totals.alignments
    counts = [
        f"{number} {kind.replace('_', ' ')}" for kind, number in (kinds or {}).items() if number
    ]
    noun = "demand" if totals.demands == 1 else "demands"
    listed = f": {', '.join(counts)}" if counts else ""
    return f"{totals.demands} {noun}, {totals.recorded_by_both} recorded on both sides{listed}."
