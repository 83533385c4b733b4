"""Scorers: how far an answer meets its sample's target. A scorer knows no bar."""

from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.scorers import sets, slots, texts
from pratique.evals.scorers.target import Fields, Score, Scorer, Target, lacks_phrases

__all__ = ["SCORERS", "Fields", "Score", "Scorer", "Target", "require_fitting_target"]

SCORERS: dict[str, Scorer] = {
    "accepted": Scorer(revision=1, score=texts.accepted, fits=texts.lacks_accept),
    "mentions": Scorer(revision=1, score=texts.mentions, fits=lacks_phrases),
    "conversed": Scorer(revision=1, score=texts.conversed, fits=texts.lacks_conversed),
    "urgency": Scorer(revision=1, score=texts.urgency, fits=texts.lacks_urgent),
    "rewritten": Scorer(revision=1, score=texts.rewritten, fits=texts.lacks_rewritten),
    "notified": Scorer(revision=1, score=texts.notified, fits=texts.lacks_notified),
    "translated": Scorer(revision=1, score=texts.translated, fits=texts.lacks_translated),
    "headline": Scorer(revision=1, score=texts.headline, fits=texts.lacks_never),
    "transformed": Scorer(revision=1, score=slots.transformed, fits=slots.lacks_transformed),
    "structured": Scorer(revision=1, score=slots.structured, fits=slots.lacks_structured),
    "drafted": Scorer(revision=1, score=slots.drafted, fits=slots.lacks_drafted),
    "minuted": Scorer(revision=1, score=slots.minuted, fits=lacks_phrases),
    "searched": Scorer(revision=1, score=slots.searched, fits=slots.lacks_slots),
    "dated": Scorer(revision=1, score=slots.dated, fits=slots.lacks_dated),
    "instructions": Scorer(revision=1, score=sets.followed, fits=sets.lacks_instructions),
    "instructions_loosely": Scorer(
        revision=1, score=sets.followed_loosely, fits=sets.lacks_instructions
    ),
    "answered": Scorer(revision=1, score=texts.answered, fits=lambda _: ""),
    "resembles": Scorer(revision=1, score=sets.resembles, fits=sets.lacks_words),
}
"""Every scorer by name."""


def require_fitting_target(scorer: str, target: Target, path: Path, line: int) -> None:
    """Refuse a target that *scorer* cannot use.

    Raises:
        Malformed: names file and line.
    """
    lack = SCORERS[scorer].fits(target)
    if lack:
        raise Malformed(f"the target does not fit scorer `{scorer}`: {lack}", path=path, line=line)
