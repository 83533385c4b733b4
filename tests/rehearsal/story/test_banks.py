"""Banks of the story: invented words at the size a filing asks for."""

import csv
import io

import pytest

from pratique.rehearsal.story.banks import SIZES, bank_csv, keyword_table, keywords


@pytest.mark.parametrize("bank", SIZES)
def test_a_bank_has_its_size_and_no_row_twice(bank: str) -> None:
    """An entry under two risks would be refused as a whole."""
    rows = list(csv.DictReader(io.StringIO(bank_csv("cn-cac", bank, 6))))
    assert len(rows) == SIZES[bank]
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["locale"] for row in rows} == {"zh-Hans", "en"}


@pytest.mark.parametrize("seed", [3, 6, 14])
def test_keywords_are_all_different(seed: int) -> None:
    """They are the entries of the screening pack, too."""
    assert len(set(keywords(seed))) == SIZES["keywords"]
    assert keyword_table("cn-cac", seed).count("\n") == SIZES["keywords"] + 1


def test_what_must_be_refused_names_a_keyword() -> None:
    """Screening stops it, whatever the model makes of it."""
    rows = csv.DictReader(io.StringIO(bank_csv("cn-cac", "refuse", 6)))
    assert all(word in row["text"] for row, word in zip(rows, keywords(6), strict=False))
