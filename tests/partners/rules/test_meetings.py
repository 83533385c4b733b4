"""Summaries of recordings by rules: only what was said yes to, by the last day that was named."""

import os
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.rules.due import due
from pratique.partners.rules.meetings import minutes
from pratique.partners.rules.records_text import Minutes, Spoken, TranscriptInput
from pratique.text.lengths import sentences
from tests.partners.rules.scoring import LOCALES, passed, valid

TODAY = "2026-03-04"


def summed(*turns: tuple[str, str], locale: str = "en", today: str = TODAY) -> Minutes:
    """Return what *turns* came to."""
    spoken = tuple(Spoken(speaker=who, text=text, ts="00:00:01") for who, text in turns)
    return minutes(TranscriptInput(turns=spoken, today=today), locale)


def actions(*turns: tuple[str, str], locale: str = "en") -> list[tuple[str, str | None]]:
    """Return who is to do something by when."""
    return [(each.who, each.due) for each in summed(*turns, locale=locale).actions]


def test_who_says_yes_does_it() -> None:
    """Not who was asked, and not who asked."""
    found = actions(
        ("Ada", "can you call the plumber"),
        ("Ben", "no i'm away all week"),
        ("Cal", "i'll call him on thursday"),
    )
    assert found == [("Cal", "2026-03-05")]


@pytest.mark.parametrize(
    "turns",
    [
        (("Ada", "can you call him"), ("Ben", "no sorry")),
        (("Ada", "shall i call the vet"), ("Ben", "i already did")),
        (("Ada", "i'll send the minutes"), ("Ben", "forget it nobody reads them")),
        (("Ada", "i might come"), ("Ben", "fine")),
        (("Ada", "i'll eat my hat"), ("Ben", "ha")),
    ],
)
def test_what_was_refused_done_or_dropped_is_no_action(turns: tuple[tuple[str, str], ...]) -> None:
    """A list of duties that nobody has is worse than none."""
    assert actions(*turns) == []


def test_the_last_day_counts() -> None:
    """Later words correct earlier ones."""
    found = actions(
        ("Cal", "i'll get the brushes by the tenth"), ("Cal", "actually make it the twelfth")
    )
    assert found == [("Cal", "2026-03-12")]


@pytest.mark.parametrize(
    ("locale", "turns", "word"),
    [
        ("en", (("Vera", "are we agreed on blue"), ("Sam", "agreed")), "blue"),
        ("zh-Hans", (("阿达", "绿色还是蓝色"), ("小本", "那就定绿色吧")), "绿色"),
        ("zh-Hant", (("阿達", "綠色還是藍色"), ("小本", "那就定綠色吧")), "綠色"),
    ],
)
def test_what_was_settled_is_a_decision(
    locale: str, turns: tuple[tuple[str, str], ...], word: str
) -> None:
    """All agreed."""
    found = summed(*turns, locale=locale)
    assert [word in each for each in found.decisions] == [True]


def test_a_proposal_is_no_decision() -> None:
    """Somebody would act on it."""
    assert summed(("Dana", "i'd say we close on mondays"), ("Egon", "let's see")).decisions == ()


def test_a_traditional_recording_keeps_its_letters() -> None:
    """What is to be done is said as it was said."""
    found = summed(
        ("阿達", "海報週五之前你能做完嗎小本"), ("小本", "可以週五沒問題"), locale="zh-Hant"
    )
    assert [(each.who, each.due) for each in found.actions] == [("小本", "2026-03-06")]
    assert "海報" in found.actions[0].what


@pytest.mark.parametrize(
    ("locale", "said", "day"),
    [
        ("en", "by the twenty second", "2026-03-22"),
        ("en", "on april third", "2026-04-03"),
        ("en", "by end of month", "2026-03-31"),
        ("en", "a week from tomorrow", "2026-03-12"),
        ("en", "within three days", "2026-03-07"),
        ("en", "tuesday's fine", "2026-03-10"),
        ("zh-Hans", "下周三交", "2026-03-11"),
        ("zh-Hans", "月底前", "2026-03-31"),
        ("zh-Hans", "三天内", "2026-03-07"),
    ],
)
def test_days_are_counted_from_the_recording(locale: str, said: str, day: str) -> None:
    """A Wednesday, 4 March 2026."""
    found = due(said, date.fromisoformat(TODAY), locale)
    assert found is not None
    assert found.isoformat() == day


TURNS = int(os.environ.get("PRATIQUE_RECORDING_TURNS", "12"))
"""Turns of a long recording."""

TEXTS = st.text(max_size=50) | st.text(
    "i'll can you okby thefriday我来你吗好行周五前十号 谁定", max_size=50
)


@pytest.mark.parametrize("locale", LOCALES)
@given(
    turns=st.lists(
        st.tuples(st.sampled_from(["Ada", "小本", "", " "]) | TEXTS, TEXTS), min_size=1, max_size=6
    ),
    today=st.dates().map(date.isoformat) | st.just("soon"),
)
@settings(max_examples=120, deadline=None)
def test_any_recording_is_summed_up(locale: str, turns: list[tuple[str, str]], today: str) -> None:
    """Nothing crashes; every action is a speaker's and has a day or none."""
    found = summed(*turns, locale=locale, today=today)
    assert valid("transcript_summary", found)
    assert len(sentences(found.summary)) <= 3
    for action in found.actions:
        assert action.who in {who for who, _ in turns}
        assert action.due is None or date.fromisoformat(action.due)


@pytest.mark.parametrize("text", ["i'll do it by friday " * 80, "我来" * 400, "can you " * 200])
def test_a_long_recording_is_answered(text: str) -> None:
    """Turns of hundreds of words, and no pattern that runs away; `make check-all` gives sixty of them."""
    for locale in LOCALES:
        turns = [(("Ada", "Ben")[at % 2], text) for at in range(TURNS)]
        assert summed(*turns, locale=locale).summary


@pytest.mark.parametrize(("locale", "least"), [("en", 17), ("zh-Hans", 17), ("zh-Hant", 10)])
def test_development_samples_pass(locale: str, least: int) -> None:
    """What the rules were written by."""
    right, _ = passed("transcript_summary", locale, TranscriptInput, minutes)
    assert right >= least
