"""Checks of facts, language and form, one row a rule: what they catch, and what they must let be."""

from collections.abc import Mapping

import pytest

from pratique.features.checks import CHECKS, CheckUse, checked
from pratique.features.derive import DeriveUse, derived
from pratique.features.reading import Unreadable

Fields = Mapping[str, object]
STACK = [
    {"id": "a", "title": "Ada", "body": "We eat at 7, not at 8", "ts": "2026-11-02T18:02:00+08:00"},
    {
        "id": "b",
        "title": "Parcelly",
        "body": "Parcel 4417 is at the kiosk",
        "ts": "2026-11-02T18:03:00+08:00",
    },
    {"id": "c", "title": "小雅", "body": "记得带蓝色文件夹", "ts": "2026-11-02T18:04:00+08:00"},
]


def why(check: str, request: Fields, output: Fields, locale: str = "en", **use: object) -> str:
    """Return why *check* does not hold of the output's `text` against the input's, or nothing."""
    fields = {"field": "text", "source": "text"} | use
    revision = CHECKS[check][0]
    (found,) = checked([CheckUse(id=check, revision=revision, **fields)], locale, request, output)  # type: ignore[arg-type]
    return found.why


@pytest.mark.parametrize(
    ("check", "source", "written", "locale", "held"),
    [
        ("numbers_kept", "Pay 1,200 yuan by 5 March", "By March 5, pay 1200 yuan", "en", True),
        ("numbers_kept", "Pay 1,200 yuan by 5 March", "Pay by 5 March", "en", False),
        ("numbers_kept", "下午3点在二楼开会", "15:00在2楼开会", "zh-Hans", True),
        ("numbers_kept", "下午3点在二楼开会", "下午4点在二楼开会", "zh-Hans", False),
        ("numbers_kept", "营收1.2亿元", "营收12000万元", "zh-Hans", True),
        ("numbers_from_source", "I'll be there at three", "I'll be there at 3", "en", True),
        ("numbers_from_source", "I'll be there soon", "I'll be there at 3", "en", False),
        ("numbers_from_source", "他来一下", "他马上来", "zh-Hans", True),
        ("names_from_source", "the meeting is off", "The meeting is off.", "en", True),
        (
            "names_from_source",
            "the meeting is off",
            "The meeting with Orla Tennick is off.",
            "en",
            False,
        ),
        ("names_from_source", "王老师请假了", "王老师请假", "zh-Hans", True),
        ("names_from_source", "老师请假了", "王老师请假", "zh-Hans", False),
        ("negation_kept", "I can't come on Friday", "I am unable to attend on Friday", "en", True),
        ("negation_kept", "I can't come on Friday", "I can come on Friday", "en", False),
        ("negation_kept", "这个方案不可行", "这个方案可行", "zh-Hans", False),
        ("negation_kept", "这个方案不可行", "该方案无法实施", "zh-Hans", True),
        (
            "placeholders_kept",
            "Hi {name}, order 20938475 shipped",
            "Dear {name}, your order 20938475 has shipped",
            "en",
            True,
        ),
        ("placeholders_kept", "Hi {name}, see you", "Hi Tom, see you", "en", False),
        ("right_script", "明天開會", "明天開會。", "zh-Hant", True),
        ("right_script", "明天開會", "明天开会。", "zh-Hant", False),
        ("right_script", "店名叫“国际楼”", "“国际楼”這家店", "zh-Hant", True),
        ("same_language", "明天开会，别迟到", "明天开会，请准时。", "zh-Hans", True),
        ("same_language", "明天开会，别迟到", "The meeting is tomorrow.", "zh-Hans", False),
        (
            "same_language",
            "明天开会，别迟到",
            "明天开会。Please do not be late for the meeting.",
            "zh-Hans",
            False,
        ),
        ("same_language", "用 iPhone 拍 Vlog", "用 iPhone 拍 Vlog 吧", "zh-Hans", True),
        (
            "claims_kept",
            "A warrant is out for Orla Tennick, who has not been found.",
            "Orla Tennick wanted, warrant out",
            "en",
            True,
        ),
        (
            "claims_kept",
            "A warrant is out for Orla Tennick, who has not been found.",
            "Orla Tennick arrested",
            "en",
            False,
        ),
        ("claims_kept", "公司否认出售工厂。", "公司证实出售工厂", "zh-Hans", False),
    ],
)
def test_facts_are_kept(check: str, source: str, written: str, locale: str, held: bool) -> None:
    """What a user would mind is caught; the same fact in other words is let be."""
    assert (why(check, {"text": source}, {"text": written}, locale) == "") is held


@pytest.mark.parametrize(
    ("tone", "source", "written", "held"),
    [
        (
            "concise",
            "I just wanted to let you know that the printer is still broken",
            "The printer is still broken",
            True,
        ),
        (
            "concise",
            "I just wanted to let you know that the printer is still broken",
            "I wanted to let you know the printer is still broken",
            False,
        ),
        ("friendly", "The printer is broken", "Hi! Just so you know, the printer is broken", True),
        ("concise", "On my way", "On my way", True),
    ],
)
def test_concise_is_shorter(tone: str, source: str, written: str, held: bool) -> None:
    """Only where it was asked for, and where there was something to drop."""
    found = why("shorter_if_concise", {"text": source, "tone": tone}, {"text": written})
    assert (found == "") is held


@pytest.mark.parametrize(
    ("target", "written", "held"),
    [
        ("zh-Hans", "明天下午开会", True),
        ("zh-Hans", "The meeting is tomorrow", False),
        ("zh-Hans", "明天下午開會", False),
        ("zh-Hant", "明天下午開會", True),
        ("en", "The meeting is tomorrow", True),
        ("en", "明天下午开会", False),
    ],
)
def test_a_translation_is_in_what_was_asked_for(target: str, written: str, held: bool) -> None:
    """Language and script, whatever the locale of the one who asks."""
    assert (why("in_target", {"text": "x", "target": target}, {"text": written}) == "") is held


def test_a_glossary_is_kept_to() -> None:
    """Only for terms that the source has."""
    terms = [
        {"term": "Tide Pass", "translation": "潮汐卡"},
        {"term": "kiosk", "translation": "自助机"},
    ]
    request = {"text": "Buy a Tide Pass", "target": "zh-Hans", "glossary": terms}
    assert why("glossary_used", request, {"text": "购买潮汐卡"}, "zh-Hans") == ""
    assert why("glossary_used", request, {"text": "购买潮汐通行证"}, "zh-Hans")


def test_points_are_no_more_than_asked_for() -> None:
    """The schema has one limit for all requests, the request its own."""
    assert why("points_at_most", {"max": 2}, {"points": ["a", "b"]}, field="points") == ""
    assert why("points_at_most", {"max": 1}, {"points": ["a", "b"]}, field="points")


@pytest.mark.parametrize(
    ("covers", "suppressed", "held"),
    [
        (["a"], False, True),
        (["a", "a"], False, False),
        (["x"], False, False),
        ([], False, False),
        ([], True, True),
    ],
)
def test_a_line_covers_what_is_there(covers: list[str], suppressed: bool, held: bool) -> None:
    """An id that is not in the stack leads nowhere when it is tapped."""
    output = {"line": "", "covers": covers, "suppressed": suppressed}
    assert (why("covers_known", {"items": STACK}, output) == "") is held


@pytest.mark.parametrize(
    ("line", "suppressed", "held"),
    [
        ("Ada eats at 7", False, True),
        ("", True, True),
        ("Ada eats at 7", True, False),
        (" ", False, False),
    ],
)
def test_a_stack_is_summed_up_or_suppressed(line: str, suppressed: bool, held: bool) -> None:
    """Nothing in between: the phone shows either the line or the notifications."""
    output = {"line": line, "covers": [], "suppressed": suppressed}
    assert (why("suppressed_plainly", {"items": STACK}, output) == "") is held


@pytest.mark.parametrize(
    ("line", "covers", "suppressed"),
    [
        ("Ada eats at 7", ["a"], False),
        ("Parcel 4417 ready", ["b"], False),
        ("带蓝色文件夹", ["c"], False),
        ("Ada at 7; parcel at kiosk", ["a", "b"], False),
        ("-", [], True),
        ("—", [], True),
        ("Nothing of it", [], False),
    ],
)
def test_a_line_alone_tells_what_it_covers(line: str, covers: list[str], suppressed: bool) -> None:
    """A model writes a line; what it speaks of is found in it."""
    use = [DeriveUse(id="covers", revision=1)]
    found = derived(use, {"items": STACK}, {"line": line})
    assert (found["covers"], found["suppressed"]) == (covers, suppressed)
    whole = {"line": "x", "covers": ["c"], "suppressed": False}
    assert derived(use, {"items": STACK}, whole) == whole


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        ({"text": "The meeting is tomorrow"}, "en"),
        ({"text": "明天开会"}, "zh-Hans"),
        ({"text": "明天開會"}, "zh-Hant"),
        ({"text": "OK", "source": "zh-Hant"}, "zh-Hant"),
        ({"text": "用 Wi-Fi 打電話"}, "zh-Hant"),
    ],
)
def test_the_language_of_a_text_is_told(request_: Fields, language: str) -> None:
    """By what the request says, else by its letters."""
    use = [DeriveUse(id="detected", revision=1)]
    assert derived(use, request_, {"text": "x"})["detected"] == language


def test_a_derivation_without_its_field_is_unreadable() -> None:
    """It counts as invalid and does not end the request."""
    for name in ("covers", "detected", "corrections"):
        with pytest.raises(Unreadable):
            derived([DeriveUse(id=name, revision=1)], {}, {})
