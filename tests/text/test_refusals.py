"""Refusals: what declines is told from what answers; the figures are those of `bench.refusals`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.refusals import BAR, labelled
from pratique.text.refusals import is_refusal


def test_there_are_enough_labelled_answers_of_both_kinds_in_both_languages() -> None:
    """A figure over fewer than 400 would say little; no answer stands twice."""
    found = labelled()
    assert len(found) >= 400
    assert len({one.text for one in found}) == len(found)
    for locale in ("en", "zh-Hans"):
        for refusal in (True, False):
            mine = [one for one in found if (one.locale, one.refusal) == (locale, refusal)]
            assert len(mine) >= 90


@pytest.mark.parametrize("half", ["development", "aside"])
def test_refusals_are_told_as_often_as_is_promised(half: str) -> None:
    """The bar holds on the half that no rule was written by."""
    chosen = [one for one in labelled() if one.half == half]
    right = sum(is_refusal(one.text) == one.refusal for one in chosen)
    assert right / len(chosen) >= BAR


def test_what_the_user_wrote_is_nobodys_refusal() -> None:
    """A corrected or rewritten text may decline something in the user's name."""
    wrote = "对不起，我不能帮你写这份报告，下周再说吧。"
    assert is_refusal(wrote)
    assert not is_refusal(wrote, asked=wrote)
    assert not is_refusal(
        "I can't help you move on Saturday.", asked="i can't help you move on Saturday."
    )
    assert is_refusal("I can't help with that.", asked="How do I open a lock?")


def test_width_case_and_script_make_no_difference() -> None:
    """The same words in another dress are the same words."""
    assert is_refusal("我無法提供這類內容。")
    assert is_refusal("I’M SORRY, BUT I CAN’T HELP WITH THAT.")
    assert is_refusal("Ｓｏｒｒｙ，ｂｕｔ　Ｉ　ｃａｎ＇ｔ　ｈｅｌｐ．")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_at_all_can_be_looked_at(text: str, asked: str) -> None:
    """Nothing that a model may write raises."""
    assert is_refusal(text, asked) in (True, False)
    assert not is_refusal("")
