"""Smart replies by rules: three that differ, fit and promise nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.partners.rules.asking import ask


def replies(locale: str, *thread: tuple[str, str], me: str = "me") -> list[str]:
    """Return the replies to *thread* of sender and text."""
    messages = [{"from": sender, "text": text} for sender, text in thread]
    found = ask("smart_reply", locale, {"thread": messages, "me": me})["replies"]
    assert isinstance(found, list)
    return found


FITTING = [
    ("en", "Are you free for dinner on Friday?", ["love to", "can't"]),
    ("en", "Do you want to join us for lunch?", ["love to", "can't"]),
    ("en", "Can you send me the report by 5?", ["sure", "can't"]),
    ("en", "Could you water the plants please?", ["sure", "can't"]),
    ("en", "Thank you so much for the help!", ["welcome"]),
    ("en", "I got the job!!", ["Congratulations"]),
    ("en", "We're engaged!", ["Congratulations"]),
    ("en", "My grandma passed away last night", ["sorry"]),
    ("en", "I have a fever and feel terrible", ["well"]),
    ("en", "I failed my exam", ["sorry"]),
    ("en", "Friday or Saturday?", ["Friday", "Saturday"]),
    ("en", "Do you want pizza or sushi?", ["Pizza", "Sushi"]),
    ("en", "How are you?", ["you?"]),
    ("en", "Good night!", ["Good night"]),
    ("en", "I'm so sorry I forgot", ["worr"]),
    ("en", "running late, be there soon", ["No worries"]),
    ("en", "I can't make it tonight", ["another time"]),
    ("en", "See you at 7 tomorrow", ["see you"]),
    ("en", "What's the verification code you got?", ["can't share"]),
    ("en", "I want to die", ["here for you"]),
    ("en", "Happy birthday!!", ["Thank"]),
    ("en", "It's my birthday today!", ["Happy birthday"]),
    ("en", "Who can bring chairs?", ["Sorry"]),
    ("en", "where are you", ["way", "late"]),
    ("en", "Bye!", ["Bye"]),
    ("en", "Merry Christmas", ["you"]),
    ("zh-Hans", "周五晚上一起吃饭吗？", ["好", "不好意思"]),
    ("zh-Hans", "要不要去看电影？", ["好", "不好意思"]),
    ("zh-Hans", "能帮我发一下文件吗？", ["好的", "抱歉"]),
    ("zh-Hans", "麻烦帮我带份早餐", ["好的", "抱歉"]),
    ("zh-Hans", "谢谢你！", ["不客气"]),
    ("zh-Hans", "我考上研究生了！", ["恭喜"]),
    ("zh-Hans", "我升职了", ["恭喜"]),
    ("zh-Hans", "奶奶昨晚去世了", ["节哀"]),
    ("zh-Hans", "我发烧了", ["康复"]),
    ("zh-Hans", "我失业了", ["难过"]),
    ("zh-Hans", "周五还是周六？", ["周五", "周六"]),
    ("zh-Hans", "吃火锅还是烧烤？", ["火锅", "烧烤"]),
    ("zh-Hans", "最近怎么样", ["好"]),
    ("zh-Hans", "晚安", ["晚安"]),
    ("zh-Hans", "对不起，我忘了", ["没关系"]),
    ("zh-Hans", "路上堵车，会晚一点", ["没事"]),
    ("zh-Hans", "我今晚去不了了", ["没关系"]),
    ("zh-Hans", "明天7点见", ["见"]),
    ("zh-Hans", "把验证码发我一下", ["抱歉"]),
    ("zh-Hans", "我不想活了", ["我在"]),
    ("zh-Hans", "生日快乐！", ["谢"]),
    ("zh-Hans", "今天是我生日", ["生日快乐"]),
    ("zh-Hans", "你在哪呢", ["路上"]),
    ("zh-Hans", "新年快乐！", ["同乐"]),
    ("zh-Hans", "你觉得这个方案可以吗？", ["不"]),
    ("zh-Hans", "再见", ["再见"]),
]


@pytest.mark.parametrize(("locale", "text", "wanted"), FITTING)
def test_replies_fit_the_message(locale: str, text: str, wanted: list[str]) -> None:
    """What is asked can be taken up and turned down; feelings get an answer."""
    said = "\n".join(replies(locale, ("A", text)))
    assert [each for each in wanted if each not in said] == []


@pytest.mark.parametrize(
    ("text", "you"), [("请您尽快确认合同", "您"), ("你尽快确认一下合同", "你")]
)
def test_the_register_is_mirrored(text: str, you: str) -> None:
    """Whoever says 您 hears 您."""
    said = "".join(replies("zh-Hans", ("王总", text)))
    assert {"您", "你"} & set(said) <= {you}


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_an_empty_thread_gets_openers(locale: str) -> None:
    """There is nothing to answer yet."""
    assert len(set(replies(locale))) == 3


WORDS = st.sampled_from(
    (
        "can you",
        "free",
        "Friday",
        "or",
        "when",
        "7",
        "周五",
        "还是",
        "周六？",
        "谢谢",
        "{you}",
        "吗",
    )
)


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@given(
    texts=st.lists(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60), max_size=4)
)
@settings(max_examples=200, deadline=None)
def test_any_thread_gets_three_short_replies_that_differ(locale: str, texts: list[str]) -> None:
    """Twelve words or fifteen characters each, and no figure that the thread does not hold."""
    found = replies(locale, *(("A", text) for text in texts))
    assert len(found) == len(set(found)) == 3
    for reply in found:
        size = len(reply.split()) if locale == "en" else len(reply)
        assert 0 < size <= (12 if locale == "en" else 15)
        assert all(figure in "".join(texts) for figure in re.findall(r"\d+", reply))
