"""Whether parties come closer, as a page and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.convergence import Convergence
from negotiations_api.render.measure import measure_sentences
from negotiations_api.render.page import Page, Section, Table
from negotiations_api.render.words import listed, number, period_words

_VALUES = (
    "The value is over the fixed demands, the recorded value over all demands that the parties "
    "are recorded on that day."
)

_EFFECT = (
    "An effect is what the move alone does to the measure, over the demands that all parties are "
    "recorded on both before and after it."
)

_NOBODY_MOVED = "0"


def convergence_page(convergence: Convergence) -> Page:
    """From where to where; the points; the largest moves."""
    names = listed(party.slug for party in convergence.parties)
    sections = [
        Section(
            None,
            (
                *measure_sentences(convergence.measure, convergence.weights),
                _fixed(convergence),
                *_from_first_to_last(convergence),
            ),
        )
    ]
    if convergence.points:
        sections.append(
            Section(
                "Day by day",
                (_VALUES,),
                table=_points(convergence),
            )
        )
    if convergence.moves:
        sections.append(Section("The largest moves", (_EFFECT,), table=_moves(convergence)))
    period = period_words(convergence.period)
    return Page(f"Convergence of {names} in {period}", tuple(sections))


def convergence_table(convergence: Convergence) -> Table:
    """A row for each point; `entered` and `left` are slugs with a space between them."""
    return Table(
        ("on", "value", "recorded_value", "recorded", "entered", "left"),
        tuple(
            (
                point.on,
                point.value,
                point.recorded_value,
                point.recorded,
                " ".join(point.entered) or None,
                " ".join(point.left) or None,
            )
            for point in convergence.points
        ),
    )


def _fixed(convergence: Convergence) -> str:
    demands = convergence.demands
    if not demands:
        return "There is no demand on which all parties are recorded throughout."
    slugs = ", ".join(demand.slug for demand in demands)
    return f"Fixed, since all parties are recorded on them throughout: {slugs}."


def _from_first_to_last(convergence: Convergence) -> Iterator[str]:
    measured = [(point.on, point.value) for point in convergence.points if point.value is not None]
    if not measured:
        yield "There is no day on which they can be measured."
        return
    (first, before), (last, after) = measured[0], measured[-1]
    if first == last:
        yield f"On {first}, the only day measured: {number(before)}."
        return
    moved = number(abs(after - before))
    if moved == _NOBODY_MOVED:
        how = "no change"
    else:
        is_closer = (after < before) is convergence.measure.is_distance
        how = f"{'came closer' if is_closer else 'moved apart'} by {moved}"
    yield f"From {first} ({number(before)}) to {last} ({number(after)}): {how}."


def _points(convergence: Convergence) -> Table:
    return Table(
        ("on", "value", "recorded value", "recorded", "entered", "left"),
        tuple(
            (
                point.on,
                point.value,
                point.recorded_value,
                point.recorded,
                ", ".join(point.entered),
                ", ".join(point.left),
            )
            for point in convergence.points
        ),
    )


def _moves(convergence: Convergence) -> Table:
    return Table(
        ("on", "party", "demand", "before", "after", "change", "effect"),
        tuple(
            (
                move.on,
                move.after.party,
                move.after.demand,
                move.before.stance,
                move.after.stance,
                move.change,
                move.effect,
            )
            for move in convergence.moves
        ),
        keys=3,
    )
