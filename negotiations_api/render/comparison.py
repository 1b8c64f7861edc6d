"""A comparison as text that reads like a diff, as a page, and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.change import Change
from negotiations_api.compare.comparison import ComparedDemand, ComparedSide, Comparison
from negotiations_api.compare.position import Position
from negotiations_api.render.page import Cell, Page, Section, Table
from negotiations_api.render.position import (
    NOT_RECORDED,
    condition_words,
    conditions_words,
    position_words,
    source_slugs,
    value_words,
)
from negotiations_api.render.style import Ink, Style
from negotiations_api.render.totals import totals_sentences
from negotiations_api.render.words import heading, kind, one_line

_INK = {"-": Ink.REMOVED, "+": Ink.ADDED, " ": None}


def comparison_text(comparison: Comparison, style: Style) -> str:
    """The comparison as a diff: `-` is what only the left side says, `+` only the right one."""
    return "\n".join(_lines(comparison, style)) + "\n"


def comparison_page(comparison: Comparison) -> Page:
    """A table for each issue, with what both sides say on each demand."""
    sides = tuple(
        f"{mark}: {side.party.name} ({side.slug}) on {side.on}"
        for mark, side in (("Left", comparison.left), ("Right", comparison.right))
    )
    names, relation = _columns(comparison)
    header = ("demand", *names, relation, "distance")
    issues = (
        Section(
            issue.issue.title, table=Table(header, tuple(_page_row(each) for each in issue.demands))
        )
        for issue in comparison.issues
    )
    totals = Section(None, tuple(totals_sentences(comparison.totals)))
    return Page(_title(comparison), (Section(None, items=sides), *issues, totals))


def _title(comparison: Comparison) -> str:
    left, right = comparison.left, comparison.right
    if comparison.totals.changes is not None:
        return f"{left.slug} from {left.on} to {right.on}"
    if left.on == right.on:
        return f"{left.slug} and {right.slug} on {left.on}"
    return f"{left.slug} on {left.on} and {right.slug} on {right.on}"


def _columns(comparison: Comparison) -> tuple[tuple[str, str], str]:
    """What the columns of the two sides, and of how they relate, are called."""
    left, right = comparison.left, comparison.right
    if comparison.totals.changes is not None:
        return (left.on, right.on), "change"
    return (left.slug, right.slug), "alignment"


def _page_row(compared: ComparedDemand) -> tuple[Cell, ...]:
    scale = compared.demand.scale
    unit = scale.unit if scale else None
    return (
        heading(compared.demand),
        position_words(compared.left, unit),
        position_words(compared.right, unit),
        kind(compared.change or compared.alignment or ""),
        compared.distance,
    )


def comparison_table(comparison: Comparison) -> Table:
    """A row for each demand, with both positions; sources are slugs with a space between them."""
    facts = ("stance", "date", "value", "conditions", "sources")
    return Table(
        (
            *("issue", "demand", "title", "alignment", "change", "distance"),
            *(f"{side}_{fact}" for side in ("left", "right") for fact in facts),
        ),
        tuple(
            (
                issue.issue.slug,
                compared.demand.slug,
                compared.demand.title,
                compared.alignment,
                compared.change,
                compared.distance,
                *_facts(compared.left),
                *_facts(compared.right),
            )
            for issue in comparison.issues
            for compared in issue.demands
        ),
    )


def _facts(position: Position | None) -> tuple[Cell, ...]:
    if position is None:
        return (None,) * 5
    return (
        position.stance,
        position.date,
        position.value,
        conditions_words(position) or None,
        " ".join(source_slugs(position)) or None,
    )


def _lines(comparison: Comparison, style: Style) -> Iterator[str]:
    yield from _side("---", comparison.left, comparison, style)
    yield from _side("+++", comparison.right, comparison, style)
    for issue in comparison.issues:
        yield ""
        yield style.paint(f"@@ {style.shorten(issue.issue.title, style.width - 6)} @@", Ink.HEADING)
        for compared in issue.demands:
            yield from _demand(compared, style)
    yield ""
    for sentence in totals_sentences(comparison.totals):
        yield from style.wrap(sentence, "", "  ")


def _side(mark: str, side: ComparedSide, comparison: Comparison, style: Style) -> Iterator[str]:
    slugs = (comparison.left.slug, comparison.right.slug)
    wide = min(max(len(slug) for slug in slugs), style.width // 2)
    slug = style.shorten(side.slug, wide)
    named = f"{mark} {slug:{wide}}  {side.on}  {side.party.name}"
    yield style.paint(style.shorten(named, style.width), _INK[mark[0]])


def _demand(compared: ComparedDemand, style: Style) -> Iterator[str]:
    label = f"[{kind(compared.change or compared.alignment or '')}]"
    room = style.width - len(label) - 3
    yield ""
    for index, line in enumerate(Style(room).wrap(heading(compared.demand), "  ", "    ")):
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
        return NOT_RECORDED
    both = "" if left.date == right.date else f" and {right.date}"
    return f"{left.stance}, since {left.date}{both}"


def _said(position: Position | None, unit: str | None) -> list[str]:
    """What a position says beyond its stance, a text each."""
    if position is None:
        return []
    said = [f"  {condition_words(condition)}" for condition in position.conditions]
    if values := value_words(position, unit):
        said.append(f"  {values}")
    if position.deadline:
        said.append(f"  deadline {position.deadline}")
    if position.until:
        said.append(f"  until {position.until}")
    if position.summary:
        said.append(f"  {one_line(position.summary)}")
    if position.citations:
        said.append(f"  {_sources(position)}")
    return said


def _sources(position: Position) -> str:
    """The first quotation and who said it, then the slugs of all sources in brackets."""
    quoted = next((citation for citation in position.citations if citation.quotation), None)
    slugs = ", ".join(source_slugs(position))
    if quoted is None:
        return f"[{slugs}]"
    return f'"{quoted.quotation}" {quoted.quoted or quoted.title} [{slugs}]'


def _write(mark: str, text: str, style: Style) -> Iterator[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    for line in style.wrap(text.strip(), f"{mark} {indent}", f"{mark} {indent}  "):
        yield style.paint(line, _INK[mark])
