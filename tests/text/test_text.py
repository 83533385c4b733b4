"""Lengths, sentences, numbers, links and language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.text.edits import Edit, applied, edits
from pratique.text.languages import han_share, is_han, written_in
from pratique.text.lengths import characters, length, sentences, words
from pratique.text.spans import compatible, folded, links, numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop", 2),
        ("It costs 3.50 today.", 4),
        ("well-known", 1),
        ("", 0),
        ("— … !", 0),
        ("a  b\nc", 3),
    ],
)
def test_words_are_counted_as_a_reader_would(text: str, expected: int) -> None:
    """Apostrophes, hyphens and decimal points join; marks alone do not count."""
    assert words(text) == expected


def test_chinese_is_counted_in_characters_and_english_in_words() -> None:
    """The locale decides the unit; white space counts for nothing."""
    assert length("今天 很好。", "zh-Hans") == characters("今天 很好。") == 5
    assert length("today is good", "en") == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", 3),
        ("It rose 3.5 % today. Good.", 2),
        ("See Dr. Lee at 5 p.m. on Monday.", 1),
        ("今天停水。请储水！好吗？", 3),
        ("no stop at all", 1),
        ("line one\nline two", 2),
        ("", 0),
    ],
)
def test_sentences_end_at_stops_of_both_languages(text: str, expected: int) -> None:
    """Decimal points and common abbreviations do not end a sentence."""
    assert len(sentences(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,000 yuan at 3.5 %", ["1000", "3.5"]),
        ("１２点", ["12"]),
        ("10:30, room 5.", ["10:30", "5"]),
        ("T2，8:10，7", ["2", "8:10", "7"]),
        ("none", []),
    ],
)
def test_numbers_are_found_in_every_writing(text: str, expected: list[str]) -> None:
    """Full width counts as half, a thousands mark as nothing, a closing stop does not belong."""
    assert numbers(text) == expected


def test_links_end_before_chinese_marks_and_stops() -> None:
    """An address is kept whole, the mark after it is not part of it."""
    text = "见https://a.example/x?y=1，或写信a.b@c.example。See www.b.example."
    assert links(text) == ["https://a.example/x?y=1", "a.b@c.example", "www.b.example"]


@pytest.mark.parametrize(
    ("text", "locale", "expected"),
    [
        ("今天很好", "zh-Hans", True),
        ("Today is good", "zh-Hans", False),
        ("帮我开个 meeting", "zh-Hans", True),
        ("Today is good", "en", True),
        ("今天很好", "en", False),
        ("OK", "zh-Hans", True),
        ("👍", "en", True),
        ("123", "zh-Hans", True),
        ("好", "en", False),
    ],
)
def test_language_is_told_by_script(text: str, locale: str, expected: bool) -> None:
    """Code-mixing passes, another language does not, and too few letters say nothing."""
    assert written_in(text, locale) is expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_applying_the_edits_gives_the_correction(text: str, corrected: str) -> None:
    """Whatever the two texts are, the edits between them lead from one to the other."""
    assert applied(text, edits(text, corrected)) == corrected


@given(st.text(max_size=60))
def test_a_text_has_no_edits_to_itself(text: str) -> None:
    """No edit is made where nothing changed."""
    assert edits(text, text) == []


def test_edits_are_whole_words_in_english_and_characters_in_chinese() -> None:
    """What a user is shown is the word that changed, not letters of it."""
    assert edits("I recieved it", "I received it") == [Edit(2, 10, "received")]
    assert edits("我以经到了", "我已经到了") == [Edit(1, 2, "已")]


def test_overlapping_edits_are_refused() -> None:
    """An edit list that does not fit is an error, never a guess."""
    with pytest.raises(ValueError, match="does not fit"):
        applied("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])


def test_folding_makes_width_case_and_quotes_one() -> None:
    """Phrases are compared as a reader compares them."""
    assert folded("ＯＫ don’t") == "ok don't"


@given(st.text() | st.text(alphabet="你好，：；！？（）…　ＡＢ１ab①㎏e\u0301가ᄀ\u1161"))
def test_compatibility_forms_are_those_of_unicode(text: str) -> None:
    """However they are found, they are what the standard says (NFKC)."""
    assert compatible(text) == unicodedata.normalize("NFKC", text)


@given(st.text() | st.text(alphabet="你好，。abc é1２_-𠀀豈"))
def test_the_share_of_chinese_is_counted_letter_by_letter(text: str) -> None:
    """Chinese characters by all letters; nothing is told of a text with few letters and no Chinese."""
    han = sum(map(is_han, text))
    letters = sum(is_han(each) or each.isalpha() for each in text)
    expected = None if letters <= 3 and not han else han / letters
    assert han_share(text) == expected
