"""Proofreading of Chinese: wrong characters, particles, set phrases, marks."""

from collections.abc import Sequence

from pratique.partners.rules.confusions import unconfused
from pratique.partners.rules.marks_zh import full_width
from pratique.partners.rules.particles import particled
from pratique.partners.rules.phrases_zh import rephrased
from pratique.partners.rules.records import Span
from pratique.partners.rules.shields import restored, shielded

_PASSES = 3
_LONG = 50_000
_READ = 200_000


def proofread(text: str, protected: Sequence[Span] = ()) -> str:
    """Return *text* with what is surely wrong put right; all else stays as it is.

    One correction may make the next one visible, so a text is read up to three times; one above
    50,000 characters once, and what follows its first 200,000 comes back unread.
    """
    bare, kept = shielded(text, protected)
    head, tail = bare[:_READ], bare[_READ:]
    for _ in range(_PASSES if len(bare) < _LONG else 1):
        better = full_width(rephrased(particled(_characters(head))))
        if better == head:
            break
        head = better
    return restored(head + tail, kept)


def _characters(text: str) -> str:
    """Return *text* with wrong characters and characters written twice put right."""
    return unconfused(unconfused(text, "confusions.tsv"), "doubled.tsv")
