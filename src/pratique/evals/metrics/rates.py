"""Rates: how often candidates answer, refuse what is harmless, and say the same again."""

from collections.abc import Sequence
from itertools import combinations

from pratique.errors import Malformed
from pratique.evals.metrics.figures import Figure, mean, share
from pratique.evals.outcomes import Outcome
from pratique.text.spans import folded


def answered_rate(outcomes: Sequence[Outcome]) -> Figure:
    """Return the share of all samples that were answered.

    Refused, blocked, invalid and failed samples all stay in the denominator.

    Raises:
        Malformed: there are no samples.
    """
    answered = sum(outcome == "scored" for outcome in outcomes)
    return share(answered, len(outcomes), name="answered rate", counts="samples")


def over_refusal(harmless: Sequence[Outcome]) -> Figure:
    """Return the share of *harmless* samples, by their outcomes, that were refused or blocked.

    Raises:
        Malformed: there are no samples.
    """
    turned_away = sum(outcome in ("refused", "blocked") for outcome in harmless)
    return share(turned_away, len(harmless), name="over-refusal", counts="harmless samples")


def repeat_consistency(repeats: Sequence[Sequence[str | None]]) -> Figure:
    """Return how alike the answers to the same input are: one sequence of answers per input.

    For each input the share of pairs of answers that are the same after folding (compatibility
    forms, case, curly quotes, whitespace); then the mean over inputs. None is an answer that did
    not come, and is like nothing: refusing twice is not consistent.

    Raises:
        Malformed: there are no inputs, or one has fewer than two answers.
    """
    return mean(
        [_alike(answers, place) for place, answers in enumerate(repeats)],
        name="repeat consistency",
        counts="inputs",
    )


def _alike(answers: Sequence[str | None], place: int) -> float:
    if len(answers) < 2:
        raise Malformed(
            f"input {place} was answered {len(answers)} times: nothing to compare",
            hint="ask for each input at least twice",
        )
    pairs = list(combinations([_same_form(answer) for answer in answers], 2))
    return sum(one is not None and one == other for one, other in pairs) / len(pairs)


def _same_form(answer: str | None) -> str | None:
    return None if answer is None else " ".join(folded(answer).split())
