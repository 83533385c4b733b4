"""chrF2++ and BLEU as the library gives them, against n-grams counted by hand.

chrF2++: P and R are means over six orders of characters (spaces removed) and two of words, of
those orders that both texts have; F2 = 5 P R / (4 P + R).
BLEU: the brevity penalty times the geometric mean of the precisions of orders 1 to 4.
"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.metrics.translation import (
    Language,
    Smoothing,
    corpus_bleu,
    corpus_chrf,
    sentence_bleu,
    sentence_chrf,
)

Sample = tuple[str, list[str]]


@pytest.mark.parametrize(
    ("samples", "value"),
    [
        # c1: a b of abc/abd 2/3; c2: ab of ab,bc/ab,bd 1/2; c3: 0/1; w1: 0/1; nothing longer
        # P = R = (2/3 + 1/2 + 0 + 0) / 4 = 7/24, and so is F
        ([("abc", ["abd"])], 7 / 24),
        # c1: P 2/2, R 2/3; c2: P 1/1, R 1/2; c3: none in `ab`; w1: 0/1, 0/1
        # P = 2/3, R = (2/3 + 1/2 + 0) / 3 = 7/18
        # F = 5 (2/3)(7/18) / (8/3 + 7/18) = (70/54) / (55/18) = 14/33
        ([("ab", ["abc"])], 14 / 33),
        # thecat/acat. c1: t c a = 3 of 6, of 4; c2: ca at = 2 of 5, of 3; c3: cat = 1 of 4, of 2;
        # c4: 0 of 3, of 1; c5, c6: none in acat; w1: cat = 1 of 2, of 2; w2: 0 of 1, of 1
        # P = (1/2 + 2/5 + 1/4 + 0 + 1/2 + 0) / 6 = 11/40
        # R = (3/4 + 2/3 + 1/2 + 0 + 1/2 + 0) / 6 = 29/72
        # F = 5 (11/40)(29/72) / (11/10 + 29/72) = (1595/2880) / (541/360) = 1595/4328
        ([("the cat", ["a cat"])], 1595 / 4328),
        # c1: 我 你 2/3; c2: 0/2; c3: 0/1; w1: the phrase is one word, 0/1: (2/3) / 4
        ([("我爱你", ["我想你"])], 1 / 6),
        # c1: 谢 谢 2/3; c2: 谢谢 of 谢谢,谢你 1/2; c3: 0/1; w1: 0/1: (2/3 + 1/2) / 4
        ([("谢谢你", ["谢谢您"])], 7 / 24),
        # 用app吧/用App吧. c1: 4/5; c2: pp p吧 2/4; c3: pp吧 1/3; c4: 0/2; c5: 0/1; w1: 0/1
        # (4/5 + 1/2 + 1/3) / 6 = (49/30) / 6
        ([("用app吧", ["用App吧"])], 49 / 180),
        # the better reference: `xy` shares nothing
        ([("ab", ["xy", "abc"])], 14 / 33),
        ([("ab", ["abc", "xy"])], 14 / 33),
        # summed over the first two: c1: 4 of 5, of 6; c2: 2 of 3, of 4; c3: 0 of 1, of 2;
        # w1: 0 of 2, of 2: P = (4/5 + 2/3) / 4 = 11/30, R = (2/3 + 1/2) / 4 = 7/24
        # F = 5 (11/30)(7/24) / (22/15 + 7/24) = (385/720) / (211/120) = 385/1266
        ([("abc", ["abd"]), ("ab", ["abc"])], 385 / 1266),
        # one right, one empty: P 1 everywhere; R: c1 2/4, c2 1/2, w1 1/2
        # F = 5 (1/2) / (4 + 1/2) = 5/9
        ([("ab", ["ab"]), ("", ["ab"])], 5 / 9),
        ([("", ["ab"])], 0.0),
        ([("好的，明天见", ["好的，明天见"])], 1.0),
    ],
)
def test_chrf_is_what_the_n_grams_say(samples: list[Sample], value: float) -> None:
    """Counts are summed over the corpus; what was not answered lowers it."""
    found = corpus_chrf(samples)
    assert found.score.value == pytest.approx(100 * value, abs=1e-6)
    assert (found.score.count, found.score.counts) == (len(samples), "translations")
    if len(samples) == 1:
        assert sentence_chrf(*samples[0]) == found


BACK = "I will call you back"
LATER = "I will call you later"
CAN = "He can call you back"


@pytest.mark.parametrize(
    ("language", "smoothing", "hypothesis", "references", "value"),
    [
        # 4/5, 3/4, 2/3, 1/2: product 1/5
        ("en", "none", BACK, [LATER], (1 / 5) ** (1 / 4)),
        # with both references 5/5, 4/4, 3/3, and of `I will call you`, `will call you back` 1/2
        ("en", "none", BACK, [LATER, CAN], (1 / 2) ** (1 / 4)),
        # two words: orders 1 and 2 only, 2/2 and 1/1; too short: exp(1 - 3/2)
        ("en", "none", "the cat", ["the cat sat"], math.exp(-1 / 2)),
        # 3/3, 2/2, 1/1; half as long as the reference: exp(1 - 6/3)
        ("en", "none", "a b c", ["a b c d e f"], math.exp(-1)),
        # the reference of 2 words is nearer to 3 words than that of 6: no penalty
        ("en", "none", "a b c", ["a b c d e f", "a b"], 1.0),
        # 3/4, 1/3 (the cat), 0/2, 0/1: without smoothing 0
        ("en", "none", "the cat sat down", ["the cat lay down"], 0.0),
        # with smoothing 1/(2×2) and 1/(4×1): product 1/64
        ("en", "exp", "the cat sat down", ["the cat lay down"], (1 / 64) ** (1 / 4)),
        # a b counts once each, since the reference has them once: 2/4, 1/3, 1/(2×2), 1/(4×1)
        ("en", "exp", "a b a b", ["a b c d"], (1 / 96) ** (1 / 4)),
        # Hello · , · world · !: 3/4, 1/3 (Hello ,), 1/(2×2), 1/(4×1)
        ("en", "exp", "Hello, world!", ["Hello, World!"], (1 / 64) ** (1 / 4)),
        # 今天天气很好/真好: 5/6, 3/5, 2/4, 1/3: product 1/12
        ("zh", "none", "今天天气很好", ["今天天气真好"], (1 / 12) ** (1 / 4)),
        # 4/5, 2/4 (我爱, 京。), 0/3, 0/2: without smoothing 0
        ("zh", "none", "我爱北京。", ["我爱南京。"], 0.0),
        # with smoothing 1/(2×3) and 1/(4×2): 4/5 × 1/2 × 1/6 × 1/8
        ("zh", "exp", "我爱北京。", ["我爱南京。"], (1 / 120) ** (1 / 4)),
        # 用 · App · 拍 · 照, a Latin word whole: 3/4, 1/3 (拍照), 1/(2×2), 1/(4×1)
        ("zh", "exp", "用App拍照", ["用app拍照"], (1 / 64) ** (1 / 4)),
        # three characters: orders 1 to 3, all right
        ("zh", "none", "谢谢你", ["谢谢你"], 1.0),
        ("zh", "exp", "", ["谢谢你"], 0.0),
    ],
)
def test_bleu_of_a_sentence_is_what_the_n_grams_say(
    language: Language, smoothing: Smoothing, hypothesis: str, references: list[str], value: float
) -> None:
    """Orders that a short sentence cannot have are left out."""
    found = sentence_bleu(hypothesis, references, language, smoothing=smoothing)
    assert found.score.value == pytest.approx(100 * value, abs=1e-6)
    assert "|eff:yes|" in found.signature
    assert f"|smooth:{smoothing}|" in found.signature


@pytest.mark.parametrize(
    ("language", "samples", "value"),
    [
        # (4+2)/(5+2), (3+1)/(4+1), 2/3, 1/2: product 8/35
        ("en", [(BACK, [LATER]), ("we met", ["we met"])], (8 / 35) ** (1 / 4)),
        # nothing came of the second: 5 words for 7, exp(1 - 7/5) × (1/5)^¼
        ("en", [(BACK, [LATER]), ("", ["we met"])], math.exp(-2 / 5) * (1 / 5) ** (1 / 4)),
        # a sample may have fewer references: (5+2)/(5+2), (4+1)/(4+1), 3/3, 1/2
        ("en", [(BACK, [LATER, CAN]), ("we met", ["we met"])], (1 / 2) ** (1 / 4)),
        # a corpus always has four orders: two words have none of the third
        ("en", [("we met", ["we met"])], 0.0),
        # (5+2)/(6+3), (3+1)/(5+2), (2+0)/(4+1), 1/3: 7/9 × 4/7 × 2/5 × 1/3 = 8/135
        ("zh", [("今天天气很好", ["今天天气真好"]), ("谢谢你", ["谢谢您"])], (8 / 135) ** (1 / 4)),
    ],
)
def test_bleu_of_a_corpus_sums_its_counts(
    language: Language, samples: list[Sample], value: float
) -> None:
    """It is no mean over sentences, and what was not answered shortens it."""
    found = corpus_bleu(samples, language, smoothing="none")
    assert found.score.value == pytest.approx(100 * value, abs=1e-6)
    assert found.score.count == len(samples)


def test_signatures_say_how_a_score_was_computed() -> None:
    """Scores compare only under the same signature."""
    one, two = ("好", ["好"]), ("好", ["好", "行"])
    assert corpus_chrf([one]).signature.startswith(
        "nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:"
    )
    assert corpus_bleu([one], "zh").signature.startswith(
        "nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:"
    )
    assert "|tok:13a|" in corpus_bleu([one], "en").signature
    assert corpus_chrf([two]).signature.startswith("nrefs:2|")
    assert corpus_chrf([one, two]).signature.startswith("nrefs:var|")


def test_the_order_of_samples_and_references_does_not_matter() -> None:
    """A sample with one reference may come before one with two."""
    one, two = ("we met", ["we met"]), (BACK, [LATER, CAN])
    assert corpus_bleu([one, two], "en") == corpus_bleu([(BACK, [CAN, LATER]), one], "en")
    assert corpus_chrf([one, two]) == corpus_chrf([(BACK, [CAN, LATER]), one])


def test_no_translations_or_references_are_refused() -> None:
    """There is nothing to compare."""
    with pytest.raises(Malformed, match="0 translations"):
        corpus_chrf([])
    with pytest.raises(Malformed, match="0 translations"):
        corpus_bleu([], "zh")
    with pytest.raises(Malformed, match="sample 0 has no reference"):
        sentence_bleu("好", [], "zh")
    with pytest.raises(Malformed, match="one text, not a list"):
        sentence_chrf("好的", "好的")


@given(st.text(alphabet="ab 好的。", max_size=12), st.text(alphabet="ab 好的。", max_size=12))
def test_scores_lie_between_0_and_100(hypothesis: str, reference: str) -> None:
    """Whatever the texts are; the library's floats may end a hair above 100."""
    for score in (
        sentence_chrf(hypothesis, [reference]).score,
        sentence_bleu(hypothesis, [reference], "zh").score,
    ):
        assert 0.0 <= score.value <= 100.0 + 1e-6
