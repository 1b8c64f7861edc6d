"""The figures of the page on security are what the tests that it names count."""

import re
from pathlib import Path

import pytest

from tests.api.attacks import WITH_BODY
from tests.api.test_access import OPERATIONS
from tests.api.test_csv_formulas import OUTPUTS
from tests.api.test_injection import places
from tests.api.test_mass_assignment import WISHED
from tests.injection import FORMULAS, HEADER, SQL, operations, parameters

PAGE = Path(__file__).parents[2] / "docs" / "security.md"


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        (r"0: (\S+) texts in turns, at each", len(SQL)),
        (
            r"each of the (\S+) parameters",
            sum(len(parameters(method, template)) for method, template, _ in operations()),
        ),
        (r"each of the (\S+) texts of bodies", sum(len(places(name)) for name in WITH_BODY)),
        (r"0: (\S+) texts with CR, LF", len(HEADER)),
        (r"0: (\S+) names, every column", len(WISHED)),
        (r"each of the (\S+) operations with a body", len(WITH_BODY)),
        (r"0: (\S+) formulas", len(FORMULAS)),
        (r"all (\S+) operations that give CSV", len(OUTPUTS)),
        (r"0 of (\S+), each for no token", len(OPERATIONS)),
    ],
)
def test_the_page_says_how_much_is_tried(said: str, counted: int) -> None:
    (figure,) = re.findall(said, PAGE.read_text())
    assert figure == f"{counted:,}"
