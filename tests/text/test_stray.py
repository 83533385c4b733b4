"""English left in a Chinese answer, Chinese in an English one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.text.stray import stray_english


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Here is the summary: 会议改期", "会议改期"),
        ("会议改到周五 because of the rain", "会议改期"),
        ("好的。Sounds good!", "见面吗"),
        ("请带伞，please bring an umbrella。", "请带伞"),
        ("As requested, the corrected text is 今天很好", "今天很好"),
    ],
)
def test_an_english_phrase_in_a_chinese_answer_is_stray(text: str, source: str) -> None:
    """Three words in a row, or a sentence, that nobody wrote in the source."""
    assert stray_english(text, "zh-Hans", source)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("请把 deadline 延到周五", "把截止日期延到周五"),
        ("用 Larch Photo Studio Pro 打开", "打开照片"),
        ("会议改到周五 because of the rain", "The meeting moves because of the rain"),
        ("航班 MU5137 at B42", "航班"),
        ("重 20 kg、长 5 cm、500 ml", "重量"),
        ("OK，no problem", "行"),
        ("见 https://a.example/read/the/manual", "见"),
        ("文件 read_me_first.txt 已发", "文件"),
        ("你 review 一下这个 PR", "看一下"),
        ("全是中文", ""),
        ("", ""),
    ],
)
def test_names_codes_units_and_code_mixing_are_not_stray(text: str, source: str) -> None:
    """Users mix; a product name of three words is a name."""
    assert not stray_english(text, "zh-Hans", source)


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [
        ("The meeting is 周五", "The meeting is on Friday", True),
        ("Meet at 竹坑 station", "Meet at 竹坑 station, exit B", False),
        ("All English", "全是中文", False),
        ("¥200 – done…", "200 yuan", False),
    ],
)
def test_chinese_in_an_english_answer_is_stray_unless_quoted(
    text: str, source: str, expected: bool
) -> None:
    """A name that the source writes in Chinese may stand."""
    assert stray_english(text, "en", source) is expected


@given(st.text(max_size=80), st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
def test_nothing_of_the_source_is_stray(text: str, locale: str) -> None:
    """No text crashes the look, and none is stray against itself."""
    assert not stray_english(text, locale, text)
