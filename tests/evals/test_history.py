"""History: what is known of samples beforehand is a fair bet, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.evals.history import Known, controls_for

SIZE = 12
NAMES = [f"s-{n}" for n in range(SIZE)]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1), min_size=1),
    st.permutations(NAMES),
)
def test_what_is_known_of_the_next_sample_is_nothing_on_average(
    passed: dict[str, float], order: list[str]
) -> None:
    """After each draw the controls of all that may come next have the mean 0 and stay within reach."""
    known = Known(passed=passed, explains=0.5)
    for place in range(SIZE):
        drawn, left = order[:place], order[place:]
        found = [controls_for(known, [*drawn, one], SIZE)[-1] for one in left]
        values = [float(one.value[0]) for one in found]
        assert sum(values) == pytest.approx(0.0, abs=1e-9)
        assert all(
            abs(v) <= float(one.reach[0]) + 1e-9 for v, one in zip(values, found, strict=True)
        )


def test_what_is_drawn_later_changes_nothing() -> None:
    """So a finding can be made again from the outcomes that are kept."""
    known = Known(passed={"s-0": 1.0, "s-1": 0.0, "s-2": 0.25}, explains=0.0)
    whole = controls_for(known, NAMES, SIZE)
    for count in range(SIZE):
        for one, other in zip(controls_for(known, NAMES[:count], SIZE), whole, strict=False):
            assert one.value == other.value and one.reach == other.reach
