"""When a slow partner is asked a second time: by its own pace, and never much more than meant."""

from hypothesis import given
from hypothesis import strategies as st

from pratique.serving.hedging import LEAST, Pace


@given(st.lists(st.floats(0.001, 60.0), min_size=LEAST, max_size=3 * LEAST))
def test_when_to_ask_again_is_read_off_the_times_themselves(times: list[float]) -> None:
    """Nothing before enough was timed; then a time that no more than the share is above."""
    pace = Pace(90)
    for seconds in times[: LEAST - 1]:
        pace.note(seconds, hedged=False)
    before = pace.after
    pace.note(times[LEAST - 1], hedged=False)
    assert before is None and pace.after in times
    assert sum(one > pace.after for one in times[:LEAST]) <= LEAST / 10


def test_a_partner_in_trouble_is_not_asked_twice_as_often() -> None:
    """When nearly every call is slow a second one makes it worse: it ends by itself."""
    pace = Pace(95)
    for _ in range(LEAST):
        pace.note(0.1, hedged=False)
    asked = 0
    while pace.after is not None:
        asked += 1
        pace.note(5.0, hedged=True)
    assert asked <= 13
    for _ in range(1000):
        pace.note(0.1, hedged=False)
    assert pace.after == 0.1
