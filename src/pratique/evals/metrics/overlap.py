"""Overlap: how much of an answer's wording a reference shares."""

import unicodedata
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

from pratique.errors import Malformed
from pratique.evals.metrics.figures import Figure, mean
from pratique.evals.metrics.references import checked
from pratique.evals.metrics.tokens import Unit, tokens
from pratique.text.spans import folded


def rouge_l(samples: Sequence[tuple[str, Sequence[str]]], unit: Unit) -> Figure:
    """Return the mean ROUGE-L F1 of *samples*, each (answer, references): a trend only.

    Never for a verdict: a summary that turns "was not arrested" into "was arrested" keeps nearly
    all of it. The longest common subsequence of folded tokens without punctuation and spaces is
    measured against both lengths; of several references the best counts (Lin 2004, "ROUGE: a
    package for automatic evaluation of summaries"). A sample that was not answered takes part
    with an empty answer.

    Raises:
        Malformed: there are no samples, or one has no references or one without a word.
    """
    scores = [
        _best(_words(answer, unit), checked(references, place=place), unit, place)
        for place, (answer, references) in enumerate(samples)
    ]
    return mean(scores, name="ROUGE-L", counts="answers")


def _best(answer: list[str], references: Sequence[str], unit: Unit, place: int) -> float:
    return max(_f(answer, _wanted(text, unit, place)) for text in references)


def _f(answer: list[str], reference: list[str]) -> float:
    return 2 * LCSseq.similarity(answer, reference) / (len(answer) + len(reference))


def _wanted(text: str, unit: Unit, place: int) -> list[str]:
    words = _words(text, unit)
    if not words:
        raise Malformed(
            f"a reference of sample {place} has no word: `{text}`",
            hint="give a text, or leave the sample out of this figure",
        )
    return words


def _words(text: str, unit: Unit) -> list[str]:
    return [piece for piece in tokens(folded(text), unit) if not _is_mark(piece)]


def _is_mark(piece: str) -> bool:
    return piece.isspace() or all(unicodedata.category(one).startswith("P") for one in piece)
