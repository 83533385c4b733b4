"""Signals: sounds, parts of glyphs and encodings are noted, within their limits."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.screening.encoded import LONGEST, decoded
from pratique.screening.entries import Entry, HardView, WeakView
from pratique.screening.lint import lint
from pratique.screening.pack import pack_of
from pratique.screening.screen import Screen
from pratique.screening.spellings import split_glyphs
from pratique.screening.stream import Stream

WORD = "明林计划"


def _screen(*views: HardView | WeakView, phrase: str = WORD) -> Screen:
    return Screen(pack_of([Entry(id="code", phrase=phrase, views=("exact", *views))], id="p"))


def test_a_phrase_of_another_sound_or_of_its_own_characters_is_no_homophone() -> None:
    """The phrase itself is a plain hit, once; traditional characters are the phrase itself."""
    screen = _screen("homophone")
    assert [hit.view for hit in screen.check("名临记画").hits] == ["homophone"]
    assert [hit.view for hit in screen.check(WORD).hits] == ["exact"]
    assert [hit.view for hit in screen.check("明林計劃").hits] == ["exact"]
    assert not screen.check("明年计划").hits


def test_a_character_with_two_readings_is_heard_as_it_is_read_in_the_phrase() -> None:
    """银行 is read yin hang; its most usual reading alone would say xing."""
    screen = _screen("homophone", phrase="银行暗号")
    assert screen.check("银航暗号").hits


@pytest.mark.parametrize("phrase", ["明林", "bluefin", "明林2号"])
def test_what_is_too_short_to_be_heard_is_refused(phrase: str) -> None:
    """Two syllables stand in ordinary text, and Latin letters have no pinyin."""
    with pytest.raises(Malformed, match="homophone"):
        _screen("homophone", phrase=phrase)


def test_one_character_is_never_split() -> None:
    """女子 is a word."""
    with pytest.raises(Malformed, match="split"):
        _screen("split", phrase="好")


def test_the_table_of_parts_is_large_and_sound() -> None:
    """No character is its own part, and no two lines speak of one character."""
    table = split_glyphs()
    assert len(table) >= 150
    assert all(
        len(one) == 1 and len(parts) > 1 and one not in parts for one, parts in table.items()
    )


def test_lint_says_where_a_view_can_find_nothing() -> None:
    """A view that is named and idle looks like one that works."""
    entry = Entry(id="idle", phrase="乙己", views=("exact", "split"))
    found = lint(pack_of([entry], id="p")).findings
    assert ("idle_view", "idle") in {(one.kind, one.rule) for one in found}


def _twice(text: str) -> str:
    once = base64.b64encode(text.encode()).decode()
    return base64.b64encode(once.encode()).decode()


def test_what_was_encoded_twice_is_found_and_three_times_is_not() -> None:
    """The depth is bounded."""
    screen = _screen()
    assert [hit.view for hit in screen.check(_twice(WORD)).hits] == ["encoded"]
    thrice = base64.b64encode(_twice(WORD).encode()).decode()
    assert not screen.check(thrice).hits


def test_tags_are_decoded() -> None:
    """Characters that nobody sees may spell what a model reads."""
    hidden = "".join(chr(0xE0000 + ord(one)) for one in "bluefin")
    found = _screen(phrase="bluefin").check(f"你好{hidden}！").hits
    assert [(hit.view, hit.start, hit.end) for hit in found] == [("encoded", 2, 9)]


def test_only_input_is_decoded() -> None:
    """An answer is not run by anybody; streams and whole answers agree."""
    text = base64.b64encode(WORD.encode()).decode()
    screen = _screen()
    assert screen.check(text, "input").hits
    assert not screen.check(text, "output").hits
    stream = Stream(screen)
    assert stream.feed(text) + stream.finish() == text


def test_a_very_long_run_is_cut() -> None:
    """What lies behind 8 KB is not decoded."""
    run = base64.b64encode(b"a" * LONGEST + WORD.encode()).decode()
    assert not _screen().check(run).hits


@given(st.text("%&#x;\\u0123456789abcdefABCDEF+/=_-明\U000e0041\U000e0062", max_size=60))
def test_any_text_can_be_decoded_or_not(text: str) -> None:
    """Nothing raises, and every run lies within the text."""
    for run in decoded(text):
        assert 0 <= run.start < run.end <= len(text)
