"""What a comparison comes to, in sentences."""

from collections.abc import Iterator

from negotiations_api.compare.comparison import Totals
from negotiations_api.render.words import count, kind, number

_DECIMALS = 2


def totals_sentences(totals: Totals) -> Iterator[str]:
    """How many demands there are of each kind; and how far apart, if both said anything."""
    kinds = totals.changes if totals.changes is not None else totals.alignments
    counts = [f"{how_many} {kind(name)}" for name, how_many in (kinds or {}).items() if how_many]
    listed = f": {', '.join(counts)}" if counts else ""
    demands = count(totals.demands, "demand")
    yield f"{demands}, {totals.recorded_by_both} recorded on both sides{listed}."
    if totals.distance is None or totals.coverage is None:
        return
    weighted = totals.weighted_distance
    by_salience = (
        "" if weighted is None else f", {number(weighted, _DECIMALS)} weighted by salience"
    )
    covered = count(totals.recorded_by_both, "demand")
    coverage = number(totals.coverage, _DECIMALS)
    distance = number(totals.distance, _DECIMALS)
    yield f"Distance {distance} over {covered} (coverage {coverage}){by_salience}."
