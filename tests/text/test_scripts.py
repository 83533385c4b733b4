"""Simplified and Traditional: told apart, and turned into each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.text.scripts import (
    Target,
    converted,
    foreign_script,
    letter_by_letter,
    mostly_chinese,
    script,
)

CHINESE = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.sampled_from("后里乾喆着著台臺軟體软件鼠標滑鼠，。A1"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天开会", "Hans"),
        ("今天開會", "Hant"),
        ("你好", None),
        ("后里", None),
        ("hello", None),
        ("", None),
        ("他说陳先生来过，带来了两瓶酒", "Hans"),
    ],
)
def test_the_script_is_told_by_characters_of_one_script_only(
    text: str, expected: str | None
) -> None:
    """A quoted name of the other script does not turn the text."""
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "locale", "source", "expected"),
    [
        ("今天開会", "zh-Hans", "", "開"),
        ("今天开會", "zh-Hant", "", "开"),
        ("陳先生来过", "zh-Hans", "陳先生來過", ""),
        ("陳先生来过", "zh-Hans", "", "陳"),
        ("李喆和王堃", "zh-Hant", "", ""),
        ("皇后在里面", "zh-Hant", "", ""),
        ("乾坤", "zh-Hans", "", ""),
        ("林志昇", "zh-Hans", "", ""),
        ("今天開會", "en", "", ""),
        ("沿着河走", "zh-Hant", "", ""),
        ("裏面", "zh-Hant", "", ""),
        ("台北", "zh-Hant", "", ""),
        ("软件和網站", "zh-Hant", "", "软"),
    ],
)
def test_only_characters_of_the_other_script_are_foreign(
    text: str, locale: str, source: str, expected: str
) -> None:
    """Common and rare characters count for neither; what the source writes may stand."""
    assert foreign_script(text, locale, source) == expected


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("软件在鼠标旁边", "zh-Hant", "軟體在滑鼠旁邊"),
        ("皇后在后面", "zh-Hant", "皇后在後面"),
        ("軟體在滑鼠旁邊", "zh-Hans", "软件在鼠标旁边"),
        ("hello", "zh-Hant", "hello"),
    ],
)
def test_a_whole_text_is_converted_in_words(text: str, to: Target, expected: str) -> None:
    """Words that differ between regions change with the script."""
    assert converted(text, to) == expected


def test_letters_are_converted_one_for_one() -> None:
    """For comparison the length stays, so that places in the text do."""
    assert letter_by_letter("陳經理的軟體", "zh-Hans") == "陈经理的软体"
    assert letter_by_letter("陈经理", "zh-Hant") == "陳經理"


@pytest.mark.parametrize(
    ("text", "expected"), [("今天 OK", True), ("Lin (林) came", False), ("", False), ("👍", False)]
)
def test_mostly_chinese_is_a_quarter(text: str, expected: bool) -> None:
    """A name in brackets does not make a text Chinese."""
    assert mostly_chinese(text) is expected


@given(CHINESE, st.sampled_from(["zh-Hans", "zh-Hant"]))
def test_nothing_foreign_is_left_after_a_conversion(text: str, to: Target) -> None:
    """Whatever the text, both ways to convert it leave no character of the other script."""
    assert foreign_script(converted(text, to), to) == ""
    assert foreign_script(letter_by_letter(text, to), to) == ""
    assert len(letter_by_letter(text, to)) == len(text)


@given(st.text(alphabet=st.characters(), max_size=60), st.sampled_from(["zh-Hans", "zh-Hant"]))
def test_any_text_can_be_converted(text: str, to: Target) -> None:
    """Not even a lone surrogate crashes it; a text is never foreign to itself."""
    assert isinstance(converted(text + "\ud800", to), str)
    assert foreign_script(text, to, text) == ""
