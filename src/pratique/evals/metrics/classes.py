"""Classes: how well answers from a closed set find the class that is right."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import msgspec

from pratique.errors import Malformed
from pratique.evals.metrics.figures import Figure, mean, share

_WANTED, _OTHERS = "samples of the class", "samples of other classes"


class ClassScore(msgspec.Struct, frozen=True, kw_only=True):
    """How well one class was found."""

    name: str
    """The class."""
    right: int
    """Samples of the class that were given it (tp)."""
    wrong: int
    """Samples of other classes that were given it (fp)."""
    missed: int
    """Samples of the class that were not given it (fn)."""

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; a class is never without samples."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missed)


class ClassScores(msgspec.Struct, frozen=True, kw_only=True):
    """How well all classes were found."""

    macro_f1: Figure
    """Mean of the classes' F1, each class weighing the same."""
    classes: tuple[ClassScore, ...]
    """Each class, in the order given."""
    samples: int
    """Samples that all of it was counted over."""


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """How well one class was told from all others."""

    recall: Figure
    """Share of the class that was found."""
    false_positive_rate: Figure
    """Share of everything else that was taken for it."""


class ThresholdDetection(msgspec.Struct, frozen=True, kw_only=True):
    """How well one class was told from all others by a threshold on scores."""

    recall: Figure
    """Share of the class at or above the threshold."""
    false_positive_rate: Figure
    """Share of everything else at or above the threshold."""
    threshold: float | None
    """Lowest score that counts as the class; None: none can, the rate would be too high."""


def class_scores(samples: Sequence[tuple[str, str | None]], classes: Sequence[str]) -> ClassScores:
    """Return macro-F1 and its parts of *samples*, each (target, answer), over a closed set.

    An answer outside the set, or None for a sample that was not answered, misses its target and
    is held against no other class.

    Raises:
        Malformed: a class is named twice or no sample has it, or a target is not in the set.
    """
    support = Counter(target for target, _ in samples)
    _check_classes(support, classes)
    given = Counter(answer for _, answer in samples)
    hits = Counter(target for target, answer in samples if target == answer)
    scores = tuple(
        ClassScore(
            name=name,
            right=hits[name],
            wrong=given[name] - hits[name],
            missed=support[name] - hits[name],
        )
        for name in classes
    )
    macro = mean([one.f1 for one in scores], name="macro-F1", counts="classes")
    return ClassScores(macro_f1=macro, classes=scores, samples=len(samples))


def detection(samples: Sequence[tuple[bool, bool | None]]) -> Detection:
    """Return recall and false-positive rate of *samples*, each (is of the class, was said to be).

    None is a sample that was not answered: of the class, it is missed; of another, no false alarm.

    Raises:
        Malformed: no sample is of the class, or every one is.
    """
    wanted = [said is True for is_class, said in samples if is_class]
    others = [said is True for is_class, said in samples if not is_class]
    return Detection(
        recall=share(sum(wanted), len(wanted), name="recall", counts=_WANTED),
        false_positive_rate=share(
            sum(others), len(others), name="false-positive rate", counts=_OTHERS
        ),
    )


def detection_at(
    samples: Sequence[tuple[bool, float | None]], highest_rate: float
) -> ThresholdDetection:
    """Return the recall of *samples*, each (is of the class, score), at a false-positive rate.

    The threshold is the lowest that keeps the rate at or under *highest_rate*. Equal scores stand
    or fall together: a threshold cannot part them, so no credit is given for a lucky order. None
    is a sample that was not answered, and lies under every threshold.

    Raises:
        Malformed: no sample is of the class, or every one is, a score is not a number, or the
            rate is not from 0 to 1.
    """
    _check_scores(samples, highest_rate)
    threshold = _lowest_threshold(samples, highest_rate)
    found = detection(_said(samples, threshold))
    return ThresholdDetection(
        recall=found.recall, false_positive_rate=found.false_positive_rate, threshold=threshold
    )


def _lowest_threshold(
    samples: Sequence[tuple[bool, float | None]], highest_rate: float
) -> float | None:
    others = [score for is_class, score in samples if not is_class]
    alarming = sorted(score for score in others if score is not None)
    threshold = None
    for score in sorted({score for _, score in samples if score is not None}, reverse=True):
        alarms = len(alarming) - bisect_left(alarming, score)
        if alarms and alarms / len(others) > highest_rate:
            break
        threshold = score
    return threshold


def _said(
    samples: Sequence[tuple[bool, float | None]], threshold: float | None
) -> list[tuple[bool, bool | None]]:
    return [
        (is_class, threshold is not None and score is not None and score >= threshold)
        for is_class, score in samples
    ]


def _check_classes(support: Counter[str], classes: Sequence[str]) -> None:
    if len(set(classes)) != len(classes):
        raise Malformed(
            f"a class is named twice: {', '.join(classes)}", hint="name every class once"
        )
    for target in support:
        if target not in classes:
            raise Malformed(
                f"target `{target}` is not a class", hint=f"the classes are {', '.join(classes)}"
            )
    for name in classes:
        if not support[name]:
            raise Malformed(
                f"class `{name}` has no samples: its F1 is not defined",
                hint="add samples of it, or leave the class out of the set",
            )


def _check_scores(samples: Sequence[tuple[bool, float | None]], highest_rate: float) -> None:
    if not 0 <= highest_rate <= 1:
        raise Malformed(
            f"false-positive rate {highest_rate} is not a share", hint="give one from 0 to 1"
        )
    for place, (_, score) in enumerate(samples):
        if score is not None and math.isnan(score):
            raise Malformed(
                f"the score of sample {place} is not a number",
                hint="give None for a sample that was not answered",
            )
