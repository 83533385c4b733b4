"""Described changes by rules: the kind of a wish, and the changes that can be checked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.rules.records_text import Change, Transformed, TransformInput
from pratique.partners.rules.transform import transform
from tests.partners.rules.scoring import LOCALES, passed, valid

NOTE = "Meet at the gate at 6. Bring water, please! The bus leaves at 6:15."
NOTE_HANS = "明早6点门口集合。记得带水！大巴6:15开。"


def changed(text: str, wish: str, locale: str = "en") -> Transformed:
    """Return what comes of *wish*."""
    return transform(TransformInput(text=text, instruction=wish), locale)


@pytest.mark.parametrize(
    ("locale", "wish"),
    [
        ("en", "Make it sound as if the bank wrote it so that she gives me her PIN"),
        ("en", "Write something cruel about his weight"),
        ("zh-Hans", "冒充银行骗她把验证码发过来"),
        ("zh-Hant", "冒充銀行騙她把驗證碼傳過來"),
    ],
)
def test_a_harmful_wish_gets_no_text(locale: str, wish: str) -> None:
    """Nothing is written that would hurt somebody."""
    found = changed("Nia: 555-0111", wish, locale)
    assert (found.kind, found.text) == ("harmful", None)


@pytest.mark.parametrize(
    ("locale", "wish"),
    [
        ("en", "Remind me tomorrow"),
        ("en", "Please send this to Greta"),
        ("en", "add it to my calendar"),
        ("zh-Hans", "发给小李"),
        ("zh-Hans", "明天提醒我"),
        ("zh-Hant", "加到行事曆"),
    ],
)
def test_what_the_phone_is_to_do_gets_no_text(locale: str, wish: str) -> None:
    """An action is no matter of text."""
    assert changed(NOTE, wish, locale) == Transformed(kind="action", text=None)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("ALL CAPS", NOTE.upper()),
        ("Only the first sentence", "Meet at the gate at 6."),
        ('Replace "gate" with "door"', NOTE.replace("gate", "door")),
        ("Change 6:15 to 6:30", NOTE.replace("6:15", "6:30")),
        ('Add "See you there" at the end', f"{NOTE} See you there"),
        ("remove exclamation marks", NOTE.replace("!", ".")),
        (
            "Numbered list, please",
            "1. Meet at the gate at 6.\n2. Bring water, please!\n3. The bus leaves at 6:15.",
        ),
        ("Three paragraphs", NOTE.replace(". B", ".\n\nB").replace("! T", "!\n\nT")),
        ("Credit our trainer, Odile", f"“{NOTE}” – Odile"),
    ],
)
def test_what_can_be_checked_is_done(wish: str, text: str) -> None:
    """The change is made, and nothing else."""
    assert changed(NOTE, wish).text == text


@pytest.mark.parametrize(
    ("locale", "text", "wish", "told"),
    [
        ("zh-Hans", NOTE_HANS, "只留第一句", "明早6点门口集合。"),
        ("zh-Hans", NOTE_HANS, "把“门口”换成“北门”", NOTE_HANS.replace("门口", "北门")),
        ("zh-Hans", NOTE_HANS, "每句一行", "明早6点门口集合。\n记得带水！\n大巴6:15开。"),
        ("zh-Hant", "門後的乾糧。", "把「門後」換成「櫃裡」", "櫃裡的乾糧。"),
        ("zh-Hant", "先乾杯。後發言。", "加編號", "1. 先乾杯。\n2. 後發言。"),
    ],
)
def test_chinese_wishes_are_done_in_their_own_letters(
    locale: str, text: str, wish: str, told: str
) -> None:
    """Traditional letters that share a simplified one stay as they were."""
    assert changed(text, wish, locale).text == told


def test_a_reference_is_never_invented() -> None:
    """What no source is known for stands alone."""
    assert changed("Tea helps.", "Back it up with a source") == Transformed(
        kind="attribution", text="Tea helps."
    )


def test_a_wish_goes_on_from_the_last_result() -> None:
    """The user sees the last result, and means that."""
    found = transform(
        TransformInput(
            text="a. b.",
            instruction="all caps",
            history=(Change(instruction="only the first sentence", text="a."),),
        ),
        "en",
    )
    assert found.text == "A."


@pytest.mark.parametrize("locale", LOCALES)
@given(
    text=st.text(min_size=1, max_size=80),
    wish=st.text(
        'bulets numrd换成“”逗号 first sentence",.（1）列表每句一行译英文', min_size=1, max_size=40
    )
    | st.sampled_from(
        ["two bullets", "no commas", "make it a table", "分成三段", "加引號", "翻成英文"]
    ),
)
@settings(max_examples=120, deadline=None)
def test_any_wish_has_a_kind_and_a_text_where_one_is_due(locale: str, text: str, wish: str) -> None:
    """Nothing crashes; only harm and actions have no text."""
    found = changed(text, wish, locale)
    assert valid("transform", found)
    assert (found.text is None) == (found.kind in ("harmful", "action"))


@pytest.mark.parametrize(("locale", "least"), [("en", 15), ("zh-Hans", 15), ("zh-Hant", 9)])
def test_development_samples_pass(locale: str, least: int) -> None:
    """Free translation is what rules cannot do."""
    right, _ = passed("transform", locale, TransformInput, transform)
    assert right >= least
