"""Proofreading of Chinese: wrong characters, particles, set phrases, marks."""

from collections.abc import Sequence

from pratique.partners.rules.confusions import unconfused
from pratique.partners.rules.marks_zh import full_width
from pratique.partners.rules.particles import particled
from pratique.partners.rules.phrases_zh import rephrased
from pratique.partners.rules.records import Span
from pratique.partners.rules.shields import restored, shielded

_PASSES = 3
_LONG = 20_000


def proofread(text: str, protected: Sequence[Span] = ()) -> str:
    """Return *text* with what is surely wrong put right; all else stays as it is."""
    bare, kept = shielded(text, protected)
    for _ in range(_PASSES if len(bare) < _LONG else 1):
        better = full_width(rephrased(particled(_characters(bare))))
        if better == bare:
            break
        bare = better
    return restored(bare, kept)


def _characters(text: str) -> str:
    """Return *text* with wrong characters and characters written twice put right."""
    return unconfused(unconfused(text, "confusions.tsv"), "doubled.tsv")
