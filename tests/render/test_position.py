"""A position and a condition in words."""

from negotiations_api.compare.position import Stance
from negotiations_api.render.position import condition_words, position_words
from tests.compare.factories import after, conditional, position, together_with


def test_a_condition_says_when_and_what() -> None:
    assert condition_words(after("cvid", "freeze")) == "only after cvid or freeze"
    assert condition_words(together_with("cvid", text="a\n b")) == "only together with cvid: a b"
    assert condition_words(after(text="verified")) == "only after verified"


def test_a_position_says_its_stance_since_when_and_on_which_conditions() -> None:
    assert position_words(position(Stance.REJECT)) == "reject, since 2018-06-12"
    held = conditional(after("cvid"), together_with("freeze"), value=10.0)
    assert position_words(held, "percent") == (
        "conditional, since 2018-06-12: only after cvid; only together with freeze; "
        "value 10 (percent)"
    )


def test_no_position_is_not_recorded() -> None:
    assert position_words(None) == "not recorded"
