"""How close every pair of parties is, as a page and as a table."""

from collections.abc import Iterator

from negotiations_api.compare.agreement import Agreement, DemandAgreement, PairAgreement
from negotiations_api.render.measure import measure_sentences
from negotiations_api.render.page import Cell, Page, Section, Table
from negotiations_api.render.words import NOTHING, count, number, period_words

_RANKED = 5
"""How many of the closest pairs are listed, and of the farthest, where there are more than both."""

_INDICES = (
    "Rice's index (Rice 1925) and the agreement index (Hix, Noury and Roland 2005), from 0 to 1: "
    "more is more united."
)

_PAIR = ("left", "right", "value", "demands", "coverage")


def agreement_page(agreement: Agreement) -> Page:
    """Every pair in a grid; the closest and the farthest; all together; demand by demand."""
    sections = [
        Section(None, (*measure_sentences(agreement.measure, agreement.weights), *_pair(agreement)))
    ]
    if len(agreement.pairs) > 1:
        sections.append(Section("Every pair", tuple(_undefined(agreement)), table=_grid(agreement)))
    sections += _ranked(agreement)
    sections.append(Section("All together", (_together(agreement),)))
    if any(each.n > 1 for each in agreement.demands):
        sections.append(_by_demand(agreement))
    return Page(_title(agreement), tuple(sections))


def agreement_table(agreement: Agreement) -> Table:
    """A row for each pair."""
    return Table(
        ("left", "right", "measure", "weights", "value", "n", "coverage"),
        tuple(
            (
                pair.left,
                pair.right,
                agreement.measure,
                agreement.weights,
                pair.value,
                pair.n,
                pair.coverage,
            )
            for pair in agreement.pairs
        ),
        keys=2,
    )


def _title(agreement: Agreement) -> str:
    if agreement.period is not None:
        return f"Agreement in positions taken in {period_words(agreement.period)}"
    return f"Agreement on {agreement.on}"


def _pair(agreement: Agreement) -> Iterator[str]:
    """The only pair, or that there is none."""
    if not agreement.pairs:
        yield "There is no pair: it takes two parties."
    elif len(agreement.pairs) == 1:
        (pair,) = agreement.pairs
        names = f"{pair.left} and {pair.right}"
        if pair.n == 0:
            yield f"{names} have no recorded demand in common."
            return
        over = f"over {count(pair.n, 'demand')}"
        covered = "" if pair.coverage is None else f" (coverage {number(pair.coverage)})"
        if pair.value is None:
            why = "since their positions do not vary, or weigh nothing"
            yield f"{names}: not defined {over}{covered}, {why}."
        else:
            yield f"{names}: {number(pair.value)} {over}{covered}."


def _undefined(agreement: Agreement) -> Iterator[str]:
    if any(pair.value is None for pair in agreement.pairs):
        yield (
            f"A dash ({NOTHING}) is not defined: the two have no recorded demand in common, "
            "or their positions do not vary, or weigh nothing."
        )


def _grid(agreement: Agreement) -> Table:
    """Parties by parties, to two decimals."""
    slugs = [party.slug for party in agreement.parties]
    values = {(pair.left, pair.right): pair.value for pair in agreement.pairs}

    def cell(left: str, right: str) -> Cell:
        if left == right:
            return ""
        value = values.get((left, right), values.get((right, left)))
        return None if value is None else round(value, 2)

    rows = tuple((left, *(cell(left, right) for right in slugs)) for left in slugs)
    return Table(("", *slugs), rows, is_alike=True)


def _ranked(agreement: Agreement) -> Iterator[Section]:
    """The pairs by closeness; where they are many, the closest and the farthest."""
    sign = 1 if agreement.measure.is_distance else -1
    defined = [(pair.value * sign, pair) for pair in agreement.pairs if pair.value is not None]
    ranked = [
        pair for _, pair in sorted(defined, key=lambda each: (each[0], each[1].left, each[1].right))
    ]
    if len(ranked) > 2 * _RANKED:
        yield Section("The closest pairs", table=_pairs(ranked[:_RANKED]))
        yield Section("The farthest pairs", table=_pairs(ranked[: -_RANKED - 1 : -1]))
    elif ranked and len(agreement.pairs) > 1:
        yield Section("The pairs, the closest first", table=_pairs(ranked))


def _pairs(pairs: list[PairAgreement]) -> Table:
    return Table(
        _PAIR,
        tuple((pair.left, pair.right, pair.value, pair.n, pair.coverage) for pair in pairs),
        keys=2,
    )


def _together(agreement: Agreement) -> str:
    together = agreement.together
    said = "not defined" if together.alpha is None else number(together.alpha)
    over = f"{count(together.positions, 'position')} on {count(together.n, 'demand')}"
    return f"Krippendorff's alpha (2004): {said}, over {over} that two or more are recorded on."


def _by_demand(agreement: Agreement) -> Section:
    return Section(
        "Demand by demand, where two or more are recorded",
        (_INDICES,),
        table=Table(
            ("demand", "positions", "stances", "Rice", "agreement index"),
            tuple(
                (each.demand.slug, each.n, _stances(each), each.rice, each.agreement_index)
                for each in agreement.demands
                if each.n > 1
            ),
        ),
    )


def _stances(on: DemandAgreement) -> str:
    return ", ".join(f"{number} {stance}" for stance, number in on.stances.items() if number)
