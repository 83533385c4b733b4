"""Folding: each code point alone, with its place."""

import unicodedata
from importlib.metadata import version
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.screening.fold import collapsed, key_of, places_of, units_of
from pratique.screening.fold_table import fold_table


def test_the_table_says_which_data_it_was_made_from() -> None:
    """A table of other data finds other things: the versions are part of it."""
    assert fold_table().versions == (
        ("unicodedata", "14.0.0"),
        ("OpenCC", "1.4.2"),
        ("confusable-homoglyphs", "3.3.1"),
    )


@given(st.text(), st.text())
def test_folding_commutes_with_joining(left: str, right: str) -> None:
    """So a chunk's border needs no look-ahead."""
    assert collapsed(key_of(left) + key_of(right)) == key_of(left + right)


@given(st.text(min_size=1, max_size=40))
def test_long_and_short_texts_have_one_key_and_true_places(text: str) -> None:
    """numpy and `str.translate` read the same table; each run begins where its unit stands."""
    long = text * (256 // len(text) + 1)
    assert key_of(long) == collapsed("".join(map(key_of, long)))
    units = units_of(text).items
    starts = [unit.place for n, unit in enumerate(units) if n == 0 or unit.key != units[n - 1].key]
    assert places_of(text).tolist() == starts


def test_marks_that_carry_meaning_stay() -> None:
    """Thai, Hindi, Arabic and kana lose nothing; Latin accents go."""
    for text in ("ที่", "हिन्दी", "مَدرسة", "か\u3099"):
        kept = "".join(unit.folded for unit in units_of(text).items)
        assert kept == unicodedata.normalize("NFD", text)
    assert key_of("éḱ") == "ek"


def test_a_lone_surrogate_is_noise() -> None:
    """It comes from broken JSON, and must not stop the screening."""
    assert key_of("明\ud800林") == "明林"


def test_the_packaged_table_can_be_made_anew() -> None:
    """Where the packages are those that it names, line by line the same."""
    made = dict(fold_table().versions)
    assert made["OpenCC"] == version("OpenCC")
    assert made["confusable-homoglyphs"] == version("confusable-homoglyphs")
    if made["unicodedata"] != unicodedata.unidata_version:
        pytest.skip(
            f"made with Unicode {made['unicodedata']}; this Python has {unicodedata.unidata_version}"
        )
    from tools.fold_table import lines

    packaged = (files("pratique") / "content/screening/fold.tsv").read_text("utf-8")
    assert packaged.splitlines() == list(lines())
