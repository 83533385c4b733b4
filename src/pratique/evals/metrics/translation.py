"""Translation: chrF2++ and BLEU as sacrebleu computes them, with its signature."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from pratique.evals.metrics.figures import Figure, require
from pratique.evals.metrics.references import checked

if TYPE_CHECKING:
    from sacrebleu.metrics.base import Metric

Language = Literal["zh", "en"]
"""Language of the target: it decides how BLEU parts words."""

Smoothing = Literal["none", "exp"]
"""What BLEU does about an order of n-grams without a match: nothing, so that the score is 0, or
halve the least precision for each such order, as is usual."""

_TOKENIZERS = {"zh": "zh", "en": "13a"}


class TranslationScore(msgspec.Struct, frozen=True, kw_only=True):
    """What translations are worth by one metric."""

    score: Figure
    """From 0 to 100."""
    signature: str
    """How it was computed, in sacrebleu's words: scores compare only under one signature."""


def corpus_chrf(samples: Sequence[tuple[str, Sequence[str]]]) -> TranslationScore:
    """Return chrF2++ of *samples*, each (hypothesis, references), from counts over the corpus.

    Chinese writes no spaces: there the two orders of words compare whole phrases, and chrF2++ is
    lower than for English. A sample that was not answered takes part with an empty hypothesis.

    Raises:
        Malformed: there are no samples, or one has no references.
    """
    return _scored(_chrf(), samples, name="chrF2++")


def sentence_chrf(hypothesis: str, references: Sequence[str]) -> TranslationScore:
    """Return chrF2++ of one *hypothesis*.

    Raises:
        Malformed: there are no references.
    """
    return _scored(_chrf(), [(hypothesis, references)], name="chrF2++")


def corpus_bleu(
    samples: Sequence[tuple[str, Sequence[str]]], target: Language, *, smoothing: Smoothing = "exp"
) -> TranslationScore:
    """Return BLEU of *samples*, each (hypothesis, references), from counts over the corpus.

    Raises:
        Malformed: there are no samples, or one has no references.
    """
    metric = _bleu(target, smoothing=smoothing, effective_order=False)
    return _scored(metric, samples, name="BLEU")


def sentence_bleu(
    hypothesis: str, references: Sequence[str], target: Language, *, smoothing: Smoothing = "exp"
) -> TranslationScore:
    """Return BLEU of one *hypothesis*; orders longer than it has words are left out.

    Raises:
        Malformed: there are no references.
    """
    metric = _bleu(target, smoothing=smoothing, effective_order=True)
    return _scored(metric, [(hypothesis, references)], name="BLEU")


def _scored(
    metric: "Metric", samples: Sequence[tuple[str, Sequence[str]]], *, name: str
) -> TranslationScore:
    require(len(samples), name=name, counts="translations")
    references = [checked(texts, place=place) for place, (_, texts) in enumerate(samples)]
    # The library wants the first reference of every sample, then the second of every sample …,
    # and takes None where a sample has fewer, though its types do not say so.
    streams = cast("list[list[str]]", [list(stream) for stream in zip_longest(*references)])
    value = metric.corpus_score([hypothesis for hypothesis, _ in samples], streams).score
    return TranslationScore(
        score=Figure(value=float(value), count=len(samples), counts="translations"),
        signature=metric.get_signature().format(),
    )


# The library is imported where it is used: it reads the environment, and takes its time.


def _chrf() -> "Metric":
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(char_order=6, word_order=2, beta=2, lowercase=False, eps_smoothing=False)


def _bleu(target: Language, *, smoothing: Smoothing, effective_order: bool) -> "Metric":
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(
        tokenize=_TOKENIZERS[target], smooth_method=smoothing, effective_order=effective_order
    )
