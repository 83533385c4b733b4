"""Traditional script for the features that the simplified rules answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.rules.script import Reading, flavour, retold, reworded, simplified
from tests.partners.rules.asking import ask

STAMP, NOW = "2026-11-02T18:05:00+08:00", "2026-11-02T18:06:00+08:00"


def urgent(category: str, title: str, body: str, *contacts: str) -> dict[str, object]:
    """Return the judgement on one notification."""
    item = {"app_category": category, "title": title, "body": body, "ts": STAMP}
    return ask("priority", "zh-Hant", {"item": item, "now": NOW, "contacts": list(contacts)})


@pytest.mark.parametrize(
    ("category", "title", "body", "wanted"),
    [
        ("security", "銀行", "您的驗證碼為 402917，請勿告知他人", True),
        ("travel", "航空", "您的班機改由B7登機門登機，18:40關閉", True),
        ("delivery", "外送", "外送員已到樓下，請下樓取餐", True),
        ("health", "手錶", "偵測到心跳過快，是否需要救護車？", True),
        ("finance", "銀行", "信用卡扣款失敗，餘額不足，請今日繳款", True),
        ("shopping", "商城", "週年慶全館5折，限時搶購！最後2小時", False),
        ("news", "新聞", "專欄：為什麼我們還在等", False),
        ("mail", "人資", "十一月份電子報：福利說明", False),
    ],
)
def test_what_cannot_wait_is_told_in_the_words_of_the_place(
    category: str, title: str, body: str, wanted: bool
) -> None:
    """登機門, 外送員 and 扣款失敗 are as urgent as what the simplified lists call them."""
    assert urgent(category, title, body)["urgent"] is wanted


def test_a_contact_is_known_in_either_script() -> None:
    """A name in the address book may have been saved in the other script."""
    assert (
        urgent("messages", "劉媽媽", "你在哪？快接電話", "刘妈妈")["reason_code"] == "close_contact"
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("台中店於11月8日因颱風停業一天。11月9日照常營業，喫飯請先訂位。", "台中店"),
        ("臺中店於11月8日因颱風停業一天。11月9日照常營業，喫飯請先訂位。", "臺中店"),
        ("香港店於11月8日改喺嗰邊開，冷氣維修。11月9日照常營業。", "改喺嗰邊開"),
    ],
)
def test_a_summary_keeps_the_writers_own_letters(text: str, kept: str) -> None:
    """台 stays 台 and 臺 stays 臺."""
    given_in: dict[str, object] = {"text": text, "kind": "article", "length": "medium"}
    assert kept in str(ask("summarize", "zh-Hant", given_in)["summary"])


def replies(*said: str) -> list[str]:
    """Return the replies to a thread of one stranger."""
    thread = [{"from": "阿青", "text": text} for text in said]
    found = ask("smart_reply", "zh-Hant", {"thread": thread, "me": "我"})["replies"]
    assert isinstance(found, list)
    return found


def test_replies_are_written_in_traditional_letters() -> None:
    """No letter of the other script."""
    told = "".join(replies("週末一起去爬山嗎？"))
    assert simplified(told) != told
    assert set("们吗时约这个没关系谢").isdisjoint(told)


def test_a_reply_repeats_a_choice_in_the_writers_letters() -> None:
    """計程車 comes back as 計程車."""
    assert any("計程車" in each for each in replies("要搭計程車還是等公車？"))


@pytest.mark.parametrize(
    ("text", "whose"),
    [("我在家裏等你", "hk"), ("搭的士定巴士", "hk"), ("我在家裡等你", "tw"), ("你好", "tw")],
)
def test_the_flavour_is_told_by_letters_and_words(text: str, whose: str) -> None:
    """Taiwan's where nothing tells."""
    assert flavour(text) == whose


def test_words_of_the_place_are_used() -> None:
    """影片 in both places, 簡訊 in one."""
    assert reworded("短信和视频", "tw") == "簡訊和影片"
    assert reworded("短信和视频", "hk") == "短訊和影片"


@given(text=st.text("我你妳您的裡裏后後發髮面麵了。，a1 台臺著着\x00\n", max_size=80))
@settings(max_examples=300, deadline=None)
def test_a_reading_has_the_length_of_the_text(text: str) -> None:
    """Letter for letter, so that edits can be mapped back."""
    assert len(simplified(text)) == len(text)


@given(text=st.text("我你的裡裏後發髮面麵了。，a1 台臺", min_size=1, max_size=60))
@settings(max_examples=300, deadline=None)
def test_what_was_taken_from_a_text_comes_back_in_its_letters(text: str) -> None:
    """An extract is made of what stood there."""
    reading = Reading(text, simplified(text))
    assert set(retold(reading.hans, [reading], "tw", extract=True)) <= set(text)
