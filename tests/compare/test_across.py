"""Two sides in two negotiations, compared on the issues that these share."""

from negotiations_api.compare.across import CrossComparison, compare_across
from negotiations_api.compare.alignment import Alignment
from negotiations_api.compare.change import Change
from negotiations_api.compare.position import Demand, Issue, Party, Position, Scale, Stance
from negotiations_api.compare.side import Side
from tests.compare.factories import NUCLEAR, PRK, SANCTIONS, USA, demand, position

TREATY = Issue("peace-treaty", "Peace treaty")


def across(
    demands: tuple[list[Demand], list[Demand]],
    positions: tuple[list[Position], list[Position]],
    parties: tuple[Party, Party] = (USA, PRK),
    *,
    differences_only: bool = False,
) -> CrossComparison:
    sides = (
        Side(parties[0].slug, "2019", "2019-12-31", "talks"),
        Side(parties[1].slug, "2009", "2009-12-31", "six-party-talks"),
    )
    return compare_across(sides, parties, demands, positions, differences_only=differences_only)


def test_only_shared_issues_are_compared_and_the_others_named() -> None:
    found = across(
        ([demand("relief"), demand("treaty", TREATY)], [demand("relief"), demand("cvid", NUCLEAR)]),
        ([], []),
    )
    assert [issue.issue for issue in found.comparison.issues] == [SANCTIONS]
    assert (found.only_left, found.only_right) == (("peace-treaty",), ("denuclearisation",))


def test_demands_of_one_slug_and_issue_are_one_demand() -> None:
    found = across(
        ([demand("relief", title="Relief")], [demand("relief", title="Easing")]),
        ([position(demand="relief")], [position(Stance.REJECT, party="prk", demand="relief")]),
    )
    (compared,) = found.comparison.issues[0].demands
    assert compared.alignment is Alignment.OPPOSED
    assert compared.demand.title == "Relief"
    assert found.comparison.totals.distance == 1


def test_what_only_one_negotiation_asks_is_recorded_on_one_side_at_most() -> None:
    found = across(
        ([demand("relief"), demand("freeze")], [demand("relief")]),
        ([position(demand="freeze")], []),
    )
    by_slug = {c.demand.slug: c.alignment for c in found.comparison.issues[0].demands}
    assert by_slug == {"freeze": Alignment.ONE_SIDED, "relief": Alignment.NOT_RECORDED}


def test_one_slug_under_two_issues_is_two_demands() -> None:
    lefts = [demand("freeze", NUCLEAR), demand("relief")]
    rights = [demand("freeze"), demand("cvid", NUCLEAR)]
    found = across(
        (lefts, rights),
        ([position(demand="freeze")], [position(Stance.REJECT, party="prk", demand="freeze")]),
    )
    frozen = {
        issue.issue.slug: compared
        for issue in found.comparison.issues
        for compared in issue.demands
        if compared.demand.slug == "freeze"
    }
    assert {slug: c.alignment for slug, c in frozen.items()} == {
        "denuclearisation": Alignment.ONE_SIDED,
        "sanctions-relief": Alignment.ONE_SIDED,
    }
    assert found.comparison.totals.recorded_by_both == 0


def test_one_party_at_two_tables_has_alignments_for_it_need_not_have_changed() -> None:
    found = across(
        ([demand("relief")], [demand("relief")]),
        ([position(Stance.ACCEPT, demand="relief")], [position(Stance.REJECT, demand="relief")]),
        (USA, USA),
    )
    (compared,) = found.comparison.issues[0].demands
    assert (compared.alignment, compared.change) == (Alignment.OPPOSED, None)


def test_one_party_at_one_table_on_two_dates_has_changes() -> None:
    relief = [demand("relief")]
    sides = (Side("usa", "2018", "2018-12-31", "talks"), Side("usa", "2019", "2019-12-31", "talks"))
    before, after = position(Stance.ACCEPT, demand="relief"), position(demand="relief")
    found = compare_across(sides, (USA, USA), (relief, relief), ([before], [after]))
    (compared,) = found.comparison.issues[0].demands
    assert (compared.alignment, compared.change) == (None, Change.HARDENED)


def test_a_demand_on_another_scale_is_another_demand() -> None:
    few, many = demand("relief", scale=Scale(0, 10)), demand("relief", scale=Scale(0, 1000))
    lefts = [position(demand="relief", value=10)]
    rights = [position(party="prk", demand="relief", value=10)]
    found = across(([few], [many]), (lefts, rights)).comparison
    assert [(c.demand.scale, c.left is None, c.right is None) for c in found.issues[0].demands] == [
        (few.scale, False, True),
        (many.scale, True, False),
    ]
    assert (found.totals.demands, found.totals.distance) == (2, None)


def test_each_side_says_in_which_negotiation_it_is() -> None:
    found = across(([], []), ([], [])).comparison
    assert (found.left.negotiation, found.right.negotiation) == ("talks", "six-party-talks")


def test_what_is_alike_can_be_left_out() -> None:
    alike = ([position(demand="relief")], [position(party="prk", demand="relief")])
    found = across(([demand("relief")], [demand("relief")]), alike, differences_only=True)
    assert found.comparison.issues == ()
    assert found.comparison.totals.demands == 1


def test_what_is_not_asked_for_is_shared_all_the_same() -> None:
    found = compare_across(
        (Side("usa", None, "2019-12-31", "talks"), Side("prk", None, "2019-12-31", "others")),
        (USA, PRK),
        ([demand("relief"), demand("freeze")], [demand("relief")]),
        ([position(demand="freeze")], []),
        only=lambda asked: asked.slug == "freeze",
    )
    assert [c.demand.slug for c in found.comparison.issues[0].demands] == ["freeze"]
    assert (found.only_left, found.only_right) == ((), ())
