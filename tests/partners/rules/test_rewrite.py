"""Rewriting by rules: another tone, the same facts."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.text.spans import links, numbers
from tests.partners.rules.asking import ask

TONES = ["default", "friendly", "professional", "concise"]


def rewritten(locale: str, tone: str, text: str) -> str:
    """Return *text* in *tone*."""
    return str(ask("rewrite", locale, {"text": text, "tone": tone})["text"])


SAID = [
    (
        "en",
        "professional",
        "hey, cant make the 3pm thing, can we do thurs?",
        ["can't|cannot", "3pm"],
    ),
    ("en", "professional", "gonna send u the file asap, thx", ["going to", "as soon as possible"]),
    (
        "en",
        "professional",
        "I'm sorry for the delay, we don't have it yet!!",
        ["do not have", "apolog"],
    ),
    (
        "en",
        "friendly",
        "Dear Ms Rowe, you must not park here. It is not allowed.",
        ["Ms Rowe", "n't"],
    ),
    ("en", "friendly", "Send me the report by Friday.", ["please", "Friday"]),
    ("en", "default", "we dont have it n the shop shuts at 6 basically", ["n't|not", "6"]),
    ("zh-Hans", "professional", "你好，啥时候能搞定？", ["您好", "什么时候", "完成"]),
    ("zh-Hans", "professional", "不好意思，我去不了，能改周四吗？", ["抱歉", "无法", "周四"]),
    ("zh-Hans", "friendly", "请勿在走廊停车，务必于18点前离开。", ["走廊", "18点", "不要|别"]),
    ("zh-Hans", "default", "因为下雨，所以比赛改到周日。", ["周日", "下雨"]),
    ("zh-Hant", "professional", "妳好，啥時候能搞定？", ["什麼時候", "完成"]),
    ("zh-Hant", "friendly", "請勿在走廊停車，務必於18點前離開。", ["走廊", "18點", "不要|別"]),
]


@pytest.mark.parametrize(("locale", "tone", "text", "kept"), SAID)
def test_the_tone_changes_and_the_message_stays(
    locale: str, tone: str, text: str, kept: list[str]
) -> None:
    """Something is said otherwise, and what was said is still there."""
    told = rewritten(locale, tone, text)
    assert told != text
    assert [each for each in kept if not re.search(each, told, re.IGNORECASE)] == []


WORDY = [
    (
        "en",
        "I just wanted to let you know that the lift is out of order due to the fact that a cable "
        "broke. Thank you so much for your patience and understanding in this matter.",
        ["lift", "cable"],
    ),
    (
        "en",
        "I was wondering if you could possibly send me the invoice in order for me to pay it, if "
        "that is at all possible.",
        ["send me the invoice", "pay"],
    ),
    (
        "zh-Hans",
        "我想跟大家说一下，由于水管坏了的原因，所以今天下午三点钟之前都是没有水的，非常感谢大家的理解与支持。",
        ["水管", "三点", "没有水|没水|无水"],
    ),
    (
        "zh-Hant",
        "我想跟大家說一下，由於水管壞了的原因，所以今天下午三點鐘之前都是沒有水的，非常感謝大家的理解與支持。",
        ["水管", "三點", "沒有水|沒水|無水"],
    ),
]


@pytest.mark.parametrize(("locale", "text", "kept"), WORDY)
def test_a_wordy_text_loses_a_fifth(locale: str, text: str, kept: list[str]) -> None:
    """At most 0.8 of the code points, and none of the facts."""
    told = rewritten(locale, "concise", text)
    assert len(told) <= 0.8 * len(text)
    assert [each for each in kept if not re.search(each, told)] == []


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    ("locale", "text", "no"),
    [
        ("en", "We have not approved it and you do not need to come.", r"\bnot\b|n't"),
        ("en", "There is no need to call; nobody can help.", r"\bno\b|\bnobody\b"),
        ("zh-Hans", "这份合同还没有通过，不用来签字。", "没|未|尚|不|无"),
        ("zh-Hant", "這份合約還沒有通過，不用來簽名。", "沒|未|尚|不|無"),
    ],
)
def test_a_no_stays_a_no(locale: str, tone: str, text: str, no: str) -> None:
    """In every tone, as often as it was said."""
    assert len(re.findall(no, rewritten(locale, tone, text))) >= 2


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    ("locale", "text"),
    [
        (
            "en",
            'hey u, "gonna be late" is what Kim said at 5:30, see https://x.example/a?b=gonna {name}',
        ),
        (
            "zh-Hans",
            "他说“啥时候搞定”，链接 https://x.example/a?b=1 ，{name}，周三5:30见，预算3.5万",
        ),
        (
            "zh-Hant",
            "他說「啥時候搞定」，連結 https://x.example/a?b=1 ，{name}，週三5:30見，預算3.5萬",
        ),
    ],
)
def test_quotations_links_numbers_and_placeholders_stay(locale: str, tone: str, text: str) -> None:
    """Nobody's words, no address and no figure is said otherwise."""
    told = rewritten(locale, tone, text)
    quoted = re.findall(r"[\"“「][^\"”」]+[\"”」]", text)
    assert [each for each in [*quoted, "{name}"] if each not in told] == []
    assert links(told) == links(text)
    assert numbers(told) == numbers(text)


@pytest.mark.parametrize("tone", ["default", "professional"])
def test_no_greeting_and_no_promise_is_invented(tone: str) -> None:
    """A greeting stays where there is one; there is none where there was none."""
    told = rewritten("en", tone, "cant come tmrw, the car is broken")
    assert (
        re.search(r"dear|hello|regards|sincerely|will get back|i'll", told, re.IGNORECASE) is None
    )
    assert rewritten("en", tone, "Hello Tom, cant come tmrw").startswith("Hello Tom")


def test_an_elder_stays_an_elder() -> None:
    """A friendly tone is no reason to say 你 to somebody who is 您."""
    told = rewritten(
        "zh-Hans", "friendly", "王阿姨，您的包裹由于地址不详，无法送达，请尽快联系本店。"
    )
    assert "您" in told
    assert "你" not in told


def test_a_conversation_is_nobodys_message() -> None:
    """In lines of several speakers only mistakes are put right."""
    text = "小王：你啥时候来？\n小李：我去不了。"
    assert rewritten("zh-Hans", "professional", text) == text


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@given(text=st.text("请您你好，。的了吧 0123456789 do not can't i, u.?!", min_size=1, max_size=120))
@settings(max_examples=80, deadline=None)
def test_no_number_is_lost_or_made(locale: str, tone: str, text: str) -> None:
    """Whatever else happens to the words."""
    assert sorted(re.findall(r"\d", rewritten(locale, tone, text))) == sorted(
        re.findall(r"\d", text)
    )
