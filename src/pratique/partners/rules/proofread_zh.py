"""Proofreading of Chinese: wrong characters, particles, set phrases, marks."""

from collections.abc import Sequence

from pratique.partners.rules.address import addressed
from pratique.partners.rules.confusions import unconfused
from pratique.partners.rules.marks_zh import full_width
from pratique.partners.rules.particles import particled
from pratique.partners.rules.phrases_zh import rephrased
from pratique.partners.rules.records import Span
from pratique.partners.rules.shields import restored, shielded
from pratique.partners.rules.slips import unslipped

PASSES = 3
"""How often a text is read: one correction may make the next one visible."""

LONG = 50_000
"""Characters from which a text is read once."""

READ = 200_000
"""Characters that are read."""


def proofread(text: str, protected: Sequence[Span] = ()) -> str:
    """Return *text* with what is surely wrong put right; all else stays as it is.

    One correction may make the next one visible, so a text is read up to three times; one above
    50,000 characters once, and what follows its first 200,000 comes back unread.
    """
    bare, kept = shielded(text, protected)
    head, tail = bare[:READ], bare[READ:]
    return restored(corrected(head, PASSES if len(bare) < LONG else 1) + tail, kept)


def corrected(text: str, passes: int) -> str:
    """Return *text*, in which links and the like are shielded, read up to *passes* times."""
    for _ in range(passes):
        better = full_width(rephrased(particled(unslipped(_characters(text)))))
        if better == text:
            break
        text = better
    return addressed(text)


def _characters(text: str) -> str:
    """Return *text* with wrong characters and characters written twice put right."""
    return unconfused(unconfused(text, "confusions.tsv"), "doubled.tsv")
