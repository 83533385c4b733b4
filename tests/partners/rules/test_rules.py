"""The door of the rules: what they answer, and what they refuse."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed, NotFound
from pratique.partners.rules import FEATURES, LOCALES, answer
from tests.partners.rules.asking import ask, corrected

ITEM = {"app_category": "mail", "title": "", "body": "", "ts": "2026-11-02T18:05:00+08:00"}
INPUTS: dict[str, dict[str, object]] = {
    "proofread": {"text": "i dont know"},
    "summarize": {"text": "One. Two.", "kind": "article", "length": "short"},
    "smart_reply": {"thread": [{"from": "A", "text": "hi"}], "me": "B"},
    "priority": {"item": ITEM, "now": "2026-11-02T18:20:00+08:00"},
    "rewrite": {"text": "i dont know", "tone": "friendly"},
    "keypoints": {"text": "One. Two.", "max": 2},
    "notification_summary": {
        "app_category": "messages",
        "items": [{"id": "1", "title": "Ada", "body": "hi", "ts": "2026-11-02T18:05:00+08:00"}],
    },
    "translate": {"text": "谢谢", "target": "zh-Hant"},
    "transform": {"text": "One. Two.", "instruction": "put it in bullets"},
    "structure": {"text": "Tea 3, coffee 4.", "form": "table"},
    "mail_summary": {"messages": [{"from": "A", "ts": "", "subject": "Hi", "body": "Come at 5."}]},
    "reply_draft": {"thread": [{"from": "A", "text": "Will you come?"}], "me": "B"},
    "transcript_summary": {
        "turns": [{"speaker": "A", "text": "i will call tomorrow", "ts": "00:00:01"}],
        "today": "2026-03-04",
    },
    "photo_query": {"query": "last summer", "today": "2026-03-04", "people": [], "places": []},
    "extract_event": {"ocr_text": "Jazz night, 16 May, 8 pm", "today": "2026-03-04"},
    "assistant": {"messages": [{"role": "user", "content": "What is 2 + 2?"}]},
    "vision_ask": {"ocr_text": "Gate B7", "question": "Which gate?"},
}


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_request_gets_the_same_bytes(feature: str, locale: str) -> None:
    """A baseline that wavers is no baseline."""
    given_in = {"feature": feature, "locale": locale, "input": INPUTS[feature]}
    request = json.dumps(given_in).encode()
    assert answer(request) == answer(request)


@pytest.mark.parametrize(
    ("feature", "locale", "named"), [("compose", "en", "compose"), ("proofread", "fr", "fr")]
)
def test_an_unknown_feature_or_locale_is_not_found(feature: str, locale: str, named: str) -> None:
    """The message names it."""
    with pytest.raises(NotFound, match=named):
        ask(feature, locale, {"text": ""})


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"feature": "proofread", "locale": "en"}',
        b'{"feature": "proofread", "locale": "en", "input": {"text": 1}}',
        b'{"feature": "proofread", "locale": "en", "input": {"text": "", "more": 1}}',
        b'{"feature": "summarize", "locale": "en", "input": {"text": "", "kind": "poem"}}',
        b'{"feature": "proofread", "locale": "en", "input": {"text": "ab", "protected": '
        b'[{"start": 1, "end": 9}]}}',
        b'{"feature": "priority", "locale": "en", "input": {"item": {"app_category": "mail", '
        b'"title": "", "body": "", "ts": "2026-11-02T18:05:00"}, "now": "2026-11-02T18:05:00"}}',
    ],
)
def test_a_request_that_does_not_fit_is_malformed(request_bytes: bytes) -> None:
    """Nothing is guessed: a field too many, a span outside the text, a time without its zone."""
    with pytest.raises(Malformed):
        answer(request_bytes)


@pytest.mark.parametrize("locale", LOCALES)
@given(
    text=st.text(max_size=200) | st.text("i dontheIT's 。的,.!?`@#我以经了\n\ue000", max_size=120)
)
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_proofread_and_summed_up(locale: str, text: str) -> None:
    """Whatever a user pastes."""
    assert isinstance(corrected(locale, text), str)
    assert isinstance(ask("summarize", locale, {"text": text})["summary"], str)


@pytest.mark.parametrize("locale", LOCALES)
@given(text=st.text(max_size=80), ends=st.tuples(st.integers(0, 80), st.integers(0, 80)))
@settings(max_examples=200, deadline=None)
def test_a_protected_stretch_survives(locale: str, text: str, ends: tuple[int, int]) -> None:
    """Wherever it lies."""
    start, end = sorted(min(each, len(text)) for each in ends)
    assert text[start:end] in corrected(locale, text, (start, end))


@pytest.mark.parametrize(
    "long",
    ["a " * 20_000, "的" * 20_000, " " * 40_000, "`a" * 20_000, "我(" * 10_000, "a: b\n" * 9_000],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_long_hostile_text_is_answered(locale: str, long: str) -> None:
    """No pattern may take more than linear time; a run-away one would hang this test."""
    assert isinstance(corrected(locale, long), str)
    for kind in ("article", "conversation"):
        ask("summarize", locale, {"text": long, "kind": kind})
