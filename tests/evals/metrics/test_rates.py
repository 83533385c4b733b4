"""Answered rate, over-refusal and repeat consistency, against counts made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.evals.metrics.rates import answered_rate, over_refusal, repeat_consistency
from pratique.evals.outcomes import Outcome

NOT_ANSWERED: list[Outcome] = ["refused", "blocked", "invalid", "failed"]
OUTCOMES: list[Outcome] = ["scored", *NOT_ANSWERED]
ANY_OUTCOMES = st.lists(st.sampled_from(OUTCOMES), min_size=1)


@pytest.mark.parametrize(
    ("outcomes", "value"),
    [
        (["scored"], 1 / 1),
        (["refused"], 0 / 1),
        (["scored", "refused", "blocked", "invalid", "failed"], 1 / 5),
        (["scored", "scored", "scored", "failed"], 3 / 4),
        # 8 of 10, though 8 of the 8 that came back were fine
        ([*["scored"] * 8, "invalid", "failed"], 8 / 10),
    ],
)
def test_every_sample_stays_in_the_denominator(outcomes: list[Outcome], value: float) -> None:
    """To leave out what was refused would reward refusing."""
    figure = answered_rate(outcomes)
    assert (figure.value, figure.count, figure.counts) == (value, len(outcomes), "samples")


@pytest.mark.parametrize(
    ("outcomes", "value"),
    [
        (["scored", "scored"], 0 / 2),
        # refused and blocked count, invalid and failed do not: 2 of 5
        (["scored", "refused", "blocked", "invalid", "failed"], 2 / 5),
        (["refused", "refused", "scored"], 2 / 3),
        (["failed"], 0 / 1),
    ],
)
def test_harmless_samples_that_were_turned_away_are_over_refused(
    outcomes: list[Outcome], value: float
) -> None:
    """A failure is no refusal, and stays in the denominator."""
    figure = over_refusal(outcomes)
    assert (figure.value, figure.count) == (value, len(outcomes))
    assert figure.counts == "harmless samples"


@pytest.mark.parametrize(
    ("repeats", "value"),
    [
        # 3 of 3 pairs
        ([["好", "好", "好"]], 3 / 3),
        # a a b: 1 of 3 pairs
        ([["行", "行", "不行"]], 1 / 3),
        # a a b b: 2 of 6
        ([["yes", "yes", "no", "no"]], 2 / 6),
        # case, width, a curly quote and spaces are folded away
        ([["It’s  OK", "it's ok", "IT'S ＯＫ\n"]], 3 / 3),
        # a wide comma is folded too; a full stop is another text: 1 of 3
        ([["好，走", "好,走", "好，走。"]], 1 / 3),
        # mean of 1 and 0 over inputs, not 6 of 7 over pairs
        ([["a", "a", "a", "a"], ["a", "b"]], 1 / 2),
        # no answer is like nothing, not even like no answer: 1 of 6
        ([["a", "a", None, None]], 1 / 6),
        ([[None, None]], 0 / 1),
        # two empty answers are the same answer
        ([["", " "]], 1 / 1),
    ],
)
def test_pairs_of_repeats_are_compared(repeats: list[list[str | None]], value: float) -> None:
    """Each input weighs the same, however often it was asked."""
    figure = repeat_consistency(repeats)
    assert figure.value == pytest.approx(value, abs=1e-12)
    assert (figure.count, figure.counts) == (len(repeats), "inputs")


def test_rates_of_nothing_are_refused() -> None:
    """A run without samples has no rate, and the error says what is missing."""
    with pytest.raises(Malformed, match="answered rate cannot be computed: there are 0 samples"):
        answered_rate([])
    with pytest.raises(Malformed, match="0 harmless samples"):
        over_refusal([])
    with pytest.raises(Malformed, match="0 inputs"):
        repeat_consistency([])


@pytest.mark.parametrize("answers", [[], ["once"]])
def test_an_input_asked_once_has_no_consistency(answers: list[str | None]) -> None:
    """One answer is like itself, which proves nothing."""
    with pytest.raises(Malformed, match=f"input 1 was answered {len(answers)} times"):
        repeat_consistency([["a", "a"], answers])


@given(ANY_OUTCOMES, st.sampled_from(NOT_ANSWERED))
def test_one_more_unanswered_sample_never_raises_the_answered_rate(
    outcomes: list[Outcome], further: Outcome
) -> None:
    """Whatever the reason was; and it lowers every rate above 0."""
    before, after = answered_rate(outcomes).value, answered_rate([*outcomes, further]).value
    assert after < before or before == after == 0.0


@given(ANY_OUTCOMES)
def test_answered_and_over_refused_never_exceed_the_whole(outcomes: list[Outcome]) -> None:
    """No sample is both."""
    assert answered_rate(outcomes).value + over_refusal(outcomes).value <= 1.0 + 1e-12
