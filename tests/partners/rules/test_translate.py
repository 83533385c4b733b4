"""Translating by rules: the two scripts, a phrase book, and otherwise an honest no."""

import asyncio
import json

import pytest

from pratique.errors import NotFound
from pratique.partners.catalogue import find_candidate, packaged, read_partners
from pratique.partners.contract import Call, Turn
from pratique.partners.ruled import RulesModel
from pratique.partners.rules import phrasebook
from pratique.partners.rules.slots import Tongue
from pratique.privacy import Sensitive
from tests.partners.rules.asking import ask


def translated(text: str, target: str, **more: object) -> str:
    """Return *text* in *target*."""
    return str(ask("translate", "en", {"text": text, "target": target, **more})["text"])


PAIRS = [
    ("Good morning!", "zh-Hans", "早上好！"),
    ("I'll be there in 10 minutes.", "zh-Hans", "我10分钟后到。"),
    ("Thank you very much", "zh-Hant", "非常感謝"),
    ("Can we meet on Friday?", "zh-Hans", "我们周五见面好吗？"),
    ("Let's meet at 3:30 pm at the station", "zh-Hans", "下午3:30在车站见"),
    ("Hi Tom", "zh-Hans", "你好，Tom"),
    ("Sorry I'm late. I'm almost there!", "zh-Hans", "抱歉，我迟到了。我快到了！"),
    ("Hope you feel better soon 🌷", "zh-Hans", "早日康复🌷"),
    ("I haven't received the parcel", "zh-Hans", "我没收到包裹"),
    ("Your verification code is 402917", "zh-Hans", "您的验证码是402917"),
    ("我10分钟后到", "en", "I'll be there in 10 minutes"),
    ("到家了告诉我。", "en", "Let me know when you get home."),
    ("谢谢，不用了", "en", "No, thank you"),
    ("會議改到週五了", "en", "The meeting has been moved to Friday"),
    ("下午3点见", "en", "See you at 3 pm"),
    ("請勿吸菸。", "zh-Hans", "请勿吸烟。"),
    ("不好意思，我来不了", "en", "Sorry, I can't make it"),
    ("明天有空吗？", "en", "Are you free tomorrow?"),
    ("三点见", "en", "See you at three o'clock"),
]


@pytest.mark.parametrize(("text", "target", "told"), PAIRS)
def test_short_messages_are_translated(text: str, target: str, told: str) -> None:
    """As a whole or sentence by sentence, with their marks, numbers and pictures."""
    assert translated(text, target) == told


SCRIPTS = [
    ("请用鼠标双击屏幕左上角的图标。", "zh-Hant", "請用滑鼠雙擊螢幕左上角的圖示。"),
    ("头发发白了，后面还有三里路", "zh-Hant", "頭髮發白了，後面還有三里路"),
    ("搭捷運去機場，再轉公車", "zh-Hans", "搭地铁去机场，再转公交车"),
    ("他說軟體和印表機都壞了", "zh-Hans", "他说软件和打印机都坏了"),
]


@pytest.mark.parametrize(("text", "target", "told"), SCRIPTS)
def test_the_scripts_are_converted_with_the_words_of_the_place(
    text: str, target: str, told: str
) -> None:
    """Letter for letter would leave words that nobody there says."""
    assert translated(text, target) == told


def test_a_text_in_the_language_asked_for_comes_back() -> None:
    """There is nothing to translate."""
    assert translated("See you at 5", "en") == "See you at 5"
    assert translated("五点见", "zh-Hans") == "五点见"


@pytest.mark.parametrize(
    ("text", "detected"),
    [("Hello", "en"), ("这里有发票", "zh-Hans"), ("這裡有發票", "zh-Hant"), ("😀", "en")],
)
def test_the_language_is_told(text: str, detected: str) -> None:
    """By its letters."""
    assert ask("translate", "en", {"text": text, "target": detected})["detected"] == detected


def test_the_glossary_is_honoured() -> None:
    """A term that has a translation gets that one; a link and a placeholder stay."""
    glossary = [{"term": "晴天卡", "translation": "陽光卡"}]
    told = translated("晴天卡在 https://x.example/发 领取，{name}", "zh-Hant", glossary=glossary)
    assert told == "陽光卡在 https://x.example/发 領取，{name}"


@pytest.mark.parametrize(
    ("text", "target", "glossary"),
    [
        ("Net profit was down on a year ago.", "zh-Hans", []),
        ("Good morning! The pump on deck four leaks.", "zh-Hans", []),
        ("他这次考试名落孙山。", "en", []),
        ("See you on Friday", "zh-Hans", [{"term": "Friday", "translation": "星期五日"}]),
    ],
)
def test_what_the_book_lacks_is_not_guessed(
    text: str, target: str, glossary: list[dict[str, str]]
) -> None:
    """Half a translation, or one without the term that was asked for, is a wrong one."""
    with pytest.raises(NotFound, match="rules have no translation for this text"):
        translated(text, target, glossary=glossary)


def test_a_caller_is_told_that_the_rules_decline() -> None:
    """Nothing is wrong with the request: the reply is a refusal that says why, without content."""
    model = RulesModel(find_candidate(read_partners([packaged()]), "embedded/rules"))
    given = {"text": "The pump on deck four leaks.", "target": "zh-Hans"}
    asked = {"feature": "translate", "locale": "zh-Hans", "input": given}
    turn = Turn(role="user", content=Sensitive(json.dumps(asked)))
    reply = asyncio.run(model.complete(Call(form="chat", turns=(turn,), max_tokens=64)))
    assert reply.status == "refused"
    assert reply.detail == "rules have no translation for this text"
    assert reply.text.reveal() == ""


@pytest.mark.parametrize("into", ["en", "zh"])
def test_the_phrase_book_is_big_enough(into: Tongue) -> None:
    """At least 250 ways to say something in each direction."""
    assert len(phrasebook._pairs(into)) >= 250


@pytest.mark.parametrize("into", ["en", "zh"])
def test_every_phrase_of_the_book_finds_its_translation(into: Tongue) -> None:
    """No entry is shadowed into silence by another."""
    filled = {
        "en": {"time": "下午3点", "day": "明天", "place": "车站", "thing": "票", "person": "医生"},
        "zh": {"time": "3 pm", "day": "tomorrow", "place": "the station", "thing": "the tickets"}
        | {"person": "the doctor"},
    }[into] | {"n": "5", "name": "Tom", "code": "402917", "number": "555 0143"}
    silent = []
    for said, _ in phrasebook._pairs(into):
        text = said
        for slot, word in filled.items():
            text = text.replace("{" + slot + "}", word)
        if phrasebook.translated(text, into) is None:
            silent.append(text)
    assert silent == []
