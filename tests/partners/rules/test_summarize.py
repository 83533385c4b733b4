"""Summaries by rules: the text's own sentences, within the limits."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.partners.rules.asking import ask

LIMITS = {("en", "short"): 30, ("en", "medium"): 60, ("zh-Hans", "short"): 50} | {
    ("zh-Hans", "medium"): 100,
    ("zh-Hant", "short"): 50,
    ("zh-Hant", "medium"): 100,
}


def summary(locale: str, text: str, kind: str = "article", length: str = "medium") -> str:
    """Return the summary of *text*."""
    return str(ask("summarize", locale, {"text": text, "kind": kind, "length": length})["summary"])


BRIDGE = """Hi all,

The city council voted on Tuesday to close the Elm Street bridge for repairs starting May 4. \
The work will cost $2.3 million and is expected to take six months. Officials said buses 14 and \
22 will be rerouted through Oak Avenue. Some shop owners fear they may lose customers. The \
bridge, built in 1931, has not been inspected since 2015. What do residents think?

Best regards,
Tom"""

MEETING = """各位同事：
大家好！公司定于11月8日（周六）上午9点在总部大楼三层会议室召开年度总结会。请各部门负责人提前准备15分钟的汇报材料，\
并于11月6日前发送至行政部邮箱。会议预计持续三小时，中午统一安排午餐。因停车位有限，建议大家乘坐公共交通。
谢谢大家！
行政部"""

DINNER = """Anna: Hi! Are we still on for dinner on Friday?
Ben: Can't do Friday, sorry.
Chris: Saturday works. 7 pm at Luigi's?
Ben: Perfect.
Anna: Great, I'll book a table for three.
Chris: lol"""

HIKE = """小王：周末去爬山吗？
小李：周六我要加班，周日可以。
小王：那就周日早上8点，地铁站A口集合。
小张：哈哈
小王：没问题，记得带水。"""

KEPT = [
    ("en", "article", "medium", BRIDGE, ["Elm Street bridge", "May 4", "$2.3 million"]),
    ("en", "article", "short", BRIDGE, ["Elm Street bridge", "May 4"]),
    ("zh-Hans", "article", "medium", MEETING, ["11月8日", "上午9点", "11月6日前"]),
    ("zh-Hans", "article", "short", MEETING, ["11月8日", "总结会"]),
    ("en", "conversation", "medium", DINNER, ["Saturday", "7 pm at Luigi's", "Anna: "]),
    ("en", "conversation", "short", DINNER, ["7 pm at Luigi's"]),
    ("zh-Hans", "conversation", "medium", HIKE, ["周日早上8点", "A口集合", "小王："]),
    ("zh-Hans", "conversation", "short", HIKE, ["周日早上8点", "A口集合"]),
]


@pytest.mark.parametrize(("locale", "kind", "length", "text", "facts"), KEPT)
def test_what_a_reader_needs_is_kept(
    locale: str, kind: str, length: str, text: str, facts: list[str]
) -> None:
    """When, where, how much, and who will do what."""
    made = summary(locale, text, kind, length)
    assert [fact for fact in facts if fact not in made] == []


@pytest.mark.parametrize(
    ("locale", "text", "noise"),
    [
        ("en", BRIDGE, ["Hi all", "regards", "What do residents"]),
        ("zh-Hans", MEETING, ["各位同事", "谢谢大家", "行政部\n"]),
    ],
)
def test_greetings_and_signatures_are_left_out(locale: str, text: str, noise: list[str]) -> None:
    """They tell nothing."""
    made = summary(locale, text)
    assert [each for each in noise if each in made] == []


@pytest.mark.parametrize(
    ("locale", "chatter", "text"), [("en", "lol", DINNER), ("zh-Hans", "哈哈", HIKE)]
)
def test_chatter_is_left_out(locale: str, chatter: str, text: str) -> None:
    """A laugh decides nothing."""
    assert chatter not in summary(locale, text, "conversation")


CUTS = [
    ("en", "The firm, which sells bread, " + "and also cake, " * 40 + "will close.", "The firm"),
    ("zh-Hans", "某公司拟收购一家海外企业，" + "金额较大，" * 40 + "尚未获批。", "某公司拟收购"),
]


@pytest.mark.parametrize(("locale", "text", "start"), CUTS)
def test_one_long_sentence_is_cut_at_a_comma(locale: str, text: str, start: str) -> None:
    """Only when no sentence fits, and with its hedge."""
    made = summary(locale, text)
    assert made.startswith(start)
    assert made[-1] in ".。…"


def test_a_cut_before_a_turn_shows() -> None:
    """What was left out could change the meaning, so an ellipsis says that there is more."""
    made = summary("en", "Rates fall, " + "and fall, " * 80 + "but the bank has not agreed.")
    assert made.endswith("…")


@pytest.mark.parametrize(
    "abbreviation", ["Mr. Lee", "Dr. Wu", "the U.S. team", "J. Smith", "No. 5"]
)
def test_an_abbreviation_ends_no_sentence(abbreviation: str) -> None:
    """A summary that stops after `Mr.` is broken."""
    text = f"Yesterday {abbreviation} arrived in Rome with 3 friends."
    assert summary("en", text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Rent rose 4.5% in May.",
        "It costs $3.2 million.",
        "Lunch at 12.30 tomorrow.",
        "v2.1 is out.",
    ],
)
def test_a_figure_with_a_point_is_not_cut(text: str) -> None:
    """A point between figures ends nothing."""
    assert summary("en", text) == text


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("length", ["short", "medium"])
@pytest.mark.parametrize("kind", ["article", "conversation"])
@given(text=st.text(alphabet="ab Cd.!?,，。！？：:\n我们不在5点", max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_a_summary_within_the_limits_of_its_own_words(
    locale: str, length: str, kind: str, text: str
) -> None:
    """At most the limit, and nothing that the text does not say."""
    made = summary(locale, text, kind, length)
    size = len(made.split()) if locale == "en" else len(made)
    assert size <= LIMITS[locale, length]
    letters = re.sub(r"[\W_]", "", made)
    source = re.sub(r"[\W_]", "", text)
    left = iter(source)
    if kind == "article":
        assert all(letter in left for letter in letters)
    else:
        assert set(letters) <= set(source)
