"""Checks and readings: what must hold of an answer."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.features.checks import CHECKS, CheckUse, checked
from pratique.features.derive import DeriveUse, derived
from pratique.features.prompts import Reading
from pratique.features.reading import Output, Unreadable, read_answer

Fields = Mapping[str, object]


def why(check: str, request: Fields, output: Fields, locale: str = "en", **use: object) -> str:
    """Return why *check* does not hold, or an empty string."""
    revision = CHECKS[check][0]
    (found,) = checked([CheckUse(id=check, revision=revision, **use)], locale, request, output)  # type: ignore[arg-type]
    assert found.passed == (not found.why)
    return found.why


def corrected(text: str, result: str) -> Output:
    """Return the proofread output for *result*."""
    return derived([DeriveUse(id="corrections", revision=1)], {"text": text}, {"corrected": result})


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_derived_corrections_always_apply(text: str, result: str) -> None:
    """The edits that a user may accept one by one add up to the corrected text."""
    assert why("corrections_apply", {"text": text}, corrected(text, result)) == ""


def test_corrections_that_lead_elsewhere_are_found() -> None:
    """A model's own list of edits is not believed."""
    output = {"corrected": "abc", "corrections": [{"start": 0, "end": 1, "replacement": "x"}]}
    assert "another text" in why("corrections_apply", {"text": "abc"}, output)
    output = {"corrected": "abc", "corrections": [{"start": 2, "end": 9, "replacement": "x"}]}
    assert "out of range" in why("corrections_apply", {"text": "abc"}, output)


@pytest.mark.parametrize(
    ("text", "result", "span", "held"),
    [
        ("He said “teh” again", "He said “the” again", (9, 12), False),
        ("Teh sign says “teh”", "The sign says “teh”", (15, 18), True),
        ("say `abc` now", "say `ab c` now", (5, 8), False),
    ],
)
def test_protected_spans_stay(text: str, result: str, span: tuple[int, int], held: bool) -> None:
    """Quotes and code are not the proofreader's to change."""
    request = {"text": text, "protected": [{"start": span[0], "end": span[1]}]}
    assert (why("protected_kept", request, corrected(text, result)) == "") is held


@pytest.mark.parametrize(
    ("check", "request_", "output", "locale", "use", "held"),
    [
        (
            "same_language",
            {"text": "Hello there"},
            {"s": "你好你好"},
            "en",
            {"field": "s", "source": "text"},
            False,
        ),
        (
            "same_language",
            {"text": "你好你好"},
            {"s": "你好"},
            "en",
            {"field": "s", "source": "text"},
            True,
        ),
        ("same_language", {}, {"s": ["好的", "Sounds good"]}, "zh-Hans", {"field": "s"}, False),
        (
            "links_kept",
            {"t": "see https://a.example"},
            {"s": "see https://b.example"},
            "en",
            {"field": "s", "source": "t"},
            False,
        ),
        (
            "links_kept",
            {"t": "see https://a.example."},
            {"s": "See https://a.example!"},
            "en",
            {"field": "s", "source": "t"},
            True,
        ),
        (
            "numbers_from_source",
            {"t": "pay 1,000"},
            {"s": "1000 due"},
            "en",
            {"field": "s", "source": "t"},
            True,
        ),
        (
            "numbers_from_source",
            {"t": "pay 100"},
            {"s": "1000 due"},
            "en",
            {"field": "s", "source": "t"},
            False,
        ),
        (
            "numbers_from_source",
            {"t": [{"text": "at 5"}]},
            {"s": ["ok", "5 it is"]},
            "en",
            {"field": "s", "source": "t"},
            True,
        ),
        ("all_distinct", {}, {"s": ["Yes!", "yes", "No"]}, "en", {"field": "s"}, False),
        ("all_distinct", {}, {"s": ["Yes", "No", "👍"]}, "en", {"field": "s"}, True),
        (
            "sentences_at_most",
            {},
            {"s": "It rains. We stay. Bye."},
            "en",
            {"field": "s", "most": {"en": {"any": 2}}},
            False,
        ),
        (
            "length_at_most",
            {"length": "short"},
            {"s": "a b c"},
            "en",
            {"field": "s", "most": {"en": {"short": 2, "medium": 5}}},
            False,
        ),
        (
            "length_at_most",
            {"length": "medium"},
            {"s": "a b c"},
            "en",
            {"field": "s", "most": {"en": {"short": 2, "medium": 5}}},
            True,
        ),
        (
            "length_at_most",
            {},
            {"s": "一二三四"},
            "zh-Hans",
            {"field": "s", "most": {"zh-Hans": {"any": 3}}},
            False,
        ),
    ],
)
def test_a_check_holds_exactly_where_it_should(
    check: str, request_: Fields, output: Fields, locale: str, use: dict[str, object], held: bool
) -> None:
    """Worked examples, one row each."""
    assert (why(check, request_, output, locale, **use) == "") is held


def test_a_reason_holds_no_content() -> None:
    """Reasons are logged and sent back: they say how many, not what."""
    reason = why("numbers_from_source", {"t": ""}, {"s": "secret 4711"}, field="s", source="t")
    assert reason and "4711" not in reason


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (Reading(form="text", field="s"), '  "Hello there" ', {"s": "Hello there"}),
        (Reading(form="text", field="s"), 'He said "hi"', {"s": 'He said "hi"'}),
        (
            Reading(form="lines", field="s", count=3),
            "1. Yes\n2) No\n- Maybe\n- More",
            {"s": ["Yes", "No", "Maybe"]},
        ),
        (Reading(form="lines", field="s"), "“好的”\n\n· 不行", {"s": ["好的", "不行"]}),
        (Reading(form="json"), '```json\n{"a": 1}\n```', {"a": 1}),
        (
            Reading(form="choice", choices={"no": {"u": 0}, "not now": {"u": 1}}),
            " Not now, later",
            {"u": 1},
        ),
    ],
)
def test_answers_are_read_in_the_form_that_was_asked_for(
    reading: Reading, text: str, expected: Output
) -> None:
    """Quotes, bullets and fences around an answer are not part of it."""
    assert read_answer(reading, text) == expected


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(form="text", field="s"), "   "),
        (Reading(form="lines", field="s"), "\n\n"),
        (Reading(form="json"), "[1]"),
        (Reading(form="json"), "{"),
        (Reading(form="choice", choices={"no": {}}), "yes"),
    ],
)
def test_an_answer_of_another_form_is_not_guessed_at(reading: Reading, text: str) -> None:
    """It counts as invalid."""
    with pytest.raises(Unreadable):
        read_answer(reading, text)
