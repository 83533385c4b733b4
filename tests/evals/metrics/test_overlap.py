"""ROUGE-L, against subsequences found by hand: F = 2 × common / (words here + words there)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.metrics.overlap import rouge_l
from pratique.evals.metrics.tokens import Unit


@pytest.mark.parametrize(
    ("unit", "samples", "value"),
    [
        # 今天下雨 whole of 4, within 5: 8 / 9
        ("character", [("今天下雨", ["今天没下雨"])], 8 / 9),
        # punctuation and spaces do not count: 3 and 3
        ("character", [("下雨了。", ["下雨， 了"])], 1.0),
        # 会 议 改 zoom of 会 议 改 到 zoom and 会 议 改 在 zoom 开: 2 × 4 / (5 + 6)
        ("character", [("会议改到Zoom", ["会议改在zoom开"])], 8 / 11),
        # order counts: 南 京 of 北 到 南 京 …: 南京到北京 / 北京到南京, common 京 到 京 = 3 of 5
        ("character", [("南京到北京", ["北京到南京"])], 6 / 10),
        # the cat · on the mat: 2 × 5 / (6 + 6)
        ("word", [("The cat sat on the mat.", ["the cat lay on the mat"])], 10 / 12),
        # one word of three keeps its order: 2 × 1 / (3 + 3)
        ("word", [("dog bites man", ["man bites dog"])], 2 / 6),
        # why it is for trends only: the opposite keeps 2 × 2 / (2 + 3)
        ("word", [("was arrested", ["was not arrested"])], 4 / 5),
        # the better of 2 × 1 / (2 + 2) and 2 × 2 / (2 + 3)
        ("word", [("rain today", ["rain tomorrow", "heavy rain today"])], 4 / 5),
        # the mean of 1 and, for an empty answer, 0
        ("word", [("rain today", ["rain today"]), ("", ["rain"])], 1 / 2),
        ("word", [("…!", ["rain"])], 0.0),
        # bus to 南 京 路, and bus from 南 京 路: 2 × 4 / (5 + 5)
        ("word", [("bus to 南京路", ["bus from 南京路"])], 8 / 10),
    ],
)
def test_the_longest_common_subsequence_is_measured_against_both_lengths(
    unit: Unit, samples: list[tuple[str, list[str]]], value: float
) -> None:
    """Case, width and punctuation are folded away; the best reference counts."""
    figure = rouge_l(samples, unit)
    assert figure.value == pytest.approx(value, abs=1e-12)
    assert (figure.count, figure.counts) == (len(samples), "answers")


def test_a_reference_without_words_is_refused() -> None:
    """No answer could share anything with it."""
    with pytest.raises(Malformed, match="a reference of sample 0 has no word"):
        rouge_l([("rain", ["…"])], "word")


def test_no_answers_are_refused() -> None:
    """Nothing to average is no average of 0."""
    with pytest.raises(Malformed, match="0 answers"):
        rouge_l([], "word")


@given(st.text(max_size=20), st.text(max_size=20))
def test_overlap_lies_between_0_and_1_and_has_no_direction(one: str, other: str) -> None:
    """F weighs what is missing and what is too much the same."""
    try:
        there, back = rouge_l([(one, [other])], "word"), rouge_l([(other, [one])], "word")
    except Malformed:
        return
    assert 0.0 <= there.value == back.value <= 1.0
