"""Cohorts: raising the fraction only adds devices, and features draw independently."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.rollout.cohorts import PARTS, is_in, place

KEYS = st.text(max_size=40)


@given(KEYS, st.floats(0, 1), st.floats(0, 1))
def test_a_device_that_is_in_stays_in_as_the_fraction_rises(
    key: str, one: float, other: float
) -> None:
    """Monotone: nobody loses a feature because more people get it."""
    small, large = sorted((one, other))
    assert not is_in("CN", "summarize", key, small) or is_in("CN", "summarize", key, large)


@given(KEYS)
def test_nobody_is_in_at_nothing_and_everybody_at_all(key: str) -> None:
    """The ends are exact."""
    assert not is_in("CN", "summarize", key, 0.0)
    assert is_in("CN", "summarize", key, 1.0)
    assert 0 <= place("CN", "summarize", key) < PARTS


def test_the_cohort_is_as_large_as_the_fraction_and_independent_of_other_features() -> None:
    """Over 20,000 devices: 10 % in each of two features, and 1 % in both, within five deviations."""
    keys = [f"device-{n}" for n in range(20_000)]
    one = {key for key in keys if is_in("CN", "summarize", key, 0.1)}
    other = {key for key in keys if is_in("CN", "proofread", key, 0.1)}
    assert abs(len(one) - 2_000) < 5 * 43 and abs(len(other) - 2_000) < 5 * 43
    assert abs(len(one & other) - 200) < 5 * 15


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=2, unique=True),
    st.floats(0.05, 0.5),
)
def test_any_two_features_draw_independently(features: list[str], fraction: float) -> None:
    """Over 3,000 devices: in both as often as chance has it, within six deviations."""
    one, other = ({n for n in range(3_000) if is_in("CN", f, f"d{n}", fraction)} for f in features)
    expected = 3_000 * fraction * fraction
    assert abs(len(one & other) - expected) < 6 * (expected * (1 - fraction * fraction)) ** 0.5


def test_the_cohort_is_the_same_for_ever() -> None:
    """A changed hash would move devices between cohorts."""
    assert [place("CN", "summarize", f"device-{n}") for n in range(3)] == PINNED


PINNED = [641463, 523323, 159691]
