"""Edits of corrections: how many of those wanted were made, and how many of those made were wanted.

Counted as M2 (Dahlmeier & Ng 2012, "Better evaluation for grammatical error correction") and
ERRANT (Bryant et al. 2017, "Automatic annotation and evaluation of error types for grammatical
error correction") count for words, and ChERRANT (Zhang et al. 2022, "MuCGEC: a multi-reference
multi-source evaluation dataset for Chinese grammatical error correction") for characters: an edit
counts when its place and its replacement are both right. Edits that touch are one; only words that
give way one for one are an edit each. Errors have no types here and tokens are aligned by edit
distance alone, so that figures compare among our own candidates, not with published tables.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from rapidfuzz.distance import Levenshtein

from pratique.evals.metrics.figures import Figure, require
from pratique.evals.metrics.references import checked
from pratique.evals.metrics.tokens import Unit, joined, tokens

BETA = 0.5
"""Precision weighs twice as much as recall: a wrong edit costs users more than a missed one."""


class TokenEdit(NamedTuple):
    """One replacement among the tokens of a source."""

    start: int
    """First token replaced."""
    end: int
    """Token after the last one replaced; equal to *start* for an insertion."""
    replacement: str
    """Tokens that stand there afterwards, joined; empty for a deletion."""


class EditCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How the edits made compare with the edits wanted."""

    right: int = 0
    """Edits made and wanted (tp)."""
    unwanted: int = 0
    """Edits made and not wanted (fp)."""
    missed: int = 0
    """Edits wanted and not made (fn)."""

    def __add__(self, other: "EditCounts") -> "EditCounts":
        """Return both counts together."""
        return EditCounts(
            right=self.right + other.right,
            unwanted=self.unwanted + other.unwanted,
            missed=self.missed + other.missed,
        )

    @property
    def precision(self) -> float:
        """Share of the edits made that were wanted; 1 when no edit was unwanted, as in ERRANT."""
        return self.right / (self.right + self.unwanted) if self.unwanted else 1.0

    @property
    def recall(self) -> float:
        """Share of the edits wanted that were made; 1 when none was missed, as in ERRANT."""
        return self.right / (self.right + self.missed) if self.missed else 1.0

    def f(self, beta: float = BETA) -> float:
        """Return the weighted harmonic mean of precision and recall; 0 when both are 0."""
        weighted = beta * beta * self.precision + self.recall
        return (1 + beta * beta) * self.precision * self.recall / weighted if weighted else 0.0


class EditScore(msgspec.Struct, frozen=True, kw_only=True):
    """What corrections of a corpus are worth."""

    precision: Figure
    """Share of the edits made that were wanted. 1 over a count of 0: no edit was made."""
    recall: Figure
    """Share of the edits wanted that were made. 1 over a count of 0: no edit was wanted."""
    f: Figure
    """F0.5 of the two."""
    counts: EditCounts
    """What all three are made of, summed over the corpus."""


def edits_between(source: str, target: str, unit: Unit) -> tuple[TokenEdit, ...]:
    """Return the edits that turn *source* into *target*, in order."""
    return _edits(tokens(source, unit), target, unit)


def edit_score(samples: Sequence[tuple[str, str, Sequence[str]]], unit: Unit) -> EditScore:
    """Return what the corrections in *samples* of (source, hypothesis, references) are worth.

    Of several references each sample is held to the one that makes F0.5 best together with what
    was counted up to there, as ERRANT does. A sample that was not answered takes part with its
    source as the hypothesis, so that every edit it wanted is missed.

    Raises:
        Malformed: there are no samples, or one has no references.
    """
    require(len(samples), name="edit F0.5", counts="texts")
    total = EditCounts()
    for place, (source, hypothesis, references) in enumerate(samples):
        total += _best(source, hypothesis, checked(references, place=place), unit, total)
    return EditScore(
        precision=Figure(
            value=total.precision, count=total.right + total.unwanted, counts="edits made"
        ),
        recall=Figure(value=total.recall, count=total.right + total.missed, counts="edits wanted"),
        f=Figure(value=total.f(), count=len(samples), counts="texts"),
        counts=total,
    )


def _best(
    source: str, hypothesis: str, references: Sequence[str], unit: Unit, so_far: EditCounts
) -> EditCounts:
    pieces = tokens(source, unit)
    made = set(_edits(pieces, hypothesis, unit))
    found = [_compared(made, set(_edits(pieces, text, unit))) for text in references]
    # Equal F is common (all counts 0, all F 0): then more right, less unwanted, less missed.
    return max(found, key=lambda one: ((so_far + one).f(), one.right, -one.unwanted, -one.missed))


def _compared(made: set[TokenEdit], wanted: set[TokenEdit]) -> EditCounts:
    right = len(made & wanted)
    return EditCounts(right=right, unwanted=len(made) - right, missed=len(wanted) - right)


def _edits(before: list[str], target: str, unit: Unit) -> tuple[TokenEdit, ...]:
    after = tokens(target, unit)
    runs: list[list[int]] = []
    for block in _settled(before, after):
        if runs and runs[-1][1] == block[0]:
            runs[-1][1], runs[-1][3] = block[1], block[3]
        else:
            runs.append(block)
    return tuple(
        TokenEdit(i, j, joined(after[k:m], unit))
        for run in runs
        for i, j, k, m in _parts(run, unit)
    )


def _parts(run: list[int], unit: Unit) -> list[list[int]]:
    """Part a run of words that give way one for one; with one more or less the pairs are a guess."""
    i, j, k, m = run
    if unit == "character" or j - i != m - k:
        return [run]
    return [[i + n, i + n + 1, k + n, k + n + 1] for n in range(j - i)]


def _settled(before: list[str], after: list[str]) -> list[list[int]]:
    """Align; then let each insertion and deletion among equal tokens take its last place.

    Which of two equal tokens an aligner drops hangs on edits elsewhere in the text. The hypothesis
    and the reference must not differ by that.
    """
    blocks = [
        [one.src_start, one.src_end, one.dest_start, one.dest_end]
        for one in Levenshtein.opcodes(before, after)
        if one.tag != "equal"
    ]
    limit = len(before)
    for block in reversed(blocks):
        i, j, k, m = block
        steps = 0
        if i == j or k == m:
            moving = before[i:] if k == m else after[k:]
            # What is inserted or deleted moves on while the token that it leaves behind is the
            # one that it takes in. One unchanged token stays before the next edit.
            while j + steps < limit and moving[steps] == before[j + steps]:
                steps += 1
        block[:] = [i + steps, j + steps, k + steps, m + steps]
        limit = block[0] - 1
    return blocks
