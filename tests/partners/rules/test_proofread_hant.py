"""Proofreading in traditional script: what is put right, and what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.partners.rules.asking import corrected

WRONG = [
    ("我以經到家了,你什麼時候回來?", "我已經到家了，你什麼時候回來？"),
    ("他跑的很快，我追不上。", "他跑得很快，我追不上。"),
    ("明天在說吧，我必竟不是專家。", "明天再說吧，我畢竟不是專家。"),
    ("天氣熱的要命，大家都不想出門。", "天氣熱得要命，大家都不想出門。"),
    ("她慢慢的走進教室。", "她慢慢地走進教室。"),
    ("这個活動很好玩，我们一起去。", "這個活動很好玩，我們一起去。"),
    ("她把头髮剪短了。", "她把頭髮剪短了。"),
    ("看電影之后去吃面。", "看電影之後去吃麵。"),
    ("請把房間打掃干淨。", "請把房間打掃乾淨。"),
    ("車子只有一輛，請大家坐捷運，因該來得及。", "車子只有一輛，請大家坐捷運，應該來得及。"),
    ("您好,請問訂坐到幾點?", "您好，請問訂座到幾點？"),
    ("請問那一位是店長？", "請問哪一位是店長？"),
    ("好久不見，等你有空在聊。", "好久不見，等你有空再聊。"),
    ("這間餐聽的面條很好吃。", "這間餐聽的麵條很好吃。"),
    ("皇後大道今天封路。", "皇后大道今天封路。"),
    ("我地手機不見了，請妳幫我找。", "我的手機不見了，請妳幫我找。"),
]
CLEAN = [
    "她看著窗外，心裡想著家裡的貓。",
    "請以帳號登入，帳單會寄到您的信箱。",
    "謝謝您的來信，我們會儘快回覆。",
    "這條公里數是對的，里長說前面還有三公里。",
    "皇后與太后都在後面，後天才回來。",
    "那間店在巷口，那裡的麵包很好吃。",
    "請問那間店還開著嗎？",
    "我在聯絡廠商，正在確認一次細節。",
    "他復健得很好，恢復得比預期快。",
    "余小姐和范先生於週末到台東，姜先生不克前往。",
    "妳的計畫很周到，大家都很佩服。",
    "於是他把行李放在座位旁邊，坐了下來。",
    "我們要注意規範，不要違反制度。",
    "這份報告準時交了，批准之後再發佈。",
    "這裏嘅嘢好平，你睇下啦。",
    "我媽媽說：「今晚煮湯麵，別太晚回家。」",
    "他只是想試試看，而且只有一隻貓。",
]


@pytest.mark.parametrize(("wrong", "right"), WRONG)
def test_what_is_wrong_is_put_right(wrong: str, right: str) -> None:
    """In traditional letters, and nothing else changes."""
    assert corrected("zh-Hant", wrong) == right


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_text_is_not_touched(text: str) -> None:
    """A writer who is right does not want to be put right: not even 著 and 着, 台 and 臺."""
    assert corrected("zh-Hant", text) == text


def test_a_text_in_simplified_script_stays_simplified() -> None:
    """It was not meant to be traditional: only single letters that slipped in are replaced."""
    text = "这个周末我们去爬山，记得带水。"
    assert corrected("zh-Hant", text) == text


@pytest.mark.parametrize("kept", ["https://example.test/这里/?q=发", "@小发发", "`发票`"])
def test_addresses_and_code_keep_their_letters(kept: str) -> None:
    """Another letter would lead elsewhere."""
    assert kept in corrected("zh-Hant", f"請看這裡 {kept} 謝謝")


def test_a_protected_stretch_keeps_its_simplified_letters() -> None:
    """A quotation is what somebody wrote."""
    text = "他寫：这个发票，意思是這張發票。"
    start = text.index("这")
    assert corrected("zh-Hant", text, (start, start + 4)) == text


def test_hong_kong_letters_come_back_as_hong_kong_writes_them() -> None:
    """裏 stays where the writer writes 裏."""
    assert corrected("zh-Hant", "家裏的发票在哪裏？") == "家裏的發票在哪裏？"


@given(text=st.text("我你妳的地得在再經已以裡後发發，。,.?台臺著着 ", max_size=60))
@settings(max_examples=200, deadline=None)
def test_nothing_but_a_correction_changes_the_length_by_much(text: str) -> None:
    """Letters are converted one by one: a text never grows or shrinks by whole words."""
    assert abs(len(corrected("zh-Hant", text)) - len(text)) <= len(text) // 2 + 1
