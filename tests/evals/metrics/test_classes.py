"""Macro-F1, recall and false positives over a closed set, against tables made by hand."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.metrics.classes import class_scores, detection, detection_at


@pytest.mark.parametrize(
    ("classes", "samples", "value"),
    [
        (["a", "b"], [("a", "a"), ("b", "b")], 1.0),
        # a: tp 2, fp 1, fn 0: 4/5; b: tp 1, fp 0, fn 1: 2/3; mean 11/15
        (["a", "b"], [("a", "a"), ("a", "a"), ("b", "a"), ("b", "b")], 11 / 15),
        # always a: a: tp 9, fp 1: 18/19; b: tp 0: 0. Accuracy would be 0.9
        (["a", "b"], [("a", "a")] * 9 + [("b", "a")], 9 / 19),
        # not answered: a: tp 1, fn 1: 2/3; b: tp 1: 1; mean 5/6
        (["a", "b"], [("a", "a"), ("a", None), ("b", "b")], 5 / 6),
        # an answer outside the set is a miss as well: the same
        (["a", "b"], [("a", "a"), ("a", "perhaps"), ("b", "b")], 5 / 6),
        # 紧急: tp 1, fp 1, fn 0: 2/3; 普通: tp 1, fp 0, fn 1: 2/3; 垃圾: tp 1: 1; mean 7/9
        (
            ["紧急", "普通", "垃圾"],
            [("紧急", "紧急"), ("普通", "紧急"), ("普通", "普通"), ("垃圾", "垃圾")],
            7 / 9,
        ),
        # everything in a circle: no class is ever right
        (["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")], 0.0),
    ],
)
def test_macro_f1_weighs_every_class_the_same(
    classes: list[str], samples: list[tuple[str, str | None]], value: float
) -> None:
    """A rare class that is never found pulls it down as much as a common one."""
    found = class_scores(samples, classes)
    assert found.macro_f1.value == pytest.approx(value, abs=1e-12)
    assert (found.macro_f1.count, found.macro_f1.counts) == (len(classes), "classes")
    assert found.samples == len(samples)


def test_parts_of_macro_f1_are_kept() -> None:
    """Which class pulled it down can be read from the same value."""
    found = class_scores([("a", "a"), ("b", "a"), ("b", None)], ["a", "b"])
    assert [(one.name, one.right, one.wrong, one.missed) for one in found.classes] == [
        ("a", 1, 1, 0),
        ("b", 0, 0, 2),
    ]


@pytest.mark.parametrize(
    ("classes", "samples", "message"),
    [
        (["a", "b"], [("a", "a")], "class `b` has no samples"),
        (["a"], [("a", "a"), ("z", "a")], "target `z` is not a class"),
        (["a", "a"], [("a", "a")], "named twice"),
        ([], [], "0 classes"),
    ],
)
def test_a_set_that_has_no_macro_f1_is_refused(
    classes: list[str], samples: list[tuple[str, str | None]], message: str
) -> None:
    """An empty class has no F1; to call it 0 or 1 would move the mean."""
    with pytest.raises(Malformed, match=message):
        class_scores(samples, classes)


@pytest.mark.parametrize(
    ("samples", "recall", "wanted", "rate", "others"),
    [
        # found 1 of 2, one false alarm of 3
        ([(True, True), (True, False), (False, True), (False, False), (False, False)],
         1 / 2, 2, 1 / 3, 3),
        # not answered: missed, and no false alarm
        ([(True, True), (True, None), (False, None)], 1 / 2, 2, 0 / 1, 1),
        ([(True, True), (False, True)], 1 / 1, 1, 1 / 1, 1),
        ([(True, False)] * 3 + [(False, False)] * 2, 0 / 3, 3, 0 / 2, 2),
    ],
)  # fmt: skip
def test_recall_and_false_positives_have_their_own_counts(
    samples: list[tuple[bool, bool | None]], recall: float, wanted: int, rate: float, others: int
) -> None:
    """Each is a share of its own kind of sample."""
    found = detection(samples)
    assert (found.recall.value, found.recall.count) == (recall, wanted)
    assert (found.false_positive_rate.value, found.false_positive_rate.count) == (rate, others)


@pytest.mark.parametrize(
    ("samples", "highest", "recall", "rate", "threshold"),
    [
        # 0.9+ 0.8+ 0.7- 0.6+ 0.5-: with no false alarm 2 of 3 are found, down to 0.8
        ([(True, 0.9), (True, 0.8), (False, 0.7), (True, 0.6), (False, 0.5)],
         0.0, 2 / 3, 0 / 2, 0.8),
        # with one of two allowed, all 3 down to 0.6
        ([(True, 0.9), (True, 0.8), (False, 0.7), (True, 0.6), (False, 0.5)],
         0.5, 3 / 3, 1 / 2, 0.6),
        # one short of that is not enough for the 0.7
        ([(True, 0.9), (True, 0.8), (False, 0.7), (True, 0.6), (False, 0.5)],
         0.49, 2 / 3, 0 / 2, 0.8),
        # 0.8 is shared by one of each: taken together or not at all
        ([(True, 0.9), (True, 0.8), (False, 0.8), (False, 0.1)], 0.0, 1 / 2, 0 / 2, 0.9),
        ([(True, 0.9), (True, 0.8), (False, 0.8), (False, 0.1)], 0.5, 2 / 2, 1 / 2, 0.8),
        # all scores equal: no threshold at all
        ([(True, 0.5), (True, 0.5), (False, 0.5)], 0.0, 0 / 2, 0 / 1, None),
        # the highest score is a false alarm
        ([(True, 0.5), (False, 0.9)], 0.05, 0 / 1, 0 / 1, None),
        # whatever is allowed, everything is found
        ([(True, 0.1), (False, 0.9)], 1.0, 1 / 1, 1 / 1, 0.1),
        # not answered: never found, never a false alarm
        ([(True, 0.9), (True, None), (False, None), (False, 0.2)], 0.0, 1 / 2, 0 / 2, 0.9),
        # they stay in the denominator: one alarm of four, not of one
        ([(True, 0.5), (False, 0.7), *[(False, None)] * 3], 0.25, 1 / 1, 1 / 4, 0.5),
        # exactly the rate allowed: 29 of 100 is 0.29, though 0.29 × 100 falls short of 29
        ([(True, 0.5), *[(False, 0.7)] * 29, *[(False, 0.1)] * 71], 0.29, 1 / 1, 29 / 100, 0.5),
    ],
)  # fmt: skip
def test_a_threshold_finds_as_much_as_the_false_positive_rate_allows(
    samples: list[tuple[bool, float | None]],
    highest: float,
    recall: float,
    rate: float,
    threshold: float | None,
) -> None:
    """Equal scores stand or fall together."""
    found = detection_at(samples, highest)
    assert found.recall.value == recall
    assert found.false_positive_rate.value == rate
    assert found.threshold == threshold
    assert found.recall.count + found.false_positive_rate.count == len(samples)


@pytest.mark.parametrize(
    ("samples", "highest", "message"),
    [
        ([(True, 0.5)], 0.05, "0 samples of other classes"),
        ([(False, 0.5)], 0.05, "0 samples of the class"),
        ([], 0.05, "0 samples of the class"),
        ([(True, float("nan")), (False, 0.1)], 0.05, "score of sample 0 is not a number"),
        ([(True, 0.5), (False, 0.1)], 5, "5 is not a share"),
    ],
)
def test_detection_over_nothing_is_refused(
    samples: list[tuple[bool, float | None]], highest: float, message: str
) -> None:
    """Recall of an empty class is neither 0 nor 1."""
    with pytest.raises(Malformed, match=message):
        detection_at(samples, highest)


def test_recall_of_an_empty_class_is_refused_without_scores_too() -> None:
    """The same rule, for answers that are a plain yes or no."""
    with pytest.raises(Malformed, match="recall cannot be computed"):
        detection([(False, False)])
    with pytest.raises(Malformed, match="false-positive rate cannot be computed"):
        detection([(True, True)])


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([None, 0.1, 0.2, 0.3, 0.4])), max_size=20),
    st.floats(0.0, 1.0),
    st.randoms(),
)
def test_the_rate_is_kept_in_any_order_of_samples(
    samples: list[tuple[bool, float | None]], highest: float, chance: Random
) -> None:
    """Ties gain nothing from a lucky order, and a higher rate allowed never finds less."""
    samples = [*samples, (True, 0.2), (False, 0.3)]
    found = detection_at(samples, highest)
    assert found.false_positive_rate.value <= highest
    shuffled = list(samples)
    chance.shuffle(shuffled)
    assert detection_at(shuffled, highest) == found
    assert detection_at(samples, 1.0).recall.value >= found.recall.value
