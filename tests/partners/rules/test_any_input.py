"""Any valid input gets a valid output: every feature, every locale, whatever a user pastes."""

import json
import random
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import NotFound
from pratique.partners.rules import FEATURES, LOCALES, answer
from tests.fuzzing import value

ALPHABET = (
    "i dontheIsW 。的,.!?？，：:「」“”()（）@#/`'’我你妳您以经經了裡里後发發這在再那哪得地\n\r\t"
    "35点點元%年月号號😀️\u200d\ue000\x00\u3000不没沒請请麻煩如果的话但是谢谢"
)
TEXTS = st.text(max_size=120) | st.text(ALPHABET, max_size=120)
SOME = TEXTS.filter(lambda text: len(text) > 0)
STAMP = st.just("2026-11-02T18:05:00+08:00")
CATEGORIES = st.sampled_from(
    [
        "messages",
        "mail",
        "calendar",
        "finance",
        "delivery",
        "travel",
        "security",
        "health",
        "news",
        "social",
        "shopping",
        "games",
        "system",
        "work",
    ]
)
ITEM = st.fixed_dictionaries(
    {"app_category": CATEGORIES, "title": TEXTS, "body": TEXTS, "ts": STAMP}
)
NOTIFICATION = st.fixed_dictionaries({"id": SOME, "title": TEXTS, "body": TEXTS, "ts": STAMP})
TERM = st.fixed_dictionaries({"term": SOME, "translation": SOME})
LANGUAGES = st.sampled_from(LOCALES)
INPUTS: Mapping[str, st.SearchStrategy[dict[str, object]]] = {
    "proofread": st.fixed_dictionaries({"text": SOME}),
    "summarize": st.fixed_dictionaries(
        {
            "text": SOME,
            "kind": st.sampled_from(["article", "conversation"]),
            "length": st.sampled_from(["short", "medium"]),
        }
    ),
    "smart_reply": st.fixed_dictionaries(
        {
            "thread": st.lists(st.fixed_dictionaries({"from": TEXTS, "text": TEXTS}), max_size=4),
            "me": TEXTS,
        }
    ),
    "priority": st.fixed_dictionaries(
        {"item": ITEM, "now": STAMP}, optional={"contacts": st.lists(TEXTS, max_size=2)}
    ),
    "rewrite": st.fixed_dictionaries(
        {
            "text": SOME,
            "tone": st.sampled_from(["default", "friendly", "professional", "concise"]),
        }
    ),
    "keypoints": st.fixed_dictionaries({"text": SOME, "max": st.integers(1, 7)}),
    "notification_summary": st.fixed_dictionaries(
        {"app_category": CATEGORIES, "items": st.lists(NOTIFICATION, min_size=1, max_size=4)}
    ),
    "translate": st.fixed_dictionaries(
        {"text": SOME, "target": LANGUAGES},
        optional={"source": LANGUAGES, "glossary": st.lists(TERM, max_size=2)},
    ),
}


def drawn(feature: str) -> st.SearchStrategy[dict[str, object]]:
    """Return inputs made by the schema alone, of nasty pieces; a picture is read before the rules see it."""
    path = files("pratique") / "content" / "features" / feature / "input.schema.json"
    asked: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return st.integers(0, 2**32).map(lambda seed: _made(asked, seed))


def _made(asked: dict[str, object], seed: int) -> dict[str, object]:
    found = value(asked, random.Random(seed))
    assert isinstance(found, dict)
    return found


@cache
def schema(feature: str, side: str) -> jsonschema_rs.Validator:
    """Return the validator of one side of *feature*."""
    path = files("pratique") / "content" / "features" / feature / f"{side}.schema.json"
    read: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(read)


def answered(feature: str, locale: str, given_in: Mapping[str, object]) -> dict[str, object]:
    """Return the answer of the rules, with the derived corrections that a proofread answer lacks."""
    request = {"feature": feature, "locale": locale, "input": given_in}
    found: dict[str, object] = json.loads(answer(json.dumps(request).encode()))
    return {**found, "corrections": []} if feature == "proofread" else found


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("feature", FEATURES)
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_any_valid_input_gives_a_valid_output(
    feature: str, locale: str, data: st.DataObject
) -> None:
    """Nothing crashes, and nothing comes back out of shape; only a translation or eyes may be lacking."""
    given_in = data.draw(INPUTS[feature] if feature in INPUTS else drawn(feature))
    assert schema(feature, "input").is_valid(given_in)
    try:
        found = answered(feature, locale, given_in)
    except NotFound as error:
        lacking = {
            "translate": "rules have no translation for this text",
            "extract_event": "rules read no picture",
            "vision_ask": "rules read no picture",
        }
        assert str(error) == lacking[feature]
        return
    assert schema(feature, "output").is_valid(found)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("feature", ["rewrite", "keypoints", "proofread", "translate"])
@pytest.mark.parametrize(
    "long",
    [
        piece * 2_400
        for piece in (
            "a a ",
            "的的的",
            "`a`a",
            "我(我(",
            "a: b\n",
            "((((",
            "您好，請",
            "if , ",
            "里後，",
        )
    ],
)
def test_long_hostile_text_is_answered(feature: str, locale: str, long: str) -> None:
    """No pattern may take more than linear time; a run-away one would hang this test."""
    more: dict[str, dict[str, object]] = {
        "rewrite": {"tone": "concise"},
        "keypoints": {"max": 7},
        "proofread": {},
        "translate": {"target": "zh-Hans"},
    }
    try:
        answered(feature, locale, {"text": long, **more[feature]})
    except NotFound:
        assert feature == "translate"
