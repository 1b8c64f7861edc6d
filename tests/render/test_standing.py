"""Where one party stands everywhere, rendered."""

from hypothesis import given, settings

from negotiations_api.compare.participant import Role
from negotiations_api.compare.position import Issue
from negotiations_api.compare.standing import HeldPosition, Standing, StandingInNegotiation
from negotiations_api.render.page import Table
from negotiations_api.render.standing import standing_page, standing_table
from tests.compare.factories import USA, after, conditional, demand, position
from tests.render.hostile import TEXTS, WIDTHS, check_page, check_table

HELD = (
    HeldPosition(demand(title="Lift"), conditional(after("cvid"), value=10.0, salience=80.0)),
    HeldPosition(demand("cvid", title="All"), position(demand="cvid")),
)
ENDED = (HeldPosition(demand(title="Lift"), position(until="2019")),)


def standing(*held: tuple[HeldPosition, ...]) -> Standing:
    """The United States in a negotiation for each of `held`."""
    negotiations = tuple(
        StandingInNegotiation(f"talks-{number}", "The talks", Role.PRINCIPAL, positions)
        for number, positions in enumerate(held)
    )
    return Standing(USA, "2019-10-05", negotiations)


def test_each_negotiation_is_a_table() -> None:
    page = standing_page(standing(HELD, ENDED))
    assert page.title == "United States (usa) on 2019-10-05"
    assert [section.title for section in page.sections] == [
        "The talks (talks-0), principal",
        "The talks (talks-1), principal",
    ]
    issue, since = "Sanctions relief", "2018-06-12"
    assert page.sections[0].table == Table(
        ("issue", "demand", "stance", "since", "conditions"),
        (
            (issue, "sanctions-relief: Lift", "conditional", since, "only after cvid"),
            (issue, "cvid: All", "demand", since, ""),
        ),
        keys=2,
    )


def test_a_position_that_has_an_end_says_until_when() -> None:
    table = standing_page(standing(ENDED)).sections[0].table
    assert table is not None
    assert dict(zip(table.header, table.rows[0], strict=True))["until"] == "2019"


def test_a_negotiation_without_a_position_says_so() -> None:
    assert standing_page(standing(())).sections[0].paragraphs == ("No position is recorded.",)


def test_a_party_in_no_negotiation_is_said_to_be_in_none() -> None:
    assert standing_page(standing()).sections[0].paragraphs == (
        "It takes part in no negotiation on record.",
    )


def test_the_table_has_a_row_for_each_position() -> None:
    table = standing_table(standing(HELD, ENDED))
    assert [row[0] for row in table.rows] == ["talks-0", "talks-0", "talks-1"]
    assert dict(zip(table.header, table.rows[0], strict=True)) == {
        "negotiation": "talks-0",
        "role": "principal",
        "issue": "sanctions-relief",
        "demand": "sanctions-relief",
        "title": "Lift",
        "stance": "conditional",
        "since": "2018-06-12",
        "until": None,
        "conditions": "only after cvid",
        "value": 10.0,
        "reservation_value": None,
        "salience": 80.0,
    }


@given(TEXTS, WIDTHS)
@settings(deadline=None, max_examples=25)
def test_it_keeps_to_the_width_whatever_the_record_says(text: str, width: int) -> None:
    asked = demand("x" * 80, Issue("a", text), title=text)
    held = HeldPosition(asked, conditional(after(text=text), until="2019"))
    check_page(standing_page(standing((held,))), width)
    check_table(standing_table(standing((held,))))
